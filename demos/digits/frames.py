"""Labelled strokes -> the same without what was drawn around digits or under them: boxes, circles, cells, lines."""

import numpy as np

from demos.digits.enclosure import Place, find_frame, select_sides
from demos.digits.rules import cut_rules, find_long, is_box, is_level
from demos.digits.strokes import NEIGHBOURS, is_blob

SMALLEST = 12  # pixels of the longer side: what is smaller is no line and stands in no frame


def remove_frames(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """Strokes without frames and lines, and how many of those there were.

    labels: int (h, w), a number for each stroke, 0 elsewhere. A stroke is a frame if it stands around another one, on
    all four sides, or as the cells of a form do: below and partly beside it. It is a line if it is level, with one
    run of ink in each column, and belongs to no digit. A box or a line that runs into a digit is cut from it.
    """
    labels, framed = _remove_surrounding(labels)
    labels, cut = cut_rules(labels)
    labels, lines = _remove_lines(labels)
    return labels, framed + cut + lines


def _remove_surrounding(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """Strokes without those that stand around others, and how many those were; what runs into one is cut from it."""
    from scipy import ndimage

    places = ndimage.find_objects(labels)
    large = [k for k, place in enumerate(places, 1) if place and max(_sides(place)) >= SMALLEST]
    masks = {k: labels[places[k - 1]] == k for k in large}
    boxes = np.array([[(side.start, side.stop) for side in places[k - 1]] for k in large]).reshape(-1, 2, 2)
    level, numbers = np.array([is_level(masks[k]) for k in large], bool), np.array(large, int)
    frames: dict[int, list[int]] = {}
    slashes: dict[int, int] = {}  # of zeros, and the ring of each
    for j, mask in masks.items():
        if mask.shape[0] >= max(SMALLEST, 0.75 * mask.shape[1]) and not is_blob(mask):
            may_be_side = select_sides(places[j - 1], boxes, level)
            if may_be_side is not None:
                found, ring = find_frame(labels, places[j - 1], mask, numbers[may_be_side])
                for k in found:
                    frames.setdefault(k, []).append(mask.shape[0])
                if ring:
                    slashes[j] = ring
    if not frames and not slashes:
        return labels, 0
    labels, count = labels.copy(), len(frames)
    for j, ring in slashes.items():
        labels[places[j - 1]][masks[j]] = ring
    sizes = [np.array(_sides(places[k - 1])) for k in frames]
    for k in set(large) - frames.keys():  # a box of a form that nothing was written into
        is_alike = any(np.abs(_sides(places[k - 1]) / size - 1).max() < 0.25 for size in sizes)
        if is_alike and is_box(masks[k]):
            labels[labels == k] = 0
            count += 1
    for k, heights in frames.items():
        _keep_pieces(labels, k, places[k - 1], float(np.median(heights)))
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
