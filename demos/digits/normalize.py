"""The ink of one digit -> 28x28 pixels as MNIST has them: same box, centre, and width of stroke."""

import numpy as np
from PIL import Image

SIDE = 28
BOX = 20  # MNIST's digits are fitted into a square of 20 pixels, and centred by mass
STROKE = 2.4  # about as wide as the strokes of most of its digits, in pixels of the 28
CENTRE = 14.5  # of mass, from the left and top edge: MNIST's lie in the middle of the fifteenth pixel
_FINE = 64  # the digit's longer side, in pixels, while its stroke is redrawn
_MARGIN = 12  # around it, for strokes that grow
_THINNEST = 3.0  # pixels of that grid: a stroke that would be thinner is widened before the reduction


def normalize(ink: np.ndarray) -> np.ndarray:
    """Redraw a digit.

    ink: float (h, w), its strokes at 1 on 0, nothing else in the picture; the edge lies at 0.5.
    Returns uint8 (28, 28), white strokes on black. The longer side is 20 pixels and the centre of mass in the
    middle as in LeCun et al., "Gradient-based learning applied to document recognition" (1998), section III.A;
    edges are grey by the part of the pixel that they cover.
    """
    distance, width = _signed_distance(ink)
    height, breadth = _extent(distance > 0)
    # The stroke's middle line keeps its place while its width changes, and the whole must measure 20 pixels.
    middle = max(max(height, breadth) - width, 0.3 * max(height, breadth))
    scale = (BOX - STROKE) / middle
    shape = _change_width(distance, width, STROKE / scale)
    return _center(np.clip(shape + 0.5, 0, 1), scale)


def _signed_distance(ink: np.ndarray) -> tuple[np.ndarray, float]:
    """The signed distance to the stroke's edge, positive inside, on a fine grid; and the stroke's width there."""
    from scipy.ndimage import distance_transform_edt

    if max(ink.shape) > _FINE and _is_thin(ink, _THINNEST * max(ink.shape) / _FINE):
        ink = _widen(ink)
    scale = _FINE / max(ink.shape)
    size = tuple(max(1, round(side * scale)) for side in ink.shape[::-1])
    fine = np.asarray(Image.fromarray(ink.astype(np.float32)).resize(size, Image.Resampling.BICUBIC))
    mask = np.pad(fine > 0.5, _MARGIN)
    if not mask.any():
        mask = np.pad(fine >= fine.max(), _MARGIN)
    inside, outside = distance_transform_edt(mask), distance_transform_edt(~mask)
    return np.where(mask, inside - 0.5, 0.5 - outside).astype(np.float32), _stroke_width(mask, inside)


def _is_thin(ink: np.ndarray, least: float) -> bool:
    """Whether the strokes are thinner than so many pixels: twice the area over the length of the outline."""
    mask = ink > 0.5
    outline = np.count_nonzero(mask[:, 1:] != mask[:, :-1]) + np.count_nonzero(mask[1:] != mask[:-1])
    return 2 * np.count_nonzero(mask) < least * 0.79 * outline  # a slanting outline has more steps than its length


def _widen(ink: np.ndarray) -> np.ndarray:
    """The ink at thrice the fine grid at most, its strokes at least `_THINNEST` wide in the fine one."""
    from scipy.ndimage import distance_transform_edt

    step = max(1, max(ink.shape) // (3 * _FINE))
    rows, columns = (-(-side // step) for side in ink.shape)
    padded = np.pad(ink, ((0, rows * step - ink.shape[0]), (0, columns * step - ink.shape[1])))
    small = padded.reshape(rows, step, columns, step).max((1, 3))
    growth = _THINNEST * max(small.shape) / _FINE / 2
    wide = np.pad(small > 0.5, int(growth) + 1)
    return np.clip(growth + 0.5 - distance_transform_edt(~wide), 0, 1).astype(np.float32)


def _stroke_width(mask: np.ndarray, depth: np.ndarray) -> float:
    """Twice the median depth along the stroke's middle line."""
    return max(1.0, 2 * float(np.median(depth[_skeleton(mask)])) - 1)


def _skeleton(mask: np.ndarray) -> np.ndarray:
    from skimage.morphology import skeletonize

    return skeletonize(mask)


def _change_width(distance: np.ndarray, width: float, new_width: float) -> np.ndarray:
    """The signed distance to the edge of the stroke at its new width; neither breaks nor closes a hole."""
    from scipy.ndimage import distance_transform_edt, label, maximum

    change = (new_width - width) / 2
    if change <= 0:
        mask = distance > 0
        line = _skeleton(mask)
        pruned = line & (distance >= 0.5 * width / 2)  # without the spurs towards the outline
        if label(~pruned)[1] < label(~line)[1]:
            pruned = line  # it was no spur but a thin place of a ring
        return np.maximum(distance + change, 0.35 * new_width - distance_transform_edt(~pruned).astype(np.float32))
    holes, count = label(distance <= 0)
    deepest = np.asarray(maximum(-distance, holes, np.arange(1, count + 1)), np.float32)
    growth = np.minimum(change, 0.5 * deepest)  # half the way into a hole at most
    return distance + np.append(np.float32(change), growth)[holes]


def _center(coverage: np.ndarray, scale: float) -> np.ndarray:
    """Coverage on the fine grid -> uint8 (28, 28), the centre of mass in the middle, nothing cut off."""
    ys, xs = (np.flatnonzero(coverage.any(axis)) for axis in (1, 0))
    rows, columns = coverage.sum(1), coverage.sum(0)
    window = SIDE / scale
    margin = int(window) + 1
    corner = []
    for places, mass in ((xs, columns), (ys, rows)):
        centre = (np.arange(len(mass)) + 0.5) @ mass / mass.sum()
        first, last = places[0] - 1 / scale, places[-1] + 1 + 1 / scale - window  # a pixel of black is left
        corner.append(margin + float(np.clip(centre - CENTRE / scale, last, first)))
    box = (*corner, corner[0] + window, corner[1] + window)
    small = Image.fromarray(np.pad(coverage, margin)).resize((SIDE, SIDE), Image.Resampling.BOX, box=box)
    return np.rint(255 * np.asarray(small)).clip(0, 255).astype(np.uint8)


def _extent(mask: np.ndarray) -> tuple[int, int]:
    ys, xs = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return int(ys[-1] - ys[0] + 1), int(xs[-1] - xs[0] + 1)
