"""What the digit networks learn from, and the strangers on whom they are measured."""

import numpy as np
import pytest

from demos.digits import samples, strangers

RING = np.zeros((28, 28), np.uint8)
RING[4:24, 7:21] = 255
RING[7:21, 10:18] = 0


def one() -> np.ndarray:
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 13:16] = 255
    return bar


def test_letters_shapes_and_scribbles_are_found_as_a_visitor_s_would_be():
    found = samples.found(samples.others(60))
    assert len(found) == 60 and np.mean([bool(several) for several in found]) > 0.9
    glyphs = [glyph for several in found for glyph in several]
    assert all(glyph.shape == (28, 28) and glyph.dtype == np.uint8 for glyph in glyphs)


def test_no_letter_is_the_box_of_a_font_that_lacks_it():
    rng, faces = np.random.default_rng(0), samples.fonts()
    letters = [samples.letter(rng, faces) for _ in range(100)]
    assert len({letter.tobytes() for letter in letters}) == 100 and all((letter < 128).any() for letter in letters)


def test_a_narrow_upright_bar_may_be_a_one():
    assert samples.may_be_one(one()) and not samples.may_be_one(RING) and not samples.may_be_one(one().T)
    assert not samples.may_be_one(np.zeros((28, 28), np.uint8))


def test_varied_glyphs_differ_and_are_still_what_they_were():
    glyphs = np.stack([RING] * 200)
    varied = samples.varied(glyphs, np.random.default_rng(0))
    assert varied.shape == glyphs.shape and varied.dtype == np.uint8
    assert len({glyph.tobytes() for glyph in varied}) == 200
    ink = varied.astype(float).sum((1, 2)) / RING.astype(float).sum()
    assert 0.5 < ink.min() and ink.max() < 1.8
    assert np.median(varied[:, 14, 14]) == 0  # the hole of the 0 stays open


def test_no_variation_is_none(monkeypatch):
    class Still:
        def normal(self, mean, deviation, size):
            return np.zeros(size)

        def uniform(self, low, high, size):
            return np.zeros(size)

    assert np.array_equal(samples.varied(RING[None], Still())[0], RING)


@pytest.mark.parametrize("hand", strangers.HANDS)
def test_every_stranger_s_digit_is_found(hand):
    digits = np.stack([RING, one()] * 4)
    pictures = strangers.pictures(hand, digits)
    assert [picture.dtype for picture in pictures] == [np.uint8] * 8
    found = [samples.found_in(picture) for picture in pictures]
    assert sum(len(several) == 1 for several in found) >= 7
    again = strangers.pictures(hand, digits)
    assert all(np.array_equal(a, b) for a, b in zip(pictures, again, strict=True))


def test_parts_of_photographs_differ():
    windows = list(samples.parts_of_photographs(20))
    assert len(windows) == 20 and len({window.tobytes() for window in windows}) == 20
    assert all(window.dtype == np.uint8 and window.shape[2] == 3 for window in windows)
