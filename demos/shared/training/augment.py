"""What another light and another moment make of a picture, drawn at random: what several recipes share."""

import numpy as np
from PIL import Image, ImageEnhance


def relight(
    image: Image.Image, rng: np.random.Generator, light: float, channel: float, saturation: tuple[float, float]
) -> Image.Image:
    """Other brightness, contrast, white balance and saturation.

    light: of gain and gamma, as logarithms. channel: of each channel's gain, likewise. saturation: its range.
    """
    image = ImageEnhance.Color(image).enhance(rng.uniform(*saturation))
    levels = np.arange(256)
    gain, gamma = np.exp(rng.uniform(-light, light, 2))
    channels = np.exp(rng.normal(0, channel, 3))
    table = [255 * (levels / 255) ** gamma * gain * channel for channel in channels]
    return image.point(np.concatenate(table).clip(0, 255).astype(np.uint8).tolist())


def erase(pixels: np.ndarray, rng: np.random.Generator, area: tuple[float, float]) -> np.ndarray:
    """A rectangle of noise in a picture, uint8 (S, S, 3), which is changed (arXiv:1708.04896).

    area: the range of its share of the picture.
    """
    side, share = len(pixels), rng.uniform(*area)
    aspect = np.exp(rng.uniform(-1, 1))
    height, width = (min(side - 1, round(side * np.sqrt(share * ratio))) for ratio in (aspect, 1 / aspect))
    top, left = rng.integers(side - height), rng.integers(side - width)
    pixels[top : top + height, left : left + width] = rng.integers(0, 256, (height, width, 3), np.uint8)
    return pixels
