"""16 bits a channel come in and go out exactly, and what has fewer stays as it is."""

import doctest
import io
import zlib

import numpy as np
import pytest
from PIL import Image

from demos.shared import deep, images
from tests import pictures
from tests.pictures import encode

DEEP = np.random.default_rng(0).integers(0, 65536, (24, 40, 3), np.uint16)
FAINT = np.random.default_rng(1).integers(0, 256, (24, 40), np.uint8)


def exact(source, **options) -> images.Picture:
    return images.open(source, exact=True, **options)


def test_worked_example_is_true():
    result = doctest.testmod(deep)
    assert result.attempted >= 6 and not result.failed


@pytest.mark.parametrize("alpha", [None, FAINT], ids=["opaque", "transparent"])
def test_16_bit_colours_come_back_exactly(alpha):
    picture = exact(images.png(DEEP, alpha))
    assert picture.pixels.dtype == np.uint16 and np.array_equal(picture.pixels, DEEP)
    assert picture.alpha is None if alpha is None else np.array_equal(picture.alpha, alpha)
    reduced = images.open(images.png(DEEP, alpha))
    assert reduced.pixels.dtype == np.uint8 and reduced.pixels.shape == DEEP.shape


def test_every_16_bit_value_comes_back_exactly():
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    colours = np.dstack([values, values[::-1], values.T])
    assert np.array_equal(exact(images.png(colours)).pixels, colours)


@pytest.mark.parametrize("byteorder", "<>")
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_16_bit_tiff_comes_back_exactly(byteorder, compression):
    import tifffile

    file = io.BytesIO()
    tifffile.imwrite(file, DEEP, photometric="rgb", byteorder=byteorder, compression=compression)
    assert np.array_equal(exact(file.getvalue()).pixels, DEEP)


def test_16_bit_grey_and_arrays_come_back_exactly():
    grey = DEEP[..., 0]
    for source in (encode(grey, "PNG"), grey, grey[..., None], (grey / 65535).astype(np.float64)):
        assert np.array_equal(exact(source).pixels, np.repeat(grey[..., None], 3, axis=-1))
    assert np.array_equal(exact(DEEP).pixels, DEEP)


@pytest.mark.parametrize("orientation", [3, 6])
def test_16_bits_are_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    chunk = pictures.png_chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    whole = images.png(DEEP)
    picture = exact(whole[:33] + chunk + whole[33:])
    assert np.array_equal(picture.pixels, np.rot90(DEEP, {3: 2, 6: 3}[orientation]))


def test_profile_of_other_colours_gives_8_bits_in_srgb():
    profile = pictures.rgb_profile(pictures.P3_TO_XYZ, 2.2)
    chunk = pictures.png_chunk(b"iCCP", b"p3\0\0" + zlib.compress(profile))
    whole = images.png(DEEP)
    with_profile = whole[:33] + chunk + whole[33:]
    picture = exact(with_profile)
    assert picture.pixels.dtype == np.uint8
    assert np.array_equal(picture.pixels, images.open(with_profile).pixels)


def test_what_is_reduced_or_of_8_bits_stays_8_bits():
    reduced = exact(images.png(DEEP), longest=20)
    assert reduced.pixels.dtype == np.uint8 and reduced.pixels.shape == (12, 20, 3) and reduced.size == (40, 24)
    plain = exact(encode((DEEP >> 8).astype(np.uint8), "PNG"))
    assert plain.pixels.dtype == np.uint8 and np.array_equal(plain.pixels, DEEP >> 8)


def test_8_bits_of_16_are_rounded():
    values = np.arange(65536, dtype=np.uint16)
    assert np.array_equal(deep.to_8_bits(values), np.rint(values / 257))
    assert deep.to_8_bits(np.array([0, 0x800, 0xFFF], np.uint16), bits=12).tolist() == [0, 128, 255]
