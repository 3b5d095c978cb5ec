"""The figures, measured through the served files: `python -m demos.denoiser.evaluate [--data FILE.parquet]`.

Without a file, over CBSD68 in $LOUPE_DATA at sigma 15, 25 and 50, and the autoencoder over 64x64 pixels of its
photographs and of vehicles at 10 and 25; noise is white, seeded, and neither clipped nor rounded. The blind network
also with a camera's noise, and with none. With a file, over its column image at --sigma; --clip clips and rounds the
noisy pictures as an 8-bit file would. A column `clean` beside `image` holds what the picture shows without its own,
real noise: then none is added.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet

import weights
from demos import data, evaluation, images, metrics
from demos.denoiser import demo, noise
from demos.denoiser.predict import LARGEST, SIDE, light, reconstruct, work

SIGMAS = (15, 25, 50)
SMALL = (10, 25)  # for the autoencoder's own 64x64 pixels
PARTS = {"test": (0,), "validation": (5,), "train": (1, 2, 3, 4, 6, 7, 8, 9)}  # of ten vehicles


def restorer(network: str) -> Callable[[np.ndarray], np.ndarray]:
    """What a network makes of a noisy picture: float32 (H, W, 3) -> float32 (H, W, 3)."""
    model = weights.load(network)

    def blind(noisy):
        restored = np.empty_like(noisy)
        for _ in work(model, noisy, restored):
            pass
        return restored

    return blind if network == "denoiser/blind" else lambda noisy: reconstruct(model, noisy)


def measured(restore: Callable, clean: np.ndarray, noisy: np.ndarray) -> dict[str, float]:
    """Figures of one pair of float32 (H, W, 3). What is restored is clipped, but not rounded."""
    began = time.perf_counter()
    restored = restore(noisy).clip(0, 1)
    seconds = time.perf_counter() - began
    return {
        "psnr": metrics.psnr(restored, clean),
        "ssim": metrics.ssim(restored, clean),
        "psnr_input": metrics.psnr(noisy, clean),
        "ssim_input": metrics.ssim(noisy, clean),
        "mse": float(np.square(restored - clean).mean()),
        "seconds": seconds,
    }


def noised(clean: np.ndarray, sigma: float, number: int, clip: bool = False) -> np.ndarray:
    """Float32 (H, W, 3) with the noise that belongs to the picture of this number."""
    noisy = noise.gaussian(clean, sigma, np.random.default_rng([number, round(100 * sigma)]))
    return noise.seen(noisy) if clip else noisy


def developed(clean: np.ndarray, number: int) -> np.ndarray:
    """Float32 (H, W, 3) as a camera would store it, by simulation: with its noise at sigma 15, and as JPEG."""
    return noise.jpeg(noise.camera(clean, 15, np.random.default_rng(number)), 95)


def mean(found: list[dict[str, float]], *names: str, suffix: str = "") -> dict[str, float]:
    """The means of some of the figures of several pictures."""
    return {f"{name}{suffix}": float(np.mean([one[name] for one in found])) for name in names}


def photographs(file: Path | None = None, column: str = "image") -> Iterator[np.ndarray]:
    """The pictures of a Parquet file, of CBSD68 where none is given, float32 (H, W, 3)."""
    table = pyarrow.parquet.read_table(file or data.find("bsds", "cbsd68"), columns=[column])
    for encoded in table[column].combine_chunks().field("bytes"):
        yield light(images.open(encoded.as_py(), longest=LARGEST, exact=True).pixels)


def vehicles(part: str) -> list[np.ndarray]:
    """Vehicles of at least 64 pixels, uint8 (H, W, 3), short side at most 96; every vehicle is in one part alone."""
    found = []
    for number, encoded in enumerate(data.read(data.find("vehicles", "train"))[0]):
        if number // 2 % 10 in PARTS[part]:  # two pictures of each
            pixels = images.open(encoded).pixels
            height, width = pixels.shape[:2]
            if min(height, width) > 96:
                pixels = images.open(pixels, longest=round(96 * max(height, width) / min(height, width))).pixels
            if min(pixels.shape[:2]) >= SIDE:
                found.append(pixels)
    return found


def middle(picture: np.ndarray, side: int) -> np.ndarray:
    """The square of `side` pixels in the middle of (H, W, ...)."""
    top, left = ((size - side) // 2 for size in picture.shape[:2])
    return picture[top : top + side, left : left + side]


def figures(network: str, file: Path | None, sigma: float, clip: bool) -> dict[str, float]:
    """Every figure of one network, over the pictures of a Parquet file or over the test sets."""
    restore = restorer(network)
    if file is not None:
        return of_file(restore, file, sigma, clip)
    found, whole = {}, list(photographs())
    for level in SIGMAS:
        every = [measured(restore, clean, noised(clean, level, i)) for i, clean in enumerate(whole)]
        found |= mean(every, "psnr", "ssim", "psnr_input", "ssim_input", suffix=f"_{level}")
    if network == "denoiser/blind":
        found |= mean([measured(restore, clean, clean) for clean in whole], "psnr", suffix="_clean")
        every = [measured(restore, clean, developed(clean, i)) for i, clean in enumerate(whole)]
        return found | mean(every, "psnr", "ssim", "psnr_input", "ssim_input", suffix="_camera")
    small = [middle(clean, SIDE) for clean in whole] + [light(middle(v, SIDE)) for v in vehicles("test")]
    for level in SMALL:
        every = [measured(restore, clean, noised(clean, level, i)) for i, clean in enumerate(small)]
        found |= mean(every, "mse", "psnr", "psnr_input", suffix=f"_64x64_{level}")
    return found


def of_file(restore: Callable, file: Path, sigma: float, clip: bool) -> dict[str, float]:
    """The figures over a Parquet file with the columns image and, if its noise is real, clean."""
    if "clean" in pyarrow.parquet.read_schema(file).names:
        pairs = zip(photographs(file, "clean"), photographs(file), strict=True)
    else:
        pairs = ((clean, noised(clean, sigma, i, clip)) for i, clean in enumerate(photographs(file)))
    return mean([measured(restore, *pair) for pair in pairs], "psnr", "ssim", "psnr_input", "ssim_input")


if __name__ == "__main__":
    evaluation.main(
        __doc__,
        demo.networks,
        figures,
        sigma={"type": float, "default": 25, "help": "of the noise that is added, in levels of 255"},
        clip={"action": "store_true", "help": "clip and round the noisy pictures to 8 bits"},
    )
