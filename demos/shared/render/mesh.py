"""Meshes whose colours are painted with Pillow on flat patches: boxes, tubes, balls and bodies along an outline.

The x axis points forward, y up and z to the right, in metres. Colours are sRGB tuples from 0 to 255.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

Rgb = tuple[int, int, int]
MATTE, PAINT, GLASS, CHROME, SATIN, BRAKE, LAMP, SIGNAL = range(8)  # materials
_WIDTH = 1024  # pixels of a sheet
_LEVELS = 4  # sizes of a sheet, each half of the one before


def _whole(pixels: float) -> int:
    return max(int(np.ceil(pixels / 8)), 1) * 8


class Patch:
    """A flat area in metres, x0 to x1 and y0 to y1 (y up), that is painted with colours and materials."""

    def __init__(self, x0: float, x1: float, y0: float, y1: float, scale: float, at: tuple[int, int], ground: tuple):
        self.x0, self.y1, self.scale, self.at = x0, y1, scale, at
        self.size = tuple(_whole(v * scale) for v in (x1 - x0, y1 - y0))
        self.colours = Image.new("RGB", self.size, ground[0])
        self.materials = Image.new("L", self.size, ground[1])
        self._pens = ImageDraw.Draw(self.colours), ImageDraw.Draw(self.materials)

    def uv(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Places (..., 2) on the sheet, in pixels."""
        u = np.clip((x - self.x0) * self.scale, 0.5, self.size[0] - 0.5) + self.at[0]
        v = np.clip((self.y1 - y) * self.scale, 0.5, self.size[1] - 0.5) + self.at[1]
        return np.stack(np.broadcast_arrays(u, v), -1).astype(np.float32)

    def _flat(self, points) -> list[tuple[float, float]]:
        return [((x - self.x0) * self.scale - 0.5, (self.y1 - y) * self.scale - 0.5) for x, y in points]

    def polygon(self, points, colour: Rgb, material: int = MATTE) -> None:
        flat = self._flat(points)
        for pen, ink in zip(self._pens, (colour, material), strict=True):
            pen.polygon(flat, fill=ink)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Rgb, material: int = MATTE) -> None:
        self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour, material)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Rgb, material: int = MATTE) -> None:
        (left, top), (right, bottom) = self._flat([(x - rx, y + ry), (x + rx, y - ry)])
        for pen, ink in zip(self._pens, (colour, material), strict=True):
            pen.ellipse([left, top, right, bottom], fill=ink)

    def line(self, points, width: float, colour: Rgb, material: int = MATTE) -> None:
        flat, pixels = self._flat(points), max(round(width * self.scale), 1)
        for pen, ink in zip(self._pens, (colour, material), strict=True):
            pen.line(flat, fill=ink, width=pixels)

    def shade(self, factor: np.ndarray, tint: Rgb | None = None) -> None:
        """Multiplies the colours by a factor (rows, columns), or mixes a tint in to that share."""
        values = np.asarray(self.colours, np.float32)
        factor = np.broadcast_to(factor, values.shape[:2])[..., None]
        values = values * factor if tint is None else values + (np.float32(tint) - values) * factor
        self.colours.paste(Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)))

    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """x and y, float32 (rows, columns), of the pixels."""
        rows, columns = np.mgrid[0 : self.size[1], 0 : self.size[0]].astype(np.float32)
        return self.x0 + (columns + 0.5) / self.scale, self.y1 - (rows + 0.5) / self.scale


@dataclass(frozen=True, eq=False)
class Geometry:
    """A finished mesh.

    `vertices`, `normals` float32 (n, 3); `uv` float32 (n, 2); `faces` (m, 3); `hulls`: points (k, 3) of each part;
    `colours` uint8 (h, w, 3) and `materials` uint8 (h, w), in halving sizes.
    """

    vertices: np.ndarray
    normals: np.ndarray
    uv: np.ndarray
    faces: np.ndarray
    hulls: list[np.ndarray]
    colours: list[np.ndarray]
    materials: list[np.ndarray]


