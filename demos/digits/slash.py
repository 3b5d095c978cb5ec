"""A slashed 0 -> the 0 alone, since MNIST's zeros have no slash."""

import numpy as np
from PIL import Image

_SIDE = 128  # pixels of the longer side while looking


def remove_slash(ink: np.ndarray) -> np.ndarray:
    """The ink of one digit, float (h, w) in [0, 1], its edge at 0.5, without the slash if it is a slashed 0.

    A slashed 0 is a ring, as round as an ellipse, with one straight slant across its middle. The slash may end inside
    the ring or go on beyond it.
    """
    from scipy.ndimage import binary_fill_holes, distance_transform_edt

    small = _reduce(ink)
    mask = np.pad(small > 0.5, 2)
    solid = binary_fill_holes(mask)
    if solid.sum() < 1.2 * mask.sum():
        return ink
    width = _width(mask)
    core = distance_transform_edt(solid) > 0.8 * width
    if not core.any():
        return ink
    opened = distance_transform_edt(~core) <= 0.8 * width  # without what the slash has outside
    inner = distance_transform_edt(opened & solid) > 1.3 * width
    if not is_oval(opened) or not _is_slash(mask & inner, inner, width):
        return ink
    return np.where(opened & ~inner, np.pad(small, 2), 0)


def _reduce(ink: np.ndarray) -> np.ndarray:
    scale = _SIDE / max(ink.shape)
    if scale >= 1:
        return ink
    size = tuple(max(1, round(side * scale)) for side in ink.shape[::-1])
    return np.asarray(Image.fromarray(ink.astype(np.float32)).resize(size, Image.Resampling.BOX))


def _width(mask: np.ndarray) -> float:
    """The width of the stroke: twice the area over the length of the outline."""
    outline = np.count_nonzero(mask[:, 1:] != mask[:, :-1]) + np.count_nonzero(mask[1:] != mask[:-1])
    return 2 * np.count_nonzero(mask) / (0.79 * outline)


def is_oval(mask: np.ndarray) -> bool:
    """Whether a mask, bool (h, w), is about as large as the ellipse of its height and width."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    return bool(0.85 < mask.sum() / (np.pi / 4 * height * width) < 1.2 and 0.8 < height / width < 3)


def _is_slash(bar: np.ndarray, inner: np.ndarray, width: float) -> bool:
    """Whether the ink inside a ring, bool (h, w), is one straight slant that goes through its middle."""
    ys, xs = np.nonzero(bar)
    if len(ys) < 0.05 * inner.sum() or len(ys) > 0.6 * inner.sum():
        return False
    values, vectors = np.linalg.eigh(np.cov(np.stack([ys, xs])))
    across, along = np.sqrt(12 * np.maximum(values, 0))
    if not along:  # a dot
        return False
    slant = np.degrees(np.arctan2(abs(vectors[0, 1]), abs(vectors[1, 1])))
    middle = np.argwhere(inner).mean(0)
    offset = abs(vectors[:, 0] @ (np.array([ys.mean(), xs.mean()]) - middle))
    is_straight = across < 1.7 * width and along > 2 * across
    room = np.ptp(np.argwhere(inner) @ vectors[:, 1])
    return bool(is_straight and 20 < slant < 82 and offset < 0.8 * width + 0.05 * room and along > 0.55 * room)
