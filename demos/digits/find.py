"""Any picture -> the digits written in it, as 28x28 pixels each; NumPy, SciPy and scikit-image, no network."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from demos import images
from demos.digits.ink import is_blob, paper, strokes, thickness
from demos.digits.normalize import normalize

LONGEST = 768  # pixels of the longer side while searching
TINY = 36  # a picture up to here is one digit, already cut out, as MNIST's are
MOST = 20
SHOWN = 480
_ENLARGED = 6  # a tiny picture, for the search
_SMALLEST = 0.035  # of the picture's longer side


@dataclass(frozen=True, eq=False)
class Glyph:
    """One digit, or what looks like one.

    box: (left, top, right, bottom), in pixels of the upright original. seen: uint8 (28, 28), white on black.
    """

    box: tuple[int, int, int, int]
    seen: np.ndarray


@dataclass(frozen=True, eq=False)
class Page:
    """What was found in a picture.

    glyphs: in reading order, at most 20. steps: caption -> uint8 (h, w), what was done on the way.
    """

    glyphs: list[Glyph]
    steps: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class _Group:
    """Strokes that belong together: where (rows, columns), and their pixels there."""

    where: tuple[slice, slice]
    mask: np.ndarray
    strength: float

    def moved(self, by: tuple[slice, slice]) -> "_Group":
        """Where it is, once the part of the picture that it was found in is back in its place."""
        places = zip(self.where, by, strict=True)
        return replace(self, where=tuple(slice(a.start + b.start, a.stop + b.start) for a, b in places))


@dataclass(frozen=True, eq=False)
class _Reading:
    """One way to read the picture, dark on light or light on dark."""

    ink: np.ndarray
    mask: np.ndarray
    groups: list[_Group]
    score: float


def find(picture: images.Picture) -> Page:
    """Find handwritten characters, on whatever they are written.

    Reads dark ink on light paper as well as chalk on a board. Uneven light, lines and squares of the paper, what
    lies around it and what is no stroke are left out. A picture of at most 36 pixels a side counts as one glyph.
    """
    grey = _grey(picture)
    tiny = max(picture.pixels.shape[:2]) <= TINY
    readings = [_read(each, tiny) for each in _polarities(grey, tiny)]
    # Of two ways to read it, dark on light must not lose to the shape of a bright sheet in a dark room.
    best = max(readings, key=lambda reading: reading.score * (2 if reading is readings[0] else 1))
    scale = picture.size[0] / grey.shape[1], picture.size[1] / grey.shape[0]
    glyphs = [_glyph(best.ink, group, scale) for group in _in_reading_order(best.groups)]
    return Page(glyphs, _steps(best))


def _grey(picture: images.Picture) -> np.ndarray:
    """uint8 (h, w) at the size for the search; of a drawing that only its transparency shows, the transparency."""
    image = Image.fromarray(picture.pixels).convert("L")
    if picture.alpha is not None and np.ptp(np.asarray(image)) < 16 <= np.ptp(picture.alpha):
        image = Image.fromarray(255 - picture.alpha)
    longest = max(image.size)
    if longest <= TINY:
        size = tuple(_ENLARGED * side for side in image.size)
        return np.asarray(image.resize(size, Image.Resampling.BICUBIC))
    scale = min(1.0, LONGEST / longest)
    size = tuple(max(1, round(side * scale)) for side in image.size)
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR) if scale < 1 else image)


def _polarities(grey: np.ndarray, tiny: bool) -> list[np.ndarray]:
    """The picture as it is, inverted, or both: whichever may be dark ink on light paper."""
    low, middle, high = (int(value) for value in np.percentile(grey[::2, ::2], (1, 50, 99)))
    if tiny:
        edge = np.concatenate([grey[[0, -1]].ravel(), grey[:, [0, -1]].ravel()])
        low, middle, high = int(grey.min()), int(np.median(edge)), int(grey.max())
        return [grey] if middle - low >= high - middle else [255 - grey]
    if middle > 170:
        return [grey]
    return [255 - grey] if middle < 40 and high - middle > 2 * (middle - low) else [grey, 255 - grey]


def _read(grey: np.ndarray, tiny: bool) -> _Reading:
    """Find dark strokes on light paper."""
    light, regions = paper(grey, tiny)
    smooth = Image.fromarray(grey)
    if not tiny:
        smooth = smooth.filter(ImageFilter.BoxBlur(1 if max(grey.shape) > 500 else 0.5))
    ink = 1 - np.asarray(smooth, np.float32) / np.maximum(light, 1)
    clean = tiny or _clean(grey)
    best = _Reading(ink, np.zeros(grey.shape, bool), [], 0.0)
    for region, brightness in regions:
        where = _extent(region)
        edge = _edge(region, clean)[where]
        labels, level = strokes(ink[where], region[where], edge, clean)
        if labels is None:
            continue
        groups = [group.moved(where) for group in _groups(ink[where], labels, edge, tiny, max(grey.shape))]
        groups = [group for group in groups if region[group.where].mean() > 0.97]
        score = brightness * sum(sorted(map(_plausibility, groups), reverse=True)[:4])
        if score > best.score:
            found = np.zeros(grey.shape, bool)
            found[where] = labels > 0
            best = _Reading(np.clip(0.5 * ink / level, 0, 1), found, groups, score)
    return best


def _extent(mask: np.ndarray) -> tuple[slice, slice]:
    ys, xs = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return slice(int(ys[0]), int(ys[-1]) + 1), slice(int(xs[0]), int(xs[-1]) + 1)


def _edge(region: np.ndarray, clean: bool) -> np.ndarray:
    """Where a stroke would be cut off, bool (h, w): the edge of the paper and, in a photograph, of the picture."""
    inner = region.copy()
    inner[1:] &= region[:-1]
    inner[:-1] &= region[1:]
    inner[:, 1:] &= region[:, :-1]
    inner[:, :-1] &= region[:, 1:]
    edge = region & ~inner
    edge[[0, -1]] = edge[:, [0, -1]] = not clean
    return edge


def _clean(grey: np.ndarray) -> bool:
    """Whether the background is of one single value, as in a drawing that no camera took."""
    counts = np.bincount(grey[::2, ::2].ravel(), minlength=256)
    return counts.max() > 0.5 * counts.sum()


def _groups(ink: np.ndarray, labels: np.ndarray, edge: np.ndarray, tiny: bool, longest: int) -> list[_Group]:
    """Strokes that may be digits, those that belong together as one."""
    from scipy import ndimage

    areas = np.bincount(labels.ravel())
    areas[0] = 0
    present = np.flatnonzero(areas).tolist()
    if not present:
        return []
    places = ndimage.find_objects(labels)
    if tiny:
        kept = [k for k in present if areas[k] >= 0.02 * areas.max()]
        return [_joined(ink, labels, kept, places)]
    cut = set(np.unique(labels[edge]).tolist())
    kept = []
    for k in sorted(present, key=lambda k: -areas[k])[:200]:
        rows, columns = places[k - 1]
        size = max(rows.stop - rows.start, columns.stop - columns.start)
        if areas[k] < 8 or k in cut or size > 0.98 * longest:
            continue
        if size >= 12 and is_blob(labels[rows, columns] == k):
            continue
        kept.append(k)
    groups = [_joined(ink, labels, members, places) for members in _together(labels, kept, places, areas)]
    groups = [group for group in groups if not _is_shadow(ink, group)]
    sizes = np.array([max(group.mask.shape) for group in groups])
    if not groups:
        return []
    least = max(10, _SMALLEST * longest, 0.3 * sizes.max())
    strongest = max(group.strength for group in groups)
    groups = [g for g, size in zip(groups, sizes, strict=True) if size >= least and g.strength >= 0.4 * strongest]
    return sorted(groups, key=lambda group: -group.mask.sum())[:MOST]


def _is_shadow(ink: np.ndarray, group: _Group) -> bool:
    """Whether the outline is much softer than a pen's, even out of focus."""
    from scipy.ndimage import binary_erosion

    if min(group.mask.shape) < 3:
        return False
    mask = np.pad(group.mask, 4)
    outline = mask & ~binary_erosion(mask)
    around = tuple(slice(side.start, side.stop + 8) for side in group.where)
    picture = Image.fromarray(np.rint(255 * np.pad(ink, 4)[around].clip(0, 1)).astype(np.uint8))
    smooth = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5)), np.float32) / 255
    return np.hypot(*np.gradient(smooth))[outline].mean() < 0.05 * group.strength


