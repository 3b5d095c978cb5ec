"""What a database's pictures are to each other: who stands alone, and whose nearest speak for it."""

import numpy as np
import pytest

from demos.shared.gallery import search, surroundings
from tests.shared.gallery.directions import at, unit

ALONE = {"neighbours": 3}
TOGETHER = {"neighbours": 3, "expanded_from": np.cos(np.radians(32))}


def test_distances_count_relative_to_those_of_a_vector_s_own_neighbours():
    crowd, alone = at(*np.linspace(30, 34, 9)), at(-31)
    vectors, query = np.concatenate([crowd, alone]), at(0)[0]
    plain, relative = (search.compare(vectors, query, used) for used in ({}, ALONE))
    assert search.best(plain, 1)[0].tolist() == [0]
    assert search.best(relative, 1)[0].tolist() == [9] and relative.dtype == np.float32
    scales = surroundings.find(vectors, ALONE).scales
    assert scales[9] == 1 / surroundings.LARGEST_SCALE and (scales[:9] <= surroundings.LARGEST_SCALE).all()
    assert search.compare(vectors, vectors[4], ALONE)[4] == pytest.approx(1)  # it still finds itself


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_vectors_count_alike_whatever_is_near_them(count):
    vectors = at(*range(count))
    assert surroundings.find(vectors, ALONE) is None
    assert search.compare(vectors, at(5)[0], ALONE).tolist() == search.compare(vectors, at(5)[0]).tolist()


def test_surroundings_of_many_vectors_are_found_in_blocks(rng, monkeypatch):
    vectors, used = unit(rng.normal(size=(250, 8))), {"neighbours": 20}
    whole = surroundings.find(vectors, used)
    monkeypatch.setattr(surroundings, "BLOCK", 60)
    parts = surroundings.find(vectors, used)
    assert parts.scales == pytest.approx(whole.scales, abs=1e-5) and (parts.nearest == whole.nearest).all()
    similarities = vectors.astype(float) @ vectors.T
    distances = np.sort(1 - similarities, axis=1)[:, 1:21].mean(1)
    assert whole.scales == pytest.approx(distances.mean() / distances, abs=1e-4)
    assert (whole.nearest == np.argsort(-similarities, axis=1)[:, 1:3]).all()
    assert whole.similarities == pytest.approx(np.take_along_axis(similarities, whole.nearest, 1), abs=1e-6)
    assert whole.between == pytest.approx(similarities[tuple(whole.nearest.T)], abs=1e-6)
    monkeypatch.setattr(surroundings, "MOST", 249)
    assert surroundings.find(vectors, used) is None


def test_equal_vectors_have_finite_scales():
    scales = surroundings.find(np.concatenate([at(*[10] * 8), at(90, 95)]), ALONE).scales
    assert np.isfinite(scales).all() and scales.max() <= surroundings.LARGEST_SCALE


def test_the_two_nearest_of_a_vector_stand_for_it_where_they_are_near_enough(rng):
    vectors, query = unit(rng.normal(size=(300, 6))), unit(rng.normal(size=6))
    around = surroundings.find(vectors, {"neighbours": 5, "expanded_from": 0.9})
    for position, found in enumerate(around.average(vectors @ query)):
        near = [at for at in around.nearest[position] if vectors[at] @ vectors[position] >= 0.9]
        near = [at for at in near if vectors[at] @ query < surroundings.COPY]
        assert found == pytest.approx(unit(vectors[position] + vectors[near].sum(0)) @ query, abs=1e-5)


def test_a_vector_whose_nearest_lie_towards_the_query_is_nearer_than_one_that_is_as_near_alone():
    vectors, query = at(60, 45, 35, -59, 170, 180), at(0)[0]
    averaged = surroundings.find(vectors, TOGETHER).average(vectors @ query)
    assert averaged[0] == pytest.approx(unit(vectors[:3].sum(0)) @ query) and averaged.dtype == np.float32
    assert averaged[3] == pytest.approx(np.cos(np.radians(59)), abs=1e-6)  # none is near enough to stand for it
    assert (search.compare(vectors, query, TOGETHER) >= search.compare(vectors, query, ALONE)).all()


@pytest.mark.parametrize("degrees", [0, 3])
def test_the_query_itself_or_a_copy_is_no_witness_for_its_neighbours(degrees):
    vectors, query, used = at(degrees, 40, 60, 100, 140, 180), at(0)[0], ALONE | {"expanded_from": 0.7}
    around = surroundings.find(vectors, used)
    assert around.nearest[1].tolist() == [2, 0]
    assert around.average(vectors @ query)[1] == pytest.approx(np.cos(np.radians(50)), abs=1e-6)
    assert search.best(search.compare(vectors, query, used), 1)[0].tolist() == [0]
