"""The student project's way to paint: optimise the picture itself by VGG19's layers, in a worker (arXiv:1508.06576)."""

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demos.style.original import ABSENT, WORKER
from demos.style.painter import resize
from weights import Unavailable
from weights.runtime import cores

log = logging.getLogger(__name__)

SIDE = 256  # pixels of the longer side of the photograph, of the shorter one of the style
STEPS, EVERY = 150, 5  # of the optimisation, and between two previews
SECONDS = 60  # after which it ends wherever it is


@dataclass(frozen=True, eq=False)
class Step:
    """How far it is. pixels: uint8 (H, W, 3). content_loss, style_loss: of the picture now; fast: both of `painted`."""

    number: int
    pixels: np.ndarray
    content_loss: float
    style_loss: float
    fast: tuple[float, float]


def fit(photograph: np.ndarray) -> np.ndarray:
    """A photograph, uint8 (H, W, 3), of at most SIDE pixels a side, and at least an eighth of it."""
    small = resize(photograph, min(1.0, SIDE / max(photograph.shape[:2])))
    if min(small.shape[:2]) >= SIDE // 8:
        return small
    height, width = (max(side, SIDE // 8) for side in small.shape[:2])
    return np.pad(small, ((0, height - small.shape[0]), (0, width - small.shape[1]), (0, 0)), "symmetric")


def optimize(photograph: np.ndarray, style: np.ndarray, painted: np.ndarray) -> Iterator[Step | None]:
    """Run in the worker: a Step for every few of the optimisation. None every second while nothing is new.

    photograph, painted: of `fit`, one size. style: uint8 (H, W, 3). Raises Unavailable where VGG19 cannot be had.
    """
    return WORKER.run(run, photograph, style, painted)


def run(
    photograph: np.ndarray, style: np.ndarray, painted: np.ndarray, steps: int = STEPS, seconds: float = SECONDS
) -> Iterator[Step]:
    """What the worker does."""
    optimization = _prepare(photograph.shape[:2])
    optimization.begin(photograph, style, photograph)
    fast = optimization.measure(painted)
    yield Step(0, photograph, *optimization.measure(), fast)
    began = time.monotonic()
    for number in range(1, steps + 1):
        optimization.step()
        is_over = number == steps or time.monotonic() - began > seconds
        if is_over or number % EVERY == 0:
            yield Step(number, optimization.picture(), *optimization.measure(), fast)
        if is_over:
            return


def count(photograph: np.ndarray, style: np.ndarray, painted: np.ndarray, most: int) -> int:
    """Steps from the photograph until the weighted sum of both losses is that of what was painted, at most `most`."""
    return WORKER.call(count_steps, photograph, style, painted, most)


def count_steps(photograph: np.ndarray, style: np.ndarray, painted: np.ndarray, most: int) -> Iterator[int]:
    """What the worker does to count: how many steps were made, after each few."""
    from demos.style.training.optimization import weigh

    optimization = _prepare(photograph.shape[:2])
    optimization.begin(photograph, style, photograph)
    wanted = weigh(*optimization.measure(painted))
    for number in range(most):
        if optimization.step() <= wanted:
            yield number
            return
        if number % EVERY == 0:
            yield number
    yield most


def measure(photograph: np.ndarray, style: np.ndarray, painted: np.ndarray) -> tuple[float, float]:
    """Content and style loss of what was painted; of pictures of one size, uint8 (H, W, 3), and of any style."""
    optimization = _prepare(photograph.shape[:2])
    optimization.begin(photograph, style, photograph)
    return optimization.measure(painted)


def _prepare(size: tuple[int, int]):
    """VGG19 and a picture of this (height, width). Raises Unavailable."""
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": str(cores())}
    try:
        from demos.style.training import optimization

        return optimization.prepare(*size)
    except Exception as error:  # no Keras, no file, no network, no memory
        log.warning("%s %r", ABSENT, error)
        raise Unavailable(ABSENT) from error
