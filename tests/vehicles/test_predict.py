"""A vehicle in, the same vehicle from other cameras out, with a probability; two pictures compared."""

import dataclasses

import numpy as np
import pytest

import weights
from demos.shared import images
from demos.shared.gallery.gallery import Gallery, GalleryError
from demos.shared.ui import api
from demos.vehicles import parts, predict
from demos.vehicles.confidence import estimate_probability, least_similarity
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.known import Known
from demos.vehicles.predict import compare, locate, search
from demos.vehicles.render import render

TAXI = "3000002"


@pytest.fixture(scope="module")
def taxi() -> np.ndarray:
    """Another pass of the taxi, by a camera that is in the gallery."""
    return render(int(TAXI), 20, 1, 160).pixels


@pytest.mark.parametrize("name", ENCODERS)
def test_query_finds_its_vehicle_first(few, taxi, name):
    answer = search(taxi, 3, name, searched=few)
    assert answer.matches[0].vehicle == TAXI and len(answer.matches) == 3
    probabilities = [match.probability for match in answer.matches]
    assert probabilities == sorted(probabilities, reverse=True) and 0 < probabilities[-1] < probabilities[0] < 1
    assert answer.known is None and {match.is_same for match in answer.matches} == {None}
    assert answer.inputs.shape == (ENCODERS[name].side, ENCODERS[name].side, 3) and answer.inputs.dtype == np.uint8
    assert answer.entry == weights.load(f"vehicles/{name}").entry


def test_picture_of_the_gallery_is_compared_with_other_cameras_alone(few):
    answer = search(few.pixels(2), 50, searched=few)
    assert answer.known == Known(TAXI, "1")
    assert len(answer.matches) == 8 and not {match.camera for match in answer.matches} & {"1"}
    assert [match.is_same for match in answer.matches] == [match.vehicle == TAXI for match in answer.matches]


def test_gallery_that_does_not_know_its_vehicles_gives_pictures_of_all_cameras(few):
    unknown = dataclasses.replace(few, labels=[], cameras=[])
    answer = search(few.pixels(2), 50, searched=unknown)
    assert answer.known is None and len(answer.matches) == len(few) and answer.matches[0].id == 2
    assert answer.is_match and {match.camera for match in answer.matches} == {""}


def test_re_ranking_keeps_the_pictures_and_the_verdict(few, taxi):
    plain, again = (search(taxi, 50, is_reranked=is_reranked, searched=few) for is_reranked in (False, True))
    assert {match.id for match in plain.matches} == {match.id for match in again.matches}
    assert {m.id: m.probability for m in plain.matches} == {m.id: m.probability for m in again.matches}
    assert plain.is_match == again.is_match


def test_a_gallery_whose_vectors_lie_elsewhere_is_not_ranked_again(few, taxi):
    elsewhere = dataclasses.replace(few, vectors={name: vectors[:2] for name, vectors in few.vectors.items()})
    with pytest.raises(GalleryError) as error:
        search(taxi, 3, is_reranked=True, searched=elsewhere)
    assert str(error.value) == predict.NO_RERANKING


@pytest.mark.parametrize(("k", "found"), [(-1, 1), (2, 2), (10**6, 12)])
def test_k_beyond_the_gallery_finds_all(few, taxi, k, found):
    assert len(search(taxi, k, searched=few).matches) == found


def test_crop_searches_the_window_alone(few):
    pair = np.concatenate([np.asarray(few.pixels(at))[:90, :90] for at in (0, 3)], axis=1)
    left, right = (search(pair, 1, crop=images.Crop(1, x, 0.5), searched=few) for x in (0, 1))
    assert (left.inputs != right.inputs).any()


def test_probability_is_one_half_at_the_threshold_and_rises():
    entry = weights.load("vehicles/embedding").entry
    half = entry.thresholds["similarity"]
    assert estimate_probability(entry, half) == 0.5
    assert estimate_probability(entry, half - 0.1) < 0.5 < estimate_probability(entry, half + 0.1)


def test_least_similarity_is_that_of_distant_vehicles():
    vectors = np.eye(4, dtype=np.float32)
    vectors[1] = vectors[0]  # the same vehicle does not count
    vectors[3, 2] = 1
    vectors[3] /= np.linalg.norm(vectors[3])
    gallery = Gallery(ENCODERS, [b""] * 4, [""] * 4, [""] * 4, {"embedding": vectors}, {"embedding": ""})
    gallery.labels = ["a", "a", "b", "c"]
    assert least_similarity(gallery, "embedding") == pytest.approx(0)


def test_two_pictures_of_one_vehicle_are_more_probably_the_same(few, taxi):
    same, other = compare(taxi, few.pictures[0]), compare(taxi, few.pictures[4])
    assert same.similarity > other.similarity and same.probability > other.probability
    assert same.is_same == (same.probability >= 0.5) and same.inputs.shape == (2, 192, 192, 3)
    assert compare(taxi, taxi).similarity == pytest.approx(1, abs=1e-3)
    assert compare(taxi, taxi, "baseline").evidence.size == 0


def test_wrong_second_picture_is_one_sentence(taxi):
    with pytest.raises(images.PictureError):
        compare(taxi, b"no picture")


def test_places_sum_to_the_similarity(few, taxi):
    answer = search(taxi, 1, searched=few)
    features, embedding = answer.outputs["features"], answer.outputs["embedding"]
    assert np.allclose(features.sum((0, 1)), embedding, atol=5e-3)
    inputs, evidence = locate(answer, answer.matches[0], few)
    assert inputs.shape == answer.inputs.shape and evidence.shape == (2, *features.shape[:2])
    assert evidence.min() >= 0 and evidence.max() == pytest.approx(1)


def test_evidence_is_where_features_agree():
    one = {"features": np.zeros((2, 2, 3), np.float32)}
    one["features"][0, 1] = one["embedding"] = np.float32([1, 0, 0])
    other = {"features": np.zeros((2, 2, 3), np.float32)}
    other["features"][1, 0] = other["embedding"] = np.float32([1, 0, 0])
    assert parts.compare(one, other).tolist() == [[[0, 1], [0, 0]], [[0, 0], [1, 0]]]


def test_answer_as_json_has_vehicle_camera_and_probability(few, taxi):
    answer = api.plain(search(taxi, 2, searched=few))
    assert {"vehicle", "camera", "probability", "is_same"} <= answer["matches"][0].keys()
    assert "inputs" not in answer and "outputs" not in answer and "entry" not in answer
