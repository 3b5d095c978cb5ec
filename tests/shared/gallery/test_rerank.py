"""k-reciprocal re-ranking against a plain reading of the paper."""

import numpy as np
import pytest

from demos.shared.gallery.rerank import rerank


def reference(similarities: np.ndarray, k1: int, k2: int, share: float) -> np.ndarray:
    """Equations 1 to 12 of arXiv:1701.08398, a picture at a time, with sets."""
    distances = np.maximum(1 - similarities, 0)
    distances = distances / distances.max(1, keepdims=True)
    count = len(distances)
    ranking = [sorted(range(count), key=lambda other, one=one: distances[one, other]) for one in range(count)]

    def reciprocal(one: int, k: int) -> set[int]:
        return {other for other in ranking[one][: k + 1] if one in ranking[other][: k + 1]}

    weights = np.zeros_like(distances)
    for one in range(count):
        neighbours = set(reciprocal(one, k1))
        for candidate in reciprocal(one, k1):
            more = reciprocal(candidate, round(k1 / 2))
            if len(more & reciprocal(one, k1)) > 2 / 3 * len(more):
                neighbours |= more
        for other in neighbours:
            weights[one, other] = np.exp(-distances[one, other])
        weights[one] /= weights[one].sum()
    weights = np.stack([weights[ranking[one][:k2]].mean(0) for one in range(count)])
    shared = np.minimum(weights[:, None], weights[None]).sum(-1)
    return (1 - share) * (1 - shared / (2 - shared)) + share * distances


@pytest.fixture
def vectors(rng) -> np.ndarray:
    """Five pictures of each of eight things, float32 (40, 16), rows of length 1."""
    vectors = np.repeat(rng.normal(size=(8, 16)), 5, 0) + 0.7 * rng.normal(size=(40, 16))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize(("k1", "k2", "share"), [(6, 3, 0.3), (20, 6, 0.3), (4, 1, 0.0)])
def test_distances_are_those_of_the_paper(vectors, k1, k2, share):
    similarities = vectors @ vectors.T
    expected = reference(similarities.astype(float), k1, k2, share)
    assert np.allclose(rerank(similarities, None, k1, k2, share), expected, atol=1e-5)
    assert np.allclose(rerank(similarities, 2, k1, k2, share), expected[:2], atol=1e-5)


def test_shared_neighbours_bring_a_far_picture_of_the_same_thing_nearer(vectors):
    similarities = vectors @ vectors.T
    things = np.repeat(np.arange(8), 5)
    is_same = (things[:, None] == things) & ~np.eye(40, dtype=bool)
    is_other = things[:, None] != things

    def margin(distances):
        return distances[is_other].mean() / distances[is_same].mean()

    assert margin(rerank(similarities, k1=6, k2=3)) > margin(1 - similarities)


def test_fewer_pictures_than_neighbours_are_ranked():
    similarities = np.float32([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]])
    assert rerank(similarities, 1).argsort(1).tolist() == [[0, 1, 2]]
