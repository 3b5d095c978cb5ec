"""Signed distance fields: solid shapes as functions that say how far a point is from their surface.

After Inigo Quilez, https://iquilezles.org/articles/distfunctions. The y axis points up, and what has a foot stands
on y = 0. A point is a column of an array float32 (3, n).
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial.transform import Rotation

_CELLS = 128  # a side of the tables that hold outlines


class Shape:
    """A shape: called on points float32 (3, n) it gives distances float32 (n,), negative inside."""

    def __init__(self, distance: Callable[[np.ndarray], np.ndarray]):
        self.distance = distance

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return self.distance(points)

    def at(self, x: float = 0, y: float = 0, z: float = 0) -> "Shape":
        """Moved."""
        offset = np.array([[x], [y], [z]], np.float32)
        return Shape(lambda p: self(p - offset))

    def turn(self, x: float = 0, y: float = 0, z: float = 0) -> "Shape":
        """Turned about the axes x, then y, then z, in degrees."""
        inverse = rotation(x, y, z).T
        return Shape(lambda p: self(inverse @ p))

    def stretch(self, x: float, y: float, z: float) -> "Shape":
        """Stretched along the axes; distances become lower bounds."""
        factors = np.array([[x], [y], [z]], np.float32)
        return Shape(lambda p: self(p / factors) * factors.min())

    def twin(self, axis: int = 0) -> "Shape":
        """The half where the axis (0, 1, 2) is positive, and its mirror image."""
        mirrored = np.eye(3, dtype=bool)[axis][:, None]
        return Shape(lambda p: self(np.where(mirrored, np.abs(p), p)))

    def around(self, count: int) -> "Shape":
        """Copies of what stands around +x, evenly about the y axis."""
        step = np.float32(2 * np.pi / count)

        def distance(p):
            radius, angle = _length(p[0], p[2]), np.arctan2(p[2], p[0])
            angle -= step * np.rint(angle / step)
            return self(np.stack([radius * np.cos(angle), p[1], radius * np.sin(angle)]))

        return Shape(distance)

    def blend(self, other: "Shape", width: float = 0.1) -> "Shape":
        """This and the other, with a fillet between them."""

        def distance(p):
            a, b = self(p), other(p)
            near = np.maximum(width - np.abs(a - b), 0)
            return np.minimum(a, b) - near * near * np.float32(0.25 / width)

        return Shape(distance)

    def __or__(self, other: "Shape") -> "Shape":
        return Shape(lambda p: np.minimum(self(p), other(p)))

    def __sub__(self, other: "Shape") -> "Shape":
        return Shape(lambda p: np.maximum(self(p), -other(p)))

    def __and__(self, other: "Shape") -> "Shape":
        return Shape(lambda p: np.maximum(self(p), other(p)))


def _length(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """As np.hypot, but three times as fast."""
    return np.sqrt(x * x + y * y)


def rotation(x: float, y: float, z: float) -> np.ndarray:
    """The matrix float32 (3, 3) that turns about the axes x, then y, then z, by degrees."""
    return Rotation.from_euler("xyz", (x, y, z), degrees=True).as_matrix().astype(np.float32)


def ball(x: float, y: float | None = None, z: float | None = None) -> Shape:
    """A sphere, or an ellipsoid, of these radii about the origin."""
    if y is None:
        return Shape(lambda p: np.sqrt((p * p).sum(0)) - np.float32(x))
    radii = np.array([[x], [y], [z]], np.float32)

    def distance(p):
        scaled = p / radii
        k = np.sqrt((scaled * scaled).sum(0))
        scaled /= radii
        return k * (k - 1) / np.sqrt((scaled * scaled).sum(0) + 1e-9)

    return Shape(distance)


def box(x: float, y: float, z: float, edge: float = 0.02) -> Shape:
    """A box of these sizes with edges of this radius, standing."""
    half = np.array([[x], [y], [z]], np.float32) / 2
    centre = np.array([[0], [y / 2], [0]], np.float32)

    def distance(p):
        q = np.abs(p - centre) - (half - np.float32(edge))
        out = np.maximum(q, 0)
        return np.sqrt((out * out).sum(0)) + np.minimum(q.max(0), 0) - np.float32(edge)

    return Shape(distance)


def _between(across: np.ndarray, along: np.ndarray, edge: float) -> np.ndarray:
    """The distance where both are negative inside, with edges of this radius."""
    across, along = across + np.float32(edge), along + np.float32(edge)
    outside = _length(np.maximum(across, 0), np.maximum(along, 0))
    return outside + np.minimum(np.maximum(across, along), 0) - np.float32(edge)


def cylinder(radius: float, height: float, edge: float = 0.02) -> Shape:
    """An upright cylinder, standing."""
    half = np.float32(height / 2)
    return Shape(lambda p: _between(_length(p[0], p[2]) - np.float32(radius), np.abs(p[1] - half) - half, edge))


def cone(low: float, high: float, height: float) -> Shape:
    """A cone, standing, of these radii at its foot and at its top."""
    return lathe((0, 0), (low, 0), (high, height), (0, height))


def rod(start: tuple, end: tuple, radius: float, at_end: float | None = None) -> Shape:
    """A stick with round ends, of one radius or tapering to another."""
    a, b = (np.array(point, np.float32)[:, None] for point in (start, end))
    along, slope = b - a, np.float32((radius if at_end is None else at_end) - radius)
    unit = along / (along * along).sum()

    def distance(p):
        q = p - a
        share = np.clip((unit * q).sum(0), 0, 1)
        q -= share * along
        return np.sqrt((q * q).sum(0)) - np.float32(radius) - share * slope

    return Shape(distance)


def tube(radius: float, *points: tuple) -> Shape:
    """A tube along a line of points."""
    rods = [rod(a, b, radius) for a, b in zip(points[:-1], points[1:], strict=True)]
    return Shape(lambda p: np.minimum.reduce([part(p) for part in rods]))


def ring(radius: float, thickness: float) -> Shape:
    """A torus of these radii that lies about the origin."""
    return Shape(lambda p: _length(_length(p[0], p[2]) - np.float32(radius), p[1]) - np.float32(thickness))


def lathe(*profile: tuple, smooth: bool = False) -> Shape:
    """What turns on the y axis, from a profile of points (radius, y) that begins and ends on the axis."""
    mirrored = tuple((-r, y) for r, y in reversed(profile) if r > 0)
    lookup = _lookup((*profile, *mirrored), smooth)
    return Shape(lambda p: lookup(_length(p[0], p[2]), p[1]))


def extrude(depth: float, *outline: tuple, smooth: bool = False, edge: float = 0.02) -> Shape:
    """A slab between z = -depth / 2 and depth / 2 whose outline goes through the points (x, y)."""
    lookup = _lookup(outline, smooth)
    half = np.float32(depth / 2)
    return Shape(lambda p: _between(lookup(p[0], p[1]), np.abs(p[2]) - half, edge))


def _curve(points: tuple) -> np.ndarray:
    """The closed Catmull-Rom spline through points, float (9 n, 2), which has a corner where a point stands twice."""
    t = (np.arange(9) / 9)[None, :, None]
    a, b, c, d = (np.roll(np.array(points, float), shift, axis=0)[:, None] for shift in (1, 0, -1, -2))
    return (b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))).reshape(-1, 2)


@lru_cache(maxsize=256)
def _lookup(points: tuple, smooth: bool) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """(x, y) -> the signed distance from a closed outline, from a table: it costs the same for any outline."""
    start = _curve(points) if smooth else np.array(points, float)
    low, high = (start.min(0) - 0.08).tolist(), (start.max(0) + 0.08).tolist()  # plain numbers keep arrays float32
    cell = max(high[0] - low[0], high[1] - low[1]) / _CELLS
    x, y = np.meshgrid(*(np.arange(a, b + 2 * cell, cell, np.float32) for a, b in zip(low, high, strict=True)))
    nearest, inside = np.full(x.shape, np.inf, np.float32), np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(start.tolist(), np.roll(start, -1, axis=0).tolist(), strict=True):
        ex, ey, px, py = bx - ax, by - ay, x - ax, y - ay
        share = np.clip((px * ex + py * ey) / (ex * ex + ey * ey + 1e-12), 0, 1)
        nearest = np.minimum(nearest, (px - share * ex) ** 2 + (py - share * ey) ** 2)
        inside ^= ((ay > y) != (by > y)) & ((px * ey < py * ex) == (ey > 0))
    table = (np.sqrt(nearest) * np.where(inside, -1, 1)).astype(np.float32)
    table = gaussian_filter(table, 1.2) if smooth else table  # or one sees the pieces of the curve
    edge = np.array([[table.shape[1] - 1.001], [table.shape[0] - 1.001]], np.float32)

    def lookup(x, y):
        place = np.stack([(x - low[0]) / cell, (y - low[1]) / cell])
        held = np.clip(place, 0, edge)
        beyond = np.float32(cell) * _length(*(place - held))
        inner = bilinear(table, *held)
        return np.where(beyond > 0, _length(inner, beyond), inner)  # outside the table, at least as far as this

    return lookup


def bilinear(table: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The table float32 (h, w) at places in columns and rows, float32 (n,), which lie within it."""
    column, row = x.astype(np.int32), y.astype(np.int32)
    x, y = x - column.astype(np.float32), y - row.astype(np.float32)
    flat, width = table.ravel(), table.shape[1]
    first = row * width + column
    upper = flat[first] * (1 - x) + flat[first + 1] * x
    first += width
    return upper * (1 - y) + (flat[first] * (1 - x) + flat[first + 1] * x) * y


LEAF = extrude(0.05, (0, 0), (0, 0), (0.22, 0.14), (0.6, 0), (0.6, 0), (0.22, -0.14), smooth=True)
