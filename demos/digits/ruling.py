"""A mask of ink -> the same without the lines and squares that are printed on the paper."""

import numpy as np

from demos.digits.strokes import NEIGHBOURS

_THIN = 7  # pixels: no thicker are the lines of the paper


def remove_ruling(ink: np.ndarray, mask: np.ndarray, sheet: np.ndarray, rim: np.ndarray) -> np.ndarray:
    """The mask without the lines and squares of the paper, where it has some, bool (h, w).

    ink: float32 (h, w), how much darker than the paper. mask: bool (h, w), lines and strokes. sheet: bool (h, w).
    rim: bool (h, w), the border of the picture, where lines are too short to be told from strokes.
    A Hough transform within 12 degrees of level and upright, over what is thin across that direction: at least
    three lines over most of the sheet. What is darker than a line or bridges it stays.
    """
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

    darkness = 0.0
    for axis in (0, 1):  # across the lines: level ones first
        thick = maximum_filter1d(minimum_filter1d(mask, _THIN, axis), _THIN, axis)
        thin = mask & ~thick
        across, along = np.nonzero(thin if axis == 0 else thin.T)
        lines = _find_lines(across, along, np.ptp(np.flatnonzero(sheet.any(axis))))
        if not lines:
            continue
        near = np.zeros(along.shape, bool)
        for angle, offset in lines:
            near |= np.abs(across * np.cos(angle) - along * np.sin(angle) - offset) <= _THIN / 2
        ruled = np.zeros(mask.shape, bool)
        (ruled if axis == 0 else ruled.T)[across[near], along[near]] = True
        darkness = max(darkness, float(np.median(ink[ruled])))
        ruled &= ink < 1.5 * darkness
        rest = mask & ~ruled
        bridge = _THIN + 2
        bridged = minimum_filter1d(maximum_filter1d(rest, bridge, axis), bridge, axis)
        mask = rest | (ruled & bridged)
    return _remove_scraps(ink, mask, rim, 1.3 * darkness) if darkness else mask


def _remove_scraps(ink: np.ndarray, mask: np.ndarray, rim: np.ndarray, darkness: float) -> np.ndarray:
    """The mask without what is left of level and upright lines: narrow or at the rim, and not darker than they are."""
    from scipy import ndimage

    labels, count = ndimage.label(mask, NEIGHBOURS)
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    means = np.bincount(labels.ravel(), ink.ravel(), minlength=count + 1) / np.maximum(areas, 1)
    is_stroke = np.arange(count + 1) > 0
    is_stroke[np.unique(labels[rim])] = False
    for k, place in enumerate(ndimage.find_objects(labels), 1):
        sides = sorted(side.stop - side.start for side in place)
        is_stroke[k] = means[k] > darkness or is_stroke[k] and sides[0] > _THIN + 0.2 * sides[1]
    return is_stroke[labels]


def _find_lines(across: np.ndarray, along: np.ndarray, length: int) -> list[tuple[float, float]]:
    """Lines among points, which lie on across * cos(angle) - along * sin(angle) = offset: angles and offsets."""
    from scipy.ndimage import maximum_filter, uniform_filter1d

    if across.size < 200:
        return []
    skip = max(1, across.size // 8000)
    margin = int(0.21 * np.ptp(along)) + 4  # sin 12 degrees
    angles = np.deg2rad(np.arange(-12, 12.1, 0.5))
    offsets = np.cos(angles)[:, None] * across[::skip] - np.sin(angles)[:, None] * (along[::skip] - along.min())
    bins = int(across.max()) + 2 * margin
    table = np.stack([np.bincount(np.rint(row).astype(int) + margin, minlength=bins) for row in offsets])
    counts = 3 * skip * uniform_filter1d(table.astype(np.float32), 3, axis=1)
    counts[counts < maximum_filter(counts, 9)] = 0
    if np.count_nonzero(counts > 0.6 * length) < 3:
        return []
    peaks = np.nonzero(counts > 0.45 * length)
    shift = along.min() * np.sin(angles)
    return [(float(angles[a]), float(place - margin - shift[a])) for a, place in zip(*peaks, strict=True)]
