"""Handwritten characters as smooth curves: what the example pictures and the sketch pad's example are drawn from."""

import numpy as np

# Strokes through these points, in a square of side 1. The 7 is none of the three digits that the networks read.
CURVES = {
    "0": [[(0.58, 0.05), (0.27, 0.14), (0.14, 0.5), (0.24, 0.86), (0.52, 0.97), (0.8, 0.7), (0.84, 0.3), (0.54, 0.03)]],
    "1": [[(0.3, 0.3), (0.45, 0.18), (0.57, 0.03)], [(0.57, 0.03), (0.54, 0.5), (0.5, 0.97)]],
    "2": [
        [(0.16, 0.28), (0.26, 0.08), (0.52, 0.02), (0.76, 0.15), (0.74, 0.4), (0.46, 0.7), (0.12, 0.94)],
        [(0.12, 0.94), (0.38, 0.88), (0.62, 0.95), (0.9, 0.9)],
    ],
    "7": [
        [(0.14, 0.1), (0.45, 0.12), (0.86, 0.06)],
        [(0.86, 0.06), (0.62, 0.45), (0.45, 0.97)],
        [(0.36, 0.52), (0.78, 0.48)],
    ],
}


def smooth(points: list[tuple[float, float]], steps: int = 8) -> np.ndarray:
    """A Catmull-Rom spline through the points, float (n, 2), with so many steps from one to the next."""
    p = np.array([points[0], *points, points[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.vstack([*pieces, p[-1:]])
