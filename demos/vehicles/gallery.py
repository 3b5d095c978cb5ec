"""What vehicles are searched in: the bundled gallery, or the one in $LOUPE_GALLERY_<DEMO>, or a visitor's own."""

from pathlib import Path

from demos.shared.gallery.gallery import Collection
from demos.vehicles.encoders import ENCODERS

COLLECTION = Collection(
    demo="vehicles",
    encoders=ENCODERS,
    bundled=Path(__file__).with_name("gallery.npz"),
    about_map="Vehicles that are alike lie beside each other, by t-SNE of our embeddings.",
)
