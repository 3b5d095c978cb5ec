"""A maker of pages: digits and letters in many hands and pens, on many papers, with the places where they stand."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

# Strokes of each character: points that the pen passes, x to the right and y downwards in a box of height 1.
# A smooth curve goes through them; a point given twice is a corner.
SHAPES = {
    "0": ["0.42,0.02 0.15,0.15 0.05,0.5 0.15,0.88 0.38,0.98 0.62,0.85 0.68,0.45 0.6,0.12 0.4,0.02"],
    "1": ["0.3,0.0 0.3,0.35 0.3,0.7 0.3,1.0"],
    "1 flag": ["0.08,0.28 0.3,0.03 0.3,0.03 0.31,0.5 0.3,1.0"],
    "1 foot": ["0.08,0.25 0.32,0.02 0.32,0.02 0.32,0.5 0.32,0.98", "0.08,0.98 0.58,0.98"],
    "2": ["0.08,0.25 0.2,0.05 0.45,0.02 0.6,0.2 0.5,0.5 0.25,0.8 0.05,0.97 0.05,0.97 0.4,0.96 0.68,0.97"],
    "2 loop": [
        "0.1,0.22 0.22,0.05 0.45,0.02 0.6,0.2 0.52,0.5 0.35,0.78 0.18,0.97 0.06,0.92 0.1,0.78 0.28,0.8 "
        "0.5,0.95 0.72,0.93"
    ],
    "3": ["0.08,0.15 0.3,0.01 0.55,0.15 0.5,0.38 0.25,0.48 0.25,0.48 0.58,0.58 0.62,0.82 0.35,0.99 0.05,0.86"],
    "4": ["0.42,0.02 0.2,0.35 0.05,0.66 0.05,0.66 0.4,0.66 0.7,0.64", "0.52,0.35 0.5,0.7 0.49,1.0"],
    "5": [
        "0.12,0.02 0.1,0.25 0.08,0.45 0.08,0.45 0.35,0.38 0.6,0.55 0.58,0.85 0.32,0.99 0.05,0.9",
        "0.12,0.03 0.6,0.02",
    ],
    "6": ["0.5,0.02 0.22,0.25 0.06,0.62 0.18,0.95 0.45,0.97 0.6,0.75 0.45,0.55 0.2,0.6 0.08,0.75"],
    "7": ["0.05,0.04 0.35,0.05 0.62,0.03 0.62,0.03 0.45,0.4 0.3,0.7 0.22,1.0"],
    "8": ["0.55,0.15 0.35,0.01 0.12,0.15 0.2,0.4 0.5,0.58 0.6,0.82 0.35,0.99 0.1,0.85 0.2,0.6 0.5,0.38 0.55,0.15"],
    "9": ["0.58,0.2 0.35,0.02 0.1,0.15 0.12,0.42 0.38,0.48 0.58,0.22 0.58,0.22 0.55,0.6 0.45,1.0"],
    "A": ["0.0,1.0 0.2,0.45 0.35,0.0 0.35,0.0 0.52,0.5 0.7,1.0", "0.14,0.62 0.57,0.62"],
    "B": ["0.08,0.0 0.08,1.0", "0.08,0.03 0.45,0.05 0.5,0.35 0.1,0.47 0.1,0.47 0.58,0.6 0.55,0.92 0.08,0.98"],
    "E": ["0.6,0.02 0.08,0.02 0.08,0.02 0.08,0.98 0.08,0.98 0.62,0.97", "0.08,0.48 0.5,0.48"],
    "K": ["0.08,0.0 0.08,1.0", "0.6,0.02 0.1,0.52 0.1,0.52 0.62,1.0"],
    "X": ["0.02,0.02 0.65,1.0", "0.65,0.0 0.0,1.0"],
}
# Width of the stroke in parts of the digit's height, darkness, grain.
PENS = {
    "ballpoint": (0.035, 0.8, 0.1),
    "pencil": (0.045, 0.5, 0.35),
    "felt": (0.08, 0.85, 0.0),
    "marker": (0.15, 0.95, 0.0),
    "brush": (0.22, 0.9, 0.0),
}
PAPERS = (
    "white",
    "lined",
    "squared",
    "coloured",
    "dark",
    "shaded",
    "textured",
    "noisy",
    "compressed",
    "blackboard",
    "table",
    "hand",
    "sketch",
    "white sketch",
    "transparent",
)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A picture, uint8 (H, W, 3) or (H, W, 4), and for each character (left, top, right, bottom) in its pixels."""

    pixels: np.ndarray
    text: str
    boxes: list[tuple[float, float, float, float]]


