"""Readings, drawn."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

import weights
from demos.digits import demo, draw, sketch, tab
from demos.digits.predict import NETWORKS, Answer, Digit, Reading, predict
from demos.digits.segment import LeftOut
from demos.shared import images
from demos.shared.ui import inputs
from weights import Unavailable
from weights.schema import Recipe

EXAMPLES = inputs.example_paths("digits", demo.examples)


def answer(*pairs: str) -> Answer:
    """Digits as both networks read them: "21" is a 2 to LeNet and a 1 to MobileNetV2, "?" refused."""
    digits = [
        Digit((0, 0, 9, 9), np.zeros((28, 28), np.uint8), [reading(*one) for one in zip(NETWORKS, pair, strict=True)])
        for pair in pairs
    ]
    return Answer(digits, {})


def reading(network: str, label: str) -> Reading:
    entry = weights.load(f"digits/{network}").entry
    return Reading(network, label.replace("?", "1"), {"1": 0.9, "2": 0.1}, label != "?", 0.0, 1.0, entry)


@pytest.mark.parametrize(
    "pairs, line",
    [
        (("22",), "A 2. Both networks are sure."),
        (("12",), "The networks disagree: LeNet says 1, MobileNetV2 says 2."),
        (("1?",), "The networks disagree: LeNet says 1, MobileNetV2 says not a 0, 1 or 2."),
        (("?1",), "A 1. MobileNetV2 is sure; LeNet is not."),
        (("??",), "Neither takes this for a 0, 1 or 2."),
        (("22", "00", "11"), "Both networks read 2, 0, 1."),
        (("22", "??"), "Both networks read 2, ?. A ? is not a 0, 1 or 2."),
        (("??", "??"), "Neither takes any of these 2 marks for a 0, 1 or 2."),
        (("22", "01", "11"), "The networks disagree on 1 of 3 digits."),
        (("22", "0?"), "The networks disagree on 1 of 2 digits. A ? is not a 0, 1 or 2."),
    ],
)
def test_verdict_says_what_both_networks_read(pairs, line):
    assert tab.verdict(answer(*pairs)) == line


def test_drawing_gets_two_cards_without_a_box():
    answers, boxes, figures = tab.draw(tab.DRAW, sketch.EXAMPLE, None)
    assert answers.count('<article class="card">') == 2 and "parameters" in answers and " ms" in answers
    assert all(title in answers for title in tab.TITLES.values()) and "<rect" not in (boxes or "")
    assert figures.count("<figure") == len(predict(sketch.pixels(sketch.EXAMPLE)).steps) + 1


def test_layers_of_the_first_digit_are_shown_and_none_without_a_digit():
    layers = tab.look_inside(tab.DRAW, sketch.EXAMPLE, None)
    assert [layer.values.shape[-1] for layer in layers] == [6, 6, 16, 16, 120, 84, 3]
    assert layers[-1].values.argmax() == 2
    assert tab.look_inside(tab.DRAW, [], None) is None
    assert tab.look_inside(tab.PICTURE, [], images.png(np.full((60, 60, 3), 255, np.uint8))) is None


def test_several_digits_get_numbered_rows_and_boxes():
    answers, boxes, figures = tab.draw(tab.PICTURE, [], EXAMPLES["A page"])
    assert answers.count('<tr><th scope="row">') == 3 and boxes.count("<rect") == 3
    assert re.findall(r">(\d)</text>", boxes) == ["1", "2", "3"]
    assert 'viewBox="0 0 480 360"' in boxes and figures.count("<figcaption>") >= 3


def test_chosen_way_decides_between_drawing_and_picture():
    page = EXAMPLES["A page"]
    drawn, photographed = (tab.draw(way, sketch.EXAMPLE, page)[2] for way in (tab.DRAW, tab.PICTURE))
    assert drawn != photographed and drawn == tab.draw(tab.DRAW, sketch.EXAMPLE, None)[2]


@pytest.mark.parametrize(
    "rest, line",
    [
        (LeftOut(), ""),
        (LeftOut(lines=1), "Left out: 1 line or frame."),
        (LeftOut(4, 1), "Left out: 4 digits beyond the first 60, 1 mark that is too small or too faint."),
    ],
)
def test_what_is_left_out_is_said_with_its_number(rest, line):
    assert tab.left_out(rest) == line
    for pairs in ([], ["22"], ["22", "11"]):
        shown = tab._answers(dataclasses.replace(answer(*pairs), left_out=rest))
        assert line in shown and ("Left out" in shown) == bool(line)


def test_refused_digit_shows_refusal_in_place_of_the_answer():
    assert "not a 0, 1 or 2" in tab._answers(answer("??")) and "closest: 1" in tab._answers(answer("??"))
    assert "not a 0, 1 or 2" in tab._answers(answer("22", "??"))


def test_missing_or_wrong_input_shows_message():
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
        assert sentence in answers and f'role="{role}"' in answers and "<rect" not in (boxes or "")


def test_marks_of_which_none_is_a_digit_are_not_listed():
    assert "<table" in tab._answers(answer("22", "??")) and "<table" not in tab._answers(answer("??", "??"))


def test_missing_weights_show_message(monkeypatch):
    def missing(_):
        raise Unavailable("The weights are being fetched.")

    monkeypatch.setattr(tab, "predict", missing)
    assert "being fetched" in tab.draw(tab.DRAW, sketch.EXAMPLE, None)[0]


def test_plot_is_drawn_once_the_manifest_has_all_its_figures():
    metrics = {key: 0.9 + k / 100 for k, key in enumerate(tab.PLACES.values())}
    networks = weights.manifest().networks
    entries = {name: networks[name].model_copy(update={"metrics": metrics}) for name in demo.networks}
    drawn = tab.transfer(entries)
    assert drawn.count("<polyline") == 2 and "LeNet: 90.00 % at 10, 91.00 % at 100" in drawn
    without = entries["digits/lenet"].model_copy(update={"metrics": {}, "recipe": Recipe()})
    assert tab.transfer(entries | {"digits/lenet": without}) == "" == tab.transfer({})


def test_example_files_are_what_draw_writes(tmp_path):
    draw.draw(tmp_path)
    assert len(EXAMPLES) == 4
    for file in map(Path, EXAMPLES.values()):
        shipped, drawn = (images.open(path) for path in (file, tmp_path / file.name))
        assert shipped.size == draw.SIZE
        assert np.abs(shipped.pixels.astype(int) - drawn.pixels).mean() < 1  # another libwebp may round otherwise
    assert sum(Path(file).stat().st_size for file in EXAMPLES.values()) < 60_000


def test_answer_for_the_api_has_digits_without_arrays():
    from demos.shared.ui import api

    plain = api.plain(dataclasses.replace(answer("21"), steps={"a": np.zeros((2, 2), np.uint8)}))
    assert plain.keys() == {"digits", "left_out"} and plain["left_out"] == {"digits": 0, "marks": 0, "lines": 0}
    assert plain["digits"][0].keys() == {"box", "readings"}
    assert plain["digits"][0]["readings"][0]["confidences"][0] == {"label": "1", "confidence": 0.9}
