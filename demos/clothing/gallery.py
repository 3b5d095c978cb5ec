"""Garments that lie on the map: the bundled ones, or those that the settings name."""

from pathlib import Path

from demos.clothing.predict import SIDE, squeeze
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Collection

ENCODERS = {"efficientnet": Encoder("clothing/efficientnet", "Ours", SIDE, crop=squeeze)}
COLLECTION = Collection(
    demo="clothing",
    encoders=ENCODERS,
    bundled=Path(__file__).with_name("gallery.npz"),
    about_map="Garments that the project drew, by t-SNE of our network's embeddings.",
)
