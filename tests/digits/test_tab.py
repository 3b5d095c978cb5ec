"""Readings, drawn."""

import dataclasses
import re

import numpy as np
import pytest

from demos import images, sketch
from demos.digits import examples, tab
from demos.digits.predict import NETWORKS, Answer, Digit, Reading, predict
from weights import Unavailable


def answer(*pairs: str) -> Answer:
    """Digits as both networks read them: "21" is a 2 to LeNet and a 1 to MobileNetV2, "?" refused."""
    digits = [
        Digit((0, 0, 9, 9), np.zeros((28, 28), np.uint8), [reading(*one) for one in zip(NETWORKS, pair, strict=True)])
        for pair in pairs
    ]
    return Answer(digits, {})


def reading(network: str, said: str) -> Reading:
    return Reading(network, said.replace("?", "1"), {"1": 0.9, "2": 0.1}, said != "?", 0.0, 1.0)


@pytest.mark.parametrize(
    "pairs, line",
    [
        (("22",), "Both networks say 2."),
        (("12",), "The networks disagree: LeNet says 1, MobileNetV2 says 2."),
        (("1?",), "The networks disagree: LeNet says 1, MobileNetV2 says not a 0, 1 or 2."),
        (("??",), "Neither takes this for a 0, 1 or 2."),
        (("22", "00", "11"), "Both networks read 2, 0, 1."),
        (("22", "??"), "Both networks read 2, ?. A ? is not a 0, 1 or 2."),
        (("22", "01", "11"), "The networks disagree on 1 of 3 digits."),
        (("22", "0?"), "The networks disagree on 1 of 2 digits. A ? is not a 0, 1 or 2."),
    ],
)
def test_the_verdict(pairs, line):
    assert tab.verdict(answer(*pairs)) == line


def test_a_drawing_is_answered_by_two_equal_cards_without_a_box():
    answers, boxes, seen = tab.draw(tab.DRAW, examples.sketch(), None)
    assert answers.count('<article class="card">') == 2 and "parameters" in answers and " ms" in answers
    assert all(title in answers for title in tab.TITLES.values()) and "<rect" not in boxes
    assert seen.count("<figure") == len(predict(sketch.pixels(examples.sketch())).steps) + 1


def test_several_digits_are_rows_with_numbers_that_stand_in_the_picture():
    answers, boxes, seen = tab.draw(tab.PICTURE, [], examples.files()["A page"])
    assert answers.count('<tr><th scope="row">') == 3 and boxes.count("<rect") == 3
    assert re.findall(r">(\d)</text>", boxes) == ["1", "2", "3"]
    assert 'viewBox="0 0 480 360"' in boxes and seen.count("<figcaption>") >= 3


def test_the_way_that_is_chosen_counts():
    page = examples.files()["A page"]
    drawn, photographed = (tab.draw(way, examples.sketch(), page)[2] for way in (tab.DRAW, tab.PICTURE))
    assert drawn != photographed and drawn == tab.draw(tab.DRAW, examples.sketch(), None)[2]


def test_what_is_refused_is_said_in_place_of_the_answer():
    assert "not a 0, 1 or 2" in tab._answers(answer("??")) and "closest: 1" in tab._answers(answer("??"))
    assert "not a 0, 1 or 2" in tab._answers(answer("22", "??"))


def test_what_is_missing_or_wrong_is_a_sentence():
    blank = np.full((99, 99, 3), 255, np.uint8)
    for way, strokes, picture, sentence, role in (
        (tab.DRAW, [], None, tab.EMPTY, "status"),
        (tab.DRAW, None, blank, tab.EMPTY, "status"),
        (tab.PICTURE, [], None, images.NOTHING, "status"),
        (tab.PICTURE, [], blank, tab.NOTHING_FOUND, "status"),
        (tab.PICTURE, [], b"no picture", images.UNKNOWN, "alert"),
        (tab.DRAW, "nonsense", None, images.UNREADABLE, "alert"),
    ):
        answers, boxes, _ = tab.draw(way, strokes, picture)
        assert sentence in answers and f'role="{role}"' in answers and "<rect" not in boxes


def test_while_a_network_is_missing_its_sentence_stands_there(monkeypatch):
    def missing(_):
        raise Unavailable("The weights are being fetched.")

    monkeypatch.setattr(tab, "predict", missing)
    assert "being fetched" in tab.draw(tab.DRAW, examples.sketch(), None)[0]


def test_the_plot_is_drawn_from_the_manifest_once_all_its_figures_are_there():
    entries = {
        f"digits/{name}": {"metrics": {key: 0.9 + k / 100 for k, key in enumerate(tab.PLACES.values())}}
        for name in NETWORKS
    }
    drawn = tab.transfer(entries)
    assert drawn.count("<polyline") == 2 and "LeNet: 90.00 % at 10, 91.00 % at 100" in drawn
    del entries["digits/lenet"]["metrics"]["accuracy_10_images"]
    assert tab.transfer(entries) == "" == tab.transfer({})


def test_the_examples_are_drawn_once_and_open():
    assert examples.files() is examples.files()
    assert all(images.open(file).size == examples.SIZE for file in examples.files().values())


def test_an_answer_to_the_api_has_its_digits_without_arrays():
    from demos import parts

    said = parts.plain(dataclasses.replace(answer("21"), steps={"a": np.zeros((2, 2), np.uint8)}))
    assert said.keys() == {"digits"} and said["digits"][0].keys() == {"box", "readings"}
    assert said["digits"][0]["readings"][0]["confidences"][0] == {"label": "1", "confidence": 0.9}
