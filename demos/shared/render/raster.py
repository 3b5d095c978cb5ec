"""Meshes of triangles as pictures: projection and a z-buffer, in NumPy.

Points and vectors are rows of arrays float32 (n, 3). A pixel's centre has whole numbers and a half.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class View:
    """A pinhole camera: its eye (3,), and a frame (3, 3) whose rows point to the right, down and forward."""

    eye: np.ndarray
    frame: np.ndarray
    scale: float = 1
    shift: tuple[float, float] = (0, 0)

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places (n, 2) in pixels, and 1 / depth (n,), of points (n, 3) in front of the eye."""
        x, y, depth = self.frame @ (points - self.eye).T
        near = (1 / np.maximum(depth, 0.1)).astype(np.float32)
        places = np.stack([x * near * self.scale + self.shift[0], y * near * self.scale + self.shift[1]], 1)
        return places.astype(np.float32), near

    def rays(self, width: int, height: int) -> np.ndarray:
        """Directions (height * width, 3) through the centres of pixels, with 1 as their part along the axis."""
        y, x = np.mgrid[0:height, 0:width].astype(np.float32).reshape(2, -1) + np.float32(0.5)
        flat = np.stack([(x - self.shift[0]) / self.scale, (y - self.shift[1]) / self.scale, np.ones_like(x)], 1)
        return flat.astype(np.float32) @ self.frame


def look_at(eye: np.ndarray, target: np.ndarray, roll: float = 0) -> View:
    """A View from the eye to a target, both (3,), turned by `roll` radians about its axis."""
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, (0, 1, 0))
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    c, s = np.cos(roll), np.sin(roll)
    frame = np.stack([c * right + s * down, c * down - s * right, forward])
    return View(np.asarray(eye, np.float32), frame.astype(np.float32))


@dataclass(frozen=True, eq=False)
class Fragments:
    """What pixels show: their indices (n,), the triangle of each (n,), weights (n, 3) of its corners, depth (n,)."""

    pixels: np.ndarray
    faces: np.ndarray
    weights: np.ndarray
    depth: np.ndarray

    def interpolate(self, faces: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Values (vertices, k) at the pixels (n, k)."""
        corners = faces[self.faces]
        return sum(self.weights[:, k, None] * values[corners[:, k]] for k in range(3))


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Scalar products (n,) of rows (n, 3)."""
    return np.einsum("ij,ij->i", a, b)


def _least(v: np.ndarray) -> np.ndarray:
    """The least number of each row (n, 3); as v.min(1), but several times as fast."""
    return np.minimum(np.minimum(v[:, 0], v[:, 1]), v[:, 2])


def rasterize(places: np.ndarray, near: np.ndarray, faces: np.ndarray, width: int, height: int) -> Fragments:
    """The nearest triangle at each pixel; triangles whose corners run clockwise on the screen are backs.

    Args:
        places: float32 (vertices, 2), in pixels.
        near: float32 (vertices,), 1 / depth.
        faces: whole numbers (triangles, 3).
    """
    corners = places[faces]
    x, y = corners[..., 0], corners[..., 1]
    a, b = np.roll(y, -1, 1) - np.roll(y, -2, 1), np.roll(x, -2, 1) - np.roll(x, -1, 1)
    area = dot(x, a)
    top = np.maximum(np.ceil(_least(y) - 0.5), 0).astype(np.int64)
    rows = np.minimum(np.floor(-_least(-y) - 0.5).astype(np.int64) + 1, height) - top
    front = np.flatnonzero((area < -1e-6) & (rows > 0) & (-_least(-x) > 0) & (_least(x) < width))
    a, b, area, top, rows = a[front], b[front], area[front, None], top[front], rows[front]
    # Weights of the corners: a x + b y + c, each 1 at its corner and 0 along the side across.
    a, b = a / area, b / area
    c = 1 - a * x[front] - b * y[front]
    w = near[faces[front]]
    slope_x, slope_y, base = dot(a, w), dot(b, w), dot(c, w)
    owner, row, first, count = _spans(a, b, c, top, rows, width)
    line = base[owner] + slope_y[owner] * (row + np.float32(0.5))
    span = np.repeat(np.arange(len(owner)), count)
    column = np.arange(len(span)) - np.repeat(np.cumsum(count) - count, count) + first[span]
    inverse = line[span] + slope_x[owner][span] * (column.astype(np.float32) + np.float32(0.5))
    key = (np.maximum(inverse, 0) * np.float32(2**24)).astype(np.int64) << 32 | owner[span]
    buffer = np.full(width * height, -1, np.int64)
    np.maximum.at(buffer, row[span] * width + column, key)
    pixels = np.flatnonzero(buffer >= 0)
    face = buffer[pixels] & 0xFFFFFFFF
    px, py = (pixels % width + np.float32(0.5))[:, None], (pixels // width + np.float32(0.5))[:, None]
    weights = np.maximum(a[face] * px + b[face] * py + c[face], 0) * w[face]
    total = (weights[:, 0] + weights[:, 1] + weights[:, 2])[:, None]
    depth = dot(weights, 1 / w[face]) / total[:, 0]
    return Fragments(pixels, front[face], (weights / total).astype(np.float32), depth)


def _spans(a, b, c, top, rows, width):
    """Runs of pixels in triangles: their triangle, row, first column and length."""
    owner = np.repeat(np.arange(len(rows)), rows)
    row = np.arange(len(owner)) - np.repeat(np.cumsum(rows) - rows, rows) + top[owner]
    a = a[owner]
    rest = b[owner] * (row + np.float32(0.5))[:, None] + c[owner]
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = -rest / a
    low = -_least(np.where(a > 0, -cut, np.where((a == 0) & (rest < 0), -np.inf, np.inf)))
    high = _least(np.where(a < 0, cut, np.inf))
    first = np.ceil(np.clip(low, 0, width) - 0.5).astype(np.int64).clip(0)
    count = np.floor(np.clip(high, -1, width) - 0.5).astype(np.int64) + 1 - first
    keep = np.flatnonzero(count > 0)
    return owner[keep], row[keep], first[keep], count[keep]
