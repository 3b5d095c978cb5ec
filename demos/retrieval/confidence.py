"""What a similarity means: how probably a match is of the same kind as the picture."""

import numpy as np

import weights


def estimate_probability(entry: weights.Entry, similarity: float) -> float | None:
    """The probability that one of a query's nearest pictures, of this cosine similarity, is of the same kind.

    Calibrated on held-out categories, half of whose queries had none of their kind in the gallery (Platt, 1999): of
    the entry's thresholds `kind_similarity` is where it is one half, and `kind_slope` how steep it is there.
    None for a network that was not calibrated.
    """
    if not {"kind_slope", "kind_similarity"} <= entry.thresholds.keys():
        return None
    slope, half = entry.thresholds["kind_slope"], entry.thresholds["kind_similarity"]
    return round(float(1 / (1 + np.exp(-slope * (similarity - half)))), 4)
