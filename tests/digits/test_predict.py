"""A picture on its way through both networks."""

import dataclasses
import io
from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image

import weights
from demos.digits import demo
from demos.digits.predict import LABELS, NETWORKS, Answer, predict, read
from demos.shared import images
from demos.shared.ui import inputs

EXAMPLES = inputs.example_paths("digits", demo.examples)


def check(answer: Answer) -> Answer:
    for digit in answer.digits:
        assert digit.inputs.shape == (28, 28) and digit.inputs.dtype == np.uint8
        assert tuple(reading.network for reading in digit.readings) == NETWORKS
        for reading in digit.readings:
            probabilities = list(reading.confidences.values())
            assert sorted(reading.confidences) == list(LABELS) and reading.label == next(iter(reading.confidences))
            assert probabilities == sorted(probabilities, reverse=True)
            assert sum(probabilities) == pytest.approx(1, abs=1e-3) and reading.milliseconds > 0
            assert reading.entry == weights.load(f"digits/{reading.network}").entry
            threshold = reading.entry.thresholds["id_score"]
            assert reading.is_accepted == (reading.id_score >= threshold)
    return answer


@pytest.mark.parametrize("caption, labels", [("A page", "201"), ("Chalk", "1"), ("In the shade", "0")])
def test_both_networks_read_the_digits_of_a_picture_in_their_order(caption, labels):
    answer = check(predict(EXAMPLES[caption]))
    for k in range(len(NETWORKS)):
        assert "".join(digit.readings[k].label for digit in answer.digits) == labels
        assert all(digit.readings[k].is_accepted for digit in answer.digits)
    assert answer.steps and all(pixels.dtype == np.uint8 for pixels in answer.steps.values())


def test_other_digit_is_refused_by_both_networks():
    (digit,) = check(predict(EXAMPLES["A seven"])).digits
    assert not any(reading.is_accepted for reading in digit.readings)


def test_printed_words_are_refused_by_both_networks():
    answer = check(predict(Path(skimage.__file__).parent / "data/page.png"))
    assert len(answer.digits) == 38
    assert not any(reading.is_accepted for digit in answer.digits for reading in digit.readings)


@pytest.mark.parametrize("grey", [0, 127, 255])
def test_blank_picture_has_no_digit(grey):
    assert predict(np.full((300, 400, 3), grey, np.uint8)).digits == []


def test_box_of_a_turned_picture_is_in_pixels_of_the_upright_original():
    page = Image.open(EXAMPLES["In the shade"])
    (small,) = predict(page).digits
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: it says how to turn what it stored lying
    buffer = io.BytesIO()
    large = page.resize((1920, 1440))
    large.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", exif=exif)
    (digit,) = predict(buffer.getvalue()).digits
    assert np.abs(np.subtract(digit.box, np.multiply(small.box, 4))).max() <= 24
    left, top, right, bottom = small.box
    assert 140 < left < 180 and 60 < top < 90 and 300 < right < 345 and 270 < bottom < 300


def test_decoded_picture_gets_the_answer_of_its_file():
    from_file, decoded = (predict(source) for source in (EXAMPLES["Chalk"], images.open(EXAMPLES["Chalk"])))
    assert np.array_equal(from_file.digits[0].inputs, decoded.digits[0].inputs)


@pytest.mark.parametrize("network", NETWORKS)
def test_several_digits_at_once_get_the_readings_of_each_alone(network):
    model = weights.load(f"digits/{network}")
    glyphs = np.stack([digit.inputs for digit in predict(EXAMPLES["A page"]).digits])
    for together, glyph in zip(read(model, glyphs), glyphs, strict=True):
        (alone,) = read(model, glyph[None])
        assert together.label == alone.label and together.network == network
        assert together.confidences == pytest.approx(alone.confidences, abs=1e-4)
        assert together.id_score == pytest.approx(alone.id_score, abs=1e-2)


def test_unreadable_picture_raises_picture_error():
    for wrong in (None, b"no picture"):
        with pytest.raises(images.PictureError):
            predict(wrong)


def test_answer_is_frozen():
    answer = predict(EXAMPLES["Chalk"])
    for part, field in ((answer, "digits"), (answer.digits[0], "box"), (answer.digits[0].readings[0], "label")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, field, None)
