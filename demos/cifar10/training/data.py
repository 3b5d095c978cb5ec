"""The pictures that the recipes train on, and their augmentation."""

import io

import numpy as np
from PIL import Image

from demos.shared import data
from demos.shared.training.recipe import require

HELD_OUT = 2500  # the last pictures, on which all choices are made
SAME = 12  # grey levels of difference, as root mean square, up to which two pictures are one, compressed or not


def load_pictures() -> tuple[dict, dict]:
    """Training and held-out data: `pictures` uint8 (N, 32, 32, 3), `labels` int64 (N,), `lossless` bool (N,).

    The lossless pictures are training pictures in their original pixels, so those of held-out ones are left out.
    Raises RecipeError where there are too few pictures to hold some out.
    """
    x, labels = data.read_arrays(data.find("cifar10", "train"))
    require(len(x), HELD_OUT + 1, f"training pictures, of which {HELD_OUT:,} are held out")
    lossless = np.zeros(len(x), bool)
    try:
        originals, more = data.read_arrays(data.find("cifar10", "train_lossless"))
    except data.Absent:  # the Hub's pictures are all lossless
        lossless[:] = True
    else:
        new = nearest(originals, x[-HELD_OUT:]) > SAME
        x, labels = np.concatenate([originals[new], x]), np.concatenate([more[new], labels])
        lossless = np.concatenate([np.ones(new.sum(), bool), lossless])
    whole = {"pictures": x, "labels": labels, "lossless": lossless}
    return tuple({k: v[part] for k, v in whole.items()} for part in (slice(-HELD_OUT), slice(-HELD_OUT, None)))


def nearest(queries: np.ndarray, gallery: np.ndarray) -> np.ndarray:
    """Root mean square difference, in grey levels, of each query (N, 32, 32, 3) to the nearest of the gallery."""
    a, b = (z.reshape(len(z), -1).astype("float32") for z in (queries, gallery))
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    return np.sqrt(squares.min(1).clip(0) / a.shape[1])


def recompress(pictures: dict, rng: np.random.Generator) -> np.ndarray:
    """All pictures, every second of the lossless ones after a JPEG compression of random quality."""
    x = pictures["pictures"].copy()
    for i in np.flatnonzero(pictures["lossless"] & (rng.random(len(x)) < 0.5)):
        buffer = io.BytesIO()
        Image.fromarray(x[i]).save(buffer, "JPEG", quality=int(rng.integers(60, 96)))
        x[i] = np.asarray(Image.open(buffer))
    return x


def augment(pictures: np.ndarray, flip: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Mirrored where `flip` (N,), and a random window of `size` pixels from up to two pixels beyond the border."""
    n, margin = len(pictures), 2
    padded = np.pad(pictures, ((0, 0), (margin, margin), (margin, margin), (0, 0)), "reflect")
    corner = rng.integers(0, 32 + 2 * margin - size + 1, (n, 2, 1))
    rows, columns = (corner[:, axis] + np.arange(size) for axis in (0, 1))
    columns = np.where(flip[:, None], columns[:, ::-1], columns)
    return padded[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]


def cut_out(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures (N, S, S, 3) with a square of three eighths of their side in mid-grey, in part beyond the border."""
    n, side = pictures.shape[:2]
    half = 3 * side // 16
    centre = rng.integers(0, side, (n, 2, 1))
    rows, columns = (abs(np.arange(side) - centre[:, axis]) <= half for axis in (0, 1))
    return np.where((rows[:, :, None] & columns[:, None, :])[..., None], np.uint8(120), pictures)
