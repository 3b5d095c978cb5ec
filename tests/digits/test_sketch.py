"""Strokes, and the picture that they make."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demos.digits import sketch
from demos.shared import images


def test_stroke_is_ink_along_its_points_and_white_elsewhere():
    drawn = sketch.pixels([[[300, 500], [1200, 500]]])
    assert drawn.shape == sketch.SIZE[::-1] and drawn.dtype == np.uint8
    assert (drawn[160, 96:384] == sketch.INK).all() and (drawn[:140] == 255).all() and (drawn[180:] == 255).all()
    thick = (drawn[:, 240] < 128).sum()
    assert abs(thick - sketch.THICK * sketch.HEIGHT / 1000) <= 1


def test_dot_is_a_stroke_and_empty_pad_is_none():
    assert (sketch.pixels([[[750, 500]]])[160, 240]) == sketch.INK
    assert sketch.pixels([]) is None and sketch.pixels(None) is None


@given(st.lists(st.lists(st.tuples(st.integers(), st.floats()), min_size=1, max_size=5), min_size=1, max_size=3))
def test_any_points_make_a_picture_or_a_sentence(strokes):
    try:
        assert sketch.pixels(strokes).shape == sketch.SIZE[::-1]
    except images.PictureError:
        assert np.isnan([y for points in strokes for _, y in points]).any()


@pytest.mark.parametrize(
    "strokes", ["text", [["text"]], [[[1, 2, 3]]], [[[1, {}]]], 7, {"a": 1}, [[[float("nan"), 1]]], [[[1, 1]] * 30_000]]
)
def test_malformed_strokes_raise_picture_error(strokes):
    with pytest.raises(images.PictureError):
        sketch.pixels(strokes)
