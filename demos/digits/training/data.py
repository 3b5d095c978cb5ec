"""What the digit networks learn from: glyphs found in pictures of digits, letters, shapes, scribbles, photographs.

Every picture goes through `segment`, as a visitor's does. A glyph is uint8 (28, 28).
"""

import math
import string
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from demos.shared import images

# Letters that a person could take for a 0, a 1 or a 2 are left out.
LETTERS = "".join(c for c in string.ascii_letters + "&$#@?3456789" if c not in "OoDQIiLlJjZzUCcrSsvN")
PAPER = 128  # pixels a side of a drawn picture
OTHER = 3  # the label of what is none of 0, 1 and 2


def draw_others(count: int, seed: int = 0) -> Iterator[np.ndarray]:
    """So many pictures, uint8 (PAPER, PAPER), of letters, shapes and scribbles in turn."""
    rng, faces = np.random.default_rng(seed), list_fonts()
    draw: list[Callable] = [lambda rng: draw_letter(rng, faces), draw_shape, draw_scribble]
    for n in range(count):
        yield draw[n % 3](rng)


def list_fonts() -> list[Path | None]:
    """Font files that Gradio carries, upright, slanted, handwritten; None is Pillow's own font."""
    files = sorted(Path(find_spec("gradio").origin).parent.rglob("KaTeX_*.ttf"))
    return [None, *{file.name: file for file in files if "Size" not in file.name and "AMS" not in file.name}.values()]


def draw_letter(rng: np.random.Generator, faces: list[Path | None]) -> np.ndarray:
    """A letter, a sign, or a digit from 3 to 9, in print."""
    while True:
        character, face = str(rng.choice(list(LETTERS))), faces[rng.integers(len(faces))]
        font = ImageFont.truetype(face, 90) if face else ImageFont.load_default(90)
        if bytes(font.getmask(character)) != bytes(font.getmask("\uffff")):  # else this font does not have it
            break
    page, draw = _blank()
    draw.text((PAPER / 2, PAPER / 2), character, fill=0, font=font, anchor="mm")
    return np.asarray(page.rotate(rng.uniform(-15, 15), fillcolor=255))


def draw_shape(rng: np.random.Generator) -> np.ndarray:
    """A triangle, a square, a star, rays, an arrow or a filled area."""
    page, draw = _blank()
    kind, width, corners = rng.integers(5), int(rng.integers(3, 12)), int(rng.integers(3, 7))
    turn, stretch = rng.uniform(0, 2 * math.pi), rng.uniform(0.6, 1.0)

    def ring(n: int, radius: float, offset: float = 0.0) -> list[tuple[float, float]]:
        angles = turn + offset + 2 * math.pi * np.arange(n) / n
        return [(64 + radius * math.cos(a), 64 + radius * math.sin(a) * stretch) for a in angles]

    if kind == 0:  # of three or four sides: with more it could be a 0
        points = ring(min(corners, 4), 50)
        draw.line([*points, points[0]], fill=0, width=width, joint="curve")
    elif kind == 1:
        outer, inner = ring(corners + 1, 52), ring(corners + 1, 22, math.pi / (corners + 1))
        points = [point for pair in zip(outer, inner, strict=True) for point in pair]
        draw.line([*points, points[0]], fill=0, width=width, joint="curve")
    elif kind == 2:
        for point in ring(corners, 50):
            draw.line([(64, 64), point], fill=0, width=width)
    elif kind == 3:
        tip, tail, left, right = ring(1, 50)[0], ring(1, 50, math.pi)[0], ring(1, 30, 0.9)[0], ring(1, 30, -0.9)[0]
        draw.line([tail, tip, left, tip, right], fill=0, width=width)
    else:
        draw.polygon(ring(corners, 45), fill=0)
    return np.asarray(page)


def draw_scribble(rng: np.random.Generator) -> np.ndarray:
    """A line that wanders and crosses itself."""
    page, draw = _blank()
    steps = rng.normal(size=(int(rng.integers(12, 40)), 2))
    path = np.cumsum(steps, axis=0)
    path = 14 + 100 * (path - path.min(0)) / np.maximum(np.ptp(path, axis=0).max(), 1e-6)
    draw.line([tuple(point) for point in path], fill=0, width=int(rng.integers(3, 9)), joint="curve")
    return np.asarray(page)