class Mesh:
    """Parts that are put together, and the sheet that they are painted on."""

    def __init__(self):
        self._parts, self._patches, self._hulls = [], [], []
        self._shelf = [0, 0, 0]
        self._swatches = {}

    def patch(self, x0, x1, y0, y1, scale: float, colour: Rgb, material: int = MATTE) -> Patch:
        """A new patch of the sheet, `scale` pixels a metre."""
        scale = min(scale, (_WIDTH - 8) / (x1 - x0))
        width, height = (_whole(v * scale) for v in (x1 - x0, y1 - y0))
        x, y, tall = self._shelf
        if x + width > _WIDTH:
            x, y, tall = 0, y + tall, 0
        self._shelf = [x + width, y, max(tall, height)]
        made = Patch(x0, x1, y0, y1, scale, (x, y), (colour, material))
        self._patches.append(made)
        return made

    def swatch(self, colour: Rgb, material: int = MATTE) -> Patch:
        """A patch of one colour."""
        key = (tuple(colour), material)
        if key not in self._swatches:
            self._swatches[key] = self.patch(0, 1, 0, 1, 8, tuple(colour), material)
        return self._swatches[key]

    def grid(self, points: np.ndarray, uv: np.ndarray, normals: np.ndarray, hull: bool = True) -> None:
        """A surface through points (r, c, 3), whose normals (r, c, 3) point outwards."""
        rows, columns = points.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns)
        a, b, c, d = (v.ravel() for v in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
        faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
        flat, outward = points.reshape(-1, 3).astype(np.float32), normals.reshape(-1, 3).astype(np.float32)
        corner = flat[faces]
        cross = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        wrong = (cross * outward[faces].sum(1)).sum(1) < 0
        faces[wrong] = faces[wrong][:, ::-1]
        self._parts.append((flat, outward, np.broadcast_to(uv, (rows, columns, 2)).reshape(-1, 2), faces))
        if hull:
            self._hulls.append(flat)

    def box(self, low, high, paint, tilt: Callable | None = None) -> None:
        """A box between two corners.

        `paint` is a Patch for all sides or a dictionary of them: left, right, front, rear, top, bottom, all. Patches
        of left and right are painted at (x, y), front and rear at (z, y), top and bottom at (x, z).
        `tilt` maps points (n, 3) of the box to where they are.
        """
        (x0, y0, z0), (x1, y1, z1) = low, high
        for name, axis, value in (("left", 2, z0), ("right", 2, z1), ("rear", 0, x0), ("front", 0, x1),
                                  ("bottom", 1, y0), ("top", 1, y1)):  # fmt: skip
            patch = paint.get(name, paint.get("all")) if isinstance(paint, dict) else paint
            if patch is None:
                continue
            across, along = {0: (2, 1), 1: (0, 2), 2: (0, 1)}[axis]
            points = np.empty((2, 2, 3), np.float32)
            points[..., axis] = value
            points[..., across] = [[low[across], high[across]]] * 2
            points[..., along] = [[low[along]] * 2, [high[along]] * 2]
            normals = np.zeros((2, 2, 3), np.float32)
            normals[..., axis] = 1 if name in ("right", "front", "top") else -1
            uv = patch.uv(points[..., across], points[..., along])
            if tilt:
                centre = tilt(np.float32([[(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]]))
                points = tilt(points.reshape(-1, 3)).reshape(2, 2, 3)
                normal = np.cross(points[0, 1] - points[0, 0], points[1, 0] - points[0, 0])
                normal *= np.sign(normal @ (points.mean((0, 1)) - centre[0])) / (np.linalg.norm(normal) + 1e-9)
                normals = np.broadcast_to(normal, (2, 2, 3))
            self.grid(points, uv, normals)

    def tube(self, start, end, radius, paint: Patch, count: int = 9, caps: Patch | None = None) -> None:
        """A round rod, `radius` at its start and end (one number or two); flat `caps` are painted at (-1..1, -1..1)."""
        start, end = np.float32(start), np.float32(end)
        axis = (end - start) / np.linalg.norm(end - start)
        aside = np.cross(axis, (0, 1, 0) if abs(axis[1]) < 0.9 else (1, 0, 0))
        aside /= np.linalg.norm(aside)
        up = np.cross(aside, axis)
        angle = np.linspace(0, 2 * np.pi, count, dtype=np.float32)
        ring = np.cos(angle)[:, None] * aside + np.sin(angle)[:, None] * up
        r0, r1 = np.broadcast_to(radius, 2)
        points = np.stack([start + r0 * ring, end + r1 * ring])
        self.grid(points, paint.uv(np.float32(0.5), np.float32(0.5)), np.broadcast_to(ring, (2, count, 3)))
        if caps:
            for centre, r, way in ((start, r0, -axis), (end, r1, axis)):
                disc = np.stack([np.broadcast_to(centre, ring.shape), centre + r * ring])
                flat = np.stack([np.zeros((count, 2)), np.stack([np.cos(angle), np.sin(angle)], 1)])
                self.grid(disc, caps.uv(flat[..., 0], flat[..., 1]), np.broadcast_to(way, (2, count, 3)), False)

    def ball(
        self, centre, radii, paint: Patch, turn=None, planar: bool = False, size=(7, 11), power: float = 1
    ) -> None:
        """An ellipsoid; `turn` (3, 3) rotates it, `power` under 1 makes it a rounded box.

        With `planar` it is painted at (z, y) as seen from behind, relative to its centre, else in one colour.
        """
        polar = np.linspace(0, np.pi, size[0], dtype=np.float32)[:, None]
        around = np.linspace(0, 2 * np.pi, size[1], dtype=np.float32)
        unit = np.stack(
            np.broadcast_arrays(np.sin(polar) * np.cos(around), np.cos(polar), np.sin(polar) * np.sin(around)), -1
        )
        solid = np.sign(unit) * np.abs(unit) ** np.float32(power)
        normals = solid / np.float32(radii)
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-9
        points = solid * np.float32(radii)
        uv = paint.uv(points[..., 2], points[..., 1]) if planar else paint.uv(np.float32(0.5), np.float32(0.5))
        if turn is not None:
            points, normals = points @ turn.T, normals @ turn.T
        self.grid(points + np.float32(centre), uv, normals)

    def body(
        self, outline: np.ndarray, along: np.ndarray, half: Callable, spine, bow: float, sides, strip: Patch
    ) -> None:
        """A body whose side view is a closed outline (n, 2) of x and y, and half as wide as half(x, y) says.

        Args:
            along: float (n,), where points of the outline are painted on the strip, at (along, -1..1).
            spine: y, lowest x and highest x of a line inside the outline.
            bow: how far, in metres, corners are rounded off.
            sides: two patches, left and right, painted at (x, y).
            strip: the patch for all that is not a side.
        """
        across = np.linspace(-1, 1, 9, dtype=np.float32)
        middle = np.stack([np.clip(outline[:, 0], spine[1], spine[2]), np.full(len(outline), spine[0])], 1)
        inward = middle - outline
        inward /= np.linalg.norm(inward, axis=1, keepdims=True) + 1e-6
        top = outline[:, None] + inward[:, None] * (bow * np.abs(across) ** 3)[None, :, None]
        share = np.linspace(0, 1, 6, dtype=np.float32)[1:, None]
        side = top[:, -1:] + (middle - top[:, -1])[:, None] * share
        flat = np.concatenate([side[:, ::-1], top, side], 1)
        turn = np.concatenate([-np.ones(5), across, np.ones(5)]).astype(np.float32)
        points = np.concatenate([flat, (turn * half(flat[..., 0], flat[..., 1]))[..., None]], 2).astype(np.float32)
        closed = np.concatenate([points[-2:-1], points, points[1:2]])
        normals = np.cross(np.gradient(closed, axis=0)[1:-1], np.gradient(points, axis=1))
        normals /= np.linalg.norm(normals, axis=2, keepdims=True) + 1e-9
        away = points - np.concatenate([middle, np.zeros((len(middle), 1))], 1)[:, None]
        normals *= np.sign((normals * away).sum())
        self.grid(points[:, 5:14], strip.uv(along[:, None], across), normals[:, 5:14])
        for patch, part in zip(sides, (slice(0, 6), slice(13, 19)), strict=True):
            self.grid(points[:, part], patch.uv(points[:, part, 0], points[:, part, 1]), normals[:, part], False)

    def finish(self) -> Geometry:
        """The mesh, ready to be drawn."""
        vertices, normals, uv = (np.concatenate([part[k] for part in self._parts]) for k in range(3))
        starts = np.cumsum([0] + [len(part[0]) for part in self._parts])
        faces = np.concatenate([part[3] + start for part, start in zip(self._parts, starts, strict=False)])
        height = self._shelf[1] + self._shelf[2]
        colours, materials = Image.new("RGB", (_WIDTH, height)), Image.new("L", (_WIDTH, height))
        for patch in self._patches:
            colours.paste(patch.colours, patch.at)
            materials.paste(patch.materials, patch.at)
        levels = [colours] + [colours.reduce(2**k) for k in range(1, _LEVELS)]
        kinds = np.asarray(materials)
        return Geometry(
            vertices, normals, uv, faces, self._hulls, [np.asarray(level) for level in levels],
            [np.ascontiguousarray(kinds[2**k // 2 :: 2**k, 2**k // 2 :: 2**k]) for k in range(_LEVELS)],
        )  # fmt: skip
