"""Noise of every kind that the demo knows, on float32 pictures, black 0 and white 1; sigma is in levels of 255."""

import io

import numpy as np
from PIL import Image

GAMMA = 2.2
# What a matrix from a camera's colours to sRGB has beyond the identity, about.
PURER = np.array([[0.6, -0.4, -0.2], [-0.2, 0.5, -0.3], [0.0, -0.5, 0.5]])
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
    Image.fromarray(to_uint8(clean)).save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    return np.asarray(Image.open(buffer), np.float32) / 255


def camera(clean: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Noise of a sensor as its picture is developed (arXiv:1811.11127), (H, W, 3): channels and neighbours correlate.

    A mosaic of red, green and blue places has photon and read noise, in linear light; the missing two colours of each
    place are the means of its neighbours', the channels are balanced for white and made purer, and the whole is
    brightened by gamma. sigma: about the deviation that comes out.
    """
    from scipy import ndimage  # the page does without

    linear = np.clip(clean, 0, 1) ** GAMMA
    balance = np.array([rng.uniform(1.5, 2.4), 1, rng.uniform(1.3, 2.2)])
    rows, columns = np.indices(clean.shape[:2]) + rng.integers(2, size=(2, 1, 1))
    colours = (rows % 2 + columns % 2)[..., None] == range(3)  # one red, two green and one blue place in four
    raw = (linear / balance)[colours].reshape(clean.shape[:2])
    read = rng.uniform(0.01, 0.1)
    variance = (0.6 * sigma / 255) ** 2 * ((1 - read) * raw / 0.5**GAMMA + read)
    noise = rng.standard_normal(raw.shape, np.float32) * np.sqrt(variance)
    mosaic = colours * noise[..., None]
    sums = (mosaic, colours.astype(float))
    for axis in (0, 1):
        sums = [ndimage.convolve1d(values, [0.5, 1, 0.5], axis, mode="mirror") for values in sums]
    developed = linear + balance * sums[0] / sums[1] @ (np.eye(3) + rng.random() * PURER).T
    return (np.clip(developed, 0, None) ** (1 / GAMMA)).astype(np.float32)


def to_uint8(picture: np.ndarray) -> np.ndarray:
    """Clipped and rounded to uint8."""
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def clip_and_round(picture: np.ndarray) -> np.ndarray:
    """Clipped and rounded as an 8-bit file holds it, float32."""
    return to_uint8(picture).astype(np.float32) / 255
