"""`python -m demos.digits.draw`: the example pictures, digits on paper as a camera would take them."""

import functools
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from demos.digits.curves import CURVES, smooth

SIZE = WIDTH, HEIGHT = 480, 360
FOLDER = Path(__file__).with_name("examples")


def draw(folder: Path) -> None:
    """Write the four pictures into a folder, as WebP files of 480x360 pixels."""
    folder.mkdir(exist_ok=True)
    for picture in (page, board, note, seven):
        Image.fromarray(picture()).save(folder / f"{picture.__name__}.webp", quality=80, method=6)


def page() -> np.ndarray:
    """2, 0 and 1 with a blue pen on lined paper."""
    ink = _write([("2", 60, 100, 120), ("0", 190, 108, 112), ("1", 315, 96, 126)], 8)
    rules = np.repeat((np.arange(HEIGHT) % 36 < 2)[:, None], WIDTH, axis=1) * np.float32(0.35)
    paper = _ink(_fill(249, 246, 238), rules, (120, 160, 205))
    return _photograph(_ink(paper, ink, (28, 42, 120)), 0.25, 3)


def board() -> np.ndarray:
    """A 1 in chalk on a blackboard."""
    grain = _grain()[..., 0] > -1.2
    ink = _write([("1", 130, 60, 230)], 15) * grain
    return _photograph(_ink(_fill(44, 62, 54), ink, (232, 230, 220)), 0.2, 5)


def note() -> np.ndarray:
    """A 0 with a felt pen on a yellow note, half in the shade."""
    across = np.arange(WIDTH, dtype=np.float32) + 0.5 * np.arange(HEIGHT, dtype=np.float32)[:, None]
    shadow = 0.45 / (1 + np.exp((across - 300) / 14))
    written = _ink(_fill(245, 222, 110), _write([("0", 140, 70, 210)], 17), (35, 32, 30))
    return _photograph(_ink(written, shadow, (0, 0, 0)), 0.1, 4)


def seven() -> np.ndarray:
    """A 7 with a pencil on squared paper."""
    squares = ((np.arange(HEIGHT) % 30 < 1)[:, None] | (np.arange(WIDTH) % 30 < 1)) * np.float32(0.5)
    paper = _ink(_fill(246, 246, 243), squares, (150, 170, 190))
    return _photograph(_ink(paper, _write([("7", 140, 75, 200)], 9), (70, 70, 74)), 0.3, 4)


def _write(digits: list[tuple[str, int, int, int]], width: int) -> np.ndarray:
    """Digits, each with its left, its top and its height in pixels -> where there is ink, float32 (h, w) in [0, 1]."""
    sheet = Image.new("L", (2 * WIDTH, 2 * HEIGHT))
    pen = ImageDraw.Draw(sheet)
    for digit, left, top, height in digits:
        for curve in CURVES[digit]:
            at = [(float(x), float(y)) for x, y in 2 * (smooth(curve) * height + (left, top))]
            pen.line(at, 255, 2 * width)
            for x, y in at:
                pen.ellipse((x - width + 1, y - width + 1, x + width - 1, y + width - 1), 255)
    return np.asarray(sheet.reduce(2), np.float32) / 255


def _fill(*colour: int) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), colour, np.float32)


def _ink(paper: np.ndarray, ink: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    return paper + ink[..., None] * (np.array(colour, np.float32) - paper)


def _photograph(sheet: np.ndarray, shade: float, noise: float) -> np.ndarray:
    """Light that falls off to the right and the bottom, and the noise of a camera."""
    across, down = np.linspace(0, 1, WIDTH, dtype=np.float32), np.linspace(0, 1, HEIGHT, dtype=np.float32)
    light = 1 - shade * (across + down[:, None]) / 2
    return (sheet * light[..., None] + noise * _grain()).clip(0, 255).astype(np.uint8)


@functools.cache
def _grain() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((HEIGHT, WIDTH, 1), np.float32)


if __name__ == "__main__":
    draw(FOLDER)
