"""The photographs and the styles that the recipe learns from. A picture is uint8 (H, W, 3)."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from PIL import Image

from demos.shared import images
from demos.shared.data import find, read
from demos.shared.gallery import files
from demos.shared.training import recipe
from demos.style.encoders import ENCODERS
from demos.style.gallery import COLLECTION
from weights.runtime import cores

CONTENTS = (("imagenette", "train"), ("bsds", "train"), ("caltech101", "all"))
STYLES = (("paintings", "all"), ("pacs", "all"))
PHOTOGRAPH = "photo"  # the label of those pictures among the styles that are none
HELD_OUT_CONTENTS, HELD_OUT_STYLES = 20, 10  # for validation, and as many again for the figures
CUT_SEED = 0  # decides which are held out, whatever seed trains


@dataclass(frozen=True)
class Split:
    """Encoded photographs and styles."""

    contents: list[bytes]
    styles: list[bytes]


def split() -> tuple[Split, Split, Split]:
    """Training, validation and test. Raises data.Absent, and RecipeError where there are too few pictures."""
    contents, styles = [], []
    for dataset in CONTENTS:
        contents += read(find(*dataset))[0]
    for dataset in STYLES:
        styles += [picture for picture, label in zip(*read(find(*dataset)), strict=True) if label != PHOTOGRAPH]
    styles += files.read(COLLECTION.bundled, ENCODERS).pictures  # the project's own
    contents = _split(contents, HELD_OUT_CONTENTS, "photographs")
    return tuple(Split(*parts) for parts in zip(contents, _split(styles, HELD_OUT_STYLES, "styles"), strict=True))


def _split(pictures: list[bytes], count: int, what: str) -> tuple[list[bytes], list[bytes], list[bytes]]:
    recipe.require(len(pictures), 2 * count + 1, f"{what}, of which {2 * count} are held out")
    order = np.random.default_rng(CUT_SEED).permutation(len(pictures))
    parts = order[2 * count :], order[:count], order[count : 2 * count]
    return tuple([pictures[i] for i in part] for part in parts)


def decode(encoded: list[bytes], shorts: tuple[int, ...]) -> list[list[np.ndarray]]:
    """Pictures whose shorter side is each of `shorts`: a list of pictures for each."""

    def decode_one(content: bytes) -> list[np.ndarray]:
        picture = images.open(io.BytesIO(content)).pixels
        return [resize(picture, short) for short in shorts]

    with ThreadPoolExecutor(cores()) as pool:
        return [list(sizes) for sizes in zip(*pool.map(decode_one, encoded), strict=True)]


def resize(picture: np.ndarray, short: int) -> np.ndarray:
    """A picture whose shorter side is `short`."""
    height, width = picture.shape[:2]
    scale = short / min(height, width)
    size = max(short, round(scale * width)), max(short, round(scale * height))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


def center(picture: np.ndarray, side: int) -> np.ndarray:
    """The square of `side` pixels in the middle of a picture."""
    top, left = ((size - side) // 2 for size in picture.shape[:2])
    return picture[top : top + side, left : left + side]


def cut(sizes: list[list[np.ndarray]], side: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Squares, uint8 (count, side, side, 3), of pictures of any of the sizes that are large enough; half mirrored."""
    large = [pictures for pictures in sizes if min(pictures[0].shape[:2]) >= side]
    squares = np.empty((count, side, side, 3), np.uint8)
    for square in squares:
        pictures = large[rng.integers(len(large))]
        picture = pictures[rng.integers(len(pictures))]
        top, left = (rng.integers(size - side + 1) for size in picture.shape[:2])
        window = picture[top : top + side, left : left + side]
        square[:] = window[:, ::-1] if rng.random() < 0.5 else window
    return squares


def recolour(pictures: np.ndarray, rng: np.random.Generator) -> None:
    """Put the channels of a quarter of the pictures, uint8 (N, H, W, 3), in another order, for more styles."""
    for i in np.flatnonzero(rng.random(len(pictures)) < 0.25):
        pictures[i] = pictures[i][..., rng.permutation(3)]


def make_even(side: int, rng: np.random.Generator) -> np.ndarray:
    """One colour, or a gradient between four that are near to each other: uint8 (side, side, 3)."""
    corners = rng.integers(0, 256, 3) + rng.integers(-1, 2) * rng.integers(0, 60, (2, 2, 3))
    small = Image.fromarray(corners.clip(0, 255).astype(np.uint8))
    return np.asarray(small.resize((side, side), Image.Resampling.BILINEAR))
