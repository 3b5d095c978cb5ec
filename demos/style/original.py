"""The Gram matrices of VGG19 itself, where its weights can be had: in a worker, since it needs TensorFlow."""

from collections.abc import Callable
from functools import cache

import numpy as np

from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.original import Original, start
from demos.shared.worker import Worker
from demos.style import gram

ABSENT = "VGG19 cannot be had here: it needs TensorFlow and, the first time, its weights."
BROKEN = "VGG19 broke off or took too long: try again."
ENCODER = Encoder("", "Gram matrices of VGG19 itself", gram.SIDE)


def embed(inputs: np.ndarray) -> np.ndarray:
    """uint8 (N, SIDE, SIDE, 3), some dozen pictures -> what `gram.sketch` gives. Runs in the worker."""
    return _network()(inputs)


@cache
def _network() -> Callable[[np.ndarray], np.ndarray]:
    return start(_make, gram.SIDE, ABSENT)


def _make() -> Callable[[np.ndarray], np.ndarray]:
    from demos.style.training import teacher

    return teacher.network()


# It takes 1.5 GB.
WORKER = Worker(start_seconds=240, step_seconds=60, idle_seconds=300, memory_bytes=4 * 2**30, broken=BROKEN)
ORIGINAL = Original(ENCODER, WORKER, embed, batch=16)
