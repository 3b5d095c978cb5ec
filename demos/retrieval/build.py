"""`python -m demos.retrieval.build` makes the bundled database, pictures and index, again.

Photographs that installed packages carry, cut and varied, and pictures that `render` draws. Seeded: the same packages
make the same pictures. With --keep-pictures only the index is made, for other weights.
"""

from concurrent.futures import ProcessPoolExecutor

import numpy as np
from PIL import Image, ImageEnhance

from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.shared import images, render
from demos.shared.gallery import bundle, files
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui import inputs
from weights.runtime import cores

QUALITY = 80  # of WebP: the whole file must stay under 10 MB
CUTS = 6  # of each photograph, beside the whole
NUMBERS = {render.OBJECTS: 14, render.TEXTURES: 9, render.SCENES: 9}  # pictures of each kind
# Title, package and file: of scikit-image (most of NASA and of its authors), scikit-learn and Gradio.
PHOTOGRAPHS = {
    "A tabby cat": ("skimage", "data/chelsea.png"),
    "An astronaut": ("skimage", "data/astronaut.png"),
    "A photographer": ("skimage", "data/camera.png"),
    "A motorcycle in a garage": ("skimage", "data/motorcycle_left.png"),
    "Far galaxies": ("skimage", "data/hubble_deep_field.jpg"),
    "The Moon": ("skimage", "data/moon.png"),
    "A retina": ("skimage", "data/retina.jpg"),
    "Stained tissue": ("skimage", "data/ihc.png"),
    "Cells": ("skimage", "data/cell.png"),
    "Greek coins": ("skimage", "data/coins.png"),
    "Grass": ("skimage", "data/grass.png"),
    "Gravel": ("skimage", "data/gravel.png"),
    "Brickwork": ("skimage", "data/brick.png"),
    "A printed page": ("skimage", "data/page.png"),
    "A dahlia": ("sklearn", "datasets/images/flower.jpg"),
    "A cheetah": ("gradio", "media_assets/images/cheetah.jpg"),
    "A cheetah's face": ("gradio", "media_assets/images/cheetah1.jpg"),
    "A cheetah cub": ("gradio", "test_data/cheetah2.jpg"),
    "A tower": ("gradio", "media_assets/images/tower.jpg"),
}
CREDITS = {"skimage": "scikit-image's data", "sklearn": "scikit-learn's data", "gradio": "Gradio's examples"}
DRAWN = "Drawn by Loupe"


def photographs() -> list[tuple[np.ndarray, str, str]]:
    """Pixels, title and credit of each photograph, whole and in parts, some of them mirrored, darker or paler."""
    rng, pictures = np.random.default_rng(0), []
    for title, path in inputs.example_paths(COLLECTION.demo, PHOTOGRAPHS).items():
        pixels = images.open(path, longest=1024).pixels
        credit = CREDITS[PHOTOGRAPHS[title][0]]
        pictures.append((pixels, title, credit))
        pictures += [(vary(pixels, rng), f"{title}, a part", credit) for _ in range(CUTS)]
    return pictures


def vary(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A part of a photograph, uint8 (H, W, 3), maybe mirrored, in another brightness and saturation."""
    height, width = pixels.shape[:2]
    share = rng.uniform(0.45, 0.85, 2)
    top, left = ((1 - share) * rng.random(2) * (height, width)).astype(int)
    part = pixels[top : top + int(share[0] * height), left : left + int(share[1] * width)]
    image = Image.fromarray(part[:, ::-1] if rng.random() < 0.5 else part)
    image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.75, 1.2))
    return np.asarray(ImageEnhance.Color(image).enhance(rng.uniform(0.5, 1.3)))


def draw(job: tuple[str, int]) -> tuple[bytes, str, str]:
    """One picture of `render`, (kind, number): thumbnail, title and credit."""
    picture = render.render(*job)
    return encode(picture.pixels), picture.title, DRAWN


def encode(pixels: np.ndarray) -> bytes:
    """uint8 (H, W, 3) -> a WebP thumbnail."""
    return files.thumbnail(pixels, "WEBP", QUALITY, method=6)


def make_pictures() -> Gallery:
    """All pictures, without an index."""
    pictures = [(encode(pixels), title, credit) for pixels, title, credit in photographs()]
    jobs = [(kind, number) for kinds, count in NUMBERS.items() for kind in kinds for number in range(count)]
    with ProcessPoolExecutor(cores()) as pool:
        pictures += pool.map(draw, jobs, chunksize=8)
    return Gallery(ENCODERS, *map(list, zip(*pictures, strict=True)))


def main() -> None:
    bundle.main(__doc__, COLLECTION.bundled, ENCODERS, make_pictures)


if __name__ == "__main__":
    main()
