"""Garments that are drawn, not photographed: ten kinds in many colours, on many grounds.

`draw("skirt", 3)` is always the same picture, and another than `draw("skirt", 4)`. Shapes are half outlines, as
garments are symmetric: x from the middle to the right, y from above to below, the picture is 1 wide and high.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from demos.clothing.predict import CLASSES

SIDE = 256
FINE = 3  # times SIDE, at which shapes are drawn
COLOURS = {
    "white": (236, 234, 228), "black": (38, 38, 42), "grey": (140, 142, 146), "navy": (36, 48, 86),
    "blue": (64, 104, 168), "light blue": (150, 186, 216), "red": (178, 44, 46), "pink": (222, 150, 170),
    "green": (62, 112, 76), "olive": (110, 108, 66), "yellow": (222, 186, 76), "orange": (212, 116, 52),
    "brown": (112, 78, 56), "beige": (206, 186, 154), "purple": (112, 74, 136), "turquoise": (70, 156, 158),
}  # fmt: skip
GROUNDS = ((166, 128, 92), (206, 196, 182), (224, 222, 218), (120, 118, 116), (178, 190, 200), (150, 110, 80))
Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Part:
    """A closed outline, or a line where it has a width. tone: of the cloth's colour. is_white: buttons, soles."""

    points: Points
    tone: float = 1.0
    width: float = 0.0
    is_white: bool = False
    is_sharp: bool = False


def _both(*half: tuple[float, float], **options) -> Part:
    """An outline of which the right half is given, from above to below."""
    return Part([*half, *[(-x, y) for x, y in half[::-1]]], **options)


def _line(*points: tuple[float, float], width: float = 0.006, tone: float = 0.72, **options) -> Part:
    return Part(list(points), tone, width, **options)


def _twin(part: Part) -> tuple[Part, Part]:
    """A part and its mirror image."""
    return part, Part([(-x, y) for x, y in part.points], part.tone, part.width, part.is_white, part.is_sharp)


def _ellipse(x: float, y: float, wide: float, high: float, **options) -> Part:
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return Part([(x + wide * np.cos(a), y + high * np.sin(a)) for a in angles], **options)


_NECK = ((0, -0.345), (0.06, -0.365), (0.1, -0.42))
_BACK = ((0, -0.41), (0.1, -0.42), (0.06, -0.365), (0, -0.345))


def _t_shirt(rng):
    hem, wide = rng.uniform(0.32, 0.42), rng.uniform(0.2, 0.25)
    yield _both(*_NECK, (0.23, -0.37), (0.41, -0.19), (0.31, -0.07), (wide, -0.17), (wide, hem), (0, hem + 0.01))
    yield _both(*_BACK, tone=0.6)
    yield from _twin(_line((wide, -0.17), (0.23, -0.36)))
    yield from _twin(_line((0.395, -0.175), (0.3, -0.075)))
    yield from _print(rng)


def _print(rng) -> Iterator[Part]:
    kind = rng.integers(4)
    if kind == 0:
        yield _ellipse(0, -0.08, 0.09, 0.09, is_white=True, tone=rng.uniform(0.3, 1))
    elif kind == 1:
        yield from (_line((-0.2, y), (0.2, y), width=0.025, tone=1.5) for y in np.arange(-0.15, 0.3, 0.09))
    elif kind == 2:
        yield _both((0, -0.14), (0.11, -0.14), (0.11, -0.02), (0, -0.02), tone=0.5, is_sharp=True)


def _sleeves(rng, wide: float, cuff: float) -> Part:
    hem, reach = rng.uniform(0.34, 0.42), rng.uniform(0.4, 0.46)
    wrist = ((reach, cuff), (reach - 0.09, cuff + 0.03))
    return _both(*_NECK, (0.23, -0.37), (0.31, -0.3), *wrist, (wide, -0.12), (wide, hem), (0, hem + 0.01))


def _longsleeve(rng):
    wide, cuff = rng.uniform(0.2, 0.24), rng.uniform(0.2, 0.3)
    yield _sleeves(rng, wide, cuff)
    yield _both(*_BACK, tone=0.6)
    yield from _twin(_line((wide, -0.13), (0.23, -0.36)))
    yield from _print(rng)


def _shirt(rng):
    yield _sleeves(rng, rng.uniform(0.21, 0.25), 0.27)
    yield _both((0, -0.42), (0.1, -0.44), (0.05, -0.36), (0, -0.33), tone=0.6)
    yield from _twin(Part([(0, -0.34), (0.1, -0.44), (0.13, -0.37), (0.06, -0.27)], 1.12, is_sharp=True))
    yield _line((0.025, -0.33), (0.025, 0.36))
    yield from (_ellipse(0, y, 0.008, 0.008, is_white=True) for y in np.linspace(-0.28, 0.3, 7))
    yield Part([(0.07, -0.17), (0.17, -0.17), (0.17, -0.06), (0.12, -0.04), (0.07, -0.06)], 0.88, is_sharp=True)
    if rng.random() < 0.5:
        yield from (_line((x, -0.34), (x, 0.36), width=0.004, tone=1.3) for x in np.arange(-0.18, 0.19, 0.045))


