"""Noise of every kind has its strength, its distribution and its correlations."""

import numpy as np
import pytest

from demos.denoiser import noise

GREY = np.full((128, 128, 3), 0.5, np.float32)


def deviation(noisy, clean=GREY) -> float:
    return 255 * float((noisy - clean).std())


@pytest.mark.parametrize("sigma", [5, 25, 50])
def test_gaussian_noise_is_neither_clipped_nor_correlated(rng, sigma):
    noisy = noise.gaussian(np.ones_like(GREY), sigma, rng)
    assert noisy.dtype == np.float32 and noisy.max() > 1
    assert deviation(noisy) == pytest.approx(sigma, rel=0.03)
    rest = noisy - 1
    assert abs(np.corrcoef(rest[..., 0].ravel(), rest[..., 1].ravel())[0, 1]) < 0.05
    assert abs(np.corrcoef(rest[:, 1:].ravel(), rest[:, :-1].ravel())[0, 1]) < 0.05


def test_variance_of_poisson_noise_is_in_proportion_to_light(rng):
    bright, half = (np.full((128, 128, 3), light, np.float32) for light in (1, 0.5))
    assert deviation(noise.poisson(bright, 20, rng), bright) == pytest.approx(20, rel=0.03)
    assert deviation(noise.poisson(half, 20, rng), half) == pytest.approx(20 / np.sqrt(2), rel=0.03)
    assert np.array_equal(noise.poisson(0 * GREY, 20, rng), 0 * GREY)


def test_salt_and_pepper_is_black_or_white_and_the_rest_untouched(rng):
    noisy = noise.salt_and_pepper(GREY, 0.2, rng)
    struck = (noisy != GREY).any(-1)
    assert struck.mean() == pytest.approx(0.2, abs=0.02)
    assert set(np.unique(noisy[struck])) == {0, 1} and (noisy[struck] == noisy[struck][:, :1]).all()


def test_lower_jpeg_quality_is_further_from_the_picture(rng):
    smooth = np.stack(np.broadcast_arrays(*np.ogrid[0:1:96j, 0:1:64j], 0.3), axis=-1).astype(np.float32)
    distance = [deviation(noise.jpeg(smooth, quality), smooth) for quality in (10, 50, 95)]
    assert distance[0] > distance[1] > distance[2] > 0


def test_clip_and_round_gives_256_levels():
    levels = np.linspace(-0.2, 1.2, 5000, dtype=np.float32)
    assert np.array_equal(np.unique(noise.to_uint8(levels)), np.arange(256))
    rounded = noise.clip_and_round(levels)
    assert rounded.dtype == np.float32 and rounded.min() == 0 and rounded.max() == 1
