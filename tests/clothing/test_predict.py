"""A picture on its way through the networks."""

import json

import numpy as np
import pytest

import weights
from demos.clothing import demo
from demos.clothing.drawn import draw
from demos.clothing.predict import LABELS, SIDES, is_sure, predict, preprocess, run
from demos.shared import images
from demos.shared.images import Crop
from demos.shared.ui import api

NETWORKS = [name.partition("/")[2] for name in demo.networks]


@pytest.fixture(scope="module")
def garment():
    return draw("shorts", 100)[0]


@pytest.mark.parametrize("network", NETWORKS)
def test_answer_is_whole(garment, network):
    answer = predict(garment, network)
    probabilities = list(answer.confidences.values())
    assert answer.network == network and answer.label == next(iter(answer.confidences))
    assert sorted(answer.confidences) == sorted(LABELS[network])
    assert probabilities == sorted(probabilities, reverse=True) and sum(probabilities) == pytest.approx(1, abs=1e-3)
    assert answer.inputs.shape == (SIDES[network], SIDES[network], 3) and answer.inputs.dtype == np.uint8
    evidence = answer.class_activation_map
    assert evidence.ndim == 2 and 0 <= evidence.min() <= evidence.max() <= 1
    assert answer.entry == weights.load(f"clothing/{network}").entry and answer.milliseconds > 0
    assert json.dumps(api.plain(answer))


def test_embedding_has_length_one(garment):
    embedding = predict(garment).embedding
    assert embedding.ndim == 1 and np.linalg.norm(embedding) == pytest.approx(1, abs=1e-2)
    assert predict(garment, "baseline").embedding is None


def test_photograph_of_a_cat_is_not_sure(photograph):
    assert not predict(photograph).is_sure


def test_crop_shows_its_part_alone():
    pixels = np.zeros((400, 800, 3), np.uint8)
    pixels[:220, :220] = 255
    box, inputs = preprocess(images.open(pixels), 64, Crop(2, 0, 0))
    assert box == (0, 0, 200, 200) and (inputs == 255).all()
    assert (preprocess(images.open(pixels), 64, Crop(2, 1, 1))[1] == 0).all()


def test_whole_picture_is_squeezed():
    box, inputs = preprocess(images.open(np.zeros((100, 3000, 3), np.uint8), longest=1024), 64)
    assert box == (0, 0, 3000, 100) and inputs.shape == (64, 64, 3)


@pytest.mark.parametrize("network", NETWORKS)
def test_several_pictures_get_the_answers_of_each_alone(garment, photograph, network, monkeypatch):
    monkeypatch.setattr("demos.clothing.predict.BATCH", 2)
    pictures = [garment, photograph, draw("hat", 1)[0]]
    outputs = run(network, pictures)
    for picture, row, score in zip(pictures, outputs["probabilities"], outputs["id_score"], strict=True):
        alone = predict(picture, network)
        assert [alone.confidences[label] for label in LABELS[network]] == pytest.approx(list(row), abs=1e-3)
        assert alone.id_score == pytest.approx(score, abs=0.02)


def test_picture_is_sure_only_if_it_is_familiar_and_likely():
    outputs = {
        "id_score": np.array([1.0, 1.0, -1.0]),
        "probabilities": np.array([[0.5, 0.5], [0.4, 0.3], [0.9, 0.1]]),
    }
    entry = weights.load("clothing/efficientnet").entry.model_copy(update={"thresholds": {"id_score": 0.0}})
    assert is_sure(entry, outputs).tolist() == [True, False, False]


def test_wrong_pictures_raise_their_sentence():
    with pytest.raises(images.PictureError):
        predict(None)
