"""The figures, measured through the served files: `python -m demos.denoiser.evaluate [--data FILE.parquet]`.

Without a file, over CBSD68 in $LOUPE_DATA at sigma 15, 25 and 50, and the autoencoder over 64x64 pixels of its
photographs and of vehicles at 10 and 25; noise is white, seeded, and neither clipped nor rounded. The blind network
also with the noise of a sensor, with what cameras store, and with none. With a file, over its column image at --sigma;
--clip clips and rounds the noisy pictures as an 8-bit file would. A column `clean` beside `image` holds what the
picture shows without its own, real noise: then none is added.
"""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet

from demos.denoiser import demo
from demos.denoiser.data import SIGMAS, SMALL_SIGMAS, add_white_noise, develop, photograph, photographs, vehicles
from demos.denoiser.pixels import SIDE, center_crop, to_float
from demos.denoiser.predict import load_restorer
from demos.denoiser.scoring import average, score
from demos.shared import evaluation

PAIR = ("psnr", "ssim", "psnr_input", "ssim_input")


def measure(network: str, file: Path | None, sigma: float, clip: bool) -> dict[str, float]:
    """Every figure of one network, over the pictures of a Parquet file or over the test sets; PSNR is in dB."""
    restore = load_restorer(network)
    if file is not None:
        return measure_file(restore, file, sigma, clip)
    clean = list(photographs())
    measured = {}
    for level in SIGMAS:
        measured |= average(score_noisy(restore, clean, level), *PAIR, suffix=f"_{level}")
    if network == "denoiser/blind":
        measured |= average([score(restore, picture, picture) for picture in clean], "psnr", suffix="_clean")
        scores = [score(restore, picture, develop(picture, number)) for number, picture in enumerate(clean)]
        measured |= average(scores, *PAIR, suffix="_camera")
        pairs = [photograph(picture, number) for number, picture in enumerate(clean)]
        scores = [score(restore, wanted, noisy) for noisy, wanted in pairs]
        return measured | average(scores, *PAIR, suffix="_photograph")
    windows = [center_crop(picture, SIDE) for picture in clean]
    windows += [to_float(center_crop(vehicle, SIDE)) for vehicle in vehicles("test")]
    for level in SMALL_SIGMAS:
        scores = score_noisy(restore, windows, level)
        measured |= average(scores, "mse", "psnr", "psnr_input", suffix=f"_64x64_{level}")
    return measured


def score_noisy(restore: Callable, clean: list, sigma: float) -> list[dict[str, float]]:
    """Figures of each picture, float32 (H, W, 3), after white noise of a level."""
    return [score(restore, picture, add_white_noise(picture, sigma, number)) for number, picture in enumerate(clean)]


def measure_file(restore: Callable, file: Path, sigma: float, clip: bool) -> dict[str, float]:
    """The figures over a Parquet file with the columns image and, if its noise is real, clean."""
    if "clean" in pyarrow.parquet.read_schema(file).names:
        pairs = zip(photographs(file, "clean"), photographs(file), strict=True)
    else:
        pairs = ((clean, add_white_noise(clean, sigma, i, clip)) for i, clean in enumerate(photographs(file)))
    return average([score(restore, *pair) for pair in pairs], *PAIR)


if __name__ == "__main__":
    evaluation.main(
        __doc__,
        demo.networks,
        measure,
        test=("bsds", "cbsd68"),
        subset=4,
        sigma={"type": float, "default": 25, "help": "of the noise that is added, in levels of 255"},
        clip={"action": "store_true", "help": "clip and round the noisy pictures to 8 bits"},
    )
