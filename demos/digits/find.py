"""Any picture -> the digits written in it, as 28x28 pixels each; NumPy, SciPy and scikit-image, no network."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from demos import images
from demos.digits.normalize import normalize

LONGEST = 768  # pixels of the longer side while searching
TINY = 36  # a picture up to here is one digit, already cut out, as MNIST's are
MOST = 20
SHOWN = 480
_ENLARGED = 6  # a tiny picture, for the search
_COARSE = 160
_FAINTEST = 0.1  # of the paper's brightness
_SMALLEST = 0.035  # of the picture's longer side
_THIN = 7  # pixels: no thicker are the lines of the paper


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
    light, regions = _paper(grey, tiny)
    smooth = Image.fromarray(grey)
    if not tiny:
        smooth = smooth.filter(ImageFilter.BoxBlur(1 if max(grey.shape) > 500 else 0.5))
    ink = 1 - np.asarray(smooth, np.float32) / np.maximum(light, 1)
    clean = tiny or _clean(grey)
    best = _Reading(ink, np.zeros(grey.shape, bool), [], 0.0)
    for region, brightness in regions:
        where = _extent(region)
        edge = _edge(region, clean)[where]
        mask, level = _strokes(ink[where], region[where], edge, clean)
        if mask is None:
            continue
        groups = [group.moved(where) for group in _groups(ink[where], mask, edge, tiny, max(grey.shape))]
        groups = [group for group in groups if region[group.where].mean() > 0.97]
        score = brightness * sum(sorted(map(_plausibility, groups), reverse=True)[:4])
        if score > best.score:
            found = np.zeros(grey.shape, bool)
            found[where] = mask
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


def _paper(grey: np.ndarray, tiny: bool) -> tuple[np.ndarray, list[tuple[np.ndarray, float]]]:
    """The light without the strokes, float32 (h, w), and the even areas, bool (h, w), with their brightness."""
    height, width = grey.shape
    scale = min(1.0, _COARSE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    coarse = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), np.float32)
    light = _closed(coarse, (0.6 if tiny else 0.3) * min(size))
    full = np.asarray(Image.fromarray(light).resize((width, height), Image.Resampling.BILINEAR))
    if tiny:
        return full, [(np.ones(grey.shape, bool), 1.0)]
    regions = []
    # Within a narrow window a room is not taken for ink; thick strokes are what only a wide window sees through.
    for evened in (_closed(coarse, 0.1 * min(size)), light):
        for area in _even_areas(evened):
            if all((area & other).sum() < 0.9 * (area | other).sum() for other, _ in regions):
                regions.append((area, float((light[area].mean() / 255) ** 2)))
    return full, [
        (np.asarray(Image.fromarray(area).resize((width, height), Image.Resampling.NEAREST)), brightness)
        for area, brightness in regions
    ]


def _closed(light: np.ndarray, window: float) -> np.ndarray:
    """The light without what is dark and narrower than a window; a slope stays a slope, to the very edge."""
    from scipy import ndimage

    window = max(3, round(window) | 1)
    margin = [(min(window // 2, side - 1),) * 2 for side in light.shape]
    padded = np.pad(light, margin, mode="reflect", reflect_type="odd").clip(0, 255)
    closed = ndimage.grey_closing(padded, size=(window, window), mode="nearest")
    closed = ndimage.uniform_filter(closed, 5, mode="nearest")
    return closed[tuple(slice(first, first + side) for (first, _), side in zip(margin, light.shape, strict=True))]


def _even_areas(light: np.ndarray) -> list[np.ndarray]:
    """The largest areas without steps of light, bool (h, w), with what they enclose; at most three."""
    from scipy import ndimage

    step = ndimage.maximum_filter(light, 3) - ndimage.minimum_filter(light, 3)
    labels, count = ndimage.label(step < 0.1 * light)
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    areas[0] = 0
    large = [k for k in np.argsort(-areas)[:3] if areas[k] >= 0.03 * labels.size]
    return [ndimage.binary_fill_holes(labels == k) for k in large]


def _strokes(ink: np.ndarray, region: np.ndarray, edge: np.ndarray, clean: bool) -> tuple[np.ndarray | None, float]:
    """The pixels that are ink, bool (h, w), without the paper's lines; and the ink's level at the stroke's edge."""
    from scipy import ndimage

    values = ink[region]
    some = values[:: max(1, values.size // 20_000)]
    middle = np.median(some)
    noise = 1.5 * float(np.median(np.abs(some - middle)))
    floor = max(_FAINTEST, middle + 6 * noise)
    faint = (ink > floor) & region
    labels, count = ndimage.label(faint, np.ones((3, 3)))
    strong = ink[faint & _plausible(labels, count, edge)]
    if strong.size < 12:  # all is one net of lines, which reaches the edge
        strong = ink[faint]
    if strong.size < 12:
        return None, 0.0
    strength = float(np.percentile(strong[:: max(1, strong.size // 20_000)], 95))
    level = max(0.4 * strength, floor)
    mask = faint & (ink > level)
    if not clean:
        mask = _rules(ink, mask, region)
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    sure = np.zeros(count + 1, bool)
    sure[np.unique(labels[ink > max(0.6 * strength, floor)])] = True
    sure[0] = False
    return sure[labels], level


def _plausible(labels: np.ndarray, count: int, edge: np.ndarray) -> np.ndarray:
    """Where the larger labels are that touch no edge and are no blobs, bool (h, w)."""
    from scipy import ndimage

    areas = np.bincount(labels.ravel(), minlength=count + 1)
    areas[np.unique(labels[edge])] = areas[0] = 0
    places = ndimage.find_objects(labels)
    kept = np.zeros(count + 1, bool)
    for k in np.argsort(-areas)[:30]:
        kept[k] = areas[k] > 0 and not _is_blob(labels[places[k - 1]] == k)
    return kept[labels]


def _rules(ink: np.ndarray, mask: np.ndarray, region: np.ndarray) -> np.ndarray:
    """The mask without the lines and squares of the paper, where it has some.

    A Hough transform within 12 degrees of level and upright, over what is thin across that direction: at least
    three lines over most of the sheet. What is darker than a line or bridges it stays.
    """
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

    if not _long(mask):
        return mask
    usual = 0.0
    for axis in (0, 1):  # across the lines: level ones first
        thick = maximum_filter1d(minimum_filter1d(mask, _THIN, axis), _THIN, axis)
        thin = mask & ~thick
        across, along = np.nonzero(thin if axis == 0 else thin.T)
        lines = _lines(across, along, np.ptp(np.flatnonzero(region.any(axis))))
        if not lines:
            continue
        near = np.zeros(along.shape, bool)
        for angle, place in lines:
            near |= np.abs(across * np.cos(angle) - along * np.sin(angle) - place) <= _THIN / 2
        ruled = np.zeros(mask.shape, bool)
        (ruled if axis == 0 else ruled.T)[across[near], along[near]] = True
        usual = max(usual, float(np.median(ink[ruled])))
        ruled &= ink < 1.5 * usual
        rest = mask & ~ruled
        bridge = _THIN + 2
        bridged = minimum_filter1d(maximum_filter1d(rest, bridge, axis), bridge, axis)
        mask = rest | (ruled & bridged)
    return _without_scraps(ink, mask, 1.3 * usual) if usual else mask


def _without_scraps(ink: np.ndarray, mask: np.ndarray, darkness: float) -> np.ndarray:
    """The mask without what is left of level and upright lines: narrow, and not darker than they are."""
    from scipy import ndimage

    labels, count = ndimage.label(mask, np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    means = np.bincount(labels.ravel(), ink.ravel(), minlength=count + 1) / np.maximum(areas, 1)
    kept = np.append(False, [True] * count)
    for k, place in enumerate(ndimage.find_objects(labels), 1):
        sides = sorted(side.stop - side.start for side in place)
        kept[k] = means[k] > darkness or sides[0] > _THIN + 0.2 * sides[1]
    return kept[labels]


def _long(mask: np.ndarray) -> bool:
    """Whether ink reaches over half of the picture without a break."""
    from scipy import ndimage

    labels, _ = ndimage.label(mask, np.ones((3, 3)))
    places = ndimage.find_objects(labels)
    return any(
        side.stop - side.start > 0.5 * whole for place in places for side, whole in zip(place, mask.shape, strict=True)
    )


def _lines(across: np.ndarray, along: np.ndarray, length: int) -> list[tuple[float, float]]:
    """Lines among points, which lie on across * cos(angle) - along * sin(angle) = place: angles and places."""
    from scipy.ndimage import maximum_filter, uniform_filter1d

    if across.size < 200:
        return []
    skip = max(1, across.size // 8000)
    offset = int(0.21 * np.ptp(along)) + 4  # sin 12 degrees
    angles = np.deg2rad(np.arange(-12, 12.1, 0.5))
    places = np.cos(angles)[:, None] * across[::skip] - np.sin(angles)[:, None] * (along[::skip] - along.min())
    bins = int(across.max()) + 2 * offset
    table = np.stack([np.bincount(np.rint(row).astype(int) + offset, minlength=bins) for row in places])
    counts = 3 * skip * uniform_filter1d(table.astype(np.float32), 3, axis=1)
    counts[counts < maximum_filter(counts, 9)] = 0
    if np.count_nonzero(counts > 0.6 * length) < 3:
        return []
    peaks = np.nonzero(counts > 0.45 * length)
    shift = along.min() * np.sin(angles)
    return [(float(angles[a]), float(place - offset - shift[a])) for a, place in zip(*peaks, strict=True)]


def _groups(ink: np.ndarray, mask: np.ndarray, edge: np.ndarray, tiny: bool, longest: int) -> list[_Group]:
    """Strokes that may be digits, those that belong together as one."""
    from scipy import ndimage

    labels, count = ndimage.label(mask, np.ones((3, 3)))
    if not count:
        return []
    areas = np.bincount(labels.ravel())
    places = ndimage.find_objects(labels)
    most = areas[1:].max()
    if tiny:
        kept = [k for k in range(1, count + 1) if areas[k] >= 0.02 * most]
        return [_joined(ink, labels, kept, places)]
    cut = set(np.unique(labels[edge]).tolist())
    kept = []
    for k in sorted(range(1, count + 1), key=lambda k: -areas[k])[:200]:
        rows, columns = places[k - 1]
        size = max(rows.stop - rows.start, columns.stop - columns.start)
        if areas[k] < 8 or k in cut or size > 0.98 * longest:
            continue
        if size >= 12 and _is_blob(labels[rows, columns] == k):
            continue
        kept.append(k)
    groups = [_joined(ink, labels, members, places) for members in _together(labels, kept, places, areas)]
    sizes = np.array([max(group.mask.shape) for group in groups])
    if not groups:
        return []
    least = max(10, _SMALLEST * longest, 0.3 * sizes.max())
    strongest = max(group.strength for group in groups)
    groups = [g for g, size in zip(groups, sizes, strict=True) if size >= least and g.strength >= 0.4 * strongest]
    return sorted(groups, key=lambda group: -group.mask.sum())[:MOST]


def _is_blob(mask: np.ndarray) -> bool:
    """Whether this is no stroke but an area, such as a finger."""
    if mask.mean() > 0.82 and max(mask.shape) < 2 * min(mask.shape):
        return True
    return _thickness(mask) > 0.5


def _thickness(mask: np.ndarray) -> float:
    """The stroke's width at its widest, in parts of the longer side."""
    from scipy.ndimage import distance_transform_edt

    step = max(1, max(mask.shape) // 64)
    small = np.pad(mask[::step, ::step], 1)
    return 2 * distance_transform_edt(small).max() / max(small.shape)


def _plausibility(group: _Group) -> float:
    """How much speaks for a digit: dark, large, of a slender stroke."""
    return group.strength * float(np.hypot(*group.mask.shape)) * max(0.0, 1 - _thickness(group.mask)) ** 2


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
