"""`python -m demos.clothing.build` makes the bundled gallery, pictures and index, and the examples again.

Seeded: the same packages make the same pictures. With --keep-pictures only the index is made, for other weights.
"""

from pathlib import Path

from demos.clothing.drawn import draw
from demos.clothing.gallery import COLLECTION, ENCODERS
from demos.clothing.predict import CLASSES
from demos.shared.gallery import bundle, files
from demos.shared.gallery.gallery import Gallery

EACH = 16  # garments of each class
QUALITY = 70  # of WebP
# File, class and number of the pictures with which the tab opens. None is in the gallery.
EXAMPLES = (("dress", "dress", 114), ("t-shirt", "t-shirt", 104), ("skirt", "skirt", 107))


def make_pictures() -> Gallery:
    """EACH garments of every class, titles such as "Navy skirt", and the classes as labels, without an index."""
    drawn = [draw(kind, number) for kind in CLASSES for number in range(EACH)]
    pictures = [files.thumbnail(pixels, "WEBP", QUALITY, method=6) for pixels, _ in drawn]
    titles = [title.capitalize() for _, title in drawn]
    labels = [kind for kind in CLASSES for _ in range(EACH)]
    return Gallery(ENCODERS, pictures, titles, ["Drawn by Loupe"] * len(drawn), labels=labels)


def write_examples() -> None:
    """Draw the demo's EXAMPLES."""
    folder = Path(__file__).with_name("examples")
    folder.mkdir(exist_ok=True)
    for name, kind, number in EXAMPLES:
        content = files.thumbnail(draw(kind, number)[0], "WEBP", QUALITY + 10, side=256, method=6)
        (folder / f"{name}.webp").write_bytes(content)


def main() -> None:
    bundle.main(__doc__, COLLECTION.bundled, ENCODERS, make_pictures)
    write_examples()


if __name__ == "__main__":
    main()
