"""Labelled strokes -> the same without what was drawn around digits or under them: boxes, circles, cells, lines."""

import numpy as np

from demos.digits.rules import cut_rules, find_long, is_box, is_level
from demos.digits.strokes import NEIGHBOURS, is_blob

SMALLEST = 12  # pixels of the longer side: what is smaller is no line and stands in no frame
_FULL, _HALF, _PARTLY = 0.8, 0.5, 0.25  # of a side of what stands in it: how much of that a frame covers
_INNER = 0.3  # of a cell's height or width: what is smaller is a dot in a 0
_GAP = 0.06  # of a digit: what is so near belongs to one frame, which was not closed

Place = tuple[slice, slice]


def remove_frames(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """Strokes without frames and lines, and how many of those there were.

    labels: int (h, w), a number for each stroke, 0 elsewhere. A stroke is a frame if it stands around another one, on
    all four sides, or as the cells of a form do: below and partly beside it. It is a line if it is level, with one
    run of ink in each column, and belongs to no digit. A box or a line that runs into a digit is cut from it.
    """
    from scipy import ndimage

    labels, framed = _remove_surrounding(labels)
    labels, cut = cut_rules(labels)
    labels, lines = _remove_lines(labels)
    return labels, framed + cut + lines


def _remove_surrounding(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """Strokes without those that stand around others, and how many those were; what runs into one is cut from it."""
    from scipy import ndimage

    places = ndimage.find_objects(labels)
    large = [k for k, place in enumerate(places, 1) if place and max(_sides(place)) >= SMALLEST]
    boxes = np.array([[(side.start, side.stop) for side in places[k - 1]] for k in large]).reshape(-1, 2, 2)
    frames: dict[int, list[int]] = {}
    for j in large:
        mask = labels[places[j - 1]] == j
        is_upright = mask.shape[0] >= max(SMALLEST, 0.75 * mask.shape[1]) and not is_blob(mask)
        if is_upright and _is_surrounded(places[j - 1], boxes):
            for k in _find_frame(labels, j, places[j - 1], mask):
                frames.setdefault(k, []).append(places[j - 1][0].stop - places[j - 1][0].start)
    if not frames:
        return labels, 0
    labels, count = labels.copy(), len(frames)
    sizes = [np.array(_sides(places[k - 1])) for k in frames]
    for k in set(large) - frames.keys():  # a box of a form that nothing was written into
        is_alike = any(np.abs(_sides(places[k - 1]) / size - 1).max() < 0.25 for size in sizes)
        if is_alike and is_box(labels[places[k - 1]] == k):
            labels[labels == k] = 0
            count += 1
    for k, heights in frames.items():
        _keep_pieces(labels, k, places[k - 1], float(np.median([h for h in heights])))
    return labels, count


def _keep_pieces(labels: np.ndarray, k: int, place: Place, height: float) -> None:
    """Erase a frame from the labels, but for what runs into it and is about as high as the digits in it."""
    from scipy import ndimage

    view = labels[place]
    mask = view == k
    view[mask] = 0
    lines = find_long(mask, max(1.25 * height, SMALLEST))
    if not lines.any():
        return
    pieces, count = ndimage.label(mask & ~lines, NEIGHBOURS)
    first = labels.max() + 1
    for n, piece in enumerate(ndimage.find_objects(pieces), 1):
        part = pieces[piece] == n
        if 0.6 * height <= part.shape[0] <= 1.5 * height and not is_level(part) and not is_level(part.T):
            view[piece][part] = first + n


def _remove_lines(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """Strokes without level lines that belong to no other stroke, and how many those were."""
    from scipy import ndimage

    places = ndimage.find_objects(labels)
    large = [k for k, place in enumerate(places, 1) if place and max(_sides(place)) >= SMALLEST]
    masks = {k: labels[places[k - 1]] == k for k in large}
    lines = {k for k in large if is_level(masks[k])}
    rest = [k for k in large if k not in lines]
    while parts := [k for k in lines if _is_part(k, rest, places, masks)]:
        lines, rest = lines - set(parts), rest + parts
    lines = list(lines)
    return (np.where(np.isin(labels, lines), 0, labels), len(lines)) if lines else (labels, 0)


def _sides(place: Place) -> tuple[int, int]:
    return tuple(side.stop - side.start for side in place)


def _is_surrounded(place: Place, boxes: np.ndarray) -> bool:
    """Whether strokes, their boxes int (n, 2, 2), reach left, right and below, or above, of a place."""
    (top, bottom), (left, right) = ((side.start, side.stop) for side in place)
    beside = (boxes[:, 0, 0] < bottom) & (boxes[:, 0, 1] > top)
    over = (boxes[:, 1, 0] < right) & (boxes[:, 1, 1] > left)
    is_left, is_right = (beside & (boxes[:, 1, 0] < left)).any(), (beside & (boxes[:, 1, 1] > right)).any()
    return is_left and is_right and (over & (boxes[:, 0, 1] > bottom)).any()


def _find_frame(labels: np.ndarray, j: int, place: Place, mask: np.ndarray) -> set[int]:
    """The strokes that stand around stroke `j`, together or one alone."""
    from scipy import ndimage

    height, width = _sides(place)
    reach = 2 * max(height, width)
    rows, columns = (
        slice(max(0, side.start - reach), min(most, side.stop + reach))
        for side, most in zip(place, labels.shape, strict=True)
    )
    around = np.where(labels[rows, columns] == j, 0, labels[rows, columns])
    inner = tuple(
        slice(side.start - by.start, side.stop - by.start) for side, by in zip(place, (rows, columns), strict=True)
    )
    core = tuple(
        slice(side.start + (side.stop - side.start) // 6, side.stop - (side.stop - side.start) // 6) for side in inner
    )
    inside = np.unique(around[core])
    around[np.isin(around, inside[inside > 0])] = 0
    if not _is_around(around > 0, inner, mask):
        return set()
    near = ndimage.binary_dilation(around > 0, NEIGHBOURS, max(1, round(_GAP / 2 * max(height, width))))
    groups, count = ndimage.label(near, NEIGHBOURS)
    for group in range(1, count + 1):
        part = np.where(groups == group, around, 0)
        if not _is_around(part > 0, inner, mask):
            continue
        members, counts = np.unique(part[part > 0], return_counts=True)
        frame = set(members.tolist())
        for k in members[np.argsort(counts)].tolist() if len(frame) > 1 else ():  # a neighbour that is not needed
            if _is_around(np.isin(part, list(frame - {k})), inner, mask):
                frame.remove(k)
        return frame
    return set()


def _is_around(frame: np.ndarray, inner: Place, mask: np.ndarray) -> bool:
    """Whether a frame, bool (h, w), stands around a stroke, its mask at the place `inner`; or as a trough beneath it."""
    rows, columns = inner
    sides = (
        frame[rows, : columns.start][:, ::-1],
        frame[rows, columns.stop :],
        frame[: rows.start, columns][::-1].T,
        frame[rows.stop :, columns].T,
    )
    left, right, above, below = ((part.any(1).mean() if part.size else 0.0) for part in sides)
    covered = left, right, above, below
    if min(covered) >= _HALF and sum(covered) >= 4 * _FULL:
        gaps = [float(np.median(part[part.any(1)].argmax(1))) for part in sides]
        cell = mask.shape[0] + gaps[2] + gaps[3], mask.shape[1] + gaps[0] + gaps[1]
        is_large = any(side >= _INNER * room for side, room in zip(mask.shape, cell, strict=True))
        return is_large and not _is_slash(mask, cell)
    low = sides[0][-max(1, mask.shape[0] // 2) :], sides[1][-max(1, mask.shape[0] // 2) :]
    return below >= 0.9 and min((part.any(1).mean() if part.size else 0.0) for part in low) >= _PARTLY


def _is_slash(mask: np.ndarray, cell: tuple[float, float]) -> bool:
    """Whether a stroke within a ring is a straight slant across it, as in a 0 that is not an O."""
    ys, xs = np.nonzero(mask)
    if len(ys) < 3 or max(mask.shape) < 0.5 * cell[0]:
        return False
    values, vectors = np.linalg.eigh(np.cov(np.stack([ys, xs])))
    slant = np.degrees(np.arctan2(abs(vectors[1, 1]), abs(vectors[0, 1])))
    return values[0] < 0.02 * values[1] and slant > 22


def _is_part(line: int, others: list[int], places: list[Place], masks: dict[int, np.ndarray]) -> bool:
    """Whether a level stroke belongs to others: near them and hardly wider, as the foot of a 1."""
    rows, columns = places[line - 1]
    thick = np.median(masks[line].sum(0))
    near = []
    is_short = columns.stop - columns.start < 8 * thick
    for k in others:
        ys, xs = places[k - 1]
        gap = max(rows.start - ys.stop, ys.start - rows.stop, xs.start - columns.stop, columns.start - xs.stop)
        if gap <= max(2, 0.25 * thick) and is_short:  # a gap in the ink, as of a pen that runs dry
            return True
        if gap <= max(2, 0.05 * max(_sides(places[k - 1])), 0.5 * thick):
            near.append((ys, xs))
    if not near:
        return False
    width = max(xs.stop for _, xs in near) - min(xs.start for _, xs in near)
    height = max(ys.stop - ys.start for ys, _ in near)
    return columns.stop - columns.start <= max(1.3 * width, 0.7 * height)
