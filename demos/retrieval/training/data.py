"""The pictures that the recipes train on, by data set, and their augmentation.

Categories are split in `demos.retrieval.data`.
"""

import io

import numpy as np
from PIL import Image

from demos.retrieval.data import caltech
from demos.shared.data import decode, find, read
from demos.shared.gallery.encoder import center_crop

REVISION = "as JPEG and WebP files"
RECONSTRUCTION_SETS = (("caltech101", "all"), ("cars", "train"), ("paintings", "all"))
RECONSTRUCTION_TEXT = "Caltech-101 (58 of its categories), cars (8,144), paintings (1,367)"
DISTILLATION_SETS = (*RECONSTRUCTION_SETS, ("bsds", "train"))
DISTILLATION_TEXT = (
    "Caltech-101 (58 of its categories), paintings (1,367), cars (800), Berkeley photographs (300);"
    " ImageNet's weights as a start"
)
# Of how many pictures of each set EfficientNet learns its teachers' features, beside Caltech-101's.
MANY = {
    ("imagenette", "train"): 800,
    ("pacs", "all"): 560,
    ("bsds", "train"): 300,
    ("paintings", "all"): 120,
    ("cars", "train"): 120,
    ("clothing", "all"): 120,
}
MANY_TEXT = (
    "Caltech-101 (58 of its categories), Imagenette (800), PACS (560), Berkeley photographs (300), paintings, cars and"
    " clothes (120 each); ImageNet's weights as a start"
)
CARS = 800  # of all sorts of pictures: more would make it a set of cars


def load_for_reconstruction(side: int) -> np.ndarray:
    """What the autoencoders learn to draw again, uint8 (N, side, side, 3). Raises data.Absent."""
    return crop_squares([*caltech("train")[0], *others()], side)


def others() -> list[bytes]:
    """Encoded pictures without Caltech-101's categories: 8,144 cars and 1,367 paintings. Raises data.Absent."""
    return _all("cars", "train") + _all("paintings", "all")


def various() -> list[bytes]:
    """Encoded pictures of all sorts: paintings, some cars, and quarters of photographs. Raises data.Absent."""
    quarters = []
    for content in _all("bsds", "train"):
        image = Image.open(io.BytesIO(content)).convert("RGB")
        across, down = image.width // 2, image.height // 2
        for left, top in ((0, 0), (across, 0), (0, down), (across, down)):
            buffer = io.BytesIO()
            image.crop((left, top, left + across, top + down)).save(buffer, "JPEG", quality=95)
            quarters.append(buffer.getvalue())
    return _all("paintings", "all") + _all("cars", "train")[:CARS] + quarters


def many() -> list[bytes]:
    """Encoded pictures of all sorts, from every part of each of the sets MANY. Raises data.Absent."""
    pictures = []
    for (name, split), count in MANY.items():
        encoded = _all(name, split)
        pictures += encoded[:: max(1, len(encoded) // count)][:count]
    return pictures


def _all(name: str, split: str) -> list[bytes]:
    return read(find(name, split))[0]


def crop_squares(encoded: list[bytes], side: int) -> np.ndarray:
    """Encoded pictures as the encoders see them: uint8 (N, side, side, 3)."""
    squares = np.empty((len(encoded), side, side, 3), np.uint8)
    for place, content in zip(squares, encoded, strict=True):
        place[:] = center_crop(decode(content), side)
    return squares


def mirror_half(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures (N, H, W, 3), about half of them mirrored."""
    is_mirrored = rng.random(len(pictures)) < 0.5
    return np.where(is_mirrored[:, None, None, None], pictures[:, :, ::-1], pictures)


def cut_windows(squares: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """A window of `side` pixels of each of the squares (N, H, H, 3)."""
    corner = rng.integers(0, squares.shape[1] - side + 1, (len(squares), 2))
    return np.stack([p[y : y + side, x : x + side] for p, (y, x) in zip(squares, corner, strict=True)])
