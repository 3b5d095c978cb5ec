"""Corrupted digits, and the glyphs of many pictures at once."""

import numpy as np
import pytest

from demos.digits import corruptions
from demos.digits.data import segment_all, segment_one

RING = np.zeros((28, 28), np.uint8)
RING[4:24, 7:21] = 255
RING[7:21, 10:18] = 0
BAR = np.zeros((28, 28), np.uint8)
BAR[4:24, 13:16] = 255


@pytest.mark.parametrize("name", corruptions.CORRUPTIONS)
def test_corrupted_digit_is_found_and_is_always_the_same(name):
    digits = np.stack([RING, BAR] * 4)
    pictures = corruptions.corrupt(name, digits)
    assert [picture.dtype for picture in pictures] == [np.uint8] * 8
    glyphs = [segment_one(picture) for picture in pictures]
    assert sum(len(several) == 1 for several in glyphs) >= 7
    again = corruptions.corrupt(name, digits)
    assert all(np.array_equal(a, b) for a, b in zip(pictures, again, strict=True))


def test_glyphs_of_several_pictures_come_in_their_order_and_largest_first():
    page = np.full((200, 300), 255, np.uint8)
    page[80:120, 40:46] = page[40:160, 200:214] = 0
    blank = np.full_like(page, 255)
    (bars, nothing, ring) = segment_all([page, blank, 255 - RING])
    assert len(bars) == 2 and nothing == [] and len(ring) == 1
    large = segment_one(page[:, 150:])
    assert np.abs(bars[0].astype(int) - large[0]).mean() < 2
    assert all(glyph.shape == (28, 28) and glyph.dtype == np.uint8 for glyph in (*bars, *ring))
