"""By which figures painting is measured, on pairs of a photograph and a style."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import mean

import numpy as np

import weights
from demos.shared import data, images, metrics
from demos.shared.gallery.gallery import l2_normalize
from demos.style import gatys, paint, painter

SIDE = 256  # pixels of a side of the squares that are painted
MOST = 20  # pictures of a file that are measured
STEPS = 300  # of the optimisation, at most
PAIRS = 8  # of which the steps are counted
SEED = 0  # decides which

Pair = tuple[np.ndarray, np.ndarray]


def squares(encoded: list[bytes]) -> list[np.ndarray]:
    """The middle of each picture, uint8 (SIDE, SIDE, 3)."""
    return [_square(images.open(one).pixels) for one in encoded]


def _square(pixels: np.ndarray) -> np.ndarray:
    large = painter.resize(pixels, SIDE / min(pixels.shape[:2]))
    top, left = ((size - SIDE) // 2 for size in large.shape[:2])
    return large[top : top + SIDE, left : left + SIDE]


def pairs_of(file: Path) -> list[Pair]:
    """At most MOST pictures of a Parquet file, evenly spread, each with the next one as the style."""
    encoded = data.read(file)[0]
    count = min(MOST, len(encoded))
    pictures = squares([encoded[at * len(encoded) // count] for at in range(count)])
    return list(zip(pictures, [*pictures[1:], pictures[0]], strict=True))


def photograph(pixels: np.ndarray) -> images.Picture:
    """Pixels as what is painted."""
    return images.Picture(pixels, None, pixels.shape[1::-1])


def paint_pairs(pairs: list[Pair], strength: float = 1.0) -> list[np.ndarray]:
    """Each photograph in its style, uint8 (SIDE, SIDE, 3)."""
    return [paint.paint(photograph(content), paint.codes.find(style), strength).pixels for content, style in pairs]


def measure_painter(pairs: list[Pair], painted: list[np.ndarray]) -> dict[str, float]:
    """How far paintings are from their styles, by the codes, and PSNR at a strength of 0, at most 100 dB."""
    distances = [code_distance(*pair, one) for pair, one in zip(pairs, painted, strict=True)]
    few = pairs[:MOST]
    psnr = [
        min(100.0, metrics.psnr(painter.to_float(one), painter.to_float(content)))
        for one, (content, _) in zip(paint_pairs(few, 0), few, strict=True)
    ]
    return {"code_distance": mean(distances), "strength_0_psnr": mean(psnr)}


def code_distance(content: np.ndarray, style: np.ndarray, painted: np.ndarray) -> float:
    """The distance of codes of painting and style, over that of photograph and style: 0 where it has the style."""
    own, wanted, got = (paint.codes.find(pixels) for pixels in (content, style, painted))
    return float(np.linalg.norm(got - wanted) / max(np.linalg.norm(own - wanted), 1e-6))


def measure_by_vgg19(pairs: list[Pair], painted: list[np.ndarray]) -> dict[str, float]:
    """Both losses over all pairs, and the steps of the optimisation over a few; nothing where VGG19 cannot be had."""
    trials = [(*pair, one) for pair, one in zip(pairs, painted, strict=True)]
    chosen = np.random.default_rng(SEED).choice(len(trials), min(PAIRS, len(trials)), replace=False)
    try:
        losses = [gatys.WORKER.call(gatys.measure, *trial) for trial in trials]
        steps = [gatys.count(*trials[at], STEPS) for at in sorted(chosen)]
    except weights.Unavailable as error:
        print(error)
        return {}
    content, style = (mean(one[at] for one in losses) for at in (0, 1))
    return {"content_loss": content, "style_loss": style, "gatys_steps": mean(steps)}


def measure_time(rounds: int = 5) -> float:
    """Milliseconds that a photograph of 512x512 pixels takes whose style was looked at: the least of some rounds."""
    rng, times = np.random.default_rng(SEED), []
    style = paint.codes.find(rng.integers(0, 256, (SIDE, SIDE, 3), np.uint8))
    for _ in range(rounds):
        pixels = rng.integers(0, 256, (512, 512, 3), np.uint8)
        began = time.perf_counter()
        paint.paint(photograph(pixels), style)
        times.append(1000 * (time.perf_counter() - began))
    return min(times)


def measure_describer(pairs: list[Pair]) -> dict[str, float]:
    """How often the left half of a picture finds its right half among those of the others: recall at 1."""
    pictures = list({id(picture): picture for pair in pairs for picture in pair}.values())[:MOST]
    halves = [picture[:, cut] for cut in (slice(0, SIDE // 2), slice(SIDE // 2, None)) for picture in pictures]
    vectors = l2_normalize(standardize(np.stack([paint.codes.find(half) for half in halves])))
    similarities = vectors[: len(pictures)] @ vectors[len(pictures) :].T
    return {"recall_at_1_halves": float(np.mean(similarities.argmax(1) == np.arange(len(pictures))))}


def standardize(codes: np.ndarray) -> np.ndarray:
    """Codes, float (N, D), each number less its mean, over its deviation."""
    return (codes - codes.mean(0)) / (codes.std(0) + 1e-6)
