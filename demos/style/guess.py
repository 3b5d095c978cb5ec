"""The style of a picture as a guess from the labelled pictures that are nearest to it."""

from collections.abc import Sequence

import numpy as np

NEAREST = 3  # pictures of a style that speak for it


def guess(similarities: np.ndarray, labels: Sequence, temperature: float) -> dict:
    """Label -> its probability, the likeliest first.

    A softmax over the labels of the mean cosine similarity of the NEAREST pictures that have it. similarities: float
    (N,), of the gallery's pictures to the query. labels: of each. temperature: chosen on held-out pictures.
    """
    names, numbers = np.unique(labels, return_inverse=True)
    order = np.lexsort((-similarities, numbers))
    ranked, groups = similarities[order], numbers[order]
    place = np.arange(len(order)) - np.searchsorted(groups, groups)  # within its label
    near = place < NEAREST
    means = np.bincount(groups[near], ranked[near]) / np.bincount(groups[near])
    shares = np.exp((means - means.max()) / temperature)
    shares /= shares.sum()
    best = np.argsort(-shares, kind="stable")
    return {names[at].item(): float(shares[at]) for at in best}
