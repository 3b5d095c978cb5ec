"""`python -m demos.denoiser.compare`: the networks beside what one would use instead, on CBSD68, in one run.

White noise of sigma 15, 25 and 50, seeded, neither clipped nor rounded, as `evaluate` has it. The classical methods
are told sigma, ours are not. Each works on one picture at a time: the networks on all cores, the others on one core
each, since they have no use for more. BM3D takes most of the hours: `--every 4` measures every fourth picture.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor

import numpy as np

import weights
from demos.denoiser import demo
from demos.denoiser.evaluate import SIGMAS, mean, measured, noised, photographs, restorer
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


OTHERS = {"Median": median, "Non-local means": non_local_means, "Wavelet": wavelet, "BM3D": bm3d}


def one(job: tuple[str, np.ndarray, int, int]) -> dict[str, float]:
    """The figures of one classical method on one picture."""
    name, clean, sigma, number = job
    return measured(lambda noisy: OTHERS[name](noisy, sigma), clean, noised(clean, sigma, number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="measure the classical methods on every so many pictures")
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    clean = list(enumerate(photographs()))
    found = {name: {} for name in (*demo.networks, "Noisy", *OTHERS)}

    def note(name: str, sigma: int, every: list[dict], *figures: str) -> None:
        found[name] |= mean(every, *figures, suffix=f"_{sigma}")
        shown = (f"{figure} {found[name][f'{figure}_{sigma}']:.4f}" for figure in figures)
        print(f"{name:22} {sigma}", *shown, flush=True)

    for sigma in SIGMAS:
        for network in demo.networks:
            restore = restorer(network)
            every = [measured(restore, picture, noised(picture, sigma, i)) for i, picture in clean]
            note(network, sigma, every, "psnr", "ssim", "seconds")
        found["Noisy"] |= mean(every, "psnr_input", "ssim_input", suffix=f"_{sigma}")
    with ProcessPoolExecutor(cores()) as pool:
        for name in OTHERS:
            for sigma in SIGMAS:
                jobs = [(name, picture, sigma, i) for i, picture in clean[:: options.every]]
                note(name, sigma, list(pool.map(one, jobs)), "psnr", "ssim", "seconds")
    found = {name: {key.replace("_input", ""): round(v, 4) for key, v in of.items()} for name, of in found.items()}
    if options.record:
        for network in demo.networks:
            learned = weights.manifest()["networks"][network].get("metrics", {})
            files.record(network, metrics={**learned, **found[network]})
        files.record(demo.networks[0], compared={name: found[name] for name in ("Noisy", *OTHERS)})
    print(json.dumps(found))


if __name__ == "__main__":
    main()