def _plausibility(group: _Group) -> float:
    """How much speaks for a digit: dark, large, of a slender stroke."""
    return group.strength * float(np.hypot(*group.mask.shape)) * max(0.0, 1 - thickness(group.mask)) ** 2


def _joined(ink: np.ndarray, labels: np.ndarray, members: list[int], places: list) -> _Group:
    rows = slice(min(places[k - 1][0].start for k in members), max(places[k - 1][0].stop for k in members))
    columns = slice(min(places[k - 1][1].start for k in members), max(places[k - 1][1].stop for k in members))
    mask = np.isin(labels[rows, columns], members)
    return _Group((rows, columns), mask, float(ink[rows, columns][mask].mean()))


def _together(labels: np.ndarray, kept: list[int], places: list, areas: np.ndarray) -> list[list[int]]:
    """Labels of strokes by the digit that they are parts of."""
    parent = {k: k for k in kept}

    def root(k):
        while parent[k] != k:
            k = parent[k]
        return k

    points = {}
    for n, a in enumerate(kept):
        for b in kept[n + 1 :]:
            if _may_join(places[a - 1], places[b - 1], 0.0):
                for k in (a, b):
                    if k not in points:
                        points[k] = _outline(labels, k, places[k - 1])
                gap = np.sqrt(((points[a][:, None] - points[b][None]) ** 2).sum(-1).min())
                if _may_join(places[a - 1], places[b - 1], gap) and areas[b] >= 0.005 * areas[a]:
                    parent[root(b)] = root(a)
    groups: dict[int, list[int]] = {}
    for k in kept:
        groups.setdefault(root(k), []).append(k)
    return list(groups.values())


