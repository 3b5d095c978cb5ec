"""Which parts of two pictures make them similar."""

import numpy as np


def compare(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> np.ndarray:
    """The places of two pictures that make them similar: float32 (2, h, w) in [0, 1], 1 at the most similar place.

    one, other: a network's outputs, `features` (h, w, D), which sum to `embedding` (D,). So the similarity is the sum
    over all places of a picture of features times the other's embedding. Empty, (2, 0, 0), without `features`.
    """
    if "features" not in one or "features" not in other:
        return np.zeros((2, 0, 0), np.float32)
    shares = np.stack([one["features"] @ other["embedding"], other["features"] @ one["embedding"]])
    return np.clip(shares, 0, None) / np.maximum(shares.max((1, 2), keepdims=True), 1e-12)