def page(text: str, paper: str, rng: np.random.Generator, pen: str = "felt", size=(640, 480)) -> Sheet:
    """Characters in a row on one of PAPERS, with one of PENS; an empty text leaves the paper blank."""
    width, height = size
    left, top, right, bottom = (0.3, 0.3, 0.7, 0.8) if paper == "hand" else (0.12, 0.12, 0.88, 0.88)
    ink, boxes = write(text, rng, pen, size, (left * width, top * height, right * width, bottom * height))
    if "sketch" in paper or paper == "transparent":
        pixels = _sketch(ink, paper)
    else:
        pixels = _photograph(ink, paper, rng)
    return Sheet(pixels, text, boxes)


def write(text: str, rng: np.random.Generator, pen: str, size, area) -> tuple[np.ndarray, list]:
    """The ink, float32 (H, W) in [0, 1], of characters in a row within an area, and their boxes."""
    left, top, right, bottom = area
    cell = (right - left) / max(len(text), 1)
    thickness, darkness, grain = PENS[pen]
    tall = min((bottom - top) / (1.2 + thickness), cell / (0.95 + thickness)) * rng.uniform(0.75, 1)
    canvas, boxes = Image.new("L", (2 * size[0], 2 * size[1])), []
    draw = ImageDraw.Draw(canvas)
    middle = rng.uniform(0.3, 0.7)
    for k, character in enumerate(text):
        x = left + k * cell + (cell - 0.7 * tall) / 2 + rng.normal() * 0.02 * cell
        y = top + (bottom - top - tall) * middle + rng.uniform(-0.1, 0.1) * tall
        radius = thickness * tall / 2 * rng.uniform(0.85, 1.15)
        lines = [tall * line + (x, y) for line in strokes(character, rng)]
        for line in lines:
            _pen(draw, 2 * line, 2 * radius, rng)
        points = np.concatenate(lines)
        boxes.append((*(points.min(0) - radius), *(points.max(0) + radius)))
    ink = np.asarray(canvas.resize(size, Image.Resampling.BOX), np.float32) / 255
    if grain:
        ink = ink * (1 - grain * _noise(ink.shape, 1.0, rng).clip(-1, 2).clip(0))
    return (darkness * ink).astype(np.float32), boxes


def strokes(character: str, rng: np.random.Generator) -> list[np.ndarray]:
    """The pen's way, float (N, 2) a stroke, in a box of height 1: another hand each time."""
    names = [name for name in SHAPES if name[0] == character]
    shape = SHAPES[names[rng.integers(len(names))]]
    slant, turn = rng.normal() * 0.12, rng.normal() * 0.06
    squeeze = np.diag([rng.uniform(0.8, 1.1), 1.0])
    hand = squeeze @ np.array([[1.0, 0.0], [-slant, 1.0]]) @ _turn(turn)
    lines = []
    for line in shape:
        points = np.array([[float(value) for value in point.split(",")] for point in line.split()])
        corner = np.append((np.diff(points, axis=0) == 0).all(1), False)
        moved = points + rng.normal(size=points.shape) * 0.018
        moved[1:][corner[:-1]] = moved[:-1][corner[:-1]]
        parts = np.split(moved, np.flatnonzero(corner) + 1)
        lines.append(np.concatenate([_curve(part) for part in parts if len(part) > 1]) @ hand)
    every = np.concatenate(lines)
    low, high = every.min(0), every.max(0)
    middle = 0.35 - (low[0] + high[0]) / 2 / (high[1] - low[1])
    return [(line - (0, low[1])) / (high[1] - low[1]) + (middle, 0) for line in lines]


