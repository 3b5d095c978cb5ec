"""The pictures that the recipes learn from, and what they do to them."""

import io

import numpy as np
from PIL import Image

from demos import data

HELD_OUT = 2500


def pictures() -> tuple[dict, dict]:
    """Training and held-out data: `pictures` uint8 (N, 32, 32, 3), `labels` int64 (N,), `lossless` bool (N,).

    The lossless pictures are training pictures in their original pixels, so those of held-out ones are left out.
    """
    x, labels = data.small(data.find("cifar10", "train"))
    lossless = np.zeros(len(x), bool)
    try:
        originals, more = data.small(data.find("cifar10", "train_lossless"))
    except data.Absent:  # the Hub's pictures are all lossless
        lossless[:] = True
    else:
        new = nearest(originals, x[-HELD_OUT:]) > 12
        x, labels = np.concatenate([originals[new], x]), np.concatenate([more[new], labels])
        lossless = np.concatenate([np.ones(new.sum(), bool), lossless])
    whole = {"pictures": x, "labels": labels, "lossless": lossless}
    return tuple({k: v[part] for k, v in whole.items()} for part in (slice(-HELD_OUT), slice(-HELD_OUT, None)))


def nearest(queries: np.ndarray, gallery: np.ndarray) -> np.ndarray:
    """Root mean square difference, in grey levels, of each query (N, 32, 32, 3) to the nearest of the gallery."""
    a, b = (z.reshape(len(z), -1).astype("float32") for z in (queries, gallery))
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    return np.sqrt(squares.min(1).clip(0) / a.shape[1])


def recompressed(train: dict, rng: np.random.Generator) -> np.ndarray:
    """All pictures, every second of the lossless ones after a JPEG compression of random quality."""
    pictures = train["pictures"].copy()
    for i in np.flatnonzero(train["lossless"] & (rng.random(len(pictures)) < 0.5)):
        buffer = io.BytesIO()
        Image.fromarray(pictures[i]).save(buffer, "JPEG", quality=int(rng.integers(60, 96)))
        pictures[i] = np.asarray(Image.open(buffer))
    return pictures


def augmented(pictures: np.ndarray, flip: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Mirrored where `flip` (N,), and a random window of `size` pixels from up to two pixels beyond the border."""
    n, margin = len(pictures), 2
    padded = np.pad(pictures, ((0, 0), (margin, margin), (margin, margin), (0, 0)), "reflect")
    corner = rng.integers(0, 32 + 2 * margin - size + 1, (n, 2, 1))
    rows, columns = (corner[:, axis] + np.arange(size) for axis in (0, 1))
    columns = np.where(flip[:, None], columns[:, ::-1], columns)
    return padded[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]


def cut(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures (N, S, S, 3) with a square of three eighths of their side in mid-grey, in part beyond the border."""
    n, side = pictures.shape[:2]
    half = 3 * side // 16
    centre = rng.integers(0, side, (n, 2, 1))
    rows, columns = (abs(np.arange(side) - centre[:, axis]) <= half for axis in (0, 1))
    return np.where((rows[:, :, None] & columns[:, None, :])[..., None], np.uint8(120), pictures)
