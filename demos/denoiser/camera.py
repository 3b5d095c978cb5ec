"""Noise of cameras and phones, by simulation: of a sensor, developed, and of what is then smoothed and stored as JPEG.

Noise alone goes through what a camera does, so that the clean picture stays known. Pictures are float32 (H, W, 3),
black 0 and white 1. The page does without, and without scipy.
"""

import numpy as np
from scipy import ndimage

from demos.denoiser import noise

GAMMA = 2.2
# What a matrix from a camera's colours to sRGB has beyond the identity, about.
PURER = np.array([[0.6, -0.4, -0.2], [-0.2, 0.5, -0.3], [0.0, -0.5, 0.5]])
SIGMA, SPREAD = 4.0, 0.8  # the noise's deviation in levels of 255: its median, and the deviation of its logarithm
QUALITIES, SUBSAMPLINGS = (82, 99), ("4:4:4", "4:2:2", "4:2:0")
LUMINANCE = np.float32([0.299, 0.587, 0.114])
# Means of neighbours for the colours that a place of the mosaic lacks, and what another colour's curvature adds to
# them (Malvar, He and Cutler, ICASSP 2004): green; red in a row with red; red in a place of blue.
MEANS = np.array(
    [
        [[0, 0, 0, 0, 0], [0, 0, 2, 0, 0], [0, 2, 0, 2, 0], [0, 0, 2, 0, 0], [0, 0, 0, 0, 0]],
        [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 4, 0, 4, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
        [[0, 0, 0, 0, 0], [0, 2, 0, 2, 0], [0, 0, 0, 0, 0], [0, 2, 0, 2, 0], [0, 0, 0, 0, 0]],
    ]
)
CURVATURES = np.array(
    [
        [[0, 0, -1, 0, 0], [0, 0, 0, 0, 0], [-1, 0, 4, 0, -1], [0, 0, 0, 0, 0], [0, 0, -1, 0, 0]],
        [[0, 0, 0.5, 0, 0], [0, -1, 0, -1, 0], [-1, 0, 5, 0, -1], [0, -1, 0, -1, 0], [0, 0, 0.5, 0, 0]],
        [[0, 0, -1.5, 0, 0], [0, 0, 0, 0, 0], [-1.5, 0, 6, 0, -1.5], [0, 0, 0, 0, 0], [0, 0, -1.5, 0, 0]],
    ]
)


def develop(clean: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Noise of a sensor as its picture is developed (arXiv:1811.11127): channels and neighbours correlate.

    A mosaic of red, green and blue places has photon and read noise, in linear light; the missing two colours of each
    place are the means of its neighbours', the channels are balanced for white and made purer, and the whole is
    brightened by gamma. sigma: about the deviation that comes out.
    """
    linear = np.clip(clean, 0, 1) ** GAMMA
    balance = np.array([rng.uniform(1.5, 2.4), 1, rng.uniform(1.3, 2.2)])
    rows, columns = np.indices(clean.shape[:2]) + rng.integers(2, size=(2, 1, 1))
    colours = (rows % 2 + columns % 2)[..., None] == range(3)  # one red, two green and one blue place in four
    raw = (linear / balance)[colours].reshape(clean.shape[:2])
    read = rng.uniform(0.01, 0.1)
    variance = (0.6 * sigma / 255) ** 2 * ((1 - read) * raw / 0.5**GAMMA + read)
    grain = rng.standard_normal(raw.shape, np.float32) * np.sqrt(variance)
    mosaic = colours * grain[..., None]
    sums = (mosaic, colours.astype(float))
    for axis in (0, 1):
        sums = [ndimage.convolve1d(values, [0.5, 1, 0.5], axis, mode="mirror") for values in sums]
    developed = linear + balance * sums[0] / sums[1] @ (np.eye(3) + rng.random() * PURER).T
    return (np.clip(developed, 0, None) ** (1 / GAMMA)).astype(np.float32)


def photograph(clean: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A picture as a camera stores it, and what the camera would store without noise, both rounded to 8 bits.

    The sharpness of the picture, the sensor, how it is developed, the noise's deviation and the JPEG file's quality
    are drawn. One in six is stored without loss.
    """
    if rng.random() < 0.5:  # what a camera gives in full size is softer than what was reduced for a data set
        width = rng.uniform(0.3, 1.2)
        clean = ndimage.gaussian_filter(clean, (width, width, 0))
    sigma = SIGMA * np.exp(SPREAD * rng.standard_normal()) / 255
    developed = _process(_expose(clean, sigma, rng), rng)
    noisy = clean + developed * np.float32(sigma / np.sqrt(np.square(developed).mean() + 1e-12))
    if rng.random() < 1 / 6:
        return noise.clip_and_round(noisy), noise.clip_and_round(clean)
    subsampling = str(rng.choice(SUBSAMPLINGS))
    return noise.jpeg(noisy, int(rng.integers(*QUALITIES)), subsampling), noise.jpeg(clean, 100, subsampling)


def _expose(clean: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """The noise of a sensor with a mosaic of colours, of a picture, after the mosaic is filled and the picture is sRGB.

    sigma: about the deviation, white is 1.
    """
    has_contrast = rng.random() < 0.5
    linear = _to_linear(clean, has_contrast)
    balance = np.array([rng.uniform(1.3, 2.4), 1, rng.uniform(1.2, 2.2)])
    offsets = rng.integers(2, size=2)
    rows, columns = (np.indices(clean.shape[:2]) + offsets[:, None, None]) % 2
    colours = np.eye(3)[rows + columns]
    raw = ((linear / balance) * colours).sum(-1)
    read = rng.uniform(0.005, 0.1)
    deviation = 0.6 * sigma * np.sqrt((1 - read) * raw / 0.5**GAMMA + read)
    mosaic = rng.standard_normal(raw.shape) * deviation * (balance * colours).sum(-1)
    filled = _demosaic(mosaic, rows, columns, rng.random())
    mixed = filled @ (np.eye(3) + rng.random() * PURER).T
    return (_to_srgb(linear + mixed, has_contrast) - clean).astype(np.float32)


def _demosaic(mosaic: np.ndarray, rows: np.ndarray, columns: np.ndarray, sharpness: float) -> np.ndarray:
    """(H, W), red where rows and columns are both even, blue where both are odd -> (H, W, 3).

    sharpness: 0 for means of neighbours, 1 for all that other colours' curvatures add.
    """
    green, along, across = (
        ndimage.convolve(mosaic, kernel / 8, mode="mirror") for kernel in MEANS + sharpness * CURVATURES
    )
    upright = ndimage.convolve(mosaic, (MEANS[1] + sharpness * CURVATURES[1]).T / 8, mode="mirror")
    kind = rows + columns
    red = np.choose(kind, [mosaic, np.where(rows == 0, along, upright), across])
    blue = np.choose(kind, [across, np.where(rows == 1, along, upright), mosaic])
    return np.stack([red, np.where(kind == 1, mosaic, green), blue], axis=-1)


def _process(developed: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a camera's own smoothing, of colours above all, and its sharpening make of noise."""
    luminance = developed @ LUMINANCE
    colour = developed - luminance[..., None]
    if rng.random() < 0.6:
        colour = ndimage.gaussian_filter(colour, (width := rng.uniform(0.4, 2.5), width, 0))
    if rng.random() < 0.5:
        luminance = ndimage.gaussian_filter(luminance, rng.uniform(0.3, 0.9))
    if rng.random() < 0.6:
        luminance = luminance + rng.uniform(0, 1.5) * (luminance - ndimage.gaussian_filter(luminance, 1.0))
    return colour + luminance[..., None]


def _to_linear(srgb: np.ndarray, has_contrast: bool) -> np.ndarray:
    """sRGB -> linear light, where a curve that adds contrast is first undone."""
    if has_contrast:
        srgb = 0.5 - np.sin(np.arcsin(1 - 2 * srgb.clip(0, 1)) / 3)
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb.clip(0, 1) + 0.055) / 1.055) ** 2.4)


def _to_srgb(linear: np.ndarray, has_contrast: bool) -> np.ndarray:
    linear = linear.clip(0, 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return srgb**2 * (3 - 2 * srgb) if has_contrast else srgb
