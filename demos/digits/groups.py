"""Labelled strokes -> groups of strokes, each of which may be a digit, in reading order."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from demos.digits.rules import is_level
from demos.digits.strokes import is_blob, thickness

_SMALLEST = 0.035  # of the picture's longer side
_SMALL = 0.3  # of the largest digit: what is smaller must be a stroke for certain
_SLENDER = 0.3  # of the longer side: no thicker is the stroke of a small digit, or of one beside another
_MOST_STROKES = 200

Place = tuple[slice, slice]  # rows and columns


@dataclass(frozen=True, eq=False)
class Group:
    """Strokes that belong together.

    where: their rows and columns. mask: bool, their pixels there. strength: how dark they are on average.
    """

    where: Place
    mask: np.ndarray
    strength: float

    def shift(self, by: Place) -> "Group":
        """The group in a larger picture, in which its own picture lies at `by`."""
        sides = zip(self.where, by, strict=True)
        return replace(self, where=tuple(slice(a.start + b.start, a.stop + b.start) for a, b in sides))


def group_strokes(
    ink: np.ndarray, labels: np.ndarray, edge: np.ndarray, is_tiny: bool, longest: int
) -> tuple[list[Group], int]:
    """Group the strokes that may be digits, those of one digit together; and how many were too small or too faint.

    ink: float32 (h, w). labels: int (h, w), a number for each stroke, 0 elsewhere. edge: bool (h, w), where a
    stroke would be cut off. is_tiny: whether all strokes are one digit. longest: the whole picture's longer side.
    """
    from scipy import ndimage

    areas = np.bincount(labels.ravel())
    areas[0] = 0
    present = np.flatnonzero(areas).tolist()
    if not present:
        return [], 0
    places = ndimage.find_objects(labels)
    if is_tiny:
        members = [k for k in present if areas[k] >= 0.02 * areas.max()]
        return [_merge(ink, labels, members, places)], 0
    cut_off = set(np.unique(labels[edge]).tolist())
    largest = sorted(present, key=lambda k: -areas[k])[:_MOST_STROKES]
    candidates = [k for k in largest if k not in cut_off and _may_be_stroke(labels, k, places[k - 1], areas, longest)]
    groups = [_merge(ink, labels, members, places) for members in _connect(labels, candidates, places, areas)]
    return _select([group for group in groups if not _is_shadow(ink, group)], longest)


def _may_be_stroke(labels: np.ndarray, k: int, place: Place, areas: np.ndarray, longest: int) -> bool:
    """Whether a label is neither a speck, nor as long as the picture, nor a filled area."""
    size = max(side.stop - side.start for side in place)
    if areas[k] < 8 or size > 0.98 * longest:
        return False
    return size < 12 or not is_blob(labels[place] == k)


def _select(groups: list[Group], longest: int) -> tuple[list[Group], int]:
    """The groups that are large and dark enough beside the largest and the darkest one; and how many others are."""
    if not groups:
        return [], 0
    sizes = [max(group.mask.shape) for group in groups]
    strongest = max(group.strength for group in groups)
    large = [group for group, size in zip(groups, sizes, strict=True) if size >= max(10, _SMALLEST * longest)]
    large = [group for group in large if not is_level(group.mask)]
    selected = [group for group in large if _is_digit(group, _SMALL * max(sizes), strongest)]
    return selected, len(large) - len(selected)


def _is_digit(group: Group, small: float, strongest: float) -> bool:
    if max(group.mask.shape) >= small:
        return group.strength >= 0.4 * strongest
    return group.strength >= 0.6 * strongest and thickness(group.mask) < _SLENDER


def _is_shadow(ink: np.ndarray, group: Group) -> bool:
    """Whether the outline is much softer than a pen's, even out of focus."""
    from scipy.ndimage import binary_erosion

    if min(group.mask.shape) < 3:
        return False
    mask = np.pad(group.mask, 4)
    outline = mask & ~binary_erosion(mask)
    picture = Image.fromarray(np.rint(255 * cut(ink, group.where, 4).clip(0, 1)).astype(np.uint8))
    smooth = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5)), np.float32) / 255
    return np.hypot(*np.gradient(smooth))[outline].mean() < 0.05 * group.strength


def cut(ink: np.ndarray, where: Place, margin: int) -> np.ndarray:
    """The ink, float32 (h, w), at a place and so many pixels around it, 0 beyond the picture."""
    outer = [(side.start - margin, side.stop + margin) for side in where]
    inner = ink[tuple(slice(max(0, first), last) for first, last in outer)]
    beyond = [(max(0, -first), max(0, last - side)) for (first, last), side in zip(outer, ink.shape, strict=True)]
    return np.pad(inner, beyond) if any(map(any, beyond)) else inner


