"""What is searched for a style: the bundled gallery, or the one that the settings name, or a visitor's pictures."""

from pathlib import Path

from demos.shared.gallery.gallery import Collection
from demos.style.encoders import ENCODERS

COLLECTION = Collection(
    demo="style",
    encoders=ENCODERS,
    bundled=Path(__file__).with_name("gallery.npz"),
    about_map="Pictures of like style lie beside each other, by t-SNE of our embeddings.",
)
