"""What a camera stores, by simulation, has the noise of one: little, correlated, of its own light, and no cast."""

import numpy as np
import pytest

from demos.denoiser import camera, noise

GREY = np.full((128, 128, 3), 0.5, np.float32)


def gradient(side: int = 96) -> np.ndarray:
    """From dark to light, float32 (side, side, 3)."""
    return np.broadcast_to(np.linspace(0.1, 0.9, side)[None, :, None], (side, side, 3)).astype(np.float32)


def test_camera_noise_is_correlated_between_neighbours(rng):
    noises = [camera.develop(GREY, 20, rng) - GREY for _ in range(20)]
    assert 15 < 255 * np.sqrt(np.mean(np.square(noises))) < 30
    correlations = [np.corrcoef(one[:, 1:, 0].ravel(), one[:, :-1, 0].ravel())[0, 1] for one in noises]
    assert min(correlations) > 0.4
    assert all(one.dtype == np.float32 and np.isfinite(one).all() for one in noises)


def test_camera_noise_leaves_no_colour_cast(rng):
    noises = [camera.develop(GREY, 10, rng) - GREY for _ in range(50)]
    assert np.abs(np.mean(noises, (0, 1, 2))).max() < 2 / 255


def test_photographs_have_the_noise_of_cameras(rng):
    pairs = [camera.photograph(gradient(), rng) for _ in range(120)]
    noises = np.stack([noisy - clean for noisy, clean in pairs])
    sigma = 255 * noises.std((1, 2, 3))
    assert 2.5 < np.median(sigma) < 6 and sigma.max() < 60
    assert np.abs(noises.mean((0, 1, 2))).max() < 1 / 255
    neighbours = [np.corrcoef(one[:, 1:, 0].ravel(), one[:, :-1, 0].ravel())[0, 1] for one in noises]
    assert np.median(neighbours) > 0.2
    for noisy, clean in pairs:
        assert noisy.dtype == clean.dtype == np.float32 and noisy.shape == clean.shape == (96, 96, 3)
        assert np.array_equal(noisy, noise.clip_and_round(noisy)) and np.array_equal(clean, noise.clip_and_round(clean))
        assert np.abs(clean - gradient()).mean() < 2 / 255


@pytest.mark.parametrize("offsets", [(0, 0), (0, 1), (1, 0), (1, 1)])
@pytest.mark.parametrize("sharpness", [0, 0.4, 1])
def test_a_mosaic_of_one_light_or_of_a_slope_is_filled_without_error(offsets, sharpness):
    y, x = np.indices((12, 14))
    rows, columns = (y + offsets[0]) % 2, (x + offsets[1]) % 2
    flat = camera._demosaic(np.full((12, 14), 0.3), rows, columns, sharpness)
    assert flat.shape == (12, 14, 3) and np.allclose(flat, 0.3)
    slope = camera._demosaic((0.01 * y + 0.02 * x).astype(float), rows, columns, sharpness)[3:-3, 3:-3]
    assert np.allclose(slope, (0.01 * y + 0.02 * x)[3:-3, 3:-3, None])


def test_a_colour_comes_from_its_own_places():
    y, x = np.indices((12, 12))
    rows, columns = y % 2, x % 2
    red = camera._demosaic(((rows + columns) == 0).astype(float), rows, columns, 0)[3:-3, 3:-3]
    assert np.allclose(red, [1, 0, 0])
    blue = camera._demosaic(((rows + columns) == 2).astype(float), rows, columns, 0)[3:-3, 3:-3]
    assert np.allclose(blue, [0, 0, 1])


@pytest.mark.parametrize("has_contrast", [False, True])
def test_light_and_srgb_are_each_other_s_inverse(has_contrast):
    levels = np.linspace(0, 1, 256)
    assert np.allclose(camera._to_srgb(camera._to_linear(levels, has_contrast), has_contrast), levels, atol=1e-6)