def _outwear(rng):
    hem = rng.uniform(0.32, 0.44)
    yield _both((0, -0.4), (0.12, -0.43), (0.27, -0.36), (0.37, -0.2), (0.47, 0.26), (0.34, 0.3), (0.28, -0.06),
                (0.28, hem), (0, hem))  # fmt: skip
    if rng.random() < 0.6:
        yield _both((0, -0.47), (0.1, -0.46), (0.14, -0.38), (0.08, -0.31), (0, -0.29), tone=0.75)
    else:
        yield from _twin(Part([(0, -0.3), (0.1, -0.45), (0.16, -0.36), (0.05, -0.2)], 1.15, is_sharp=True))
    yield _line((0, -0.3), (0, hem), width=0.012, tone=0.35)
    if rng.random() < 0.6:
        yield from (_line((-0.27, y), (0.27, y), width=0.009) for y in np.arange(-0.2, hem, 0.095))
    yield from _twin(_line((0.1, 0.1), (0.2, 0.2), width=0.012, tone=0.5))


def _pants(rng):
    leg, open_ = rng.uniform(0.1, 0.15), rng.uniform(0.01, 0.06)
    yield _both((0, -0.43), (0.17, -0.44), (0.21, -0.2), (open_ + leg, 0.45), (open_, 0.455), (0.01, -0.14), (0, -0.16))
    yield _both((0, -0.435), (0.17, -0.44), (0.175, -0.395), (0, -0.39), tone=0.82, is_sharp=True)
    yield _line((0, -0.4), (0, -0.17))
    yield from _twin(_line((0.09, -0.39), (0.13, -0.31), (0.19, -0.29)))
    yield from _twin(_line((0.11, -0.2), (open_ + leg / 2, 0.44), width=0.008, tone=1.18))


def _shorts(rng):
    hem = rng.uniform(0.12, 0.26)
    yield _both((0, -0.3), (0.25, -0.31), (0.31, -0.1), (0.38, hem), (0.06, hem + 0.05), (0.01, 0), (0, -0.02))
    yield _both((0, -0.305), (0.25, -0.31), (0.255, -0.24), (0, -0.235), tone=0.82, is_sharp=True)
    yield _line((0, -0.24), (0, -0.03))
    yield from _twin(_line((0.375, hem - 0.03), (0.06, hem + 0.02)))
    if rng.random() < 0.5:
        yield from _twin(_line((0.01, -0.27), (0.04, -0.08), width=0.012, is_white=True))


def _skirt(rng):
    hem, wide = rng.uniform(0.2, 0.42), rng.uniform(0.28, 0.42)
    yield _both((0, -0.34), (0.16, -0.35), (0.24, -0.15), (wide, hem), (0, hem + 0.05))
    yield _both((0, -0.345), (0.16, -0.35), (0.165, -0.29), (0, -0.285), tone=0.75, is_sharp=True)
    yield from (_line((0.42 * x, -0.28), (x, hem + 0.03), tone=0.8) for x in np.linspace(-wide, wide, 11)[1:-1])


def _dress(rng):
    waist, wide = rng.uniform(-0.14, -0.02), rng.uniform(0.24, 0.36)
    top = ((0, -0.33), (0.07, -0.36), (0.09, -0.46), (0.14, -0.46), (0.17, -0.28))
    yield _both(*top, (0.13, waist), (wide, 0.43), (0, 0.46))
    yield from (_line((0.3 * x, waist + 0.03), (x, 0.43), tone=0.84) for x in np.linspace(-wide, wide, 8)[1:-1])
    yield _both((0, waist), (0.133, waist - 0.01), (0.137, waist + 0.025), (0, waist + 0.035), tone=0.6, is_sharp=True)


def _hat(rng):
    if rng.random() < 0.5:  # a knitted cap
        yield _both((0, -0.27), (0.16, -0.24), (0.27, -0.1), (0.3, 0.12), (0, 0.14))
        yield from (_line((0.35 * x, -0.22), (x, 0.1), tone=0.86) for x in np.linspace(-0.27, 0.27, 13))
        yield _both((0, 0.06), (0.31, 0.05), (0.32, 0.23), (0, 0.25), tone=0.85, is_sharp=True)
        yield _ellipse(0, -0.31, 0.08, 0.08, tone=1.2)
    else:  # a cap with a visor
        yield Part([(-0.3, 0.1), (-0.29, -0.1), (-0.15, -0.27), (0.05, -0.27), (0.18, -0.12), (0.2, 0.1)])
        yield Part([(0.05, 0.04), (0.22, 0.03), (0.42, 0.12), (0.45, 0.17), (0.2, 0.14), (-0.02, 0.13)], 0.7)
        yield _line((-0.05, -0.27), (-0.02, 0.1))
        yield _line((-0.05, -0.27), (-0.2, 0.1))
        yield _ellipse(-0.05, -0.275, 0.02, 0.012, tone=0.6)


