"""`python -m demos.retrieval.build` makes the bundled database, pictures and index, again.

Photographs that installed packages carry, cut and varied, and pictures that `render` draws. Seeded: the same packages
make the same pictures. With --keep-pictures only the index is made, for other weights.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from PIL import Image, ImageEnhance
from scipy.optimize import linear_sum_assignment

from demos import images, parts
from demos.retrieval import atlas, gallery, render
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import Gallery
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
    rng, made = np.random.default_rng(0), []
    for title, path in parts.installed(PHOTOGRAPHS).items():
        pixels = images.open(path, longest=1024).pixels
        credit = CREDITS[PHOTOGRAPHS[title][0]]
        made.append((pixels, title, credit))
        made += [(varied(pixels, rng), f"{title}, a part", credit) for _ in range(CUTS)]
    return made


def varied(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A part of a photograph, uint8 (H, W, 3), seen a little differently."""
    height, width = pixels.shape[:2]
    share = rng.uniform(0.45, 0.85, 2)
    top, left = ((1 - share) * rng.random(2) * (height, width)).astype(int)
    part = pixels[top : top + int(share[0] * height), left : left + int(share[1] * width)]
    image = Image.fromarray(part[:, ::-1] if rng.random() < 0.5 else part)
    image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.75, 1.2))
    return np.asarray(ImageEnhance.Color(image).enhance(rng.uniform(0.5, 1.3)))


def drawn(job: tuple[str, int]) -> tuple[bytes, str, str]:
    """One picture of `render`, (kind, number), as it is kept."""
    picture = render.render(*job)
    return encoded(picture.pixels), picture.title, DRAWN


def encoded(pixels: np.ndarray) -> bytes:
    """uint8 (H, W, 3) -> the WebP file that is kept."""
    return gallery.small(pixels, "WEBP", QUALITY, method=6)


def pictures() -> Gallery:
    """All pictures, without an index."""
    made = [(encoded(pixels), title, credit) for pixels, title, credit in photographs()]
    jobs = [(kind, number) for kinds, count in NUMBERS.items() for kind in kinds for number in range(count)]
    with ProcessPoolExecutor(cores()) as pool:
        made += pool.map(drawn, jobs, chunksize=8)
    return Gallery(*map(list, zip(*made, strict=True)))


def places(vectors: np.ndarray) -> np.ndarray:
    """Unit rows, float32 (N, D) -> a place for each on the map, float32 (N, 2) in [0, 1], no two in the same cell.

    By t-SNE (van der Maaten and Hinton, 2008), then each to a cell of a grid, as near as can be.
    """
    from sklearn.manifold import TSNE

    flat = TSNE(metric="cosine", init="pca", perplexity=20, random_state=0).fit_transform(vectors.astype(np.float64))
    flat = flat.argsort(0).argsort(0) / (len(flat) - 1)  # as dense everywhere
    cells = atlas.cells(len(flat))
    apart = ((flat[:, None] - cells[None]) ** 2).sum(-1)
    return cells[linear_sum_assignment(apart)[1]].astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep-pictures", action="store_true", help="make the index alone")
    options = parser.parse_args()
    made = gallery.read(gallery.BUNDLED) if options.keep_pictures else pictures()
    for name in ENCODERS:
        made.prepare(name)
        print(f"{len(made):,} pictures seen by {name}", flush=True)
    made.places = places(made.vectors["mobilenet"])
    gallery.write(made, gallery.BUNDLED)
    print(f"{gallery.BUNDLED.name}: {gallery.BUNDLED.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
