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


def jpeg(clean: np.ndarray, quality: int, subsampling: str = "4:2:0") -> np.ndarray:
    """(H, W, 3) after one JPEG compression; by default colours at half the resolution, as most cameras store them."""
    buffer = io.BytesIO()
    Image.fromarray(to_uint8(clean)).save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    return np.asarray(Image.open(buffer), np.float32) / 255


def to_uint8(picture: np.ndarray) -> np.ndarray:
    """Clipped and rounded to uint8."""
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def clip_and_round(picture: np.ndarray) -> np.ndarray:
    """Clipped and rounded as an 8-bit file holds it, float32."""
    return to_uint8(picture).astype(np.float32) / 255
