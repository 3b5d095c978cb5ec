"""Test sets and their noise, for `evaluate`, `baselines`, `figure` and the recipes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet

from demos.denoiser import camera, noise
from demos.denoiser.pixels import SIDE, to_float
from demos.shared import data, images

SIGMAS = (15, 25, 50)  # of the published figures, in levels of 255
SMALL_SIGMAS = (10, 25)  # for the autoencoder's own 64x64 pixels
PARTS = {"test": (0,), "validation": (5,), "train": (1, 2, 3, 4, 6, 7, 8, 9)}  # of ten vehicles
VEHICLE_SIDE = 96  # pixels of a vehicle's shorter side, at most


def photographs(file: Path | None = None, column: str = "image") -> Iterator[np.ndarray]:
    """The pictures of a Parquet file, by default of CBSD68, float32 (H, W, 3)."""
    table = pyarrow.parquet.read_table(file or data.find("bsds", "cbsd68"), columns=[column])
    for encoded in table[column].combine_chunks().field("bytes"):
        yield to_float(images.open(encoded.as_py(), longest=images.MAX_PIXELS, exact=True).pixels)


def vehicles(part: str) -> list[np.ndarray]:
    """The vehicles of one of PARTS, uint8 (H, W, 3), short side 64 to 96; every vehicle is in one part alone."""
    chosen = []
    for number, encoded in enumerate(data.read(data.find("vehicles", "train"))[0]):
        if number // 2 % 10 in PARTS[part]:  # two pictures of each
            pixels = images.open(encoded).pixels
            shortest, longest = min(pixels.shape[:2]), max(pixels.shape[:2])
            if shortest > VEHICLE_SIDE:
                pixels = images.open(pixels, longest=round(VEHICLE_SIDE * longest / shortest)).pixels
            if min(pixels.shape[:2]) >= SIDE:
                chosen.append(pixels)
    return chosen


def add_white_noise(clean: np.ndarray, sigma: float, number: int, clip: bool = False) -> np.ndarray:
    """float32 (H, W, 3) with the white Gaussian noise that belongs to the picture of this number.

    sigma: in levels of 255. clip: clip and round the sum as an 8-bit file would.
    """
    noisy = noise.gaussian(clean, sigma, np.random.default_rng([number, round(100 * sigma)]))
    return noise.clip_and_round(noisy) if clip else noisy


def develop(clean: np.ndarray, number: int) -> np.ndarray:
    """float32 (H, W, 3) as a camera would store it, by simulation: with its noise at sigma 15, and as JPEG.

    The noise is that which belongs to the picture of this number.
    """
    return noise.jpeg(camera.develop(clean, 15, np.random.default_rng(number)), 95)


def photograph(clean: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    """float32 (H, W, 3) as a camera or phone stores it, by simulation, and what it would store without noise.

    What is drawn for it is what belongs to the picture of this number.
    """
    return camera.photograph(clean, np.random.default_rng(number))