def _outline(labels: np.ndarray, k: int, place) -> np.ndarray:
    """Some points of a stroke, float32 (n, 2)."""
    points = np.argwhere(labels[place] == k).astype(np.float32) + (place[0].start, place[1].start)
    return points[:: max(1, len(points) // 400)]


def _may_join(a, b, gap: float) -> bool:
    """Whether two strokes, by their places, are parts of one digit when this gap is between them."""
    (top, left), (bottom, right) = ((a[n].start, b[n].start) for n in (0, 1)), ((a[n].stop, b[n].stop) for n in (0, 1))
    heights = [bottom[n] - top[n] for n in (0, 1)]
    widths = [right[n] - left[n] for n in (0, 1)]
    sizes = [max(heights[n], widths[n]) for n in (0, 1)]
    size = max(sizes)
    gap = max(gap, max(top) - min(bottom), max(left) - min(right))
    overlap = (min(right) - max(left)) / min(widths)
    if min(sizes) < 0.5 * size:
        return gap <= 0.15 * size
    if overlap >= 0.5:
        return gap <= 0.12 * size
    return gap <= max(2, 0.04 * size) and max(right) - min(left) <= 0.95 * (max(bottom) - min(top))


def _in_reading_order(groups: list[_Group]) -> list[_Group]:
    """Row by row, and from left to right; a row may climb or fall, as long as neighbours overlap in height."""
    rows: list[list[_Group]] = []
    for group in sorted(groups, key=lambda group: group.where[1].start):
        shared = [_shared_height(row[-1], group) for row in rows]
        if shared and max(shared) > 0.2:
            rows[int(np.argmax(shared))].append(group)
        else:
            rows.append([group])
    return [group for row in sorted(rows, key=lambda row: np.mean([g.where[0].stop for g in row])) for group in row]


def _shared_height(one: _Group, other: _Group) -> float:
    """The part of the lower one's height that the other shares."""
    a, b = one.where[0], other.where[0]
    return (min(a.stop, b.stop) - max(a.start, b.start)) / min(a.stop - a.start, b.stop - b.start)


def _glyph(ink: np.ndarray, group: _Group, scale: tuple[float, float]) -> Glyph:
    from scipy import ndimage

    mask = np.pad(group.mask, 2)
    rows, columns = group.where
    around = np.pad(ink, 2)[rows.start : rows.stop + 4, columns.start : columns.stop + 4]
    own = np.where(ndimage.binary_dilation(mask, np.ones((3, 3))), around, 0)
    edges = (columns.start * scale[0], rows.start * scale[1], columns.stop * scale[0], rows.stop * scale[1])
    return Glyph(tuple(round(edge) for edge in edges), normalize(own))


def _steps(reading: _Reading) -> dict[str, np.ndarray]:
    chosen = np.zeros(reading.mask.shape, bool)
    for group in reading.groups:
        chosen[group.where] |= group.mask
    evened = 255 - np.rint(255 * reading.ink.clip(0, 1)).astype(np.uint8)
    steps = {"Light evened out": evened, "Ink found": reading.mask, "Strokes chosen": chosen}
    return {caption: _shown(picture) for caption, picture in steps.items()}


def _shown(picture: np.ndarray) -> np.ndarray:
    image = Image.fromarray(255 * picture.astype(np.uint8) if picture.dtype == bool else picture)
    scale = min(1.0, SHOWN / max(image.size))
    size = tuple(max(1, round(side * scale)) for side in image.size)
    return np.asarray(image.resize(size, Image.Resampling.BOX) if scale < 1 else image)
