"""Straight rules among labelled strokes: level lines, boxes, and those that run into a digit, which are cut off."""

import numpy as np

from demos.digits.strokes import NEIGHBOURS

_SMALLEST = 12  # pixels of the longer side of a line
_SLENDER = 0.4  # of its height times its width: so much at most is the ink of a box or a line with a digit
_LONG = 0.85  # of a box's side
_OUTER = 0.12  # of a box's height or width: so far from its outline its sides are
_TILT = 0.05  # of a line's length, that it may rise or bend


def is_level(mask: np.ndarray) -> bool:
    """Whether a stroke, bool (h, w), is a level line: wide, and of about one thickness in each column."""
    height, width = mask.shape
    if width < _SMALLEST or width < 2.5 * height:
        return False
    thick = mask.sum(0)
    spread = height - mask.argmax(0) - mask[::-1].argmax(0)
    return bool(np.median(spread) <= 1.5 * np.median(thick) and np.median(thick) < 0.4 * width)


def is_box(mask: np.ndarray) -> bool:
    """Whether a stroke, bool (h, w), has four straight sides and nothing else."""
    lines, ends = _find_sides(mask)
    return all(ends) and lines.sum() > 0.9 * mask.sum()


def cut_rules(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """The strokes, int (h, w), without boxes and lines that run into one of them, and how many those were."""
    from scipy import ndimage

    cut, count = np.zeros(labels.shape, bool), 0
    for k, place in enumerate(ndimage.find_objects(labels), 1):
        if place and min(side.stop - side.start for side in place) >= _SMALLEST:
            mask = labels[place] == k
            lines = _find_crossing(mask) if mask.mean() < _SLENDER else np.zeros(1, bool)
            if lines.any():
                cut[place] |= lines | _find_scraps(mask & ~lines)
                count += 1
    return (ndimage.label((labels > 0) & ~cut, NEIGHBOURS)[0], int(count)) if count else (labels, 0)


def _find_crossing(mask: np.ndarray) -> np.ndarray:
    """Where in a stroke, bool (h, w), the box or the line is that it runs into, bool (h, w)."""
    from scipy import ndimage

    lines, ends = _find_sides(mask)
    height, width = mask.shape
    if all(ends):
        lines = lines & _outer(mask.shape)
        # What is left of a box with nothing in it are its corners.
        pieces, _ = ndimage.label(mask & ~lines, NEIGHBOURS)
        sides = [[side.stop - side.start for side in place] for place in ndimage.find_objects(pieces)]
        is_any = any(high > 0.3 * height or wide > 0.3 * width for high, wide in sides)
        return lines if is_any else np.zeros(mask.shape, bool)
    if ends[1] and not any(ends[2:]):
        level = _find_level(mask)
        columns = np.flatnonzero((mask & ~level).any(0))
        margin = 0.1 * width if width < 1.6 * height else 0
        if columns.size and columns[0] >= margin and columns[-1] < width - margin:
            return level
    return np.zeros(mask.shape, bool)


def _find_scraps(rest: np.ndarray) -> np.ndarray:
    """What is less than half as high as the highest piece that is left, bool (h, w), such as the ticks of a line."""
    from scipy import ndimage

    pieces, _ = ndimage.label(rest, NEIGHBOURS)
    heights = np.array([0] + [place[0].stop - place[0].start for place in ndimage.find_objects(pieces)])
    return rest & (heights < 0.5 * heights.max())[pieces]


def _find_sides(mask: np.ndarray) -> tuple[np.ndarray, list[bool]]:
    """The lines across a stroke, bool (h, w), and whether some lie at its top, its bottom, its left, its right."""
    level, upright = _find_level(mask), _find_level(mask.T).T
    height, width = mask.shape
    deep, wide = max(3, round(_OUTER * height)), max(3, round(_OUTER * width))
    ends = level[:deep], level[-deep:], upright[:, :wide], upright[:, -wide:]
    return level | upright, [bool(end.any()) for end in ends]


def _outer(shape: tuple[int, int]) -> np.ndarray:
    """Where the sides of a box may be, bool (h, w)."""
    outer = np.ones(shape, bool)
    deep, wide = (max(3, round(_OUTER * side)) for side in shape)
    outer[deep:-deep, wide:-wide] = False
    return outer


def find_long(mask: np.ndarray, least: float) -> np.ndarray:
    """Level and upright lines of at least so many pixels in a stroke, bool (h, w), without what crosses them."""
    return _find_level(mask, least) | _find_level(mask.T, least).T


def _find_level(mask: np.ndarray, least: float | None = None) -> np.ndarray:
    """Level lines of a length, or over most of a stroke's width, bool (h, w), without what crosses them."""
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

    length = max(3, round(least or _LONG * mask.shape[1]) | 1)
    slack = max(3, round((_TILT if least is None else 1.6 * _TILT) * length) | 1)
    if mask.shape[1] < length:
        return np.zeros(mask.shape, bool)
    wide = np.pad(maximum_filter1d(mask, slack, 0), ((0, 0), (length, length)))
    lines = maximum_filter1d(minimum_filter1d(wide, length, 1), length, 1)[:, length:-length] & mask
    if not lines.any():
        return lines
    thick = np.median(lines.sum(0)[lines.any(0)])
    window = max(3, round(2 * thick + 2))
    tall = maximum_filter1d(minimum_filter1d(mask, window, 0), window, 0)
    return lines & ~tall
