"""What a network that sees more pixels than the classifiers says of a picture."""

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import weights
from demos.cifar10 import gate
from demos.cifar10.data import PACKAGES, objects
from demos.cifar10.predict import predict
from demos.shared import images
from demos.shared.images import Crop
from demos.shared.render import render
from demos.shared.ui import api


def path(package: str, file: str) -> Path:
    return Path(find_spec(package).origin).parent / file


def ask(picture, crop: Crop | None = None) -> gate.Opinion | None:
    return gate.ask(images.open_quick(picture), crop)


@pytest.mark.parametrize(
    "picture, thing",
    [
        (path("skimage", "data/chelsea.png"), "cat"),
        (path("gradio", "media_assets/images/cheetah.jpg"), "cat"),
        (("car", 5), "automobile"),
        (("sailing boat", 2), "ship"),
    ],
    ids=["cat", "cheetah", "car", "sailing boat"],
)
def test_one_of_the_ten_things_is_familiar_and_named(picture, thing):
    opinion = ask(render(*picture).pixels if isinstance(picture, tuple) else picture)
    assert opinion.is_familiar and opinion.label == thing
    assert 0.5 < opinion.confidence <= 1 and opinion.milliseconds > 0
    assert opinion.id_score >= weights.load(gate.NETWORK).entry.thresholds["id_score"]


def test_photographs_of_other_things_get_no_sure_answer():
    pictures = [path(package, file) for package, files in PACKAGES.items() for file in files]
    answers = [predict(picture, network) for picture in pictures for network in ("airbench", "baseline")]
    assert not any(answer.is_sure for answer in answers)
    assert np.mean([answer.gate.label == gate.NONE for answer in answers]) >= 0.9


def test_small_picture_is_left_to_the_classifiers(photograph):
    picture = images.open_quick(photograph)
    reduced = images.open(np.ascontiguousarray(picture.pixels[:32, :200]))
    assert ask(reduced) is None and ask(images.open(reduced.pixels[:, :33])) is None
    answer = predict(reduced)
    assert answer.gate is None and api.plain(answer)["gate"] is None
    assert ask(picture, Crop(9)) is not None and ask(picture, Crop(10)) is None  # 33 and 30 pixels


@pytest.mark.skipif(not os.environ.get("LOUPE_DATA"), reason="needs $LOUPE_DATA")
def test_small_pictures_of_other_things_seldom_get_a_sure_answer():
    encoded, _ = objects("validation")
    small = [images.open(picture, longest=64) for picture in encoded[::12]]
    assert np.mean([predict(picture).is_sure for picture in small]) < 0.12  # without the gate it is 0.35


def test_gate_looks_at_the_crop_alone(photograph):
    cat = images.open(photograph).pixels
    cup = images.open(photograph.with_name("coffee.png")).pixels[:300, :451]
    both = np.concatenate([cat, cup], axis=1)
    left, right = (predict(both, crop=Crop(1, x, 0.5)) for x in (0.08, 1))
    assert left.gate.label == "cat" and right.gate.label == gate.NONE and not right.is_sure


def test_answer_of_the_api_holds_what_the_gate_says(photograph):
    opinion = api.plain(predict(photograph))["gate"]
    assert opinion.keys() == {"label", "confidence", "id_score", "is_familiar", "milliseconds"}
    assert opinion["label"] == "cat" and opinion["is_familiar"] is True


def test_several_pictures_at_once_get_the_opinion_of_each_alone(photograph):
    pictures = [photograph, photograph.with_name("coffee.png")]
    outputs = gate.run(pictures)
    assert outputs["id_score"] == pytest.approx([ask(picture).id_score for picture in pictures], abs=1e-2)
    cat = np.array([gate.CLASSES.index("cat")] * 2)
    assert gate.consents(pictures, cat).tolist() == [True, False]
    assert gate.consents([], cat[:0]).shape == (0,)


def test_recorded_figures_of_the_gate_keep_what_the_card_says_of_it():
    entry = weights.load(gate.NETWORK).entry
    assert entry.metrics["accuracy_photographs"] >= 0.95
    assert entry.metrics["out_of_distribution_auroc_objects"] >= 0.975
    rates = {name: value for name, value in entry.metrics.items() if name.endswith("_at_90")}
    assert rates and max(rates.values()) <= 0.08
