"""A picture in, the nearest pictures out, by each encoder; and what is drawn of them."""

import numpy as np
import pytest

from demos import images
from demos.retrieval import atlas, encoders, examples, gallery, latent, shown
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import Gallery
from demos.retrieval.predict import MOST, search


@pytest.fixture(scope="module")
def small() -> Gallery:
    """Three of the bundled pictures."""
    bundled = gallery.served()
    return Gallery([bundled.pictures[at] for at in (0, 200, 900)], ["one", "two", "three"], [""] * 3)


def test_the_bundled_database_is_as_large_as_it_is_said_to_be():
    bundled = gallery.read(gallery.BUNDLED)
    assert len(bundled) >= 1000 and gallery.BUNDLED.stat().st_size < 10e6
    assert all(bundled.titles) and all(bundled.credits) and set(bundled.vectors) == set(ENCODERS)
    assert bundled.digests == {name: gallery.digest(name) for name in ENCODERS}
    assert len(np.unique(bundled.places, axis=0)) == len(bundled)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_picture_of_the_database_finds_itself_first(name):
    answer = search(gallery.served().pictures[500], name)
    assert answer.matches[0].id == 500 and answer.matches[0].distance < 0.1 and answer.like
    assert len(answer.matches) == 4 and answer.matches[0].percentile > 99
    distances, percentiles = zip(*((match.distance, match.percentile) for match in answer.matches), strict=True)
    assert list(distances) == sorted(distances) and list(percentiles) == sorted(percentiles, reverse=True)
    assert answer.seen.shape == (ENCODERS[name].side, ENCODERS[name].side, 3)


def test_distances_are_those_that_the_encoders_say():
    assert np.allclose(encoders.distance(np.array([1, 0, -1]), "mobilenet"), [0, 2**0.5, 2])
    assert np.allclose(encoders.distance(np.array([1, 0, -1]), "vae"), [0, 1, 2])


@pytest.mark.parametrize(("k", "found"), [(-1, 1), (2, 2), (10**6, 3)])
def test_as_many_are_found_as_there_are(small, k, found):
    assert len(search(small.pictures[1], "vae", k, small).matches) == found
    assert len(search(small.pictures[1], "vae", k).matches) == min(MOST, max(1, k))


@pytest.mark.parametrize("name", ["mobilenet", "inception"])
def test_a_picture_of_which_the_database_has_no_like_is_told(small, name):
    for path in examples.files().values():
        assert not search(path, name, database=small).like


def test_what_is_no_picture_is_one_sentence():
    with pytest.raises(images.PictureError):
        search(b"no picture")


def test_a_walk_begins_and_ends_with_what_is_given_back(small):
    one, other = (images.open(small.pictures[at]) for at in (0, 2))
    steps = latent.walk(one, other)
    assert steps.shape == (latent.STEPS, 64, 64, 3) and steps.dtype == np.uint8
    ends = [latent.reconstruction(picture, "vae").astype(int) for picture in (one, other)]
    assert np.abs(steps[[0, -1]] - np.stack(ends)).max() <= 1
    assert latent.reconstruction(one, "autoencoder").shape == (32, 32, 3)


def test_the_map_has_each_picture_in_a_cell_of_its_own():
    bundled = gallery.served()
    for position in (0, 77, 1000):
        assert atlas.at(bundled, *bundled.places[position]) == position
    columns, rows = atlas.grid(len(bundled))
    sheet = atlas.mosaic(bundled)
    assert sheet.shape == (rows * atlas.TILE, columns * atlas.TILE, 3)
    place = atlas.placed(bundled, [3, 3, 5])
    assert np.array_equal(place, bundled.places[3]) and (atlas.marked(sheet, place) != sheet).any()


def test_cells_fill_the_map_row_by_row():
    columns, rows = atlas.grid(1000)
    assert (columns - 1) * rows < 1000 <= columns * rows and columns / rows == pytest.approx(atlas.RATIO, rel=0.1)
    across, down = (atlas.cells(1000) * (columns, rows) - 0.5).T
    assert np.allclose(across + columns * down, np.arange(columns * rows))


def test_a_bar_is_full_where_all_else_is_further_away():
    assert np.allclose([shown.scale(value) for value in (0, 90, 99, 99.9, 100)], [0, 1 / 3, 2 / 3, 1, 1])
