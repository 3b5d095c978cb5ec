"""A photograph on the easel: what the styles read of it, at twice its size, and what becomes of their sheet."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import cached_property

import numpy as np
from PIL import Image
from scipy import ndimage

from demos.style.looks import flow, inks

FINE = 2  # styles draw at so many times the size, so that lines come out smooth
Style = Callable[[np.ndarray, np.random.Generator], np.ndarray]


class Photo:
    """A photograph, FINE times as large, and what is known of it; everything is computed once, when it is needed.

    pixels: float32 (h, w, 3) from 0 to 1. unit: the pixels of it that are 1/256 of its side, at least 1: sizes of
    marks are given in it, so that a larger photograph becomes the same picture, larger.
    """

    def __init__(self, pixels: np.ndarray):
        height, width = pixels.shape[:2]
        large = Image.fromarray(pixels).resize((FINE * width, FINE * height), Image.Resampling.BICUBIC)
        self.pixels = np.asarray(large, np.float32) / 255
        self.shape = self.pixels.shape[:2]
        self.unit = max((height * width) ** 0.5 * FINE / 256, 1.0)

    @cached_property
    def tone(self) -> np.ndarray:
        """Lightness, float32 (h, w), stretched to 0 to 1; a flat photograph keeps its own."""
        grey = self.pixels @ inks.GREY
        low, high = np.percentile(grey, (1, 99))
        share = min((high - low) / 0.25, 1.0)  # nothing is stretched out of almost nothing
        low, high = low * share, high * share + 1 - share
        return np.clip((grey - low) / max(high - low, 1e-3), 0, 1).astype(np.float32)

    @cached_property
    def colours(self) -> np.ndarray:
        """The pixels, with the lightness of `tone`."""
        grey = self.pixels @ inks.GREY
        return np.clip(self.pixels + (self.tone - grey)[..., None], 0, 1)

    @cached_property
    def directions(self) -> np.ndarray:
        """Along what a brush would go, in radians, float32 (h, w): along edges, and between them as near edges go."""
        return flow.directions(self.blurred(0.8), self.unit)

    def blurred(self, size: float) -> np.ndarray:
        """The colours without what is smaller than `size` units."""
        return ndimage.gaussian_filter(self.colours, (size * self.unit, size * self.unit, 0))

    def simplified(self, size: float) -> np.ndarray:
        """The colours in smooth areas with firm edges, without what is smaller than `size` units."""
        return flow.simplify(self.colours, size * self.unit)

    def lines(self, size: float, strength: float = 1.0) -> np.ndarray:
        """Where a draughtsman would draw a contour of `size` units: float32 (h, w), 1 on a line and 0 beside it."""
        return flow.contours(self.tone, self.directions, size * self.unit, strength)


def look(draw: Callable[[Photo, np.random.Generator], np.ndarray]) -> Style:
    """A style, uint8 (H, W, 3) -> uint8 (H, W, 3), of a function that draws a Photo, float (h, w, 3) from 0 to 1."""

    @functools.wraps(draw)
    def style(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        sheet = draw(Photo(pixels), rng)
        height, width = pixels.shape[:2]
        fine = np.clip(sheet, 0, 1).astype(np.float32).reshape(height, FINE, width, FINE, 3)
        return (fine.mean((1, 3)) * 255 + 0.5).astype(np.uint8)

    return style
