"""The nearest vectors of a database, exactly: one pass over all of them, NumPy alone."""

from collections.abc import Mapping

import numpy as np

from demos.shared.gallery import surroundings
from demos.shared.gallery.surroundings import Surroundings

EXPANDED = 2  # of the nearest may stand for the query too; with more, kinds of two pictures are found less


def compare(
    vectors: np.ndarray, query: np.ndarray, thresholds: Mapping[str, float] = {}, around: Surroundings | None = None
) -> np.ndarray:
    """The cosine similarities of `vectors`, float32 (N, D), to `query`, float32 (D,), of length 1 each: float32 (N,).

    thresholds: of an encoder. The nearest that are at least as similar as its `expanded_from`, if it has one, stand for
    the query as well, see `expand`, and those of each vector for it, see `Surroundings`. around: what
    `surroundings.find` gives, found where it is not given.
    """
    similarities = np.vecdot(vectors, query)  # one core reads memory as fast as it goes; with @ at half of that
    expanded = expand(vectors, query, similarities, thresholds.get("expanded_from"))
    if around is None:
        around = surroundings.find(vectors, thresholds)
    return expanded if around is None else around.relate(np.maximum(expanded, around.average(similarities)))


def expand(vectors: np.ndarray, query: np.ndarray, similarities: np.ndarray, expanded_from: float | None) -> np.ndarray:
    """The similarities to the query, or where it is larger to the mean of it and the nearest (EXPANDED, if so near).

    Average query expansion (Chum et al., 2007, ICCV). expanded_from: the least similarity of these; None for none.
    """
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
