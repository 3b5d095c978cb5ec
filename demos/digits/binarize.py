"""Which pixels are strokes: the paper's light is estimated, each sheet found, and the ink on it labelled."""

import numpy as np
from PIL import Image

from demos.digits.ruling import remove_ruling
from demos.digits.strokes import NEIGHBOURS, is_any_long, is_blob

_COARSE = 160  # pixels of the longer side, for light and sheets
FAINT, FAINTEST = 0.1, 0.035  # of the paper's brightness: so much darker is ink, if there is any; else so much
_DARKEST = 0.2  # a sheet, squared as brightness is here, beside the brightest even area
_SAMPLES = 20_000  # pixels are enough for a median or a percentile
_FEWEST = 12  # pixels of ink


def estimate_background(grey: np.ndarray, is_tiny: bool) -> tuple[np.ndarray, list[tuple[np.ndarray, float]]]:
    """The light without the strokes, float32 (h, w), and the sheets of paper, bool (h, w), with their brightness.

    grey: uint8 (h, w), dark on light. is_tiny: whether it is one digit, which fills the picture.
    """
    height, width = grey.shape
    scale = min(1.0, _COARSE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    coarse = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), np.float32)
    light = _close(coarse, (0.6 if is_tiny else 0.3) * min(size))
    full = np.asarray(Image.fromarray(light).resize((width, height), Image.Resampling.BILINEAR))
    if is_tiny:
        return full, [(np.ones(grey.shape, bool), 1.0)]
    sheets = _find_sheets(coarse, light)
    brightest = max((brightness for _, brightness in sheets), default=0)
    return full, [
        (np.asarray(Image.fromarray(area).resize((width, height), Image.Resampling.NEAREST)), brightness)
        for area, brightness in sheets
        if brightness > _DARKEST * brightest
    ]


def _find_sheets(coarse: np.ndarray, light: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """Areas that differ, bool (h, w), with their brightness, the square of the mean light in [0, 1]."""
    sheets = []
    # Within a narrow window a room is not taken for ink; thick strokes are what only a wide window sees through.
    for closed in (_close(coarse, 0.1 * min(coarse.shape)), light):
        for area in _even_areas(closed):
            if all((area & other).sum() < 0.9 * (area | other).sum() for other, _ in sheets):
                sheets.append((area, float((light[area].mean() / 255) ** 2)))
    return sheets


def _close(light: np.ndarray, window: float) -> np.ndarray:
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


def label_strokes(
    ink: np.ndarray, sheet: np.ndarray, edge: np.ndarray, rim: np.ndarray, is_clean: bool, faintest: float
) -> tuple[np.ndarray | None, float]:
    """Strokes, a number each, int (h, w) on 0, without the paper's lines; and the ink's level at their edge.

    ink: float32 (h, w), how much darker than the paper, in parts of its brightness. sheet: bool (h, w).
    edge: bool (h, w), where a stroke would be cut off. rim: bool (h, w), the border of the picture.
    is_clean: whether it is a drawing, not a photograph. faintest: no ink is less dark than this.
    The labels are None where there is no ink.
    """
    from scipy import ndimage

    noise = _noise_floor(ink[sheet])
    floor = max(faintest, noise)
    faint = (ink > floor) & sheet
    labels, count = ndimage.label(faint, NEIGHBOURS)
    strong = ink[faint & _select_plausible(labels, count, edge)]
    if strong.size < _FEWEST:  # all is one net of lines, which reaches the edge
        strong = ink[faint]
    if strong.size < _FEWEST:
        return None, 0.0
    strength = float(np.percentile(_sample(strong), 95))
    # A thin pen is hardly dark once it is reduced, less so where it runs along the pixels: it must not become dashes.
    level = 0.4 * strength if 0.4 * strength > floor else max(0.2 * strength, FAINTEST, noise)
    mask = sheet & (ink > level)
    labels, count = ndimage.label(mask, NEIGHBOURS)
    reaching = np.unique(labels[edge | rim])  # as the lines of the paper do, and boxes on it do not
    reaching = reaching[reaching > 0]
    if is_any_long(labels, reaching):
        ruled = np.isin(labels, reaching)
        mask = mask & ~ruled | remove_ruling(ink, ruled, sheet, rim)
        labels, count = ndimage.label(mask, NEIGHBOURS)
    with_core = np.zeros(count + 1, np.int32)  # hysteresis: a stroke has some ink that is far above the level
    numbers = np.unique(labels[ink > max(0.6 * strength, floor)])
    with_core[numbers] = numbers
    if not is_clean:
        for k in np.unique(labels[rim])[1:]:  # at the border only what is dark for certain is a stroke
            with_core[k] *= ink[labels == k].mean() > 2 * floor
    return with_core[labels], level


def _noise_floor(values: np.ndarray) -> float:
    """What is darker than the paper's noise: six standard deviations, by the median absolute deviation."""
    some = _sample(values)
    middle = np.median(some)
    deviation = 1.5 * float(np.median(np.abs(some - middle)))
    return float(middle) + 6 * deviation


def _sample(values: np.ndarray) -> np.ndarray:
    return values[:: max(1, values.size // _SAMPLES)]


def _select_plausible(labels: np.ndarray, count: int, edge: np.ndarray) -> np.ndarray:
    """Where the larger labels are that touch no edge and are no blobs, bool (h, w)."""
    from scipy import ndimage

    areas = np.bincount(labels.ravel(), minlength=count + 1)
    areas[np.unique(labels[edge])] = areas[0] = 0
    places = ndimage.find_objects(labels)
    is_plausible = np.zeros(count + 1, bool)
    for k in np.argsort(-areas)[:30]:
        is_plausible[k] = areas[k] > 0 and not is_blob(labels[places[k - 1]] == k)
    return is_plausible[labels]
