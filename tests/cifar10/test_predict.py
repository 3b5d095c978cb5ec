"""A picture on its way through the networks."""

import dataclasses
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import weights
from demos.cifar10.predict import CLASSES, Answer, is_sure, normalize_map, predict, preprocess, run
from demos.shared import images
from demos.shared.images import Crop

NETWORKS = ("airbench", "baseline")


def check(answer: Answer) -> Answer:
    probabilities = list(answer.confidences.values())
    assert answer.label == next(iter(answer.confidences)) and sorted(answer.confidences) == sorted(CLASSES)
    assert probabilities == sorted(probabilities, reverse=True) and min(probabilities) >= 0
    assert sum(probabilities) == pytest.approx(1, abs=1e-3)
    assert answer.inputs.shape == (32, 32, 3) and answer.inputs.dtype == np.uint8
    evidence = answer.class_activation_map
    assert evidence.ndim == 2 and 0 <= evidence.min() <= evidence.max() <= 1
    assert answer.milliseconds > 0
    assert answer.entry == weights.load(f"cifar10/{answer.network}").entry
    threshold = answer.entry.thresholds["id_score"]
    is_sure = answer.id_score >= threshold and answer.confidences[answer.label] >= 0.5
    assert answer.is_sure == (is_sure and (answer.gate is None or answer.gate.label == answer.label))
    return answer


@pytest.mark.parametrize("network", NETWORKS)
def test_an_answer_is_whole(photograph, network):
    answer = check(predict(photograph, network))
    assert answer.network == network and answer.box == (0, 0, 451, 300)


def test_the_photograph_of_a_cat_is_a_cat(photograph):
    assert predict(photograph).label == "cat"


def test_a_picture_and_its_mirror_image_get_the_same_answer(photograph):
    pixels = images.open(photograph).pixels
    for network in NETWORKS:
        one, other = (predict(np.ascontiguousarray(p), network) for p in (pixels, pixels[:, ::-1]))
        # Reduced to 32 pixels, one is not exactly the mirror image of the other.
        assert one.label == other.label
        assert one.confidences == pytest.approx(other.confidences, abs=0.02)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (2000, 3), (33, 31)])
def test_any_shape_is_answered(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    check(predict(pixels))
    check(predict(pixels, crop=Crop(6, 1, 1)))


def test_a_picture_of_32_pixels_is_the_input_as_it_is():
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    assert np.array_equal(predict(pixels).inputs, pixels)


def test_a_large_picture_is_reduced_without_aliasing():
    fine = np.zeros((320, 320, 3), np.uint8)
    fine[::2, ::2] = fine[1::2, 1::2] = 255
    assert np.abs(predict(fine).inputs.astype(int) - 128).max() <= 8
    smooth = np.stack(np.broadcast_arrays(*np.ogrid[:256:0.8, :256:0.8], 90), axis=-1).astype(np.uint8)
    means = smooth.reshape(32, 10, 32, 10, 3).mean(axis=(1, 3))
    assert np.abs(predict(smooth).inputs - means).max() <= 4


@given(st.floats(1, 6), st.floats(0, 1), st.floats(0, 1), st.integers(1, 1024), st.integers(1, 1024))
def test_a_crop_is_a_square_within_the_picture(zoom, x, y, width, height):
    left, top, right, bottom = Crop(zoom, x, y).box(width, height)
    assert right - left == pytest.approx(bottom - top) == pytest.approx(min(width, height) / zoom)
    slack = 1e-6
    assert -slack <= left < right <= width + slack and -slack <= top < bottom <= height + slack


def test_a_crop_shows_its_part_alone():
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:24, :24] = 255  # the crop, and what its smoothing reaches
    picture = images.open(pixels)
    assert (preprocess(picture, Crop(2, 0, 0))[1] == 255).all()
    assert (preprocess(picture, Crop(2, 1, 1))[1] == 0).all()
    assert preprocess(picture, Crop(1, 0.5, 0.5))[0] == (20, 0, 60, 40)


def test_the_box_is_in_pixels_of_the_upright_original():
    turned = Image.fromarray(np.zeros((600, 3000, 3), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: 600 wide, 3000 high
    buffer = io.BytesIO()
    turned.save(buffer, "JPEG", exif=exif)
    assert predict(buffer.getvalue()).box == (0, 0, 600, 3000)
    assert predict(buffer.getvalue(), crop=Crop(2, 0.5, 1)).box == (150, 2700, 450, 3000)


def test_a_normalized_map_is_the_evidence_for_and_not_against():
    evidence = np.array([[4.0, 2.0], [-8.0, 0.0]])
    assert np.array_equal(normalize_map(evidence), np.float32([[1, 0.5], [0, 0]]))
    assert np.array_equal(normalize_map(-np.ones((2, 2))), np.zeros((2, 2)))


@pytest.mark.parametrize("network", NETWORKS)
def test_several_pictures_at_once_get_the_answers_of_each_alone(photograph, network):
    names = ("chelsea.png", "coffee.png", "rocket.jpg")
    pictures = [images.open_quick(photograph.parent / name) for name in names]
    rows = run(weights.load(f"cifar10/{network}"), pictures)["probabilities"]
    for picture, row in zip(pictures, rows, strict=True):
        alone = predict(picture, network).confidences
        assert [alone[label] for label in CLASSES] == pytest.approx(list(row), abs=1e-4)


def test_a_picture_is_sure_only_if_it_is_familiar_and_likely():
    outputs = {
        "id_score": np.array([1.0, 1.0, -1.0]),
        "probabilities": np.array([[0.5, 0.5], [0.4, 0.3], [0.9, 0.1]]),
    }
    entry = weights.load("cifar10/airbench").entry.model_copy(update={"thresholds": {"id_score": 0.0}})
    assert is_sure(entry, outputs).tolist() == [True, False, False]


def test_pictures_in_several_batches_keep_their_order(photograph, monkeypatch):
    monkeypatch.setattr("demos.cifar10.predict.BATCH", 2)
    model, pictures = weights.load("cifar10/baseline"), [photograph, photograph.parent / "coffee.png"] * 2
    outputs = run(model, pictures[:3])
    assert outputs["probabilities"].shape == (3, 10) and outputs["id_score"].shape == (3,)
    assert outputs["id_score"][0] == pytest.approx(outputs["id_score"][2], abs=1e-4)
    assert outputs["id_score"][0] != pytest.approx(outputs["id_score"][1], abs=1e-2)


def test_wrong_pictures_and_networks_raise_their_sentence(photograph):
    with pytest.raises(images.PictureError):
        predict(None)
    with pytest.raises(weights.Unavailable, match="cifar10/none"):
        predict(photograph, "none")


def test_an_answer_cannot_be_changed(photograph):
    with pytest.raises(dataclasses.FrozenInstanceError):
        predict(photograph).label = "dog"
