"""The nearest vectors of a database, exactly: one pass over all of them, NumPy alone."""

from collections.abc import Mapping

import numpy as np

EXPANDED = 2  # of the nearest may stand for the query too; with more, kinds of two pictures are found less
MOST_SCALED = 10_000  # vectors that are all compared with each other, in about a second
LARGEST_SCALE = 2.0  # and its inverse the smallest: hundreds of equal pictures would be infinitely far
BLOCK = 1000  # vectors that are compared with all others at once


def compare(
    vectors: np.ndarray, query: np.ndarray, thresholds: Mapping[str, float] = {}, scales: np.ndarray | None = None
) -> np.ndarray:
    """The cosine similarities of `vectors`, float32 (N, D), to `query`, float32 (D,), of length 1 each: float32 (N,).

    thresholds: of an encoder. The nearest that are at least as similar as its `expanded_from`, if it has one, stand for
    the query as well, see `expand`. scales: of `find_scales`, found where they are not given: times so much the
    distance to each counts.
    """
    similarities = expand(vectors, query, thresholds.get("expanded_from"))
    if scales is None:
        scales = find_scales(vectors, thresholds)
    return similarities if scales is None else 1 - scales * (1 - similarities)


def find_scales(vectors: np.ndarray, thresholds: Mapping[str, float]) -> np.ndarray | None:
    """Times how much the distances to each of the vectors count: float32 (N,); None where they all count alike.

    Vectors amid many others are near to any query, those that stand alone to none. So distances count relative to how
    far a vector's own nearest are, the mean of as many as `neighbours` of the thresholds says (contextual dissimilarity
    measure, Jégou et al., 2007, CVPR). vectors: float32 (N, D), of length 1 each. With no more than that many, too few
    to tell, or more than MOST_SCALED, all count alike.
    """
    count = int(thresholds.get("neighbours", 0))
    if not count or not count < len(vectors) <= MOST_SCALED:
        return None
    distances = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), BLOCK):
        similarities = vectors[start : start + BLOCK] @ vectors.T
        rows = np.arange(len(similarities))
        similarities[rows, start + rows] = -1  # nothing is its own neighbour
        distances[start : start + BLOCK] = 1 - np.partition(similarities, -count)[:, -count:].mean(1)
    scales = max(distances.mean(), 1e-6) / np.maximum(distances, 1e-6)
    return scales.clip(1 / LARGEST_SCALE, LARGEST_SCALE)


def expand(vectors: np.ndarray, query: np.ndarray, expanded_from: float | None) -> np.ndarray:
    """The similarities to the query, or where it is larger to the mean of it and the nearest (EXPANDED, if so near).

    Average query expansion (Chum et al., 2007, ICCV). expanded_from: the least similarity of these; None for none.
    """
    similarities = np.vecdot(vectors, query)  # one core reads memory as fast as it goes; with @ at half of that
    if expanded_from is None:
        return similarities
    positions, nearest = best(similarities, EXPANDED)
    alike = vectors[positions[nearest >= expanded_from]]
    if not len(alike):
        return similarities
    mean = query + alike.sum(0)
    return np.maximum(similarities, np.vecdot(vectors, mean / np.linalg.norm(mean)))


def best(similarities: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k largest of similarities, float32 (N,), largest first; all of them where there are fewer.

    Returns positions, int (k,), and their similarities, float32 (k,). Equal ones come in order of position.
    """
    k = min(k, len(similarities))
    if k < 1:
        return np.empty(0, np.intp), similarities[:0]
    least = np.partition(similarities, -k)[-k]
    among = np.flatnonzero(similarities >= least)  # more than k where others are as near as the last of them
    positions = among[np.argsort(-similarities[among], kind="stable")[:k]]
    return positions, similarities[positions]


def percentile(similarities: np.ndarray, value: float) -> float:
    """How much of a database is further from the query than `value`, in percent of 0 to 100.

    similarities: float (N,), of the whole database to the query; 0 % of an empty one.
    """
    return 100 * float(np.mean(similarities < value)) if len(similarities) else 0.0
