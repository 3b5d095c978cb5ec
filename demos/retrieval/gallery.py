"""What retrieval searches: the bundled database, or the one in $LOUPE_GALLERY, or a visitor's own pictures."""

from pathlib import Path

from demos.retrieval.encoders import ENCODERS
from demos.shared.gallery.gallery import Collection

COLLECTION = Collection(
    demo="retrieval",
    encoders=ENCODERS,
    bundled=Path(__file__).with_name("gallery.npz"),
    about_map="Similar pictures lie beside each other, by t-SNE of the embeddings of our EfficientNet.",
    is_default=True,
)
