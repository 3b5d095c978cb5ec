"""Whether strokes stand around another one: a box, a circle, or the cells of a form, which may be open above."""

import numpy as np

from demos.digits.slash import is_oval
from demos.digits.strokes import NEIGHBOURS

_FULL, _HALF, _PARTLY = 0.8, 0.5, 0.25  # of a side of what stands in it: how much of that a frame covers
_INNER = 0.3  # of a cell's height or width: what is smaller is a dot in a 0
_REACH = 2  # times the longer side of what stands in a frame: so far from it the frame may be
_OVAL = 1.15  # times its width: so high is a 0 at least; a ring as wide as high may be drawn around a slanted 1
_GAP = 0.06  # of a digit: what is so near belongs to one frame, which was not closed

Place = tuple[slice, slice]  # rows and columns


def select_sides(place: Place, boxes: np.ndarray, level: np.ndarray) -> np.ndarray | None:
    """Which strokes may be sides of a frame around a place, bool (n,); None if they cannot stand around it.

    boxes: int (n, 2, 2), first and last row and column of each stroke. level: bool (n,), whether it is a level line.
    A side is longer than what stands in the frame, so that in a page of digits hardly any is one.
    """
    (top, bottom), (left, right) = ((side.start, side.stop) for side in place)
    height, width = bottom - top, right - left
    heights, widths = boxes[:, 0, 1] - boxes[:, 0, 0], boxes[:, 1, 1] - boxes[:, 1, 0]
    is_long = (heights >= 1.1 * height) | (widths >= 1.3 * height) | level & (widths >= 1.1 * width)
    reach = _REACH * max(height, width)
    is_long &= (boxes[:, 1, 0] < right + reach) & (boxes[:, 1, 1] > left - reach)
    is_long &= (boxes[:, 0, 0] < bottom + reach) & (boxes[:, 0, 1] > top - reach)
    beside = is_long & (boxes[:, 0, 0] < bottom + height)
    beneath = is_long & (boxes[:, 1, 0] < right) & (boxes[:, 1, 1] > left) & (boxes[:, 0, 1] > bottom)
    is_between = (beside & (boxes[:, 1, 0] < left)).any() and (beside & (boxes[:, 1, 1] > right)).any()
    return is_long if is_between and beneath.any() else None


