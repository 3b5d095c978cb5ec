"""`python -m demos.denoiser.baselines`: the networks beside what one would use instead, on CBSD68, in one run.

White noise of sigma 15, 25 and 50, seeded, neither clipped nor rounded, as `evaluate` has it. The classical methods
are given sigma, the networks are not. Each works on one picture at a time: the networks on all cores, the others on
one core each, since they have no use for more. BM3D takes most of the hours: `--every 4` measures every fourth picture.
--record writes the networks' seconds and the figures of the other methods into the manifest.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np

from demos.denoiser import demo
from demos.denoiser.data import SIGMAS, add_white_noise, photographs
from demos.denoiser.predict import load_restorer
from demos.denoiser.scoring import average, score
from weights import files
from weights.runtime import cores


def median(noisy: np.ndarray, sigma: float) -> np.ndarray:
    """The median of 3x3 neighbours, of 5x5 where there is much noise."""
    from scipy.ndimage import median_filter

    side = 3 if sigma < 20 else 5
    return median_filter(noisy, (side, side, 1))


def non_local_means(noisy: np.ndarray, sigma: float) -> np.ndarray:
    """Buades et al. (2005), with the settings that scikit-image's example recommends where sigma is known."""
    from skimage.restoration import denoise_nl_means

    options = {"patch_size": 5, "patch_distance": 6, "fast_mode": True, "channel_axis": -1}
    return denoise_nl_means(noisy, h=0.8 * sigma / 255, sigma=sigma / 255, **options)


def wavelet(noisy: np.ndarray, sigma: float) -> np.ndarray:
    """BayesShrink in YCbCr (Chang et al., 2000)."""
    from skimage.restoration import denoise_wavelet

    return denoise_wavelet(noisy, sigma=sigma / 255, convert2ycbcr=True, rescale_sigma=True, channel_axis=-1)


def bm3d(noisy: np.ndarray, sigma: float) -> np.ndarray:
    """CBM3D (Dabov et al., 2007), by the authors' own package."""
    import bm3d

    return bm3d.bm3d_rgb(noisy, sigma / 255).astype(np.float32)


METHODS = {"Median": median, "Non-local means": non_local_means, "Wavelet": wavelet, "BM3D": bm3d}
FIGURES = ("psnr", "ssim", "seconds")


def score_method(job: tuple[str, np.ndarray, int, int]) -> dict[str, float]:
    """The figures of one of METHODS on one picture, float32 (H, W, 3), at a sigma; the last is its number."""
    name, clean, sigma, number = job
    return score(lambda noisy: METHODS[name](noisy, sigma), clean, add_white_noise(clean, sigma, number))


def measure_networks(clean: list[np.ndarray]) -> dict[str, dict[str, float]]:
    """The figures of each network at each sigma, and, as "Noisy", those of the noisy pictures themselves."""
    measured = {name: {} for name in (*demo.networks, "Noisy")}
    for sigma in SIGMAS:
        for network in demo.networks:
            restore = load_restorer(network)
            scores = [score(restore, picture, add_white_noise(picture, sigma, i)) for i, picture in enumerate(clean)]
            measured[network] |= report(network, average(scores, *FIGURES, suffix=f"_{sigma}"))
        noisy = average(scores, "psnr_input", "ssim_input", suffix=f"_{sigma}")
        measured["Noisy"] |= {name.replace("_input", ""): value for name, value in noisy.items()}
    return measured


def measure_methods(clean: list[np.ndarray], every: int) -> dict[str, dict[str, float]]:
    """The figures of each classical method at each sigma, on every so many pictures."""
    measured = {name: {} for name in METHODS}
    with ProcessPoolExecutor(cores()) as pool:
        for name, sigma in product(METHODS, SIGMAS):
            jobs = [(name, picture, sigma, i) for i, picture in enumerate(clean)][::every]
            scores = list(pool.map(score_method, jobs))
            measured[name] |= report(name, average(scores, *FIGURES, suffix=f"_{sigma}"))
    return measured


def report(name: str, measured: dict[str, float]) -> dict[str, float]:
    """Print the figures, and return them."""
    print(f"{name:22}", *(f"{figure} {value:.4f}" for figure, value in measured.items()), flush=True)
    return measured


def record(measured: dict[str, dict[str, float]]) -> None:
    """Write the networks' seconds and all that is known of the other methods into the manifest."""
    for network in demo.networks:
        seconds = {name: value for name, value in measured[network].items() if name.startswith("seconds")}
        files.record(network, timings=seconds)
    files.record(demo.networks[0], baselines={name: measured[name] for name in ("Noisy", *METHODS)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="measure the classical methods on every so many pictures")
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    clean = list(photographs())
    measured = measure_networks(clean) | measure_methods(clean, options.every)
    measured = {name: {key: round(v, 4) for key, v in figures.items()} for name, figures in measured.items()}
    if options.record:
        record(measured)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
