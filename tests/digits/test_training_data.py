"""What the digit networks learn from."""

import numpy as np

from demos.digits.data import segment_all
from demos.digits.training import data

RING = np.zeros((28, 28), np.uint8)
RING[4:24, 7:21] = 255
RING[7:21, 10:18] = 0


def one() -> np.ndarray:
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 13:16] = 255
    return bar


def test_letters_shapes_and_scribbles_are_segmented_like_photographs():
    segmented = segment_all(data.draw_others(60))
    assert len(segmented) == 60 and np.mean([bool(glyphs) for glyphs in segmented]) > 0.9
    glyphs = [glyph for page in segmented for glyph in page]
    assert all(glyph.shape == (28, 28) and glyph.dtype == np.uint8 for glyph in glyphs)


def test_font_without_a_letter_is_never_drawn_as_a_box():
    rng, faces = np.random.default_rng(0), data.list_fonts()
    letters = [data.draw_letter(rng, faces) for _ in range(100)]
    assert len({letter.tobytes() for letter in letters}) == 100 and all((letter < 128).any() for letter in letters)


def test_narrow_upright_bar_is_a_bar_and_ring_is_none():
    assert data.is_bar(one()) and not data.is_bar(RING) and not data.is_bar(one().T)
    assert not data.is_bar(np.zeros((28, 28), np.uint8))


def test_augmented_glyphs_differ_and_keep_their_ink_and_hole():
    glyphs = np.stack([RING] * 200)
    augmented = data.augment(glyphs, np.random.default_rng(0))
    assert augmented.shape == glyphs.shape and augmented.dtype == np.uint8
    assert len({glyph.tobytes() for glyph in augmented}) == 200
    ink = augmented.astype(float).sum((1, 2)) / RING.astype(float).sum()
    assert 0.5 < ink.min() and ink.max() < 1.8
    assert np.median(augmented[:, 14, 14]) == 0  # the hole of the 0 stays open


def test_trembling_bends_a_stroke_within_few_pixels():
    def measure_bends(tremble: float) -> float:
        bars = data.augment(np.stack([one()] * 200), np.random.default_rng(0), tremble).astype(float)[:, 9:19]
        centres = (bars * np.arange(28)).sum(2) / bars.sum(2)
        return np.abs(np.diff(centres, 2)).mean()

    assert measure_bends(1) > 2 * measure_bends(0.2) > 2 * measure_bends(0)


def test_augmentation_of_zero_strength_changes_nothing(monkeypatch):
    class Still:
        def normal(self, mean, deviation, size):
            return np.zeros(size)

        def uniform(self, low, high, size):
            return np.zeros(size)

    assert np.array_equal(data.augment(RING[None], Still())[0], RING)


def test_windows_of_photographs_differ():
    windows = list(data.crop_photographs(20))
    assert len(windows) == 20 and len({window.tobytes() for window in windows}) == 20
    assert all(window.dtype == np.uint8 and window.shape[2] == 3 for window in windows)
