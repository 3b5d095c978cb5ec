"""Marks of a brush, a crayon or a pen: shapes, turned many ways, and many of them laid on a sheet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demos.style.looks.grain import noise
from demos.style.looks.inks import step

TURNS = 32  # directions that a mark can have


@dataclass(eq=False)
class Mark:
    """One mark: opacity, float32 (h, w) from 0 to 1, relief, from 0 to 2, and where its corner lies from its middle."""

    opacity: np.ndarray
    relief: np.ndarray
    corner: tuple[int, int]


Stamps = list[list[Mark]]  # by variant, then by turn


def bristles(length: float, width: float, rng: np.random.Generator, dry: float = 0.3, bend: float = 0.1) -> Stamps:
    """Marks of a flat brush, `length` by `width` pixels, bent to either side by `bend` of their length.

    dry: how much of the ground shows between the hairs, 0 to 1.
    """
    half = int(np.ceil(np.hypot(length / 2, width / 2 + bend * length / 2))) + 1
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    stamps = []
    for curve in (-bend, 0, bend):
        hairs = noise((64, 64), 2.2, rng, tall=1) * 0.6 + noise((64, 1), 2.5, rng) * np.ones((1, 64), np.float32)
        ends = 0.12 * length * noise((64, 1), 6, rng)[:, 0]
        stamps.append([_mark(x, y, turn, length, width, curve, hairs, ends, dry) for turn in range(TURNS)])
    return stamps


def _mark(x, y, turn, length, width, curve, hairs, ends, dry) -> Mark:
    angle = 2 * np.pi * turn / TURNS
    u = x * np.cos(angle) + y * np.sin(angle)
    v = y * np.cos(angle) - x * np.sin(angle) - curve * (4 * u * u / length - length / 3)
    row = np.clip((v / width + 0.5) * 63, 0, 63).astype(int)
    column = np.clip((u / length + 0.5) * 63, 0, 63).astype(int)
    hair = hairs[row, column]
    sides = step(width / 2 - np.abs(v), -0.7, 1.2)
    tips = step(length / 2 - np.abs(u) + ends[row] - 0.08 * length, -1, 0.12 * length)
    ground = step(hair, -2.2 + 2.6 * dry + 1.2 * dry * (u / length), -0.6 + 2.6 * dry + 1.2 * dry * (u / length))
    opacity = sides * tips * (ground if dry else 1)
    ridge = 0.55 + 0.2 * hair + 0.5 * step(np.abs(v), 0.3 * width, 0.5 * width) + 0.25 * u / length
    rows, columns = (np.flatnonzero((opacity > 0.02).any(axis)) for axis in (1, 0))
    if not len(rows):
        rows = columns = np.array([len(x) // 2])
    trim = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    corner = rows[0] - len(x) // 2, columns[0] - len(x) // 2
    return Mark(opacity[trim].astype(np.float32), np.clip(ridge[trim], 0, 2).astype(np.float32), corner)


def scatter(shape: tuple[int, int], spacing: float, rng: np.random.Generator) -> np.ndarray:
    """Places (n, 2), rows and columns, about `spacing` pixels apart, in random order, a little over the edge too."""
    rows, columns = (np.arange(-0.5, side / spacing + 0.5) for side in shape)
    places = np.stack(np.meshgrid(rows, columns, indexing="ij"), -1).reshape(-1, 2)
    return rng.permutation(places + rng.uniform(-0.5, 0.5, places.shape)) * spacing


def at(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """values (h, w, ...) of the pixels nearest to places (n, 2)."""
    rows, columns = (np.clip(places[:, axis].astype(int), 0, side - 1) for axis, side in enumerate(values.shape[:2]))
    return values[rows, columns]


def lay(
    sheet: np.ndarray,
    stamps: Stamps,
    places: np.ndarray,
    angles: np.ndarray,
    colours: np.ndarray,
    rng: np.random.Generator,
    strength: float = 1.0,
    heights: np.ndarray | None = None,
) -> None:
    """Lay marks on a sheet, float32 (h, w, 3), one after the other, in place.

    places (n, 2), angles (n,), colours (n, 3). strength: opacity from 0 to 1. heights: float32 (h, w), how thick the
    paint is, which grows with each.
    """
    turns = (np.round(np.asarray(angles) * TURNS / (2 * np.pi)).astype(int) % TURNS).tolist()
    variants = rng.integers(0, len(stamps), len(places)).tolist()
    colours = np.asarray(colours, np.float32)
    for number, (row, column) in enumerate(np.round(places).astype(int).tolist()):
        mark = stamps[variants[number]][turns[number]]
        window, part = _overlap(row + mark.corner[0], column + mark.corner[1], mark.opacity.shape, sheet.shape)
        opacity = mark.opacity[part] * np.float32(strength)
        area = sheet[window]
        area += opacity[..., None] * (colours[number] - area)
        if heights is not None:
            area = heights[window]
            area += opacity * (mark.relief[part] - np.float32(0.65) * area)


def _overlap(top: int, left: int, size: tuple[int, int], sheet: tuple[int, ...]):
    """The part of a sheet that a mark at this corner covers, and the part of the mark that does so."""
    bottom, right = min(top + size[0], sheet[0]), min(left + size[1], sheet[1])
    first, start = max(top, 0), max(left, 0)
    bottom, right = max(bottom, first), max(right, start)
    return np.s_[first:bottom, start:right], np.s_[first - top : bottom - top, start - left : right - left]
