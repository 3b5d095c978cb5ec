"""What another camera, another hour and another moment make of a picture, drawn at random."""

import io

import numpy as np
from PIL import Image, ImageFilter

from demos.shared.training.augment import erase, relight
from demos.vehicles.encoders import GREY

LIGHT, CHANNEL = 0.3, 0.05  # of gain and gamma, of each channel's gain, as logarithms
SATURATION = (0.5, 1.4)
DEGRADED, SMALLEST, LARGEST = 0.6, 48, 140  # share of the pictures that lose detail; their longer side, in pixels
BLUR = 1.2  # pixels at that size
QUALITY = (25, 90)  # of JPEG
SCALE, STRETCH, SHIFT = (0.8, 1.2), 0.2, 0.05  # of size, of proportions as a logarithm, of place as a share of the side
ERASED, ERASED_AREA = 0.5, (0.02, 0.25)  # share of the pictures that lose a rectangle, and its share of the area


def augment(pixels: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """uint8 (H, W, 3) -> uint8 (side, side, 3)."""
    image = Image.fromarray(pixels)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < DEGRADED:
        image = degrade(image, rng)
    image = place(relight(image, rng, LIGHT, CHANNEL, SATURATION), side, rng)
    return erase(np.array(image), rng, ERASED_AREA) if rng.random() < ERASED else np.asarray(image)


def degrade(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Smaller, blurred, noisy and compressed."""
    scale = min(1, rng.integers(SMALLEST, LARGEST) / max(image.size))
    image = image.resize([max(8, round(size * scale)) for size in image.size], Image.Resampling.BILINEAR)
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, BLUR)))
    if rng.random() < 0.3:
        noisy = np.asarray(image) + rng.normal(0, rng.uniform(2, 12), (*image.size[::-1], 3))
        image = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=int(rng.integers(*QUALITY)))
    return Image.open(buffer)


def place(image: Image.Image, side: int, rng: np.random.Generator) -> Image.Image:
    """A picture of other proportions and size, somewhere in a grey square; what is outside is cut off."""
    across, down = side / max(image.size) * rng.uniform(*SCALE) * np.exp(rng.uniform(-STRETCH, STRETCH, 2) / 2)
    width, height = max(1, round(across * image.width)), max(1, round(down * image.height))
    square = Image.new("RGB", (side, side), (GREY,) * 3)
    middle = rng.normal((side - width) / 2, SHIFT * side), rng.normal((side - height) / 2, SHIFT * side)
    square.paste(image.resize((width, height), Image.Resampling.BILINEAR), tuple(round(edge) for edge in middle))
    return square
