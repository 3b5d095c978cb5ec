"""Pictures of other colour spaces, one after the other and at once."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageCms

from demos.shared import colour

SRGB = ImageCms.createProfile("sRGB")


@pytest.fixture
def picture(rng) -> Image.Image:
    return Image.fromarray(rng.integers(0, 256, (120, 160, 3), np.uint8))


def test_a_profile_of_srgb_leaves_the_pixels_and_a_broken_one_is_ignored(picture):
    profile = ImageCms.ImageCmsProfile(SRGB).tobytes()
    for _ in range(2):
        assert np.array_equal(colour.to_srgb(picture, profile), picture)
        assert np.array_equal(colour.to_srgb(picture, b"no profile"), picture)


def test_pictures_of_one_profile_that_are_opened_at_once_come_out_as_one_alone(picture):
    to_lab = ImageCms.buildTransform(SRGB, ImageCms.createProfile("LAB"), "RGB", "LAB")
    pictures = [picture.rotate(angle) for angle in range(0, 360, 30)]
    turned = [to_lab.apply(one) for one in pictures]
    alone = [np.asarray(colour.to_srgb(one, None)) for one in turned]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            together = list(pool.map(lambda one: np.asarray(colour.to_srgb(one, None)), turned))
            assert all(map(np.array_equal, together, alone))
    assert np.abs(alone[0].astype(int) - np.asarray(pictures[0])).mean() < 2
