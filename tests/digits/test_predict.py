"""A picture on its way through both networks."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

import weights
from demos import images
from demos.digits import examples
from demos.digits.predict import LABELS, NETWORKS, Answer, predict, read

EXAMPLES = examples.files()


def checked(answer: Answer) -> Answer:
    for digit in answer.digits:
        assert digit.seen.shape == (28, 28) and digit.seen.dtype == np.uint8
        assert tuple(reading.network for reading in digit.readings) == NETWORKS
        for reading in digit.readings:
            probabilities = list(reading.confidences.values())
            assert sorted(reading.confidences) == list(LABELS) and reading.label == next(iter(reading.confidences))
            assert probabilities == sorted(probabilities, reverse=True)
            assert sum(probabilities) == pytest.approx(1, abs=1e-3) and reading.milliseconds > 0
            threshold = weights.load(f"digits/{reading.network}").entry["thresholds"]["digitness"]
            assert reading.accepted == (reading.digitness >= threshold)
    return answer


@pytest.mark.parametrize("caption, labels", [("A page", "201"), ("Chalk", "1"), ("In the shade", "0")])
def test_both_networks_read_the_digits_of_a_picture_in_their_order(caption, labels):
    answer = checked(predict(EXAMPLES[caption]))
    for k in range(len(NETWORKS)):
        assert "".join(digit.readings[k].label for digit in answer.digits) == labels
        assert all(digit.readings[k].accepted for digit in answer.digits)
    assert answer.steps and all(pixels.dtype == np.uint8 for pixels in answer.steps.values())


def test_what_is_none_of_the_three_is_refused():
    (digit,) = checked(predict(EXAMPLES["A seven"])).digits
    assert not any(reading.accepted for reading in digit.readings)


@pytest.mark.parametrize("grey", [0, 127, 255])
def test_on_a_blank_sheet_there_is_no_digit(grey):
    assert predict(np.full((300, 400, 3), grey, np.uint8)).digits == []


def test_a_box_is_in_pixels_of_the_upright_original():
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


def test_a_decoded_picture_gets_the_answer_of_its_file():
    from_file, decoded = (predict(source) for source in (EXAMPLES["Chalk"], images.open(EXAMPLES["Chalk"])))
    assert np.array_equal(from_file.digits[0].seen, decoded.digits[0].seen)


@pytest.mark.parametrize("network", NETWORKS)
def test_several_digits_at_once_get_the_readings_of_each_alone(network):
    model = weights.load(f"digits/{network}")
    seen = np.stack([digit.seen for digit in predict(EXAMPLES["A page"]).digits])
    for together, glyph in zip(read(model, seen), seen, strict=True):
        (alone,) = read(model, glyph[None])
        assert together.label == alone.label and together.network == network
        assert together.confidences == pytest.approx(alone.confidences, abs=1e-4)
        assert together.digitness == pytest.approx(alone.digitness, abs=1e-2)


def test_a_wrong_picture_raises_its_sentence():
    for wrong in (None, b"no picture"):
        with pytest.raises(images.PictureError):
            predict(wrong)


def test_an_answer_cannot_be_changed():
    answer = predict(EXAMPLES["Chalk"])
    for part, field in ((answer, "digits"), (answer.digits[0], "box"), (answer.digits[0].readings[0], "label")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, field, None)
