"""Any picture -> the digits written in it, as 28x28 pixels each; NumPy, SciPy and scikit-image, no network."""

from dataclasses import dataclass

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
    best = max(readings, key=lambda reading: reading.score)
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
        mask, level = _strokes(ink, region)
        if mask is None:
            continue
        groups = _groups(ink, mask, clean, tiny)
        score = brightness * sum(sorted((g.strength * np.hypot(*g.mask.shape) for g in groups), reverse=True)[:4])
        if score > best.score:
            best = _Reading(np.clip(0.5 * ink / level, 0, 1), mask, groups, score)
    return best


def _clean(grey: np.ndarray) -> bool:
    """Whether the background is of one single value, as in a drawing that no camera took."""
    counts = np.bincount(grey[::2, ::2].ravel(), minlength=256)
    return counts.max() > 0.5 * counts.sum()


def _paper(grey: np.ndarray, tiny: bool) -> tuple[np.ndarray, list[tuple[np.ndarray, float]]]:
    """The light without the strokes, float32 (h, w), and the even areas, bool (h, w), with their brightness."""
    from scipy import ndimage

    height, width = grey.shape
    scale = min(1.0, _COARSE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    coarse = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), np.float32)
    window = max(3, round((0.6 if tiny else 0.3) * min(size)) | 1)
    light = ndimage.grey_closing(coarse, size=(window, window), mode="nearest")
    light = ndimage.uniform_filter(light, 5, mode="nearest")
    full = np.asarray(Image.fromarray(light).resize((width, height), Image.Resampling.BILINEAR))
    if tiny:
        return full, [(np.ones(grey.shape, bool), 1.0)]
    step = ndimage.maximum_filter(light, 3) - ndimage.minimum_filter(light, 3)
    labels, count = ndimage.label(step < 0.1 * light)
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    areas[0] = 0
    regions = []
    for k in np.argsort(-areas)[:4]:
        if areas[k] < 0.03 * labels.size:
            break
        region = np.asarray(Image.fromarray(labels == k).resize((width, height), Image.Resampling.NEAREST))
        regions.append((region, float((light[labels == k].mean() / 255) ** 2)))
    return full, regions