def _turn(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _curve(points: np.ndarray) -> np.ndarray:
    """A Catmull-Rom curve through the points."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, 24)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(b + (c - a) / 2 * t + (a - 2.5 * b + 2 * c - d / 2) * t**2 + (1.5 * (b - c) + (d - a) / 2) * t**3)
    return np.concatenate(pieces)


def _pen(draw: ImageDraw.ImageDraw, line: np.ndarray, radius: float, rng: np.random.Generator) -> None:
    """A round pen that is pressed more and less along its way."""
    pressure = 1 + 0.12 * np.sin(np.linspace(0, rng.uniform(2, 7), len(line)) + rng.uniform(0, 6))
    radii = np.maximum(radius * pressure, 0.9)
    for a, b, r in zip(line, line[1:], radii, strict=False):
        draw.line([tuple(a), tuple(b)], fill=255, width=max(1, round(2 * r)))
    for (x, y), r in zip(line, radii, strict=True):
        draw.ellipse([x - r, y - r, x + r, y + r], fill=255)


def _noise(shape, blur: float, rng: np.random.Generator) -> np.ndarray:
    """Smooth noise of unit deviation, float32."""
    height, width = shape
    step = max(1.0, blur)
    rough = rng.normal(size=(int(height / step) + 4, int(width / step) + 4)).astype(np.float32)
    smooth = np.asarray(Image.fromarray(rough).resize((width, height), Image.Resampling.BICUBIC))
    return smooth / smooth.std()


def _sketch(ink: np.ndarray, paper: str) -> np.ndarray:
    grey = np.rint(255 * (ink / max(ink.max(), 1e-6))).astype(np.uint8)
    if paper == "sketch":
        return np.dstack(3 * [255 - grey])
    if paper == "white sketch":
        return np.dstack(3 * [grey])
    return np.dstack([*3 * [np.zeros_like(grey)], grey])


def _photograph(ink: np.ndarray, paper: str, rng: np.random.Generator) -> np.ndarray:
    height, width = ink.shape
    colour, pen = np.array([236, 234, 228], np.float32), np.array([30, 32, 60], np.float32)
    if paper == "coloured":
        colour = np.array([[250, 215, 90], [240, 170, 180], [150, 200, 235], [165, 215, 150]], np.float32)[
            rng.integers(4)
        ]
    if paper == "dark":
        colour, pen = np.array([52, 48, 60], np.float32), np.array([235, 230, 215], np.float32)
    if paper == "blackboard":
        colour, pen = np.array([44, 70, 58], np.float32), np.array([225, 225, 215], np.float32)
        ink = ink * (0.85 + 0.15 * _noise(ink.shape, 1.5, rng)).clip(0, 1)
    sheet = np.broadcast_to(colour, (height, width, 3)).copy()
    if paper in ("lined", "squared"):
        _rule(sheet, paper == "squared", rng)
    if paper == "blackboard":  # wiped, not washed
        sheet += 5 * _noise((height, width), 40, rng)[..., None]
    if paper == "textured":
        sheet += 5 * _noise((height, width), 2.5, rng)[..., None] + 3 * _noise((height, width), 12, rng)[..., None]
    sheet += ink[..., None] * (pen - sheet)
    if paper == "hand":
        sheet = _held(sheet, rng)
    if paper == "table":
        sheet = _on_a_table(sheet, rng)
    return _camera(sheet, paper, rng)


def _rule(sheet: np.ndarray, squared: bool, rng: np.random.Generator) -> None:
    """Blue lines, a little turned as in a photograph."""
    height, width = sheet.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle, step = rng.uniform(-0.08, 0.08), height / (18 if squared else 10)
    blue, thick = np.array([120, 150, 205], np.float32), max(1.0, height / 400)
    across = [y * np.cos(angle) - x * np.sin(angle)] + [x * np.cos(angle) + y * np.sin(angle)] * squared
    for distance in across:
        line = (1 - (np.abs(distance % step - step / 2) - thick / 2).clip(0, 1))[..., None]
        sheet += line * 0.75 * (blue - sheet)


def _held(sheet: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The middle of a sheet held up before a room, with a face above it and two thumbs on it."""
    height, width = sheet.shape[:2]
    room = Image.new("RGB", (width, height), (96, 88, 80))
    draw = ImageDraw.Draw(room)
    for _ in range(9):  # shelves with books, a window, a lamp
        x, y = rng.uniform(0, width), rng.uniform(0, height * 0.7)
        shade = tuple(int(value) for value in rng.integers(20, 190, 3))
        draw.rectangle([x, y, x + rng.uniform(0.03, 0.2) * width, y + rng.uniform(0.1, 0.4) * height], fill=shade)
    draw.ellipse([0.38 * width, -0.1 * height, 0.62 * width, 0.32 * height], fill=(205, 160, 135))
    for x in (0.44, 0.54):
        draw.ellipse([x * width, 0.07 * height, (x + 0.03) * width, 0.1 * height], fill=(50, 35, 30))
    draw.rectangle([0.3 * width, 0.32 * height, 0.7 * width, height], fill=(60, 70, 110))
    room = np.asarray(room.filter(ImageFilter.GaussianBlur(width / 300)), np.float32)
    lean = rng.uniform(-0.03, 0.03, 8) * width
    corners = np.array([0.27, 0.27, 0.73, 0.25, 0.74, 0.86, 0.26, 0.85]) * np.tile([width, height], 4) + lean
    mask = Image.new("L", (width, height))
    ImageDraw.Draw(mask).polygon([tuple(corner) for corner in corners.reshape(4, 2)], fill=255)
    mask = np.asarray(mask.filter(ImageFilter.GaussianBlur(1)), np.float32)[..., None] / 255
    held = Image.fromarray(np.rint(room + mask * (0.92 * sheet - room)).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(held)
    for x, y in ((0.2, 0.6), (0.69, 0.62)):
        draw.ellipse([x * width, y * height, (x + 0.1) * width, (y + 0.08) * height], fill=(214, 165, 140))
    return np.asarray(held, np.float32)


def _on_a_table(sheet: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A sheet that lies on a wooden table, of which two edges show."""
    height, width = sheet.shape[:2]
    grain = _noise((height, 8), 1, rng)[:, :1] * 9
    wood = np.array([120, 84, 52], np.float32) + grain[..., None] + 4 * _noise((height, width), 6, rng)[..., None]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    inside = (x - 0.06 * width - 0.05 * y).clip(-0.5, 0.5) + 0.5
    inside *= (0.94 * height - y + 0.03 * x).clip(-0.5, 0.5) + 0.5
    return wood + inside[..., None] * (sheet - wood)


def _camera(sheet: np.ndarray, paper: str, rng: np.random.Generator) -> np.ndarray:
    """Light that falls off, blur, noise and compression."""
    height, width = sheet.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    a, b = rng.uniform(-1, 1, 2)
    fall = 0.55 if paper == "shaded" else 0.12
    light = 1 - fall * (0.5 + 0.25 * (a * x + b * y) + 0.25 * (x * x + y * y))
    if paper == "shaded":  # the shadow of a hand
        light *= 1 - 0.35 / (1 + np.exp((x + 0.5 * y * np.sign(a) - 0.3 * b) * 12))
    picture = sheet * light[..., None]
    picture = np.asarray(Image.fromarray(picture.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6)))
    picture = picture + rng.normal(size=picture.shape) * (14 if paper == "noisy" else 2.5)
    picture = Image.fromarray(np.rint(picture).clip(0, 255).astype(np.uint8))
    if paper == "compressed":
        return _jpeg(picture, 20)
    return np.asarray(picture)


def _jpeg(picture: Image.Image, quality: int) -> np.ndarray:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))
