"""What the vectors of a database are to each other, found once, and what follows from it for any query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

MOST = 10_000  # vectors that are all compared with each other, in about a second
LARGEST_SCALE = 2.0  # and its inverse the smallest: hundreds of equal pictures would be infinitely far
COPY = 0.9  # a vector as similar as this to the query is the query itself, and no witness for others
BLOCK = 1000  # vectors that are compared with all others at once


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Of N vectors: how far their own nearest are, and which two these are.

    scales: times how much the distance to each counts, float32 (N,). nearest: positions of the two nearest to each,
    nearest first, int (N, 2); similarities: of these to it, float32 (N, 2), and to each other, float32 (N,) `between`.
    near_enough: the least similarity at which they stand for it.
    """

    scales: np.ndarray
    nearest: np.ndarray
    similarities: np.ndarray
    between: np.ndarray
    near_enough: float

    def average(self, similarities: np.ndarray) -> np.ndarray:
        """The similarities of a query to the mean of each vector and its two nearest, of those that are near enough.

        Database-side feature augmentation (Arandjelović and Zisserman, 2012, CVPR). similarities: of the query to each
        vector alone, float32 (N,). What is no less similar than COPY counts in no other's mean.
        """
        counts = (self.similarities >= self.near_enough) & (similarities < COPY)[self.nearest]
        total = similarities + (similarities[self.nearest] * counts).sum(1)
        pairs = (self.similarities * counts).sum(1) + self.between * counts.all(1)
        return total / np.sqrt(1 + counts.sum(1, dtype=np.float32) + 2 * pairs)

    def relate(self, similarities: np.ndarray) -> np.ndarray:
        """Similarities, float32 (N,), whose distances count relative to how far a vector's own nearest are."""
        return 1 - self.scales * (1 - similarities)


def find(vectors: np.ndarray, thresholds: Mapping[str, float]) -> Surroundings | None:
    """The surroundings of vectors, float32 (N, D), of length 1 each; None where all shall count alike.

    Vectors amid many others are near to any query, those that stand alone to none. So distances count relative to the
    mean distance of a vector's nearest, of as many as `neighbours` of the thresholds says (contextual dissimilarity
    measure, Jégou et al., 2007, CVPR). With no more vectors than that, too few to tell, or more than MOST, all count
    alike. `expanded_from` of the thresholds is from where on the nearest stand for a vector; without it none does.
    """
    count = int(thresholds.get("neighbours", 0))
    if not count or not count < len(vectors) <= MOST:
        return None
    distances = np.empty(len(vectors), np.float32)
    nearest, near = np.empty((len(vectors), 2), np.intp), np.empty((len(vectors), 2), np.float32)
    for start in range(0, len(vectors), BLOCK):
        similarities = vectors[start : start + BLOCK] @ vectors.T
        rows = np.arange(len(similarities))
        similarities[rows, start + rows] = -1  # nothing is its own neighbour
        distances[start + rows] = 1 - np.partition(similarities, -count)[:, -count:].mean(1)
        for rank in range(2):
            nearest[start + rows, rank] = best = similarities.argmax(1)
            near[start + rows, rank] = similarities[rows, best]
            similarities[rows, best] = -1
    scales = max(distances.mean(), 1e-6) / np.maximum(distances, 1e-6)
    scales = scales.clip(1 / LARGEST_SCALE, LARGEST_SCALE)
    between = np.vecdot(vectors[nearest[:, 0]], vectors[nearest[:, 1]])
    return Surroundings(scales, nearest, near, between, thresholds.get("expanded_from", np.inf))
