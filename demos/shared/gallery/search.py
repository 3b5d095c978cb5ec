"""The nearest vectors of a database, exactly: one pass over all of them, NumPy alone."""

import numpy as np


def nearest(vectors: np.ndarray, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k of `vectors` that are nearest to `query`, nearest first; all of them where there are fewer.

    vectors: float32 (N, D), query: float32 (D,), of length 1 each. Returns positions, int (k,), and their cosine
    similarities, float32 (k,). Those that are equally near come in order of position.
    """
    return best(np.vecdot(vectors, query), k)  # one core reads memory as fast as it goes; with @ at half of that


def best(similarities: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The same from the similarities, float32 (N,), of all vectors."""
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