def find_frame(labels: np.ndarray, place: Place, mask: np.ndarray, members: np.ndarray) -> tuple[set[int], int]:
    """Which of some strokes stand around another one, together or one alone: their numbers; and the number of the ring
    whose slash it is, 0 for none.

    labels: int (h, w), a number for each stroke. place, mask: of the stroke that may stand in a frame. members: int
    (n,), the numbers of what may be a side.
    """
    from scipy import ndimage

    height, width = mask.shape
    reach = _REACH * max(height, width)
    rows, columns = (
        slice(max(0, side.start - reach), min(most, side.stop + reach))
        for side, most in zip(place, labels.shape, strict=True)
    )
    around = labels[rows, columns]
    around = np.where(np.isin(around, members), around, 0)
    inner = tuple(
        slice(side.start - by.start, side.stop - by.start) for side, by in zip(place, (rows, columns), strict=True)
    )
    core = tuple(
        slice(side.start + (side.stop - side.start) // 6, side.stop - (side.stop - side.start) // 6) for side in inner
    )
    inside = np.unique(around[core])
    around[np.isin(around, inside[inside > 0])] = 0
    if not _has_sides(around > 0, inner):
        return set(), 0
    sizes = np.bincount(around.ravel())
    for k in np.argsort(-sizes[1:])[: np.count_nonzero(sizes[1:])] + 1:
        frame = around == k
        if _is_zero(frame, inner, mask):
            return set(), int(k)
        if _is_closed(frame, inner, mask) or _is_trough(frame, inner):
            return {int(k)}, 0
    near = ndimage.binary_dilation(around > 0, NEIGHBOURS, max(1, round(_GAP / 2 * max(height, width))))
    groups, count = ndimage.label(near, NEIGHBOURS)
    for group in range(1, count + 1):
        part = np.where(groups == group, around, 0)
        if _is_closed(part > 0, inner, mask):
            return _leave_needed(part, inner, mask), 0
    return set(), 0


def _leave_needed(part: np.ndarray, inner: Place, mask: np.ndarray) -> set[int]:
    """Of several strokes, int (h, w), those without which the others do not stand around one."""
    members, counts = np.unique(part[part > 0], return_counts=True)
    frame = set(members.tolist())
    for k in members[np.argsort(counts)].tolist():
        if _is_closed(np.isin(part, list(frame - {k})), inner, mask):
            frame.remove(k)
    return frame


def _has_sides(frame: np.ndarray, inner: Place) -> bool:
    rows, columns = inner
    beside = frame[rows.start :, : columns.start], frame[rows.start :, columns.stop :]
    return all(part.any() for part in beside) and frame[rows.stop :, columns].any(0).mean() >= _HALF


def _is_zero(frame: np.ndarray, inner: Place, mask: np.ndarray) -> bool:
    """Whether a frame, bool (h, w), is the ring of a slashed 0, an upright oval, and the stroke in it the slash."""
    from scipy import ndimage

    cell = _measure_cell(frame, inner, mask.shape)
    if cell is None or not _is_slash(mask, cell):
        return False
    height, width = (side.stop - side.start for side in ndimage.find_objects(frame.astype(np.uint8))[0])
    return height > _OVAL * width and is_oval(ndimage.binary_fill_holes(frame))


def _is_closed(frame: np.ndarray, inner: Place, mask: np.ndarray) -> bool:
    """Whether a frame, bool (h, w), stands around a stroke, its mask at the place `inner`, that is no slash or dot."""
    cell = _measure_cell(frame, inner, mask.shape)
    if cell is None:
        return False
    is_large = any(side >= _INNER * room for side, room in zip(mask.shape, cell, strict=True))
    return is_large and not _is_slash(mask, cell)


def _measure_cell(frame: np.ndarray, inner: Place, size: tuple[int, int]) -> tuple[float, float] | None:
    """Height and width of the room in a frame, bool (h, w), around a stroke of this size at the place `inner`.

    None where it does not stand on all four sides.
    """
    rows, columns = inner
    sides = (
        frame[rows, : columns.start][:, ::-1],
        frame[rows, columns.stop :],
        frame[: rows.start, columns][::-1].T,
        frame[rows.stop :, columns].T,
    )
    covered = [part.any(1).mean() if part.size else 0.0 for part in sides]
    if min(covered) < _HALF or sum(covered) < 4 * _FULL:
        return None
    gaps = [float(np.median(part[part.any(1)].argmax(1))) for part in sides]
    return size[0] + gaps[2] + gaps[3], size[1] + gaps[0] + gaps[1]


def _is_trough(frame: np.ndarray, inner: Place) -> bool:
    """Whether a frame, bool (h, w), lies beneath a place and rises on both sides, as cells without a lid do."""
    rows, columns = inner
    beneath = frame[rows.stop :, columns]
    if not beneath.size or beneath.any(0).mean() < 0.9:
        return False
    low = slice((rows.start + rows.stop) // 2, rows.stop + int(np.median(beneath[:, beneath.any(0)].argmax(0))) + 1)
    beside = frame[low, : columns.start], frame[low, columns.stop :]
    return all(part.size and part.any(1).mean() >= _PARTLY for part in beside)


def _is_slash(mask: np.ndarray, cell: tuple[float, float]) -> bool:
    """Whether a stroke within a ring is a straight slant across it, as in a 0 that is not an O."""
    ys, xs = np.nonzero(mask)
    if len(ys) < 3 or max(mask.shape) < 0.5 * cell[0]:
        return False
    values, vectors = np.linalg.eigh(np.cov(np.stack([ys, xs])))
    slant = np.degrees(np.arctan2(abs(vectors[1, 1]), abs(vectors[0, 1])))
    return values[0] < 0.02 * values[1] and slant > 22
