"""Light and erased parts, drawn at random."""

import numpy as np
import pytest
from PIL import Image

from demos.shared.training.augment import erase, relight


@pytest.mark.parametrize("area", [(0.02, 0.2), (0.2, 0.3)])
def test_erased_part_is_a_rectangle_of_the_area_and_the_rest_stays(rng, area):
    changed = (erase(np.full((80, 80, 3), 77, np.uint8), rng, area) != 77).any(2)
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    box = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    assert changed.sum() == box and area[0] * 0.8 < box / 6400 < area[1] * 1.2


def test_relit_picture_is_another_and_without_ranges_the_same(rng):
    pixels = rng.integers(0, 256, (8, 8, 3), np.uint8)
    same = np.asarray(relight(Image.fromarray(pixels), rng, 0, 0, (1, 1)))
    assert np.abs(same.astype(int) - pixels).max() <= 1
    assert not np.array_equal(relight(Image.fromarray(pixels), rng, 0.3, 0.1, (0.5, 1.5)), pixels)