def _strokes(ink: np.ndarray, region: np.ndarray) -> tuple[np.ndarray | None, float]:
    """The pixels that are ink, bool (h, w), without the paper's lines; and the ink's level at the stroke's edge."""
    from scipy import ndimage

    values = ink[region]
    some = values[:: max(1, values.size // 20_000)]
    middle = np.median(some)
    noise = 1.5 * float(np.median(np.abs(some - middle)))
    floor = max(_FAINTEST, middle + 6 * noise)
    strong = values[values > floor]
    if strong.size < 12:
        return None, 0.0
    strength = float(np.percentile(strong[:: max(1, strong.size // 20_000)], 95))
    level = max(0.4 * strength, floor)
    mask = (ink > level) & region
    rules = _rules(ink, mask)
    if rules is not None:
        mask = rules
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    sure = np.zeros(count + 1, bool)
    sure[np.unique(labels[ink > max(0.6 * strength, floor)])] = True
    sure[0] = False
    return sure[labels], level


def _rules(ink: np.ndarray, mask: np.ndarray) -> np.ndarray | None:
    """The mask without the lines and squares of the paper; None where there are none.

    A Hough transform within 12 degrees of level and upright: at least three thin lines that cross most of the
    sheet. Where a stroke crosses a line, or is darker than it, the stroke stays.
    """
    from scipy import ndimage

    ys, xs = np.nonzero(mask)
    if ys.size < 200 or not _long(mask):
        return None
    height, width = mask.shape
    skip = max(1, ys.size // 8000)
    lines = np.zeros(mask.shape, bool)
    result = mask.copy()
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    for upright in (False, True):
        across, along = (xs, ys) if upright else (ys, xs)
        reach = (np.ptp(along) + 1) if along.size else 1
        for angle, places, thick in _peaks(across[::skip], along[::skip], skip, reach):
            distance = (x if upright else y) * np.cos(angle) - (y if upright else x) * np.sin(angle)
            near = np.zeros(mask.shape, bool)
            for place in places:
                near |= np.abs(distance - place) <= thick
            near &= mask
            usual = np.median(ink[near]) if near.any() else 0
            near &= ink < 1.5 * usual
            rest = result & ~near
            bridge = int(2 * thick + 3)
            closed = ndimage.binary_closing(rest, np.ones((1, bridge) if upright else (bridge, 1)))
            result = rest | (closed & near)
            lines |= near
    return result if lines.any() else None


def _long(mask: np.ndarray) -> bool:
    """Whether ink reaches over most of the picture without a break of more than a few pixels."""
    from scipy import ndimage

    labels, _ = ndimage.label(mask, np.ones((3, 3)))
    height, width = mask.shape
    return any(
        rows.stop - rows.start > 0.5 * height or columns.stop - columns.start > 0.5 * width
        for rows, columns in ndimage.find_objects(labels)
    )


def _peaks(across, along, skip: int, reach: int) -> list[tuple[float, list[float], float]]:
    """Angles in radians, places and half thickness in pixels of thin lines that run along most of the reach."""
    angles = np.deg2rad(np.arange(-12, 12.1, 0.5))
    offset = int(reach * 0.25) + 4
    found: dict[float, list[float]] = {}
    bins = int(across.max() + 2 * offset + 8)
    table = np.stack(
        [
            np.bincount(
                np.rint(across * np.cos(a) - along * np.sin(a)).astype(int).clip(-offset, bins - offset - 1) + offset,
                minlength=bins,
            )
            for a in angles
        ]
    ).astype(np.float32)
    from scipy import ndimage

    narrow = ndimage.uniform_filter1d(table, 3, axis=1) * 3 * skip
    wide = ndimage.uniform_filter1d(table, 13, axis=1) * 13 * skip - narrow
    peak = (narrow >= 0.5 * reach) & (wide < 0.7 * narrow) & (narrow == ndimage.maximum_filter(narrow, (9, 9)))
    for a, place in zip(*np.nonzero(peak), strict=True):
        found.setdefault(float(angles[a]), []).append(float(place - offset))
    if sum(map(len, found.values())) < 3:
        return []
    return [(angle, places, 2.5) for angle, places in found.items()]


def _groups(ink: np.ndarray, mask: np.ndarray, clean: bool, tiny: bool) -> list[_Group]:
    """Strokes that may be digits, those that belong together as one."""
    from scipy import ndimage

    labels, count = ndimage.label(mask, np.ones((3, 3)))
    if not count:
        return []
    areas = np.bincount(labels.ravel())
    places = ndimage.find_objects(labels)
    height, width = mask.shape
    most = areas[1:].max()
    if tiny:
        kept = [k for k in range(1, count + 1) if areas[k] >= 0.02 * most]
        return [_joined(ink, labels, kept, places)]
    kept = []
    for k in sorted(range(1, count + 1), key=lambda k: -areas[k])[:200]:
        rows, columns = places[k - 1]
        size = max(rows.stop - rows.start, columns.stop - columns.start)
        edge = rows.start == 0 or columns.start == 0 or rows.stop == height or columns.stop == width
        if areas[k] < 8 or (edge and not clean) or size > 0.98 * max(height, width):
            continue
        if size >= 12 and _is_blob(labels[rows, columns] == k):
            continue
        kept.append(k)
    groups = [_joined(ink, labels, members, places) for members in _together(labels, kept, places, areas)]
    sizes = np.array([max(group.mask.shape) for group in groups])
    if not groups:
        return []
    least = max(10, _SMALLEST * max(height, width), 0.3 * sizes.max())
    strongest = max(group.strength for group in groups)
    groups = [g for g, size in zip(groups, sizes, strict=True) if size >= least and g.strength >= 0.4 * strongest]
    return sorted(groups, key=lambda group: -group.mask.sum())[:MOST]


def _is_blob(mask: np.ndarray) -> bool:
    """Whether this is no stroke but an area, such as a finger."""
    from scipy import ndimage

    step = max(1, max(mask.shape) // 64)
    small = np.pad(mask[::step, ::step], 1)
    return 2 * ndimage.distance_transform_edt(small).max() > 0.5 * max(small.shape)


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
    """Row by row, and from left to right."""
    rows: list[list[_Group]] = []
    for group in sorted(groups, key=lambda group: group.where[0].start + group.where[0].stop):
        middle = (group.where[0].start + group.where[0].stop) / 2
        if rows and middle < np.mean([other.where[0].stop for other in rows[-1]]):
            rows[-1].append(group)
        else:
            rows.append([group])
    return [group for row in rows for group in sorted(row, key=lambda group: group.where[1].start)]


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
