"""What is ink in a picture: the light evened out, the sheet found, its lines taken out."""

import numpy as np
from PIL import Image

_COARSE = 160  # pixels of the longer side, for light and sheets
_FAINTEST = 0.1  # of the paper's brightness
_DARKEST = 0.2  # a sheet, squared as brightness is here, beside the brightest even area
_THIN = 7  # pixels: no thicker are the lines of the paper
_ALL_SIDES = np.ones((3, 3))


def paper(grey: np.ndarray, tiny: bool) -> tuple[np.ndarray, list[tuple[np.ndarray, float]]]:
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
    brightest = max((brightness for _, brightness in regions), default=0)
    return full, [
        (np.asarray(Image.fromarray(area).resize((width, height), Image.Resampling.NEAREST)), brightness)
        for area, brightness in regions
        if brightness > _DARKEST * brightest
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


def strokes(ink: np.ndarray, region: np.ndarray, edge: np.ndarray, clean: bool) -> tuple[np.ndarray | None, float]:
    """Strokes, a number each, int (h, w) on 0, without the paper's lines; and the ink's level at their edge.

    ink: float32 (h, w), how much darker than the paper, in parts of its brightness. region: bool, the sheet.
    edge: bool, where a stroke would be cut off. clean: whether it is a drawing, not a photograph. None: no ink.
    """
    from scipy import ndimage

    values = ink[region]
    some = values[:: max(1, values.size // 20_000)]
    middle = np.median(some)
    noise = 1.5 * float(np.median(np.abs(some - middle)))
    floor = max(_FAINTEST, middle + 6 * noise)
    faint = (ink > floor) & region
    labels, count = ndimage.label(faint, _ALL_SIDES)
    strong = ink[faint & _plausible(labels, count, edge)]
    if strong.size < 12:  # all is one net of lines, which reaches the edge
        strong = ink[faint]
    if strong.size < 12:
        return None, 0.0
    strength = float(np.percentile(strong[:: max(1, strong.size // 20_000)], 95))
    level = max(0.4 * strength, floor)
    mask = faint & (ink > level)
    labels, count = ndimage.label(mask, _ALL_SIDES)
    if not clean and _long(labels):
        mask = _without_rules(ink, mask, region)
        labels, count = ndimage.label(mask, _ALL_SIDES)
    sure = np.zeros(count + 1, np.int32)
    certain = np.unique(labels[ink > max(0.6 * strength, floor)])
    sure[certain] = certain
    return sure[labels], level


def _plausible(labels: np.ndarray, count: int, edge: np.ndarray) -> np.ndarray:
    """Where the larger labels are that touch no edge and are no blobs, bool (h, w)."""
    from scipy import ndimage

    areas = np.bincount(labels.ravel(), minlength=count + 1)
    areas[np.unique(labels[edge])] = areas[0] = 0
    places = ndimage.find_objects(labels)
    kept = np.zeros(count + 1, bool)
    for k in np.argsort(-areas)[:30]:
        kept[k] = areas[k] > 0 and not is_blob(labels[places[k - 1]] == k)
    return kept[labels]


def is_blob(mask: np.ndarray) -> bool:
    """Whether this is no stroke but an area, such as a finger."""
    if mask.mean() > 0.82 and max(mask.shape) < 2 * min(mask.shape):
        return True
    return thickness(mask) > 0.5


def thickness(mask: np.ndarray) -> float:
    """The stroke's width at its widest, in parts of the longer side."""
    from scipy.ndimage import distance_transform_edt

    step = max(1, max(mask.shape) // 64)
    small = np.pad(mask[::step, ::step], 1)
    return 2 * distance_transform_edt(small).max() / max(small.shape)


def _without_rules(ink: np.ndarray, mask: np.ndarray, region: np.ndarray) -> np.ndarray:
    """The mask without the lines and squares of the paper, where it has some.

    A Hough transform within 12 degrees of level and upright, over what is thin across that direction: at least
    three lines over most of the sheet. What is darker than a line or bridges it stays.
    """
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

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

    labels, count = ndimage.label(mask, _ALL_SIDES)
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    means = np.bincount(labels.ravel(), ink.ravel(), minlength=count + 1) / np.maximum(areas, 1)
    kept = np.append(False, [True] * count)
    for k, place in enumerate(ndimage.find_objects(labels), 1):
        sides = sorted(side.stop - side.start for side in place)
        kept[k] = means[k] > darkness or sides[0] > _THIN + 0.2 * sides[1]
    return kept[labels]


def _long(labels: np.ndarray) -> bool:
    """Whether one reaches over half of the picture."""
    from scipy import ndimage

    places = ndimage.find_objects(labels)
    return any(
        side.stop - side.start > 0.5 * whole
        for place in places
        for side, whole in zip(place, labels.shape, strict=True)
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
