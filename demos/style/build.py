"""`python -m demos.style.build` makes the bundled gallery, pictures and index, again.

Photographs that installed packages carry and pictures that `render` draws, each painted in some of the looks.
Seeded: the same packages make the same pictures. With --keep-pictures only the index is made, for other weights.
"""

import zlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from demos.shared import images, render
from demos.shared.gallery import bundle, files
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui import inputs
from demos.style.encoders import ENCODERS
from demos.style.gallery import COLLECTION
from demos.style.looks import STYLES
from weights.runtime import cores

SIDE = 256  # pixels at which pictures are painted
STORED = 256  # pixels of a stored picture: its marks can be seen, and others are painted in its style
QUALITY = 58  # of WebP: the whole file must stay under 8 MB
EACH = 13  # pictures in each style
# Title, package and file, and the square that is painted: left, top and side as shares of the shorter side.
PHOTOGRAPHS = {
    "Coffee cup": ("skimage", "data/coffee.png", (0.25, 0.0, 1.0)),
    "Tabby cat": ("skimage", "data/chelsea.png", (0.2, 0.0, 1.0)),
    "Astronaut": ("skimage", "data/astronaut.png", (0.07, 0.0, 0.75)),
    "Photographer": ("skimage", "data/camera.png", (0.1, 0.05, 0.8)),
    "Motorcycle": ("skimage", "data/motorcycle_left.png", (0.2, 0.0, 1.0)),
    "Rocket launch": ("skimage", "data/rocket.jpg", (0.3, 0.0, 1.0)),
    "Dahlia": ("sklearn", "datasets/images/flower.jpg", (0.25, 0.0, 1.0)),
    "Summer palace": ("sklearn", "datasets/images/china.jpg", (0.0, 0.0, 1.0)),
    "Cheetah": ("gradio", "media_assets/images/cheetah.jpg", (0.3, 0.0, 1.0)),
    "Lion": ("gradio", "media_assets/images/lion.jpg", (0.1, 0.0, 1.0)),
    "Tower": ("gradio", "media_assets/images/tower.jpg", (0.0, 0.1, 1.0)),
}
DRAWN = {
    "Mountains": ("mountains", 1), "Volcano": ("volcano", 1), "Waterfall": ("waterfall", 1), "Beach": ("beach", 1),
    "City at night": ("city", 1), "Sunset": ("sunset over the sea", 1), "Coral reef": ("coral reef", 1),
    "Fields": ("fields", 1), "Pear": ("pear", 1), "Teapot": ("teapot", 1), "Cake": ("cake", 1), "Snail": ("snail", 1),
    "Penguin": ("penguin", 1), "Duck": ("duck", 1), "Guitar": ("guitar", 2), "House": ("house", 1),
    "Lighthouse": ("lighthouse", 2), "Sailing boat": ("sailing boat", 1), "Balloon": ("hot air balloon", 1),
    "Robot": ("robot", 2),
}  # fmt: skip
# Pictures with which the tab opens, none of them in the gallery: file, look and content.
EXAMPLES = (
    ("strokes", "pointillism", "Coffee cup"),
    ("woodcut", "woodcut", "Tower"),
    ("glass", "stained glass", "Dahlia"),
)
CREDITS = {"skimage": "scikit-image's data", "sklearn": "scikit-learn's data", "gradio": "Gradio's examples"}


def read_contents() -> dict[str, tuple[np.ndarray, str]]:
    """What is painted: title -> pixels, uint8 (SIDE, SIDE, 3), and credit."""
    places = {title: (package, path) for title, (package, path, _) in PHOTOGRAPHS.items()}
    paths = inputs.example_paths("style", places)
    contents = {}
    for title, path in paths.items():
        package, _, (left, top, share) = PHOTOGRAPHS[title]
        pixels = images.open(path, longest=1024).pixels
        side = share * min(pixels.shape[:2])
        left, top = (at * min(pixels.shape[:2]) for at in (left, top))
        left, top = min(left, pixels.shape[1] - side), min(top, pixels.shape[0] - side)
        contents[title] = resize(pixels, (left, top, left + side, top + side)), CREDITS[package]
    for title, (kind, number) in DRAWN.items():
        contents[title] = resize(render.render(kind, number).pixels), "Drawn by Loupe"
    return contents


def resize(pixels: np.ndarray, box: tuple[float, ...] | None = None) -> np.ndarray:
    """A square part, (left, top, right, bottom), of uint8 (H, W, 3) -> uint8 (SIDE, SIDE, 3)."""
    return np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.LANCZOS, box))


def choose(styles: list[str], contents: list[str]) -> list[tuple[str, str]]:
    """Style and content of each picture: EACH contents for every style, every content equally often.

    Photographs and drawings take turns, so that no style has only one of them.
    """
    order = sorted(contents, key=lambda title: zlib.crc32(title.encode()))
    pairs = [(style, EACH * number + at) for number, style in enumerate(styles) for at in range(EACH)]
    return [(style, order[at % len(order)]) for style, at in pairs]


def paint(job: tuple[str, str, np.ndarray]) -> bytes:
    """A picture, WebP, of its style, its content's title and the pixels of this, uint8 (SIDE, SIDE, 3)."""
    style, title, pixels = job
    seed = zlib.crc32(f"{title}, {style}".encode())
    return files.thumbnail(STYLES[style](pixels, np.random.default_rng(seed)), "WEBP", QUALITY, side=STORED, method=6)


def make_pictures() -> Gallery:
    """All pictures, their titles such as "Coffee cup, woodcut", and their styles as labels, without an index."""
    contents = read_contents()
    pairs = choose(list(STYLES), list(contents))
    with ProcessPoolExecutor(cores()) as pool:
        jobs = [(style, title, contents[title][0]) for style, title in pairs]
        pictures = list(pool.map(paint, jobs, chunksize=4))
    titles = [f"{title}, {style}" for style, title in pairs]
    credits = [contents[title][1] for _, title in pairs]
    return Gallery(ENCODERS, pictures, titles, credits, labels=[style for style, _ in pairs])


def write_examples() -> None:
    """Paint the demo's EXAMPLES."""
    contents, folder = read_contents(), Path(__file__).with_name("examples")
    folder.mkdir(exist_ok=True)
    for name, style, title in EXAMPLES:
        (folder / f"{name}.webp").write_bytes(paint((style, title, contents[title][0])))


def main() -> None:
    bundle.main(__doc__, COLLECTION.bundled, ENCODERS, make_pictures)
    write_examples()


if __name__ == "__main__":
    main()
