"""The original InceptionV3, where it can be had: it searches as well, in a worker, since it needs TensorFlow."""

from collections.abc import Callable
from functools import cache

import numpy as np

from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import l2_normalize
from demos.shared.gallery.original import Original, start
from demos.shared.worker import Worker

SIDE = 192
ENCODER = Encoder("", "The original InceptionV3", SIDE)  # no file of weights: the worker embeds
ABSENT = "The original InceptionV3 cannot be had here: it needs TensorFlow and, the first time, the network."
BROKEN = "The original InceptionV3 broke off or took too long: try again."
# It takes 2.7 GB.
WORKER = Worker(start_seconds=240, step_seconds=60, idle_seconds=300, memory_bytes=6 * 2**30, broken=BROKEN)


def embed(inputs: np.ndarray) -> np.ndarray:
    """uint8 (N, SIDE, SIDE, 3), some dozen pictures -> rows of length 1, float32 (N, 1280). Runs in the worker."""
    return l2_normalize(_network()(inputs))


@cache
def _network() -> Callable[[np.ndarray], np.ndarray]:
    return start(_make, SIDE, ABSENT)


def _make() -> Callable[[np.ndarray], np.ndarray]:
    from demos.retrieval.training import teachers

    network = teachers.inception()
    return lambda pictures: np.asarray(network(pictures, training=False))


ORIGINAL = Original(ENCODER, WORKER, embed, is_centered=True)
