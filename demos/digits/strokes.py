"""What tells a stroke from an area or a line of the paper: its thickness and its length."""

import numpy as np

NEIGHBOURS = np.ones((3, 3))  # pixels that touch at a corner are of one stroke


def is_blob(mask: np.ndarray) -> bool:
    """Whether a mask, bool (h, w), is no stroke but an area, such as a finger."""
    if mask.mean() > 0.82 and max(mask.shape) < 2 * min(mask.shape):
        return True
    return thickness(mask) > 0.5


def thickness(mask: np.ndarray) -> float:
    """The width of a stroke, bool (h, w), at its widest, in parts of the longer side."""
    from scipy.ndimage import distance_transform_edt

    step = max(1, max(mask.shape) // 64)
    small = np.pad(mask[::step, ::step], 1)
    return 2 * distance_transform_edt(small).max() / max(small.shape)


def is_any_long(labels: np.ndarray, numbers: np.ndarray) -> bool:
    """Whether one of some strokes, int (h, w), reaches over half of the picture."""
    from scipy import ndimage

    places = ndimage.find_objects(labels)
    return any(
        side.stop - side.start > 0.5 * whole
        for number in numbers
        for side, whole in zip(places[number - 1], labels.shape, strict=True)
    )
