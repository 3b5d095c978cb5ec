"""Landscapes and towns, painted in layers from the sky to the foreground.

A scene is a function of a Canvas and a Look. Places are (x, y) from 0 to 1, y upwards.
"""

from collections.abc import Callable

import numpy as np

from demos.retrieval.render.look import Look, linear, noise, step

SCENES: dict[str, Callable[["Canvas", Look], None]] = {}
_FINE = 2  # places a pixel and axis
DAY, EVENING = ("cfe6f2", "7db4dc", "3576b8"), ("fbd08a", "ee8a62", "6d5a8e")  # skies, from the horizon up
GREY, DAWN = ("e4e6e6", "b4bfc8", "8897a6"), ("fbe3d0", "f0b7b8", "8fa6cf")


def scene(function: Callable) -> Callable:
    """Registers `_starry_night` as the kind "starry night"."""
    SCENES[function.__name__.strip("_").replace("_", " ")] = function
    return function


def landscape(kind: str, look: Look, side: int) -> np.ndarray:
    """A picture of the scene, linear light float32 (3, side * side)."""
    canvas = Canvas(_FINE * side, look)
    SCENES[kind](canvas, look)
    image = canvas.image[:, ::-1] if look.chance(0.5) else canvas.image
    return image.reshape(side, _FINE, side, _FINE, 3).mean((1, 3)).reshape(-1, 3).T.astype(np.float32)


class Canvas:
    """What is painted so far, linear light float32 (side, side, 3), and the places x, y of its points."""

    def __init__(self, side: int, look: Look):
        self.y, self.x = np.mgrid[1 : 0 : side * 1j, 0 : 1 : side * 1j].astype(np.float32)
        self.image = np.zeros((side, side, 3), np.float32)
        self.look = look

    def fill(self, mask: np.ndarray, colour: np.ndarray | str) -> None:
        """Paints a colour, "rrggbb", (3,) or (side, side, 3), where mask (side, side) is 1."""
        colour = linear(colour)[:, 0] if isinstance(colour, str) else colour
        self.image += (colour - self.image) * np.asarray(mask, np.float32)[..., None]

    def sky(self, codes: tuple[str, ...], horizon: float = 0.4) -> None:
        """Colours from the horizon to the top."""
        stops = np.linspace(horizon, 1, len(codes))
        table = np.stack([linear(code)[:, 0] for code in codes])
        self.image[:] = np.stack([np.interp(self.y, stops, channel) for channel in table.T], -1)

    def sun(self, x: float, y: float, radius: float, code: str, glow: float = 0.5) -> None:
        """A disc that shines into the sky around it."""
        r = np.hypot(self.x - x, self.y - y)
        self.image += linear(code)[:, 0] * (glow * np.exp(-r / (2.5 * radius)))[..., None]
        self.fill(step(r, radius, radius - 0.004), np.minimum(linear(code)[:, 0] * 1.4, 1))

    def clouds(self, code: str, cover: float = 0.4, low: float = 0.45) -> None:
        """Clouds, flatter towards the horizon."""
        far = 1 / (self.y - low + 0.25)
        cloud = noise((self.x - 0.5) * far * 1.1 + self.look.some(0, 9), far * 1.6 + self.look.some(0, 9), 7)
        self.fill(0.9 * step(cloud, cover, cover + 1.5) * step(self.y, low, low + 0.12), code)

    def line(self, height: float, rise: float, size: float) -> np.ndarray:
        """A rough line, float32 (side, side), the same in each row; its humps are about size / 4 wide."""
        return height + rise * noise(
            self.x + np.float32(self.look.some(0, 99)), np.float32(self.look.some(0, 1)) + 0 * self.x, size
        )

    def sea(self, horizon: float, far: str, near: str, shine: tuple[float, str] | None = None) -> None:
        """Water up to the horizon, with a path of light under the sun at x where `shine` says."""
        away = 1 / (np.maximum(horizon - self.y, 0) + 0.03)
        waves = noise(self.x * away * 0.35, away * 0.8, 2.2)
        depth = step(self.y, horizon, horizon - 0.45)[..., None]
        colour = linear(far)[:, 0] * (1 - depth) + linear(near)[:, 0] * depth
        self.fill(self.y < horizon, colour * (1 + 0.16 * waves)[..., None])
        if shine:
            wide = 0.04 + 0.35 * (horizon - self.y)
            path = np.exp(-(((self.x - shine[0]) / wide) ** 2)) * step(waves, -0.2, 1)
            self.fill(path * (self.y < horizon), shine[1])

    def firs(self, count: int, foot: np.ndarray, size: tuple[float, float], code: str, snow: float = 0) -> None:
        """Fir trees on a line (side, side), the smaller and higher first."""
        for k in range(count):
            x, share = self.look.some(-0.02, 1.02), k / max(count - 1, 1)
            column = min(max(int(x * self.x.shape[1]), 0), self.x.shape[1] - 1)
            h = (size[0] + (size[1] - size[0]) * share) * self.look.some(0.75, 1.25)
            y = foot[0, column] - 0.25 * h - 0.06 * share
            up = (self.y - y) / h
            tier = 0.3 * h * (1 - up) * (1.15 - 0.5 * (up * 4.5 % 1)) + 0.004 * np.sin(self.y * 400)
            inside = (np.abs(self.x - x) < tier) & (up > 0.08) & (up < 1)
            self.fill((np.abs(self.x - x) < 0.035 * h) & (up > 0) & (up < 0.3), "4a3424")
            self.fill(inside, linear(code)[:, 0] * self.look.some(0.75, 1.25))
            if snow:
                self.fill(inside & (up * 4.5 % 1 < 0.35) & (noise(self.x, self.y, 0.3) > -0.6), "eef3f9")


def peaks(
    canvas: Canvas, height: float, rise: float, code: str, size: float = 2.2, snow: float | None = None
) -> np.ndarray:
    """A range of mountains with lit and shaded slopes, white above `snow`; gives its line."""
    line = canvas.line(height, rise, size)
    slope = noise(canvas.x * 1.5 + canvas.y * 0.9, canvas.y * 0.7 - canvas.x * 0.4 + height, 0.9)
    shade = (0.9 + 0.3 * step(slope, -0.25, 0.25))[..., None] * linear(code)[:, 0]
    inside = canvas.y < line
    canvas.fill(inside, shade)
    if snow is not None:
        white = step(canvas.y + 0.035 * slope - 0.35 * (line - canvas.y), snow, snow + 0.015)
        canvas.fill(inside * white, linear("f4f7fb")[:, 0] * (0.72 + 0.28 * step(slope, -0.2, 0.3))[..., None])
    return line


def stars(canvas: Canvas, look: Look, amount: float) -> None:
    """Stars of many brightnesses."""
    for _ in range(int(320 * amount)):
        x, y, r = look.some(0, 1), look.some(0.3, 1), 0.0035 * look.some(0.4, 1) ** 2 + 0.0012
        side = len(canvas.y)
        i, j, w = int((1 - y) * (side - 1)), int(x * (side - 1)), 4
        part = np.s_[max(i - w, 0) : i + w + 1, max(j - w, 0) : j + w + 1]
        canvas.image[part] += np.exp(-(((canvas.x[part] - x) ** 2 + (canvas.y[part] - y) ** 2) / r**2))[
            ..., None
        ] * look.some(0.4, 1.2)
