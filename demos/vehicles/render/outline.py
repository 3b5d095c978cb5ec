"""Side views of bodies as outlines of corners, and the strip that runs around them."""

import numpy as np

from demos.shared.render.mesh import MATTE, Patch

_PIECES = 4  # of a side between two corners


def trace(corners: np.ndarray, smooth: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A closed outline through corners (k, 2), rounded off as often as `smooth` says.

    Returns the outline (n, 2); how far along the strip each of its points is, in metres (n,); and the corners (k + 1,).
    """
    share = np.linspace(0, 1, _PIECES + 1, dtype=np.float32)[:-1, None]
    closed = np.concatenate([corners, corners[:1]])
    outline = np.concatenate([a + (b - a) * share for a, b in zip(closed, closed[1:], strict=False)])
    for _ in range(smooth):
        outline = 0.25 * np.roll(outline, 1, 0) + 0.5 * outline + 0.25 * np.roll(outline, -1, 0)
    marks = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    along = np.interp(np.arange(len(outline)) / _PIECES, np.arange(len(marks)), marks)
    return np.concatenate([outline, outline[:1]]), np.concatenate([along, marks[-1:]]), marks


class Strip:
    """The strip around a body, painted at places across, -1 (left) to 1 (right), and corners of its outline."""

    def __init__(self, patch: Patch, marks: np.ndarray):
        self.patch, self.marks = patch, marks

    def at(self, corner: float) -> float:
        """How far along the strip a corner of the outline is, in metres; 4.5 is between the corners 4 and 5."""
        return float(np.interp(corner, np.arange(len(self.marks)), self.marks))

    def polygon(self, points, colour, material: int = MATTE) -> None:
        """Fills a polygon of points (across, corner)."""
        self.patch.polygon([(self.at(corner), across) for across, corner in points], colour, material)

    def box(self, s0: float, c0: float, s1: float, c1: float, colour, material: int = MATTE) -> None:
        """Fills what is between s0 and s1 across, and between the corners c0 and c1."""
        self.polygon([(s0, c0), (s1, c0), (s1, c1), (s0, c1)], colour, material)

    def pair(self, points, colour, material: int = MATTE) -> None:
        """Fills a polygon and its mirror image."""
        self.polygon(points, colour, material)
        self.polygon([(-across, corner) for across, corner in points], colour, material)
