"""The original InceptionV3, where it can be had: it searches as well, in a worker, since it needs TensorFlow."""

import logging
import os
from collections.abc import Iterator
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np

from demos.shared import images
from demos.shared.gallery.encoder import BATCH, Encoder
from demos.shared.gallery.gallery import Gallery, l2_normalize
from demos.shared.gallery.original import Original
from demos.shared.gallery.query import Answer
from demos.shared.worker import Worker
from weights import Unavailable
from weights.runtime import cores

log = logging.getLogger(__name__)

SIDE = 192
ENCODER = Encoder("", "The original InceptionV3", SIDE)  # no file of weights: the worker embeds
ABSENT = "The original InceptionV3 cannot be had here: it needs TensorFlow and, the first time, the network."
BROKEN = "The original InceptionV3 broke off or took too long: try again."
# It takes 2.7 GB.
WORKER = Worker(start_seconds=240, step_seconds=60, idle_seconds=300, memory_bytes=6 * 2**30, broken=BROKEN)
_features: WeakKeyDictionary[Gallery, list[np.ndarray]] = WeakKeyDictionary()  # of the first batches of a gallery


def embed(inputs: np.ndarray) -> np.ndarray:
    """uint8 (N, SIDE, SIDE, 3), some dozen pictures -> rows of length 1, float32 (N, 1280). Runs in the worker."""
    return l2_normalize(np.asarray(_network()(inputs, training=False)))


@cache
def _network():
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": str(cores())}
    try:
        from demos.retrieval.training import teachers

        network = teachers.inception()
        network(np.zeros((1, SIDE, SIDE, 3), np.uint8), training=False)  # the first run prepares kernels
    except Exception as error:  # no Keras, no file, no network, no memory
        log.warning("InceptionV3: %r", error)
        raise Unavailable(ABSENT) from error
    return network


def search(picture: images.Picture, gallery: Gallery, k: int = 4) -> Iterator[int | None | Answer]:
    """How many pictures of a gallery are embedded on the way; last, the `k` most like a picture: `Original.search`."""
    return Original(ENCODER, WORKER, embed, True, BATCH, _features).search(picture, gallery, k)
