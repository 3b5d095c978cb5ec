"""What tabs are made of."""

import base64
import dataclasses
import io
import json
import os
from typing import Literal

import gradio as gr
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import weights
from demos import images, parts
from tests.pictures import encode


@pytest.mark.parametrize(
    "probability, text",
    [(0.934, "93 %"), (0.005, "<1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.996, ">99 %"), (0.001, "<1 %"), (1, ">99 %")],
)
def test_percent(probability, text):
    assert parts.percent(probability) == text


@given(st.floats(0, 1))
def test_no_answer_is_certain(probability):
    assert parts.percent(probability) not in ("0 %", "100 %")


@dataclasses.dataclass(frozen=True, eq=False)
class Answer:
    label: str
    confidences: dict
    pixels: np.ndarray
    box: tuple


def test_an_answer_as_json_has_its_confidences_and_no_arrays():
    answer = Answer("cat", {"cat": 0.9, "dog": 0.1}, np.zeros((2, 2)), (0, 0, 2, 2))
    assert json.loads(json.dumps(parts.plain(answer))) == {
        "label": "cat",
        "confidences": [{"label": "cat", "confidence": 0.9}, {"label": "dog", "confidence": 0.1}],
        "box": [0, 0, 2, 2],
    }


@dataclasses.dataclass(frozen=True, eq=False)
class Several:
    answers: list
    steps: dict


def test_an_answer_in_an_answer_is_json_as_well():
    one = Answer("cat", {"cat": 1.0}, np.zeros((2, 2)), (0, 0, 2, 2))
    assert parts.plain(Several([one], {"step": np.zeros((2, 2))})) == {"answers": [parts.plain(one)]}
    assert parts.plain(Several([], {})) == {"answers": [], "steps": {}}


def test_a_sure_answer_is_one_line_and_an_unsure_one_says_so():
    confidences = {"cat": 0.75, "dog": 0.25}
    sure = parts.card("Ours", "net", "cat", confidences, True, "1 ms")
    assert '<p class="answer">cat, 75 %</p>' in sure and "not sure" not in sure
    unsure = parts.card("Ours", "net", "cat", confidences, False, "1 ms")
    assert "not sure" in unsure and "cat, 75 %" not in unsure
    refused = parts.card("Ours", "net", "cat", confidences, False, "1 ms", doubt="no animal")
    assert "no animal" in refused and "closest: cat" in refused and "not sure" not in refused


def test_bars_are_the_likeliest_first():
    drawn = parts.bars({"a": 0.5, "b": 0.3, "c": 0.2}, most=2)
    assert drawn.count("<li>") == 2 and "--share:0.5000" in drawn and ">c<" not in drawn


def test_texts_are_text_not_markup():
    evil = "<script>x</script>"
    drawn = [
        parts.card(evil, evil, evil, {evil: 0.9}, True, ""),
        parts.card(evil, evil, evil, {evil: 0.9}, False, ""),
        parts.cards(evil, []),
        parts.sentence(evil),
        parts.figure(np.zeros((2, 2, 3), np.uint8), f'{evil}" onload="x'),
        parts.step(np.zeros((2, 2), np.uint8), f'{evil}" onload="x'),
    ]
    assert "<script>" not in "".join(drawn) and '" onload' not in "".join(drawn)


def test_an_error_interrupts_who_listens_and_a_wait_does_not():
    assert 'role="alert"' in parts.sentence("No.", "error")
    assert 'role="status"' in parts.sentence("Soon.")


def decoded(uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/png;base64,")))))


@pytest.mark.parametrize("channels", [3, 4])
def test_pixels_are_shown_as_they_are(channels):
    pixels = np.random.default_rng(0).integers(0, 256, (32, 16, channels), np.uint8)
    assert np.array_equal(decoded(parts.data_uri(pixels[:, ::-1])), pixels[:, ::-1])


def test_a_heat_map_dims_what_has_less_evidence():
    heat = np.array([[0, 1], [0.5, 0]], np.float32)
    opacity = parts.spotlight(heat, side=64)[..., 3].astype(int)
    none, most, half = opacity[4, 4], opacity[4, -5], opacity[-5, 4]
    assert most < half < none < 255


def test_a_step_is_reduced_to_what_the_page_shows():
    drawn = parts.step(np.full((400, 1200), 128, np.uint8), "Ink")
    assert decoded(drawn.split('src="')[1].split('"')[0]).shape == (160, 480)


def test_boxes_are_numbered_if_there_are_several():
    one, two = (parts.boxes([(1, 2, 5, 8), (10, 0, 12, 9)][:n], (640, 480)) for n in (1, 2))
    assert 'viewBox="0 0 640 480"' in one and '<rect x="1" y="2" width="4" height="6"/>' in one
    assert one.count("<rect") == 1 and "<text" not in one and two.count("<text") == 2


@pytest.mark.parametrize("ending", ["heic", "tif"])
def test_what_browsers_do_not_show_is_shown_all_the_same(tmp_path, ending):
    pixels = np.full((8, 6, 3), 128, np.uint8)
    file = tmp_path / f"a.{ending}"
    file.write_bytes(encode(pixels, {"heic": "HEIF", "tif": "TIFF"}[ending]))
    assert np.abs(parts.viewable(str(file)).astype(int) - pixels).max() <= 3
    file.write_bytes(b"no picture")
    for other in (str(file), "a.jpg", None):
        assert not isinstance(parts.viewable(other), np.ndarray)


def test_who_waits_is_told_what_for():
    assert parts.waiting([]) == ""
    assert "no/such" in parts.waiting(["no/such"])


def ask(image, kind: Literal["a", "b"] = "b", crop: dict | None = None) -> Answer:
    """Ask one picture."""
    if image is None:
        raise images.PictureError("Choose a picture.")
    if kind == "a":
        raise weights.Unavailable("Not yet.")
    return Answer(kind, {kind: 1.0}, np.zeros(1), (0, 0, 1, 1))


def test_an_endpoint_has_the_choices_of_predict_and_turns_errors_into_sentences():
    with gr.Blocks() as blocks:
        parts.endpoint("thing", ask)
    (function,) = blocks.fns.values()
    assert function.api_name == "thing" and "Ask one picture." in function.api_description
    assert [block.get_block_name() for block in function.inputs] == ["image", "dropdown"]
    assert function.inputs[1].value == "b" and [value for _, value in function.inputs[1].choices] == ["a", "b"]
    assert function.fn("x", "b")["label"] == "b"
    for arguments, sentence in (((None, "b"), "Choose a picture."), (("x", "a"), "Not yet.")):
        with pytest.raises(gr.Error, match=sentence) as caught:
            function.fn(*arguments)
        assert not caught.value.print_exception


def test_the_camera_is_the_rear_one_and_does_not_mirror():
    options = parts.picture_input().webcam_options
    assert not options.mirror and options.constraints["video"]["facingMode"] == {"ideal": "environment"}


@dataclasses.dataclass(frozen=True, eq=False)
class Restored:
    pixels: np.ndarray

    def png(self) -> bytes:
        return images.png(self.pixels)


def lighten(image, strength: float = 0.5) -> Restored:
    """Add light."""
    return Restored(np.full((2, 3, 3), round(255 * strength), np.uint8))


def test_an_endpoint_may_take_numbers_and_give_a_picture():
    with gr.Blocks() as blocks:
        parts.endpoint("thing", lighten)
    (function,) = blocks.fns.values()
    assert [block.get_block_name() for block in (*function.inputs, *function.outputs)] == ["image", "number", "image"]
    assert function.inputs[1].value == 0.5 and function.inputs[1].label == "strength"
    assert (images.open(function.fn("x", 1.0)).pixels == 255).all()


def test_a_file_that_is_handed_out_again_is_whole_for_who_reads_it_already():
    path = parts.file(b"a picture", "picture.png")
    with open(path, "rb") as fetched:
        before = os.fstat(fetched.fileno()).st_ino
        assert parts.file(b"a picture", "picture.png") == path
        assert os.stat(path).st_ino != before and fetched.read() == b"a picture"
    assert os.listdir(os.path.dirname(path)) == ["picture.png"]


def test_what_browsers_do_not_show_keeps_its_size_and_depth_where_asked(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 65536, (8, 1200, 3), np.uint16)
    file = tmp_path / "a.tif"
    tifffile.imwrite(file, pixels, photometric="rgb")
    assert np.array_equal(images.open(parts.viewable(str(file), exact=True), exact=True).pixels, pixels)


def test_a_picture_that_the_page_opens_with_is_sent_as_its_component_sends_it():
    with gr.Blocks():
        inputs, outputs = [gr.Number(2)], [gr.HTML(), gr.ImageSlider()]
        pixels = np.zeros((2, 2, 3), np.uint8)
        parts.answers_first([], lambda number: (f"{number}", (pixels, pixels)), inputs, outputs)
    assert outputs[0].value == "2" and all(part["path"] for part in outputs[1].value)