def _shoes(rng):
    for aside, lift in ((-0.02, -0.2), (0.02, 0.14)):
        shape = ((-0.36, -0.1), (-0.3, -0.14), (-0.14, -0.13), (0.02, 0), (0.26, 0.04), (0.38, 0.12), (-0.36, 0.12))
        yield Part([(x + aside, y + lift) for x, y in shape])
        sole = ((-0.37, 0.09), (0.39, 0.1), (0.4, 0.15), (-0.37, 0.15))
        yield Part([(x + aside, y + lift) for x, y in sole], is_white=True, is_sharp=True)
        yield _ellipse(-0.23 + aside, -0.12 + lift, 0.09, 0.022, tone=0.35)
        for x in np.linspace(-0.1, 0.08, 4):
            laces = (x + aside, 0.7 * x - 0.03 + lift), (x + 0.05 + aside, 0.5 * x - 0.1 + lift)
            yield _line(*laces, width=0.014, is_white=True)


SHAPES: dict[str, Callable] = dict(
    zip(CLASSES, (_t_shirt, _pants, _longsleeve, _shirt, _dress, _shoes, _shorts, _outwear, _hat, _skirt), strict=True)
)


def draw(kind: str, number: int) -> tuple[np.ndarray, str]:
    """A garment of one of CLASSES: uint8 (SIDE, SIDE, 3), and a title such as "navy skirt"."""
    rng = np.random.default_rng(zlib.crc32(f"{kind}, {number}".encode()))
    name = list(COLOURS)[rng.integers(len(COLOURS))]
    angle, scale = np.radians(rng.normal(0, 6)), rng.uniform(0.82, 1.0)
    turn = scale * np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])

    def place(points) -> list[tuple[float, float]]:
        return [tuple(row) for row in ((np.array(points) @ turn + 0.5) * SIDE * FINE)]

    parts, size = list(SHAPES[kind](rng)), (SIDE * FINE,) * 2
    ground, shape = _ground(rng), Image.new("L", size)
    cloth = Image.new("RGB", size)
    pen, mask = ImageDraw.Draw(cloth), ImageDraw.Draw(shape)
    for part in parts:
        colour = np.array(COLOURS["white"] if part.is_white else COLOURS[name], float) * part.tone
        fill = tuple(int(value) for value in colour.clip(0, 255))
        if part.width:
            pen.line(place(part.points), fill, max(1, round(part.width * SIDE * FINE)), "curve")
        else:
            points = place(part.points if part.is_sharp else _round(part.points))
            pen.polygon(points, fill)
            mask.polygon(points, 255)
    folds = 1 + 0.14 * _noise(rng, 5) + 0.07 * _noise(rng, 14) + rng.normal(0, 0.02, (SIDE, SIDE))
    colours = np.asarray(cloth.resize((SIDE, SIDE), Image.Resampling.BOX)) * folds[..., None]
    alpha = np.asarray(shape.resize((SIDE, SIDE), Image.Resampling.BOX))[..., None] / 255
    shadow = shape.filter(ImageFilter.GaussianBlur(4 * FINE)).resize((SIDE, SIDE), Image.Resampling.BOX)
    shaded = ground * (1 - 0.45 * np.roll(np.asarray(shadow) / 255, (4, 3), (0, 1))[..., None])
    return (alpha * colours + (1 - alpha) * shaded).clip(0, 255).astype(np.uint8), f"{name} {kind}"


def _round(points: Points) -> np.ndarray:
    """An outline with its corners cut twice (Chaikin, 1974)."""
    corners = np.array(points)
    for _ in range(2):
        following = np.roll(corners, -1, 0)
        corners = np.stack([0.85 * corners + 0.15 * following, 0.15 * corners + 0.85 * following], 1).reshape(-1, 2)
    return corners


def _noise(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Smooth noise, float (SIDE, SIDE), about -1 to 1. cells: hills a side."""
    coarse = Image.fromarray(rng.normal(0, 0.5, (cells, cells)).astype(np.float32))
    return np.asarray(coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def _ground(rng: np.random.Generator) -> np.ndarray:
    """What the garment lies on: float (SIDE, SIDE, 3), planks or cloth."""
    colour, light = np.array(GROUNDS[rng.integers(len(GROUNDS))], float), 1 + 0.08 * _noise(rng, 4)
    if rng.random() < 0.5:
        x = np.arange(SIDE)
        planks = rng.uniform(0.9, 1.08, 8)[x // 40] * np.where(x % 40 < 1, 0.7, 1)
        light = light * planks + 0.05 * np.repeat(_noise(rng, 60)[:1], SIDE, 0)
    return colour * (light + rng.normal(0, 0.025, (SIDE, SIDE)))[..., None]
