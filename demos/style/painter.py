"""What the networks that paint and whoever serves them agree on: margins, steps, and pictures in the form they take."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from PIL import Image

from demos.shared import tiles

MARGIN = 48  # pixels around what is painted that the painter looks at
STEP = 4  # height and width of what is painted are multiples of it
CODE_STEP, CODE_LEAST = 16, 96  # those of what is described likewise, and at least so many pixels
CORE = 512  # pixels of a side of a tile, without its margin
LUMINANCE = np.float32([0.299, 0.587, 0.114])  # of red, green and blue, by ITU-R BT.601

Tile = tuple[slice, slice]


def to_float(pixels: np.ndarray) -> np.ndarray:
    """uint8 -> float32, black 0 and white 1."""
    return pixels * np.float32(1 / 255)


def to_uint8(pixels: np.ndarray) -> np.ndarray:
    """float32, black 0 and white 1, which is clipped -> uint8."""
    return np.rint(255 * pixels.clip(0, 1)).astype(np.uint8)


def resize(pixels: np.ndarray, scale: float) -> np.ndarray:
    """A picture, uint8 (H, W, ...), at another scale; at least one pixel a side."""
    size = [max(1, round(scale * side)) for side in pixels.shape[1::-1]]
    if size == list(pixels.shape[1::-1]):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def describable(pixels: np.ndarray) -> np.ndarray:
    """A picture, uint8 (H, W, 3), as the network that describes pictures takes it, mirrored to the next size."""
    rows, columns = (_mirror(0, max(CODE_LEAST, side + -side % CODE_STEP), side) for side in pixels.shape[:2])
    return to_float(pixels[rows][:, columns])


def split(height: int, width: int) -> list[Tile]:
    """The tiles of a picture, at most CORE pixels a side, each but the last ending at a multiple of STEP."""
    stretches = (tiles.split_length(length, CORE, STEP) for length in (height, width))
    return [tuple(slice(*stretch) for stretch in tile) for tile in product(*stretches)]


def cut(pixels: np.ndarray, tile: Tile) -> np.ndarray:
    """What the painter takes of uint8 (H, W, 3) to paint a tile: float32, with its margin, mirrored at the borders."""
    rows, columns = (
        _mirror(part.start - MARGIN, part.stop + -(part.stop - part.start) % STEP + MARGIN, side)
        for part, side in zip(tile, pixels.shape[:2], strict=True)
    )
    return to_float(pixels[rows][:, columns])


def _mirror(start: int, stop: int, length: int) -> np.ndarray:
    """Where in a line of `length` pixels those from start to stop lie, if it goes on as in mirrors at its ends."""
    period = max(1, 2 * (length - 1))
    places = np.arange(start, stop) % period
    return np.minimum(places, period - places) % length


def keep_colours(photograph: np.ndarray, painted: np.ndarray) -> np.ndarray:
    """The colours of one picture with the luminance of another, both uint8 (H, W, 3)."""
    result = np.empty_like(photograph)
    for rows in strips(len(photograph)):  # as floats they take many times as much memory
        change = (painted[rows].astype(np.float32) - photograph[rows]) @ LUMINANCE
        result[rows] = np.rint((photograph[rows] + change[..., None]).clip(0, 255))
    return result


def strips(height: int) -> Iterator[slice]:
    """The rows of a picture in parts of at most CORE."""
    return (slice(top, top + CORE) for top in range(0, height, CORE))
