"""Lines side by side: ruled by an unsteady hand, swelling with the tone, bent with the form."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from demos.style.looks.flow import follow
from demos.style.looks.grain import noise, sample
from demos.style.looks.inks import step


@dataclass(eq=False)
class Ruling:
    """Lines over a sheet. across: from 0 on a line to 1 between two. pressure: noise of deviation 1 along each."""

    across: np.ndarray
    pressure: np.ndarray

    def draw(self, darkness: np.ndarray, soft: float = 0.25) -> np.ndarray:
        """Ink (h, w) from 0 to 1 whose lines cover the share `darkness` (h, w) of the sheet."""
        return step(darkness - self.across, -soft / 2, soft / 2) * step(darkness, 0.0, 0.06)


def rule(
    shape: tuple[int, int],
    spacing: float,
    angle: float,
    rng: np.random.Generator,
    waver: float = 0.3,
    length: float = 14,
    bend: np.ndarray | float = 0.0,
) -> Ruling:
    """Lines `spacing` pixels apart at an angle in radians.

    waver: how unsteady they are, in spacings. length: of the changes of pressure, in spacings. bend: (h, w), by how
    many spacings they are pushed aside.
    """
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    along = (x * np.cos(angle) + y * np.sin(angle)) / spacing
    place = (y * np.cos(angle) - x * np.sin(angle)) / spacing + bend
    place = place + waver * noise(shape, 9 * spacing, rng) * 0.5 + 0.25 * waver * noise(shape, 3 * spacing, rng)
    line = np.round(place)
    far = int(max(shape) * 2 / spacing) + 8
    table = rng.standard_normal((far, far)).astype(np.float32)
    table = ndimage.gaussian_filter1d(table, length / 4, axis=1, mode="wrap")
    table /= max(table.std(), 1e-6)
    pressure = sample(table, np.stack([line % (far - 1), along % (far - 1)]))
    return Ruling(np.abs(place - line) * 2, pressure)


def flowing(angles: np.ndarray, spacing: float, length: float, rng: np.random.Generator) -> np.ndarray:
    """Lines that follow angles (h, w), about `spacing` pixels apart: evenly distributed from 0 to 1, 0 on a line."""
    grain = noise(angles.shape, 0.5 * spacing, rng)
    grain -= ndimage.gaussian_filter(grain, 0.8 * spacing)
    lines = follow(grain, angles, length, 1.5)
    lines = follow(lines, angles, length / 2, 1.5)
    return rank(lines)


def rank(values: np.ndarray) -> np.ndarray:
    """values (h, w) replaced by the share of them that is smaller, float32 from 0 to 1."""
    some = np.sort(values.ravel()[:: max(1, values.size // 20000)])
    return (np.searchsorted(some, values) / len(some)).astype(np.float32)
