"""Exact search finds what sorting the whole database finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from demos.shared.gallery import search
from demos.shared.gallery.query import open_picture
from demos.shared.images import Crop
from tests.shared.gallery.directions import at, unit


# Products of such vectors are exact, so that as many are equally near as there can be.
@settings(deadline=None)
@given(
    stn.arrays(np.float32, st.tuples(st.integers(0, 40), st.just(3)), elements=st.sampled_from([-0.5, 0, 0.5])),
    stn.arrays(np.float32, 3, elements=st.sampled_from([-0.5, 0, 0.5])),
    st.integers(0, 50),
)
def test_the_nearest_are_the_first_of_all_in_order_of_similarity_then_position(vectors, query, k):
    similarities = [float(sum(vector * query)) for vector in vectors]
    expected = sorted(range(len(vectors)), key=lambda i: (-similarities[i], i))[:k]
    positions, found = search.best(search.compare(vectors, query), k)
    assert positions.tolist() == expected and found.tolist() == [similarities[i] for i in expected]
    assert np.issubdtype(positions.dtype, np.integer) and found.dtype == np.float32


def test_the_nearest_of_many_vectors(rng):
    vectors, query = unit(rng.normal(size=(5000, 64))), unit(rng.normal(size=64))
    exact = vectors.astype(float) @ query.astype(float)
    positions, similarities = search.best(search.compare(vectors, query), 10)
    assert positions.tolist() == np.argsort(-exact)[:10].tolist()
    assert similarities == pytest.approx(exact[positions], abs=1e-6)
    assert search.best(search.compare(vectors, vectors[7]), 1)[0].tolist() == [7]


def test_neighbours_that_are_near_enough_stand_for_the_query_as_well():
    vectors, query, used = at(20, -50, 40, 52, 180), at(0)[0], {"expanded_from": np.cos(np.radians(45))}
    plain, expanded = search.compare(vectors, query), search.compare(vectors, query, used)
    assert search.best(plain, 4)[0].tolist() == [0, 2, 1, 3]
    assert search.best(expanded, 4)[0].tolist() == [0, 2, 3, 1]  # the mean of 0, 20 and 40 degrees is 20
    assert (expanded >= plain).all() and expanded[3] == pytest.approx(np.cos(np.radians(32)), abs=1e-6)
    assert expanded.dtype == np.float32
    assert search.compare(vectors, vectors[0], {"expanded_from": 0.5})[0] == pytest.approx(1)


@pytest.mark.parametrize("vectors", [at(50, -60, 90), at()])
def test_query_without_a_near_neighbour_is_not_expanded(vectors):
    query = at(0)[0]
    assert search.compare(vectors, query, {"expanded_from": 0.9}).tolist() == search.compare(vectors, query).tolist()


def test_an_empty_database_has_no_nearest():
    positions, similarities = search.best(search.compare(np.empty((0, 8), np.float32), np.zeros(8, np.float32)), 4)
    assert positions.shape == similarities.shape == (0,)
    assert search.percentile(similarities, 0.5) == 0


@settings(deadline=None)
@given(stn.arrays(np.float32, st.integers(1, 30), elements=st.sampled_from([-1, -0.25, 0, 0.25, 1])), st.data())
def test_a_percentile_is_the_share_that_is_further(similarities, data):
    value = data.draw(st.sampled_from([-1, 0, 0.1, 1]))
    further = sum(similarity < value for similarity in similarities.tolist())
    assert search.percentile(similarities, value) == pytest.approx(100 * further / len(similarities))


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (2, 60)])
@pytest.mark.parametrize("x", [0, 0.5, 1])
def test_a_part_of_a_tiny_picture_has_at_least_a_pixel(size, x):
    part = open_picture(np.zeros((*size, 3), np.uint8), Crop(6, x, x))
    assert min(part.size) >= 1
