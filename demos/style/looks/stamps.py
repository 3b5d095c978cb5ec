"""Marks of a brush, a crayon or a pen: shapes, turned many ways, and many of them laid on a sheet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demos.style.looks.grain import noise
from demos.style.looks.inks import step

TURNS = 32  # directions that a mark can have


@dataclass(eq=False)
class Stamps:
    """Marks of one size: opacity and relief by turn and variant, each float32 (side, side) from 0 to 1."""

    opacity: list[list[np.ndarray]]
    relief: list[list[np.ndarray]]


def bristles(length: float, width: float, rng: np.random.Generator, dry: float = 0.3, bend: float = 0.1) -> Stamps:
    """Marks of a flat brush, `length` by `width` pixels, bent to either side by `bend` of their length.

    dry: how much of the ground shows between the hairs, 0 to 1.
    """
    half = int(np.ceil(np.hypot(length / 2, width / 2 + bend * length / 2))) + 1
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    opacity, relief = [], []
    for curve in (-bend, 0, bend):
        hairs = noise((64, 64), 2.2, rng, tall=1) * 0.6 + noise((64, 1), 2.5, rng) * np.ones((1, 64), np.float32)
        ends = 0.12 * length * noise((64, 1), 6, rng)[:, 0]
        pairs = [_mark(x, y, turn, length, width, curve, hairs, ends, dry) for turn in range(TURNS)]
        opacity.append([pair[0] for pair in pairs])
        relief.append([pair[1] for pair in pairs])
    return Stamps(opacity, relief)


def _mark(x, y, turn, length, width, curve, hairs, ends, dry) -> tuple[np.ndarray, np.ndarray]:
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
    return opacity.astype(np.float32), np.clip(ridge, 0, 2).astype(np.float32)


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
    strength: np.ndarray | float = 1.0,
    heights: np.ndarray | None = None,
) -> None:
    """Lay marks on a sheet, float32 (h, w, 3) or (h, w), one after the other, in place.

    places (n, 2), angles (n,), colours (n, 3) or (n,), strength: opacity (n,) from 0 to 1. heights: float32 (h, w),
    how thick the paint is, which grows with each.
    """
    height, width = sheet.shape[:2]
    half = stamps.opacity[0][0].shape[0] // 2
    turns = np.round(np.asarray(angles) * TURNS / (2 * np.pi)).astype(int) % TURNS
    variants = rng.integers(0, len(stamps.opacity), len(places))
    tops, lefts = np.round(places - half).astype(int).T
    strength = np.broadcast_to(np.asarray(strength, np.float32), len(places))
    for number in range(len(places)):
        top, left = tops[number], lefts[number]
        window = (
            slice(max(top, 0), min(top + 2 * half + 1, height)),
            slice(max(left, 0), min(left + 2 * half + 1, width)),
        )
        if window[0].start >= window[0].stop or window[1].start >= window[1].stop:
            continue
        part = tuple(slice(w.start - o, w.stop - o) for w, o in zip(window, (top, left), strict=True))
        variant, turn = variants[number], turns[number]
        opacity = stamps.opacity[variant][turn][part] * strength[number]
        area = sheet[window]
        area += (opacity if sheet.ndim == 2 else opacity[..., None]) * (colours[number] - area)
        if heights is not None:
            area = heights[window]
            area += opacity * (0.35 * area + stamps.relief[variant][turn][part] - area)
