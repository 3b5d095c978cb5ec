"""What pictures are made on: clouds of noise, paper, canvas, plaster, and light on a rough surface."""

import numpy as np
from PIL import Image
from scipy import ndimage


def noise(shape: tuple[int, int], size: float, rng: np.random.Generator, tall: float = 1.0) -> np.ndarray:
    """Smooth noise, float32 (h, w), of mean 0 and deviation about 1; its humps are `size` pixels wide.

    tall: how many times as high as wide they are.
    """
    height, width = (int(np.ceil(side / scale)) + 3 for side, scale in zip(shape, (size * tall, size), strict=True))
    coarse = Image.fromarray(rng.standard_normal((height, width)).astype(np.float32))
    box = (1, 1, 1 + shape[1] / size, 1 + shape[0] / (size * tall))
    box = (1, 1, min(box[2], width - 1), min(box[3], height - 1))
    return 1.35 * np.asarray(coarse.resize(shape[::-1], Image.Resampling.BICUBIC, box))


def clouds(shape: tuple[int, int], size: float, rng: np.random.Generator, octaves: int = 4) -> np.ndarray:
    """Noise of several sizes, each half of the one before and half as strong; deviation about 1."""
    layers = [0.5**octave * noise(shape, max(size / 2**octave, 1), rng) for octave in range(octaves)]
    return sum(layers) / np.float32(1.15)


def paper(shape: tuple[int, int], unit: float, rng: np.random.Generator) -> np.ndarray:
    """The tooth of rough paper, float32 (h, w), of mean 0 and deviation about 1: its hills take the chalk."""
    tooth = 0.75 * noise(shape, 0.9 * unit, rng) + 0.55 * noise(shape, 1.7 * unit, rng)
    fibres = ndimage.gaussian_filter1d(rng.standard_normal(shape).astype(np.float32), 2 * unit, axis=1)
    return tooth + 0.7 * fibres / max(fibres.std(), 1e-6) * 0.4


def canvas(shape: tuple[int, int], unit: float, rng: np.random.Generator) -> np.ndarray:
    """The weave of linen, float32 (h, w) from about -1 to 1, over threads of uneven thickness."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    y, x = y + 0.5 * unit * noise(shape, 30 * unit, rng), x + 0.5 * unit * noise(shape, 30 * unit, rng)
    pitch = np.pi / (1.3 * unit)
    return np.sin(x * pitch) * np.sin(y * pitch) + 0.25 * noise(shape, 2 * unit, rng)


def light(heights: np.ndarray, strength: float, angle: float = 2.3) -> np.ndarray:
    """How bright a surface of these heights (h, w) is under a lamp at the upper left: about 1, less in the shade."""
    dy, dx = np.gradient(heights.astype(np.float32))
    slope = strength * (dx * np.cos(angle) - dy * np.sin(angle))
    return 1 - slope / np.sqrt(1 + slope * slope + dx * dx + dy * dy)


def wobble(shape: tuple[int, int], size: float, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Places (2, h, w), rows and columns, moved about by `amount` pixels in humps of `size`: an unsteady hand."""
    grid = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return grid + amount * np.stack([noise(shape, size, rng), noise(shape, size, rng)])


def sample(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """values (h, w) or (h, w, n) at places (2, ...), rows and columns, between pixels too; edges are repeated."""
    if values.ndim == 2:
        return ndimage.map_coordinates(values, places, order=1, mode="nearest")
    return np.stack([sample(values[..., channel], places) for channel in range(values.shape[-1])], -1)
