"""Drawings without noise come back as they are; with noise they are denoised, and so is every photograph."""

import numpy as np
import pytest

from demos.denoiser.drawn import is_drawn
from demos.denoiser.predict import add_noise, open_picture, predict
from tests.house import ROOT

DRAWN = sorted((ROOT / "tests/cases/denoise").glob("*.png"))


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_drawing_without_noise_comes_back_as_it_is(path):
    answer = predict(path)
    assert np.array_equal(answer.pixels, open_picture(path).pixels) and answer.noise_sigma == 0


@pytest.mark.parametrize("kind", ["Gaussian", "Poisson", "JPEG"])
@pytest.mark.parametrize("path", [path for path in DRAWN if path.stem != "checker1px"], ids=lambda path: path.stem)
def test_drawing_with_noise_is_denoised(path, kind):
    noisy = add_noise(open_picture(path), kind, 15, np.random.default_rng(0))
    assert not is_drawn(noisy.pixels)


def test_specks_on_a_drawing_are_noise():
    noisy = add_noise(open_picture(DRAWN[-1]), "Salt and pepper", 5, np.random.default_rng(0))
    assert not is_drawn(noisy.pixels)


def test_photographs_are_not_drawn_even_on_a_cut_out_ground(photograph):
    pixels = open_picture(photograph).pixels
    assert not is_drawn(pixels)
    ground = np.full((3 * pixels.shape[0], 3 * pixels.shape[1], 3), 255, np.uint8)
    ground[: len(pixels), : pixels.shape[1]] = pixels
    assert not is_drawn(ground)


@pytest.mark.parametrize("shape", [(7, 100, 3), (1, 1, 3)])
def test_picture_smaller_than_a_block_is_denoised(shape):
    assert not is_drawn(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("shape", [(7, 100), (1, 1), (100, 100)])
def test_picture_of_one_colour_has_no_noise(shape):
    pixels = np.full((*shape, 3), (200, 30, 90), np.uint8)
    answer = predict(pixels)
    assert answer.noise_sigma == 0 and np.array_equal(answer.pixels, pixels)


def test_16_bits_are_looked_at_in_full():
    flat = np.full((64, 64, 3), 40_000, np.uint16)
    assert is_drawn(flat) and not is_drawn(flat + np.random.default_rng(0).integers(0, 9, flat.shape, np.uint16))
