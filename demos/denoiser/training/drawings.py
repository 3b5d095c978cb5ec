"""Patches that were drawn: text, lines, hatchings, boxes and blends of colours, as on screens and printed pages."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;+-=()/&%"
FEWEST, MOST = 3, 14  # things in a patch
TEXT_SIZES, LINE_WIDTHS, PERIODS = (8, 30), (1, 4), (1, 6)  # pixels


def draw(side: int, rng: np.random.Generator) -> np.ndarray:
    """A patch uint8 (side, side, 3)."""
    picture = Image.fromarray(_blend(side, rng))
    canvas = ImageDraw.Draw(picture)
    canvas.fontmode = "1" if rng.random() < 0.2 else "L"
    for _ in range(rng.integers(FEWEST, MOST)):
        kind = rng.choice([_write, _trace, _frame, _hatch], p=[0.5, 0.2, 0.2, 0.1])
        kind(canvas, side, rng)
    return np.asarray(picture)


def _blend(side: int, rng: np.random.Generator) -> np.ndarray:
    """One colour, mostly white, black or grey, or in a third of all patches a blend of two."""
    colours = [np.array(_colour(rng)) for _ in range(2)]
    if rng.random() < 2 / 3:
        return np.broadcast_to(colours[0], (side, side, 3)).astype(np.uint8)
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.indices((side, side)) / side - 0.5
    share = (0.5 + np.cos(angle) * y + np.sin(angle) * x).clip(0, 1)[..., None]
    return np.rint(colours[0] + share * (colours[1] - colours[0])).astype(np.uint8)


def _colour(rng: np.random.Generator) -> tuple[int, ...]:
    if rng.random() < 0.6:
        return (int(rng.choice([0, 255, rng.integers(256)])),) * 3
    return tuple(int(value) for value in rng.integers(256, size=3))


def _write(canvas: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    text = "".join(rng.choice(list(LETTERS), rng.integers(2, 16)))
    font = ImageFont.load_default(int(rng.integers(*TEXT_SIZES)))
    canvas.text(_places(rng, side, 1)[0], text, _colour(rng), font, anchor="mm")


def _trace(canvas: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    points = _places(rng, side, int(rng.integers(2, 6)))
    canvas.line(points, _colour(rng), int(rng.integers(*LINE_WIDTHS)))


def _frame(canvas: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    (left, top), (right, bottom) = np.sort(_places(rng, side, 2), axis=0).tolist()
    shape = canvas.ellipse if rng.random() < 0.4 else canvas.rectangle
    fill = _colour(rng) if rng.random() < 0.5 else None
    shape((left, top, right, bottom), fill, _colour(rng), int(rng.integers(*LINE_WIDTHS)))


def _hatch(canvas: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    """A field of parallel lines, or of squares as on a chess board."""
    (left, top), (right, bottom) = np.sort(_places(rng, side, 2), axis=0).tolist()
    period, colour = int(rng.integers(*PERIODS)), _colour(rng)
    y, x = np.indices((bottom - top + 1, right - left + 1)) // period
    slope = rng.choice([0, 1, 2])
    field = [y, y + x, y % 2 + x % 2][slope] % 2
    canvas.bitmap((left, top), Image.fromarray((255 * field).astype(np.uint8)), colour)


def _places(rng: np.random.Generator, side: int, count: int) -> list[tuple[int, int]]:
    return [tuple(int(value) for value in place) for place in rng.integers(0, side, (count, 2))]