def is_bar(glyph: np.ndarray) -> bool:
    """Whether a glyph is a narrow upright bar, which is a 1 whatever it was meant to be."""
    rows, columns = (np.flatnonzero((glyph > 64).any(axis)) for axis in (1, 0))
    return bool(rows.size and np.ptp(columns) < np.ptp(rows) / 3)


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("L", (PAPER, PAPER), 255)
    return page, ImageDraw.Draw(page)


def crop_photographs(count: int, seed: int = 0) -> Iterator[np.ndarray]:
    """So many square windows, uint8 (H, W, 3), of photographs of people, animals and things in scikit-image."""
    folder, rng = Path(find_spec("skimage").origin).parent / "data", np.random.default_rng(seed)
    names = ("astronaut.png", "camera.png", "chelsea.png", "coffee.png", "rocket.jpg", "brick.png", "gravel.png")
    whole = [images.open(folder / name).pixels for name in names if (folder / name).is_file()]
    for _ in range(count):
        pixels = whole[rng.integers(len(whole))]
        side = int(rng.integers(60, min(pixels.shape[:2])))
        top, left = (int(rng.integers(0, room - side + 1)) for room in pixels.shape[:2])
        yield pixels[top : top + side, left : left + side]


def augment(glyphs: np.ndarray, rng: np.random.Generator, tremble: float = 0.0) -> np.ndarray:
    """Glyphs uint8 (N, 28, 28) as other hands might have drawn them: turned, slanted, stretched, bent, in other ink.

    tremble: by how many pixels strokes also bend to and fro within few, at most.
    """
    n = len(glyphs)
    y, x = np.mgrid[:28, :28].astype(np.float32) - 13.5
    turn, slant = rng.normal(0, 0.14, n), rng.normal(0, 0.18, n)
    tall, wide = np.exp(rng.normal(0, 0.08, n)), np.exp(rng.normal(0, 0.12, n))
    rows = (np.cos(turn) * tall, -np.sin(turn) * tall), ((np.sin(turn) + slant) * wide, np.cos(turn) * wide)
    matrix = np.array(rows, np.float32)[..., None, None]
    bends = _interpolate(rng.normal(0, 1, (2, n, 5, 5)).astype(np.float32)) * rng.uniform(0, 1.1, (1, n, 1, 1))
    shift = rng.uniform(-1, 1, (2, n, 1, 1)).astype(np.float32)
    if tremble:
        fine = rng.normal(0, 1, (2, n, 10, 10)).astype(np.float32)
        bends = bends + _interpolate(fine) * rng.uniform(0, tremble, (1, n, 1, 1))
    at_y = matrix[0, 0] * y + matrix[0, 1] * x + 13.5 + bends[0] + shift[0]
    at_x = matrix[1, 0] * y + matrix[1, 1] * x + 13.5 + bends[1] + shift[1]
    ink = _sample(glyphs, at_y.astype(np.float32), at_x.astype(np.float32)) / 255
    weight = np.exp(rng.normal(0, 0.35, (n, 1, 1))).astype(np.float32)  # thinner or thicker at the edges
    return np.rint(255 * ink**weight).astype(np.uint8)


def _interpolate(coarse: np.ndarray) -> np.ndarray:
    """float32 (2, N, k, k) -> (2, N, 28, 28), linear between."""
    k = coarse.shape[-1]
    places = np.linspace(0, k - 1, 28, dtype=np.float32)
    weights = np.maximum(0, 1 - abs(places[:, None] - np.arange(k, dtype=np.float32)))
    return weights @ coarse @ weights.T


def _sample(glyphs: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Bilinear samples, float32 (N, 28, 28), at places y, x (N, 28, 28) in pixels; black beyond the border."""
    padded = np.pad(glyphs, ((0, 0), (2, 3), (2, 3)))
    y, x = (np.clip(place + 2, 0, 30.999) for place in (y, x))
    top, left = y.astype(np.int32), x.astype(np.int32)
    dy, dx = y - top, x - left
    n = np.arange(len(glyphs))[:, None, None]
    upper = (1 - dx) * padded[n, top, left] + dx * padded[n, top, left + 1]
    lower = (1 - dx) * padded[n, top + 1, left] + dx * padded[n, top + 1, left + 1]
    return (1 - dy) * upper + dy * lower
