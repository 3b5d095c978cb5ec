"""What another phone, another hour and another hand make of a picture, drawn at random."""

import io

import numpy as np
from PIL import Image, ImageFilter

from demos.shared.training.augment import erase, relight

AREA, STRETCH = (0.45, 1.0), 0.3  # share of the picture that is cut out, its proportions as a logarithm
CORNER, TURN = 0.08, 12  # how far each corner may lie elsewhere, as a share of the cut; degrees
LIGHT, CHANNEL, SATURATION = 0.25, 0.06, (0.4, 1.5)  # logarithms of gain and gamma, of each channel's gain; colour
SHADED, SHADE = 0.3, (0.4, 0.9)  # share of the pictures that lie half in shade, and how bright the shade is
BLURRED, BLUR = 0.25, (0.3, 1.8)  # share of the pictures, and pixels
COMPRESSED, QUALITY = 0.3, (25, 90)  # share of the pictures, and JPEG's quality
ERASED, ERASED_AREA = 0.4, (0.02, 0.2)  # share of the pictures that lose a rectangle, and its share of the area


def augment(pixels: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """uint8 (H, W, 3) -> uint8 (side, side, 3)."""
    image = relight(cut(Image.fromarray(pixels), side, rng), rng, LIGHT, CHANNEL, SATURATION)
    if rng.random() < BLURRED:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(*BLUR)))
    if rng.random() < SHADED:
        image = Image.fromarray(shade(np.asarray(image), rng))
    if rng.random() < COMPRESSED:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(rng.integers(*QUALITY)))
        image = Image.open(buffer)
    return erase(np.array(image), rng, ERASED_AREA) if rng.random() < ERASED else np.asarray(image)


def cut(image: Image.Image, side: int, rng: np.random.Generator) -> Image.Image:
    """A window from a slightly different point of view, mirrored half of the time; what is outside is grey."""
    area, stretch = rng.uniform(*AREA), rng.uniform(-STRETCH, STRETCH)
    width, height = (min(1, np.sqrt(area) * np.exp(sign * stretch / 2)) for sign in (1, -1))
    left, top = rng.uniform(0, 1 - width), rng.uniform(0, 1 - height)
    corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0)], float)  # as Pillow orders them
    corners += rng.uniform(-CORNER, CORNER, (4, 2))
    if rng.random() < 0.5:
        corners[:, 0] = 1 - corners[:, 0]
    places = ((left, top) + corners * (width, height)) * image.size
    angle, middle = np.radians(rng.uniform(-TURN, TURN)), places.mean(0)
    turn = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    places = (places - middle) @ turn + middle
    options = {"resample": Image.Resampling.BILINEAR, "fillcolor": (127, 127, 127)}
    return image.transform((side, side), Image.Transform.QUAD, places.ravel().tolist(), **options)


def shade(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A picture, uint8 (S, S, 3), of which one side of a line lies in shade, with a soft edge."""
    at = np.linspace(-1, 1, len(pixels))
    angle, softness = rng.uniform(0, 2 * np.pi), rng.uniform(0.02, 0.4)
    distance = np.cos(angle) * at[:, None] + np.sin(angle) * at + rng.uniform(-0.6, 0.6)
    light = 1 - (1 - rng.uniform(*SHADE)) / (1 + np.exp(-distance / softness))
    return (pixels * light[..., None]).astype(np.uint8)
