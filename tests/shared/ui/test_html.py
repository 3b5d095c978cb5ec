"""Answers as HTML."""

import base64
import io
import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import weights
from demos.shared.ui import html


@pytest.mark.parametrize(
    "probability, text",
    [(0.934, "93 %"), (0.005, "<1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.996, ">99 %"), (0.001, "<1 %"), (1, ">99 %")],
)
def test_percent_is_rounded_and_never_certain(probability, text):
    assert html.percent(probability) == text


@given(st.floats(0, 1))
def test_any_probability_is_never_certain(probability):
    assert html.percent(probability) not in ("0 %", "100 %")


@pytest.mark.parametrize("time, text", [(3.14, "3.1 ms"), (0.04, "0.0 ms"), (250.4, "250 ms"), (1250, "1.2 s")])
def test_milliseconds_have_their_unit(time, text):
    assert html.milliseconds(time) == text


def test_small_print_says_time_parameters_and_how_often_it_is_right():
    update = {"parameters": 1_973_944, "metrics": {"accuracy": 0.92004}}
    entry = weights.load("cifar10/airbench").entry.model_copy(update=update)
    assert html.small_print(entry, 3.1, "accuracy") == (
        "3.1 ms, 1,973,944 parameters, right on 92.00 % of the test pictures"
    )
    assert html.small_print(entry, 3.1, "accuracy", "of the digits").endswith("right on 92.00 % of the digits")
    assert html.small_print(entry, 3.1) == "3.1 ms, 1,973,944 parameters"


def test_small_print_leaves_out_what_the_manifest_does_not_say():
    entry = weights.load("cifar10/airbench").entry.model_copy(update={"parameters": None, "metrics": {}})
    assert html.small_print(entry, 3.1, "accuracy") == "3.1 ms"


def test_a_sure_answer_is_one_line_and_an_unsure_one_says_so():
    confidences = {"cat": 0.75, "dog": 0.25}
    sure = html.card("Ours", "net", "cat", confidences, True, "1 ms")
    assert '<p class="answer">cat, 75&nbsp;%</p>' in sure and "not sure" not in sure
    unsure = html.card("Ours", "net", "cat", confidences, False, "1 ms")
    assert "not sure" in unsure and "cat, 75&nbsp;%" not in unsure
    refused = html.card("Ours", "net", "cat", confidences, False, "1 ms", doubt="no animal")
    assert "no animal" in refused and "closest: cat" in refused and "not sure" not in refused


def test_who_was_right_is_asked_of_each_answer_and_of_none_unless_one_must_be():
    for said, is_either, choices in (
        ({"ours": "a cat"}, False, {"Yes": [0], "No": []}),
        ({"ours": "a cat", "the other": "a cat"}, True, {"Yes": [0, 1], "No": []}),
        ({"ours": "a cat", "the other": "a dog"}, False, {"Yes": [0], "It was a dog": [1], "Neither": []}),
        ({"ours": "there", "the other": "not there"}, True, {"Yes": [0], "It was not there": [1]}),
    ):
        found = re.findall('data-right="([^"]+)"[^>]*>([^<]+)<', html.judge(said, is_either))
        assert {label: json.loads(right) for right, label in found} == choices


def test_bars_are_the_likeliest_first():
    drawn = html.bars({"a": 0.5, "b": 0.3, "c": 0.2}, most=2)
    assert drawn.count("<li>") == 2 and "--share:0.5000" in drawn and ">c<" not in drawn


def test_texts_are_text_not_markup():
    evil = "<script>x</script>"
    drawn = [
        html.card(evil, evil, evil, {evil: 0.9}, True, ""),
        html.card(evil, evil, evil, {evil: 0.9}, False, ""),
        html.cards(evil, []),
        html.message(evil),
        html.figure(np.zeros((2, 2, 3), np.uint8), f'{evil}" onload="x'),
        html.step(np.zeros((2, 2), np.uint8), f'{evil}" onload="x'),
    ]
    assert "<script>" not in "".join(drawn) and '" onload' not in "".join(drawn)


def test_an_error_interrupts_who_listens_and_a_wait_does_not():
    assert 'role="alert"' in html.message("No.", "error")
    assert 'role="status"' in html.message("Soon.")


def decode(uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/png;base64,")))))


@pytest.mark.parametrize("channels", [3, 4])
def test_pixels_are_shown_as_they_are(channels):
    pixels = np.random.default_rng(0).integers(0, 256, (32, 16, channels), np.uint8)
    assert np.array_equal(decode(html.data_uri(pixels[:, ::-1])), pixels[:, ::-1])


def test_a_spotlight_dims_what_has_less_evidence():
    evidence = np.array([[0, 1], [0.5, 0]], np.float32)
    opacity = html.spotlight(evidence, side=64)[..., 3].astype(int)
    none, most, half = opacity[4, 4], opacity[4, -5], opacity[-5, 4]
    assert most < half < none < 255


def test_a_step_is_reduced_to_what_the_page_shows():
    drawn = html.step(np.full((400, 1200), 128, np.uint8), "Ink")
    assert decode(drawn.split('src="')[1].split('"')[0]).shape == (160, 480)


def test_boxes_are_numbered_if_there_are_several():
    one, two = (html.boxes([(1, 2, 5, 8), (10, 0, 12, 9)][:n], (640, 480)) for n in (1, 2))
    assert 'viewBox="0 0 640 480"' in one and '<rect x="1" y="2" width="4" height="6"/>' in one
    assert one.count("<rect") == 1 and "<text" not in one and two.count("<text") == 2
