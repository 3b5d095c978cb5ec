"""The original InceptionV3, where it can be had: it searches as well, in a worker, since it needs TensorFlow."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np

from demos.shared import images
from demos.shared.gallery.encoder import BATCH, Encoder
from demos.shared.gallery.gallery import MAX_EMBEDDED, Gallery, GalleryError, l2_normalize
from demos.shared.gallery.query import MAX_MATCHES, Answer
from demos.shared.gallery.search import best, percentile
from demos.shared.worker import Worker
from weights import Unavailable
from weights.runtime import cores

log = logging.getLogger(__name__)

SIDE = 192
ENCODER = Encoder("", "The original InceptionV3", SIDE)  # no file of weights: the worker embeds
ABSENT = "The original InceptionV3 cannot be had here: it needs TensorFlow and, the first time, the network."
BROKEN = "The original InceptionV3 broke off or took too long: try again."
TOO_MANY = f"This database has more than {MAX_EMBEDDED:,} pictures, too many for the original: ask its student."
# It takes 2.7 GB.
WORKER = Worker(start_seconds=240, step_seconds=60, idle_seconds=300, memory_bytes=6 * 2**30, broken=BROKEN)
_lock = threading.Lock()
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
    """How many pictures of a gallery are embedded, the first time on the way; last, the `k` most like a picture.

    None every second while the worker is at work. Features are compared less their mean over the gallery. What was
    broken off goes on where it was. Raises GalleryError for more than MAX_EMBEDDED pictures, PictureError, and
    Unavailable.
    """
    if len(gallery) > MAX_EMBEDDED:
        raise GalleryError(TOO_MANY)
    with _lock:
        batches = _features.setdefault(gallery, [])
    while (done := sum(map(len, batches))) < len(gallery):
        positions = range(done, min(done + BATCH, len(gallery)))
        features = yield from _embed([gallery.pixels(at) for at in positions])
        with _lock:
            if done == sum(map(len, batches)):  # else another visitor's search has added them
                batches.append(features)
        yield sum(map(len, batches))
    features = np.concatenate(batches)
    mean = features.mean(0)
    inputs = ENCODER.preprocess(picture.pixels)
    yield from _embed([picture.pixels])  # the worker may have to start: that is not counted
    began = time.perf_counter()
    embedding = l2_normalize((yield from _embed([picture.pixels])) - mean)[0]
    similarities = l2_normalize(features - mean) @ embedding
    positions, nearest = best(similarities, min(MAX_MATCHES, max(1, int(k))))
    milliseconds = 1000 * (time.perf_counter() - began)
    percentiles = [percentile(similarities, value) for value in nearest]
    matches = gallery.matches(positions, ENCODER.to_distances(nearest), percentiles)
    yield Answer("reference", matches, True, milliseconds, inputs, {"embedding": embedding}, None)


def _embed(pictures: list[np.ndarray]) -> Iterator[None]:
    """Embed in the worker: yields None while it is at work, and returns the features."""
    features = None
    for item in WORKER.run(embed, np.stack([ENCODER.preprocess(pixels) for pixels in pictures])):
        if item is None:
            yield None
        else:
            features = item
    return features
