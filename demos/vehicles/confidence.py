"""What a similarity means: how probably two pictures show one vehicle, and when nothing is like a picture."""

from weakref import WeakKeyDictionary

import numpy as np

import weights
from demos.shared.gallery import confidence
from demos.shared.gallery.gallery import Gallery

UNCALIBRATED = (
    "These weights do not say how probable a match is: whoever runs this page can train them again, or restore those "
    'that came with it with "git checkout -- weights".'
)

SAMPLE = 500  # pictures of a gallery that are looked at
UNLIKE = 5  # percent of the vehicles in a gallery that are farther from all others
_least: WeakKeyDictionary[Gallery, dict[tuple[str, str], float]] = WeakKeyDictionary()


def estimate_probability(entry: weights.Entry, similarity: float) -> float:
    """The probability that a query's nearest picture, with this cosine similarity, shows the same vehicle.

    Calibrated on held-out vehicles, half of which were not in the gallery. Raises weights.Unavailable for a network
    that was not calibrated.
    """
    probability = confidence.estimate_probability(entry, similarity, "similarity", "similarity_slope")
    if probability is None:
        raise weights.Unavailable(UNCALIBRATED)
    return probability


def least_similarity(gallery: Gallery, encoder: str) -> float:
    """The cosine similarity below which nothing in a gallery is like a picture.

    Of each picture in the gallery the nearest of another vehicle is looked for: UNLIKE percent are farther than this.
    Where vehicles are not known, each picture counts as one.
    """
    known, key = _least.setdefault(gallery, {}), (encoder, gallery.digests[encoder])
    if key not in known:
        vectors = gallery.vectors[encoder]
        chosen = np.linspace(0, len(vectors) - 1, min(SAMPLE, len(vectors))).astype(int)
        vehicles = np.array(gallery.labels[: len(vectors)] or range(len(vectors)))
        is_other = vehicles[chosen][:, None] != vehicles
        nearest = np.where(is_other, vectors[chosen] @ vectors.T, -1).max(1)
        known[key] = float(np.percentile(nearest, UNLIKE))
    return known[key]
