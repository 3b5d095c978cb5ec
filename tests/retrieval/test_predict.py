"""A picture in, the nearest pictures out, by each encoder; what the autoencoders give back."""

import numpy as np
import pytest

import weights
from demos.retrieval import demo, interpolate
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.retrieval.predict import predict, search
from demos.shared import images
from demos.shared.gallery import files
from demos.shared.gallery.confidence import estimate_probability
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import MAX_MATCHES
from demos.shared.ui import inputs


@pytest.fixture(scope="module")
def small() -> Gallery:
    """Three of the bundled pictures."""
    bundled = files.open_gallery(COLLECTION)
    return Gallery(ENCODERS, [bundled.pictures[at] for at in (0, 200, 900)], ["one", "two", "three"], [""] * 3)


def test_bundled_database_is_as_large_as_it_is_said_to_be():
    bundled = files.read(COLLECTION.bundled, ENCODERS)
    assert len(bundled) >= 1000 and COLLECTION.bundled.stat().st_size < 10e6
    assert all(bundled.titles) and all(bundled.credits) and set(bundled.vectors) == set(ENCODERS)
    assert bundled.digests == {name: encoder.digest for name, encoder in ENCODERS.items()}
    assert len(np.unique(bundled.layout, axis=0)) == len(bundled)


@pytest.mark.parametrize("name", ENCODERS)
def test_picture_of_the_database_finds_itself_first(name):
    answer = search(files.open_gallery(COLLECTION).pictures[500], name)
    assert answer.matches[0].id == 500 and answer.matches[0].distance < 0.1 and answer.is_match
    assert len(answer.matches) == 4 and answer.matches[0].percentile > 99
    distances, percentiles = zip(*((match.distance, match.percentile) for match in answer.matches), strict=True)
    assert list(distances) == sorted(distances) and list(percentiles) == sorted(percentiles, reverse=True)
    assert answer.inputs.shape == (ENCODERS[name].side, ENCODERS[name].side, 3)


@pytest.mark.parametrize("name", ENCODERS)
def test_nearer_pictures_are_more_probably_of_the_same_kind(name):
    matches = search(files.open_gallery(COLLECTION).pictures[500], name, 50).matches
    probabilities = [match.probability for match in matches]
    assert probabilities == sorted(probabilities, reverse=True) and 0 <= probabilities[-1] <= probabilities[0] <= 1
    assert probabilities[0] > 0.8 or name in interpolate.AUTOENCODERS  # which are hardly ever sure


def test_probability_is_one_half_where_the_manifest_says_so():
    entry = weights.load("retrieval/efficientnet").entry
    names = "kind_similarity", "kind_slope"
    half = entry.thresholds["kind_similarity"]
    chances = [estimate_probability(entry, half + apart, *names) for apart in (-0.1, 0, 0.1)]
    assert estimate_probability(entry.model_copy(update={"thresholds": {}}), half, *names) is None
    assert chances == sorted(chances) and chances[1] == 0.5 and chances[0] + chances[2] == pytest.approx(1)


@pytest.mark.parametrize("name", ["efficientnet", "mobilenet"])
def test_distance_gives_the_similarity_again(name):
    encoder = ENCODERS[name]
    assert [encoder.to_similarity(encoder.to_distances(value)) for value in (-1, 0, 0.5)] == pytest.approx([-1, 0, 0.5])


def test_distances_are_those_that_the_encoders_say():
    assert np.allclose(ENCODERS["mobilenet"].to_distances(np.array([1, 0, -1])), [0, 2**0.5, 2])
    assert np.allclose(ENCODERS["vae"].to_distances(np.array([1, 0, -1])), [0, 1, 2])


@pytest.mark.parametrize(
    "side, levels", [((1, 1), 255), ((3, 3), 255), ((15, 400), 255), ((200, 300), 0), ((200, 300), 8)]
)
def test_picture_that_shows_nothing_is_like_none(rng, side, levels):
    pixels = np.uint8(200) - rng.integers(0, levels, (*side, 3), np.uint8, endpoint=True)
    answer = search(pixels, "efficientnet")
    assert not answer.is_match and {match.probability for match in answer.matches} <= {0}


@pytest.mark.parametrize(("k", "found"), [(-1, 1), (2, 2), (10**6, 3)])
def test_k_beyond_the_database_finds_all(small, k, found):
    assert len(search(small.pictures[1], "vae", k, gallery=small).matches) == found
    assert len(search(small.pictures[1], "vae", k).matches) == min(MAX_MATCHES, max(1, k))


@pytest.mark.parametrize("name", ["efficientnet", "mobilenet", "inception"])
def test_picture_unlike_the_database_is_no_match(small, name):
    for path in inputs.example_paths("retrieval", demo.examples).values():
        assert not search(path, name, gallery=small).is_match


def test_no_picture_is_one_sentence():
    with pytest.raises(images.PictureError):
        predict(b"no picture")


def test_interpolation_begins_and_ends_with_what_is_given_back(small):
    one, other = (images.open(small.pictures[at]) for at in (0, 2))
    steps = interpolate.interpolate(interpolate.encode(one), interpolate.encode(other))
    assert steps.shape == (interpolate.STEPS, 64, 64, 3) and steps.dtype == np.uint8
    ends = [search(picture, "vae", gallery=small).outputs["reconstruction"].astype(int) for picture in (one, other)]
    assert np.abs(steps[[0, -1]] - np.stack(ends)).max() <= 1
    given_back = search(one, "autoencoder", gallery=small).outputs["reconstruction"]
    assert given_back.shape == (32, 32, 3) and given_back.dtype == np.uint8


def test_crop_searches_the_window_alone():
    bundled = files.open_gallery(COLLECTION)
    pair = np.concatenate([bundled.pixels(at) for at in (300, 700)], axis=1)
    for x, at in ((0, 300), (1, 700)):
        answer = predict(pair, crop=images.Crop(1, x, 0.5))
        alone = predict(pair[:, :192] if x == 0 else pair[:, 192:])
        assert answer.matches == alone.matches and answer.matches[0].id == at
    assert predict(pair).inputs.tolist() != answer.inputs.tolist()


def test_crop_of_less_than_a_pixel_is_searched_for():
    pixels = np.zeros((40, 40, 3), np.uint8)
    alone = predict(pixels[20:21, 20:21]).inputs
    assert np.array_equal(predict(pixels, crop=images.Crop(1e9)).inputs, alone)


def test_answer_carries_the_entry_of_its_network(small):
    for name in ENCODERS:
        assert search(small.pictures[0], name, gallery=small).entry == weights.load(f"retrieval/{name}").entry


def test_gallery_without_a_match_gives_no_match(small):
    class Empty:
        def search(self, query, k):
            return np.empty(0, np.intp), np.empty(0, np.float32)

    small.prepare("efficientnet")
    nothing = Gallery(
        ENCODERS, small.pictures, small.titles, small.credits, small.vectors, small.digests, None, Empty()
    )
    answer = search(small.pictures[0], "efficientnet", gallery=nothing)
    assert answer.matches == [] and not answer.is_match
