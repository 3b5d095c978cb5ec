"""Noise of every kind that the demo knows, on float32 pictures, black 0 and white 1; sigma is in levels of 255."""

import io

import numpy as np
from PIL import Image

KINDS = ("Gaussian", "Poisson", "Salt and pepper", "JPEG")


def gaussian(clean: np.ndarray, sigma, rng: np.random.Generator) -> np.ndarray:
    """White noise; sigma: one for all, or an array that broadcasts. Neither clipped nor rounded."""
    return clean + rng.standard_normal(clean.shape, np.float32) * np.float32(sigma / 255)


def poisson(clean: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Photon noise: variance in proportion to the light, sigma**2 at white."""
    if sigma <= 0:
        return clean
    photons = (255 / sigma) ** 2
    return (rng.poisson(np.clip(clean, 0, 1) * photons) / photons).astype(np.float32)


def salt_and_pepper(clean: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """A share of the pixels, (H, W, 3), is black or white."""
    dice = rng.random(clean.shape[:2], np.float32)[..., None]
    return np.where(dice < share / 2, 0, np.where(dice > 1 - share / 2, 1, clean)).astype(np.float32)


def jpeg(clean: np.ndarray, quality: int) -> np.ndarray:
    """(H, W, 3) after one JPEG compression; colours at half the resolution, as most cameras store them."""
    buffer = io.BytesIO()
    Image.fromarray(eight_bit(clean)).save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    return np.asarray(Image.open(buffer), np.float32) / 255


def camera(clean: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """What a camera's processing leaves of Poisson and Gaussian noise, (H, W, 3): channels and neighbours correlate.

    sigma: about the deviation that comes out in the brighter parts.
    """
    noise = rng.standard_normal(clean.shape, np.float32)
    noise *= np.sqrt(rng.uniform(0.1, 0.5) + np.clip(clean, 0, 1)).astype(np.float32)
    mixing = np.eye(3) + rng.uniform(0, 0.5) * rng.uniform(-0.2, 1, (3, 3))
    noise = noise @ (mixing / np.sqrt((mixing**2).sum(0))).astype(np.float32)
    if rng.random() < 0.5:  # demosaicing and smoothing spread the noise of a pixel over its neighbours
        side = rng.uniform(0.1, 0.5)
        for axis in (0, 1):
            noise += side * (np.roll(noise, 1, axis) + np.roll(noise, -1, axis))
        noise /= 1 + 2 * side**2
    return clean + noise * np.float32(sigma / 255)


def eight_bit(picture: np.ndarray) -> np.ndarray:
    """Clipped and rounded to uint8."""
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def seen(picture: np.ndarray) -> np.ndarray:
    """As an 8-bit file holds it: clipped and rounded, still float32."""
    return eight_bit(picture).astype(np.float32) / 255
