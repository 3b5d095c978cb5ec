"""Figures of a method over pairs of clean and noisy pictures."""

import time
from collections.abc import Callable

import numpy as np

from demos.shared import metrics


def score(restore: Callable[[np.ndarray], np.ndarray], clean: np.ndarray, noisy: np.ndarray) -> dict[str, float]:
    """Figures of one pair of float32 (H, W, 3): PSNR in dB, SSIM, mean squared error, seconds.

    restore: noisy -> restored, float32 (H, W, 3); it is clipped to [0, 1], but not rounded.
    """
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


def average(scores: list[dict[str, float]], *names: str, suffix: str = "") -> dict[str, float]:
    """The means of some of the figures of several pictures, their names with a suffix."""
    return {f"{name}{suffix}": float(np.mean([one[name] for one in scores])) for name in names}
