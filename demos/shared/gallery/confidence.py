"""What a similarity means: how probably two pictures belong together."""

import math

import weights


def estimate_probability(entry: weights.Entry, similarity: float, half: str, slope: str) -> float | None:
    """The probability that a query and one of its nearest pictures, of this cosine similarity, belong together.

    Calibrated on held-out pictures (Platt, 1999): of the entry's thresholds the one called `half` is where the
    probability is one half, and that called `slope` how steep it is there. None for a network without them.
    """
    thresholds = entry.thresholds
    if not {half, slope} <= thresholds.keys():
        return None
    return 1 / (1 + math.exp(-thresholds[slope] * (similarity - thresholds[half])))
