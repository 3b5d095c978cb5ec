"""k-reciprocal re-ranking (Zhong et al., 2017, arXiv:1701.08398): who shares the query's neighbours comes first.

Two pictures are k-reciprocal where each is among the k nearest of the other. Each picture is described by its
k-reciprocal neighbours, and the distance of two pictures is how little their neighbours have in common.
"""

import numpy as np

K1, K2, SHARE = 20, 6, 0.3  # of the paper


def rerank(
    similarities: np.ndarray, queries: int | None = None, k1: int = K1, k2: int = K2, share: float = SHARE
) -> np.ndarray:
    """Distances in [0, 1] from the first `queries` pictures, all by default, to all N: float32 (queries, N).

    similarities: float (N, N), cosine similarities of all pairs, query and gallery together.
    k1: how many neighbours describe a picture. k2: over how many of the nearest, itself included, descriptions are
    averaged. share: of the first distance in the result, the rest is the Jaccard distance (equation 12).
    """
    distances = np.clip(1 - similarities, 0, None).astype(np.float32)
    distances /= np.maximum(distances.max(1, keepdims=True), 1e-12)
    near = _nearest(distances, k1 + 1)  # a picture is its own nearest
    neighbours = _expand(near, k1)
    weights = np.where(neighbours, np.exp(-distances), 0)
    weights /= weights.sum(1, keepdims=True)
    averaged = weights[near.T[:k2]].mean(0)
    jaccard = np.stack([_jaccard(averaged, query) for query in range(len(near) if queries is None else queries)])
    return (1 - share) * jaccard + share * distances[: len(jaccard)]


def _nearest(distances: np.ndarray, k: int) -> np.ndarray:
    """Of each picture the positions of the k nearest, nearest first, itself before all: int (N, k)."""
    k = min(k, len(distances))
    distances = distances - 2 * np.eye(len(distances), dtype=np.float32)
    some = np.argpartition(distances, k - 1)[:, :k]
    order = np.take_along_axis(distances, some, 1).argsort(1, kind="stable")
    return np.take_along_axis(some, order, 1)


def _reciprocal(near: np.ndarray, k: int) -> np.ndarray:
    """Which pictures are each other's k nearest, bool (N, N); each is its own."""
    is_near = np.zeros((len(near), len(near)), bool)
    np.put_along_axis(is_near, near[:, : k + 1], True, 1)
    return is_near & is_near.T


def _expand(near: np.ndarray, k: int) -> np.ndarray:
    """The k-reciprocal neighbours, bool (N, N), and those of neighbours with two thirds in common (equation 5)."""
    all_of, half = _reciprocal(near, k), _reciprocal(near, round(k / 2))
    sizes, rows, expanded = half.sum(1), np.arange(len(near)), all_of.copy()
    for neighbour in near.T:
        common = (half[neighbour] & all_of).sum(1)
        is_alike = all_of[rows, neighbour] & (3 * common > 2 * sizes[neighbour])
        expanded |= half[neighbour] & is_alike[:, None]
    return expanded


def _jaccard(weights: np.ndarray, query: int) -> np.ndarray:
    """The Jaccard distances of one picture to all, float32 (N,), of rows that sum to 1."""
    own = np.flatnonzero(weights[query])
    common = np.minimum(weights[:, own], weights[query, own]).sum(1)
    return 1 - common / (2 - common)