def plausibility(group: Group) -> float:
    """How much speaks for a digit: dark, large, of a slender stroke."""
    return group.strength * float(np.hypot(*group.mask.shape)) * max(0.0, 1 - thickness(group.mask)) ** 2


def _merge(ink: np.ndarray, labels: np.ndarray, members: list[int], places: list[Place]) -> Group:
    rows = slice(min(places[k - 1][0].start for k in members), max(places[k - 1][0].stop for k in members))
    columns = slice(min(places[k - 1][1].start for k in members), max(places[k - 1][1].stop for k in members))
    mask = np.isin(labels[rows, columns], members)
    return Group((rows, columns), mask, float(ink[rows, columns][mask].mean()))


def _connect(labels: np.ndarray, strokes: list[int], places: list[Place], areas: np.ndarray) -> list[list[int]]:
    """Labels of strokes by the digit that they are parts of: a union-find over the pairs that may join."""
    parents = {k: k for k in strokes}

    def root(k):
        while parents[k] != k:
            k = parents[k]
        return k

    points: dict[int, np.ndarray] = {}
    slender: dict[int, bool] = {}
    for n, a in enumerate(strokes):
        for b in strokes[n + 1 :]:
            if _may_join(places[a - 1], places[b - 1], 0.0, False):
                for k in (a, b):
                    if k not in points:
                        points[k] = _sample_points(labels, k, places[k - 1])
                        height, width = points[k].max(0) - points[k].min(0)
                        is_upright = height > max(10, 0.75 * width)
                        slender[k] = is_upright and thickness(labels[places[k - 1]] == k) < _SLENDER
                gap = np.sqrt(((points[a][:, None] - points[b][None]) ** 2).sum(-1).min())
                if _may_join(places[a - 1], places[b - 1], gap, slender[b]) and areas[b] >= 0.005 * areas[a]:
                    parents[root(b)] = root(a)
    digits: dict[int, list[int]] = {}
    for k in strokes:
        digits.setdefault(root(k), []).append(k)
    return list(digits.values())


def _sample_points(labels: np.ndarray, k: int, place: Place) -> np.ndarray:
    """Some points of a stroke, float32 (n, 2)."""
    points = np.argwhere(labels[place] == k).astype(np.float32) + (place[0].start, place[1].start)
    return points[:: max(1, len(points) // 400)]


def _may_join(a: Place, b: Place, gap: float, is_slender: bool) -> bool:
    """Whether two strokes, by their places, are parts of one digit when this gap is between them.

    is_slender: whether the smaller one may be a digit of its own.
    """
    (top, left), (bottom, right) = ((a[n].start, b[n].start) for n in (0, 1)), ((a[n].stop, b[n].stop) for n in (0, 1))
    heights = [bottom[n] - top[n] for n in (0, 1)]
    widths = [right[n] - left[n] for n in (0, 1)]
    sizes = [max(heights[n], widths[n]) for n in (0, 1)]
    size = max(sizes)
    gap = max(gap, max(top) - min(bottom), max(left) - min(right))
    overlap = (min(right) - max(left)) / min(widths)
    if min(sizes) < 0.5 * size and not (is_slender and overlap < 0.5):
        return gap <= 0.15 * size
    if overlap >= 0.5:
        return gap <= min(0.12 * size, max(5, 0.06 * size))
    return gap <= max(2, 0.04 * size) and max(right) - min(left) <= 0.95 * (max(bottom) - min(top))


def sort_in_reading_order(groups: list[Group]) -> list[Group]:
    """Row by row, and from left to right; a row may climb or fall, as long as neighbours overlap in height."""
    rows: list[list[Group]] = []
    for group in sorted(groups, key=lambda group: group.where[1].start):
        overlaps = [_overlap_in_height(row[-1], group) for row in rows]
        if overlaps and max(overlaps) > 0.2:
            rows[int(np.argmax(overlaps))].append(group)
        else:
            rows.append([group])
    return [group for row in sorted(rows, key=lambda row: np.mean([g.where[0].stop for g in row])) for group in row]


def _overlap_in_height(one: Group, other: Group) -> float:
    """The part of the lower one's height that the other shares."""
    a, b = one.where[0], other.where[0]
    return (min(a.stop, b.stop) - max(a.start, b.start)) / min(a.stop - a.start, b.stop - b.start)
