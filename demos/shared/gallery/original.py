"""Search by an original network that only a worker process can run, where it can be had."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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

TOO_MANY = f"This database has more than {MAX_EMBEDDED:,} pictures, too many for the original: ask its student."


@dataclass(frozen=True, eq=False)
class Original:
    """An original network.

    encoder: its title, and how it gets pictures; it has no file of weights. worker: runs `embed`, a function of a
    module: uint8 (N, side, side, 3) -> rows of length 1, float32 (N, D), which raises Unavailable where the network
    cannot be had. is_centered: whether vectors are compared less their mean over the gallery. batch: pictures at once.
    """

    encoder: Encoder
    worker: Worker
    embed: Callable[[np.ndarray], np.ndarray]
    is_centered: bool = False
    batch: int = BATCH
    features: WeakKeyDictionary[Gallery, list[np.ndarray]] = field(default_factory=WeakKeyDictionary)  # first batches
    lock: threading.Lock = field(default_factory=threading.Lock)

    def search(self, picture: images.Picture, gallery: Gallery, k: int = 4) -> Iterator[int | None | Answer]:
        """How many pictures of a gallery are embedded, the first time on the way; last, the `k` most like a picture.

        None every second while the worker is at work. What was broken off goes on where it was. Raises GalleryError
        for more than MAX_EMBEDDED pictures, PictureError, and Unavailable.
        """
        if len(gallery) > MAX_EMBEDDED:
            raise GalleryError(TOO_MANY)
        with self.lock:
            batches = self.features.setdefault(gallery, [])
        while (done := sum(map(len, batches))) < len(gallery):
            positions = range(done, min(done + self.batch, len(gallery)))
            features = yield from self._embed([gallery.pixels(at) for at in positions])
            with self.lock:
                if done == sum(map(len, batches)):  # else another visitor's search has added them
                    batches.append(features)
            yield sum(map(len, batches))
        features = np.concatenate(batches)
        mean = features.mean(0) if self.is_centered else np.float32(0)
        inputs = self.encoder.preprocess(picture.pixels)
        yield from self._embed([picture.pixels])  # the worker may have to start: that is not counted
        began = time.perf_counter()
        embedding = l2_normalize((yield from self._embed([picture.pixels])) - mean)[0]
        similarities = l2_normalize(features - mean) @ embedding
        positions, nearest = best(similarities, min(MAX_MATCHES, max(1, int(k))))
        milliseconds = 1000 * (time.perf_counter() - began)
        percentiles = [percentile(similarities, value) for value in nearest]
        matches = gallery.matches(positions, self.encoder.to_distances(nearest), percentiles)
        yield Answer("reference", matches, True, milliseconds, inputs, {"embedding": embedding}, None)

    def _embed(self, pictures: list[np.ndarray]) -> Iterator[None]:
        """Embed in the worker: yields None while it is at work, and returns the features."""
        features = None
        for item in self.worker.run(self.embed, np.stack([self.encoder.preprocess(pixels) for pixels in pictures])):
            if item is None:
                yield None
            else:
                features = item
        return features


def start(make: Callable[[], Callable], side: int, absent: str) -> Callable:
    """In the worker: the network that `make` gives, ready to answer. Raises Unavailable(absent) where it cannot."""
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": str(cores())}
    try:
        network = make()
        network(np.zeros((1, side, side, 3), np.uint8))  # the first run prepares kernels
    except Exception as error:  # no Keras, no file, no network, no memory
        log.warning("%s %r", absent, error)
        raise Unavailable(absent) from error
    return network
