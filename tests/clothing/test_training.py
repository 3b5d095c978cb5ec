"""What the recipes do to pictures, and what they make of a trained network."""

import numpy as np
import pytest

from demos.clothing.predict import CLASSES
from demos.clothing.training import augment, efficientnet, finishing
from demos.shared import images


@pytest.mark.parametrize("shape", [(176, 235, 3), (300, 90, 3)])
def test_augmented_picture_is_a_square_of_bytes(rng, shape):
    pixels = rng.integers(0, 256, shape, np.uint8)
    drawn = [augment.augment(pixels, 96, rng) for _ in range(20)]
    assert all(one.shape == (96, 96, 3) and one.dtype == np.uint8 for one in drawn)
    assert len({one.tobytes() for one in drawn}) == 20


def test_shade_darkens_one_side_and_brightens_nothing(rng):
    pixels = np.full((64, 64, 3), 200, np.uint8)
    for _ in range(10):
        shaded = augment.shade(pixels, rng)
        assert (shaded <= pixels).all() and shaded.min() < 190


def test_batch_has_its_share_of_each_group_and_shows_each_picture_once(rng):
    encoded = [images.png(rng.integers(0, 256, (40, 30, 3), np.uint8)) for _ in range(12)]
    groups = [
        efficientnet.Group(encoded[:8], np.arange(8), 4),
        efficientnet.Group(encoded[8:], np.full(4, 14), 2),
    ]
    drawn = [efficientnet.make_batch(groups, 32, rng) for _ in range(2)]
    assert all(pictures.shape == (6, 32, 32, 3) for pictures, _ in drawn)
    labels = np.concatenate([targets[:4].argmax(1) for _, targets in drawn])
    assert sorted(labels) == list(range(8)) and all((targets[4:].argmax(1) == 14).all() for _, targets in drawn)


def test_whitened_features_have_unit_spread_within_classes(rng):
    labels = rng.integers(0, len(CLASSES), 3000)
    features = rng.normal(size=(len(CLASSES), 200))[labels] * 3 + rng.normal(size=(3000, 200)) * rng.uniform(1, 2, 200)
    directions, center, means = finishing.whiten(features, labels)
    white = features @ directions - center
    assert directions.shape == (200, finishing.DIMENSIONS) and means.shape == (len(CLASSES), finishing.DIMENSIONS)
    assert np.allclose(white.mean(0), 0, atol=1e-3)
    assert np.std(white - means[labels]) == pytest.approx(1, abs=0.15)
