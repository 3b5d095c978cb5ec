"""Tiles, margins and colours of what is painted."""

import numpy as np
import pytest

from demos.style import painter

RNG = np.random.default_rng(0)


def luminance(pixels):
    return pixels @ painter.LUMINANCE


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (30, 500), (516, 1030)])
def test_tiles_cover_a_picture_once_and_their_contents_have_a_margin(shape):
    pixels = RNG.integers(0, 256, (*shape, 3), np.uint8)
    covered = np.zeros(shape, int)
    for tile in painter.split(*shape):
        covered[tile] += 1
        inner = painter.cut(pixels, tile)[painter.MARGIN : -painter.MARGIN, painter.MARGIN : -painter.MARGIN]
        height, width = pixels[tile].shape[:2]
        assert not any(side % painter.STEP for side in inner.shape[:2])
        np.testing.assert_allclose(inner[:height, :width], pixels[tile] / 255, atol=1e-6)
    assert (covered == 1).all()


@pytest.mark.parametrize("height, width", [(60, 401), (130, 62), (256, 99)])
def test_margin_is_the_picture_mirrored(height, width):
    pixels = np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)
    (tile,) = painter.split(height, width)
    margins = [(painter.MARGIN, painter.MARGIN + -side % painter.STEP) for side in (height, width)]
    expected = np.pad(pixels, [*margins, (0, 0)], "reflect")
    assert np.array_equal(painter.to_uint8(painter.cut(pixels, tile)), expected)


@pytest.mark.parametrize("shape", [(1, 1), (7, 90), (64, 64), (65, 300)])
def test_what_is_described_has_a_size_that_the_network_takes(shape):
    pixels = RNG.integers(0, 256, (*shape, 3), np.uint8)
    height, width = painter.describable(pixels).shape[:2]
    assert not height % painter.CODE_STEP and not width % painter.CODE_STEP
    assert min(height, width) >= painter.CODE_LEAST and height - shape[0] < 96 and width - shape[1] < 96


def test_colours_of_the_photograph_stay_and_the_luminance_is_the_painting_s():
    photograph, painted = (RNG.integers(90, 160, (600, 40, 3), np.uint8) for _ in range(2))
    kept = painter.keep_colours(photograph, painted)
    assert np.abs(luminance(kept) - luminance(painted)).max() <= 1
    chroma, wanted = (
        pixels - luminance(pixels)[..., None] for pixels in (kept.astype(float), photograph.astype(float))
    )
    assert np.abs(chroma - wanted).max() <= 1
