"""How forms run through a photograph: directions, contours, areas, and grain that follows them."""

import numpy as np
from scipy import ndimage


def directions(colours: np.ndarray, unit: float) -> np.ndarray:
    """Along what edges run, in radians, float32 (h, w), from the structure tensor of colours (h, w, 3).

    Where nothing is near, the directions of wider and wider surroundings count.
    """
    dy, dx = np.gradient(colours, axis=(0, 1))
    products = np.stack([(dx * dx - dy * dy).sum(-1), 2 * (dx * dy).sum(-1)]).astype(np.float32)
    total = np.zeros_like(products)
    for size, weight in ((2.5, 1.0), (8, 0.35), (24, 0.12)):
        smooth = ndimage.gaussian_filter(products, (0, size * unit, size * unit))
        total += weight * smooth / (np.hypot(*smooth) + 1e-4)
    total[0] -= 1e-6
    return (np.arctan2(total[1], total[0]) / 2 + np.pi / 2).astype(np.float32)


def smooth_angles(angles: np.ndarray, size: float) -> np.ndarray:
    """Directions (h, w), in radians, where a line and its reverse are the same, averaged over `size` pixels."""
    double = ndimage.gaussian_filter(np.stack([np.cos(2 * angles), np.sin(2 * angles)]), (0, size, size))
    return (np.arctan2(double[1], double[0]) / 2).astype(np.float32)


def follow(values: np.ndarray, angles: np.ndarray, length: float, pace: float = 1.0) -> np.ndarray:
    """Means of values (h, w) along lines through each pixel that follow the angles: line integral convolution.

    length: pixels of a line. pace: pixels between its points. Source: Cabral and Leedom, 1993.
    """
    height, width = values.shape
    y0, x0 = np.mgrid[:height, :width].astype(np.float32)
    along_x, along_y = np.cos(angles), np.sin(angles)
    total, count = values.astype(np.float32).copy(), 1
    for sign in (1, -1):
        y, x = y0.copy(), x0.copy()
        last_x, last_y = sign * along_x, sign * along_y
        for _ in range(max(1, int(length / pace / 2))):
            at = _flat_index(y, x, height, width)
            step_x, step_y = along_x.take(at), along_y.take(at)
            turn = np.where(step_x * last_x + step_y * last_y < 0, np.float32(-pace), np.float32(pace))
            last_x, last_y = step_x * turn, step_y * turn
            x += last_x
            y += last_y
            total += values.take(_flat_index(y, x, height, width))
            count += 1
    return total / count


def _flat_index(y: np.ndarray, x: np.ndarray, height: int, width: int) -> np.ndarray:
    rows = np.clip(y + 0.5, 0, height - 1).astype(np.int32)
    return rows * width + np.clip(x + 0.5, 0, width - 1).astype(np.int32)


def contours(tone: np.ndarray, angles: np.ndarray, size: float, strength: float = 1.0) -> np.ndarray:
    """Lines along the dark sides of edges, float32 (h, w), 1 on a line: a flow-based difference of Gaussians.

    size: pixels of a line. Source: Winnemoeller et al., XDoG, 2012.
    """
    narrow, wide = (ndimage.gaussian_filter(tone, sigma) for sigma in (0.7 * size, 1.12 * size))
    edges = follow(narrow - wide, angles, 6 * size, max(1.0, size / 2))
    return (1 - np.exp(-np.maximum(-edges * 45 * strength - 0.25, 0) * 3)).astype(np.float32)


def simplify(colours: np.ndarray, size: float) -> np.ndarray:
    """Colours (h, w, 3) in smooth areas with firm edges, `size` pixels wide: a Kuwahara filter of eight sectors."""
    mean = ndimage.gaussian_filter(colours, (size / 2, size / 2, 0))
    spread = ndimage.gaussian_filter(colours**2, (size / 2, size / 2, 0)) - mean**2
    variance = np.maximum(spread.sum(-1), 0) + 1e-5
    weights, total = np.zeros(variance.shape, np.float32), np.zeros_like(colours)
    for angle in np.arange(8) * np.pi / 4:
        shift = round(size * np.sin(angle)), round(size * np.cos(angle))
        weight = 1 / _shift(variance, shift) ** 3
        weights += weight
        total += weight[..., None] * _shift(mean, shift)
    return total / weights[..., None]


def _shift(values: np.ndarray, shift: tuple[int, int]) -> np.ndarray:
    """values[y + dy, x + dx], with the edge repeated."""
    rows, columns = (
        np.clip(np.arange(side) + by, 0, side - 1) for side, by in zip(values.shape[:2], shift, strict=True)
    )
    return values[rows][:, columns]
