"""Pictures of digits on paper, drawn here, so that the tab opens with an answer."""

import functools
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIZE = WIDTH, HEIGHT = 480, 360
# Strokes through these points, in a square of side 1; a digit that is not wanted is there as well.
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


def sketch() -> list[list[list[int]]]:
    """A 2 for the sketch pad: strokes of points in thousandths of its height."""
    return [((430, 180) + 640 * _smooth(curve)).round().astype(int).tolist() for curve in CURVES["2"]]


@functools.cache
def files() -> dict[str, str]:
    """Paths of the example pictures, by caption."""
    folder = Path(_folder().name)
    pictures = {"A page": page(), "Chalk": board(), "In the shade": note(), "A seven": seven()}
    for number, picture in enumerate(pictures.values()):
        Image.fromarray(picture).save(folder / f"{number}.jpg", quality=90)
    return {caption: str(folder / f"{number}.jpg") for number, caption in enumerate(pictures)}


@functools.cache
def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="loupe-digits-")


def page() -> np.ndarray:
    """2, 0 and 1 with a blue pen on lined paper."""
    ink = _written([("2", 60, 100, 120), ("0", 190, 108, 112), ("1", 315, 96, 126)], 8)
    rules = np.repeat((np.arange(HEIGHT) % 36 < 2)[:, None], WIDTH, axis=1) * np.float32(0.35)
    paper = _inked(_sheet(249, 246, 238), rules, (120, 160, 205))
    return _photographed(_inked(paper, ink, (28, 42, 120)), 0.25, 3)


def board() -> np.ndarray:
    """A 1 in chalk on a blackboard."""
    grain = _grain()[..., 0] > -1.2
    ink = _written([("1", 130, 60, 230)], 15) * grain
    return _photographed(_inked(_sheet(44, 62, 54), ink, (232, 230, 220)), 0.2, 5)


def note() -> np.ndarray:
    """A 0 with a felt pen on a yellow note, half in the shade."""
    across = np.arange(WIDTH, dtype=np.float32) + 0.5 * np.arange(HEIGHT, dtype=np.float32)[:, None]
    shadow = 0.45 / (1 + np.exp((across - 300) / 14))
    written = _inked(_sheet(245, 222, 110), _written([("0", 140, 70, 210)], 17), (35, 32, 30))
    return _photographed(_inked(written, shadow, (0, 0, 0)), 0.1, 4)


def seven() -> np.ndarray:
    """A 7 with a pencil on squared paper."""
    squares = ((np.arange(HEIGHT) % 30 < 1)[:, None] | (np.arange(WIDTH) % 30 < 1)) * np.float32(0.5)
    paper = _inked(_sheet(246, 246, 243), squares, (150, 170, 190))
    return _photographed(_inked(paper, _written([("7", 140, 75, 200)], 9), (70, 70, 74)), 0.3, 4)


def _smooth(points: list[tuple[float, float]], steps: int = 8) -> np.ndarray:
    """A Catmull-Rom spline through the points, float (n, 2)."""
    p = np.array([points[0], *points, points[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.vstack([*pieces, p[-1:]])


def _written(digits: list[tuple[str, int, int, int]], width: int) -> np.ndarray:
    """Digits, each with its left, its top and its height in pixels -> where there is ink, float32 (h, w) in [0, 1]."""
    sheet = Image.new("L", (2 * WIDTH, 2 * HEIGHT))
    pen = ImageDraw.Draw(sheet)
    for digit, left, top, height in digits:
        for curve in CURVES[digit]:
            at = [(float(x), float(y)) for x, y in 2 * (_smooth(curve) * height + (left, top))]
            pen.line(at, 255, 2 * width)
            for x, y in at:
                pen.ellipse((x - width + 1, y - width + 1, x + width - 1, y + width - 1), 255)
    return np.asarray(sheet.reduce(2), np.float32) / 255


def _sheet(*colour: int) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), colour, np.float32)


def _inked(paper: np.ndarray, ink: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    return paper + ink[..., None] * (np.array(colour, np.float32) - paper)


def _photographed(sheet: np.ndarray, shade: float, noise: float) -> np.ndarray:
    """Light that falls off to the right and the bottom, and the noise of a camera."""
    across, down = np.linspace(0, 1, WIDTH, dtype=np.float32), np.linspace(0, 1, HEIGHT, dtype=np.float32)
    light = 1 - shade * (across + down[:, None]) / 2
    return (sheet * light[..., None] + noise * _grain()).clip(0, 255).astype(np.uint8)


@functools.cache
def _grain() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((HEIGHT, WIDTH, 1), np.float32)
