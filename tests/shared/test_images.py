"""Every kind of picture that a visitor may send comes out right, or as one friendly sentence."""

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from demos.shared import images
from demos.shared.crop import scale_box
from tests import pictures
from tests.pictures import encode, png_chunk

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/cases/files"
SENTENCES = {
    getattr(images, name)
    for name in "NOTHING UNREADABLE EMPTY TOO_LARGE TOO_MANY_PIXELS SVG UNKNOWN DAMAGED ARRAY".split()
}
# Red, green, blue and black quarters, wider than high: every orientation of it differs from the others.
QUARTERS = np.zeros((32, 48, 3), np.uint8)
QUARTERS[:16, :24, 0] = QUARTERS[:16, 24:, 1] = QUARTERS[16:, :24, 2] = 255
SMOOTH = np.stack(
    [*np.meshgrid(np.linspace(20, 220, 64), np.linspace(200, 30, 48)), np.full((48, 64), 90)], axis=-1
).astype(np.uint8)
LOSSLESS = {"PNG": {}, "WEBP": {"lossless": True}, "BMP": {}, "TIFF": {}}
LOSSY = {"JPEG": {"quality": 95, "subsampling": 0}, "AVIF": {"quality": 95}, "HEIF": {"quality": 95}}


def check(picture: images.Picture, longest: int = 2048) -> None:
    height, width, channels = picture.pixels.shape
    assert picture.pixels.dtype == np.uint8 and channels == 3
    assert 1 <= min(height, width) and max(height, width) == min(longest, max(picture.size))
    assert picture.alpha is None or (picture.alpha.dtype == np.uint8 and picture.alpha.shape == (height, width))
    assert picture.size[0] * picture.size[1] <= images.MAX_PIXELS


def opened(source, **options) -> images.Picture:
    picture = images.open(source, **options)
    check(picture, **options)
    return picture


def refused(source) -> str:
    with pytest.raises(images.PictureError) as caught:
        images.open(source)
    return str(caught.value)


def near(pixels: np.ndarray, expected: np.ndarray, mean: float, most: float = 255) -> None:
    difference = np.abs(pixels.astype(int) - expected.astype(int))
    assert pixels.shape == expected.shape and difference.mean() <= mean and difference.max() <= most


# Formats and sources


@pytest.mark.parametrize("format", LOSSLESS)
def test_lossless_formats_come_back_exactly(format):
    picture = opened(encode(SMOOTH, format, **LOSSLESS[format]))
    assert np.array_equal(picture.pixels, SMOOTH) and picture.alpha is None and picture.size == (64, 48)


@pytest.mark.parametrize("format", LOSSY)
def test_lossy_formats_come_back_nearly(format):
    near(opened(encode(SMOOTH, format, **LOSSY[format])).pixels, SMOOTH, mean=2, most=12)


def test_jpeg_that_is_not_reduced_is_decoded_exactly():
    data = encode(QUARTERS, "JPEG", quality=60)
    assert np.array_equal(opened(data, longest=48).pixels, np.asarray(Image.open(io.BytesIO(data))))


@pytest.mark.parametrize("kind", [str, Path, bytes, bytearray, memoryview, io.BytesIO])
def test_every_kind_of_source(kind, tmp_path):
    path = tmp_path / "picture.jpg"  # a wrong extension does not matter
    path.write_bytes(encode(SMOOTH, "PNG"))
    source = kind(path) if kind in (str, Path) else kind(path.read_bytes())
    assert np.array_equal(opened(source).pixels, SMOOTH)


def test_file_is_read_from_its_beginning_and_stays_open(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(encode(SMOOTH, "PNG"))
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        assert np.array_equal(opened(file).pixels, SMOOTH) and not file.closed


def test_pillow_image_is_not_changed():
    image = Image.open(io.BytesIO(encode(np.tile(SMOOTH, (8, 8, 1)), "JPEG")))
    opened(image, longest=32)
    assert image.size == (512, 384) and image.load() and image.size == (512, 384)


@pytest.mark.parametrize("channels", [None, 1, 3, 4])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float16", "float32", "float64"])
def test_arrays(dtype, channels):
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    values = grey if channels is None else np.stack([grey] * channels, axis=-1)
    if channels == 4:
        values[..., 3] = 255
    source = {"uint8": values, "uint16": values * np.uint16(257)}.get(dtype, (values / 255).astype(dtype))
    picture = opened(source)
    assert np.array_equal(picture.pixels, np.stack([grey] * 3, axis=-1))
    assert (picture.alpha is not None) == (channels == 4)


def test_array_need_not_be_contiguous():
    assert np.array_equal(opened(SMOOTH[::-2, ::2, ::-1]).pixels, SMOOTH[::-2, ::2, ::-1])


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(5, np.uint8),
        np.zeros((5, 5, 2), np.uint8),
        np.zeros((1, 5, 5, 3), np.uint8),
        np.zeros((5, 5), int),
        np.zeros((5, 5), object),
        np.full((5, 5), 1.5),
        np.full((5, 5), -0.5),
        np.full((5, 5), np.nan),
    ],
)
def test_arrays_that_are_no_pictures(array):
    assert refused(array) == images.ARRAY


# Sizes


def test_one_pixel():
    assert opened(encode(np.full((1, 1, 3), 7, np.uint8), "PNG")).pixels.tolist() == [[[7, 7, 7]]]


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
@pytest.mark.parametrize("shape", [(10, 10_000), (10_000, 10), (1, 1000), (1000, 1)])
def test_very_long_pictures_keep_a_pixel(format, shape):
    picture = opened(encode(np.full(shape, 99, np.uint8), format), longest=64)
    assert sorted(picture.pixels.shape[:2]) == [1, 64] and picture.size == shape[::-1]
    near(picture.pixels, np.full_like(picture.pixels, 99), mean=1)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("longest", [50, 100, 333, 500, 1023, 1024])
def test_reduction_is_near_to_fair_resampling(format, longest):
    image = Image.fromarray(SMOOTH).resize((1024, 768), Image.Resampling.BICUBIC)
    picture = opened(encode(image, format), longest=longest)
    assert picture.size == (1024, 768)
    size = (longest, round(longest * 0.75))
    near(picture.pixels, np.asarray(image.resize(size, Image.Resampling.LANCZOS)), mean=2.5, most=20)


def test_reduction_does_not_alias():
    stripes = np.zeros((512, 512), np.uint8)
    stripes[:, ::2] = 255
    for format in ("PNG", "JPEG"):
        pixels = opened(encode(stripes, format), longest=96).pixels
        near(pixels, np.full_like(pixels, 127), mean=2, most=8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "LAB", "YCbCr", "I;16", "I", "F"])
def test_every_mode_can_be_reduced(mode):
    """Flat white in every mode: reduced or not, it is the same."""
    whites = {
        "I;16": 65535,
        "I": 65535,
        "F": 1.0,
        "LAB": (255, 128, 128),
        "YCbCr": (255, 128, 128),
        "CMYK": (0,) * 4,
        "P": 0,
        "PA": (0, 255),
    }
    white = whites.get(mode, "white")
    image = Image.new(mode, (300, 200), white)
    if mode.startswith("P"):
        image.putpalette([255] * 768)
    for longest in (300, 30):
        assert (opened(image, longest=longest).pixels >= 254).all()


def test_nothing_is_enlarged():
    assert opened(encode(SMOOTH, "PNG"), longest=10_000).pixels.shape == (48, 64, 3)


def test_large_files_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "huge.png"
    with open(path, "wb") as file:
        file.truncate(100 * images.MAX_BYTES)
    assert refused(path) == images.TOO_LARGE
    with open(path, "rb") as file:
        assert refused(file) == images.TOO_LARGE
    assert refused(bytes(images.MAX_BYTES + 1)) == images.TOO_LARGE


def claims(format: str, width: int, height: int) -> bytes:
    """A small file whose header says that it is large."""
    if format == "PNG":
        return pictures.png(width, height, 8, 2, b"")
    image = Image.new("RGB", (64, 64))
    options = {"save_all": True, "append_images": [Image.new("RGB", (64, 64), "red")]} if format == "WEBP" else {}
    data = bytearray(encode(image, format, **options))
    place, field = {
        "JPEG": (data.find(b"\xff\xc0") + 5, struct.pack(">HH", height, width)),
        "GIF": (6, struct.pack("<HH", width, height)),
        "BMP": (18, struct.pack("<ii", width, height)),
        "WEBP": (
            data.find(b"VP8X") + 12,
            struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3],
        ),
        "AVIF": (data.find(b"ispe") + 8, struct.pack(">II", width, height)),
        "HEIF": (data.find(b"ispe") + 8, struct.pack(">II", width, height)),
    }[format]
    data[place : place + len(field)] = field
    return bytes(data)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "AVIF", "HEIF"])
def test_too_many_pixels_are_refused_by_the_header(format):
    assert refused(claims(format, 10_001, 10_000)) == images.TOO_MANY_PIXELS
    assert refused(claims(format, 16_000, 16_000)) == images.TOO_MANY_PIXELS
    if format in ("PNG", "BMP"):  # 100 megapixels may be had, but are not there
        assert refused(claims(format, 10_000, 10_000)) == images.DAMAGED


def test_too_many_pixels_of_other_sources():
    assert refused(pictures.png(60_000, 60_000, 8, 2, b"")) == images.TOO_MANY_PIXELS
    assert refused(pictures.tiff(10_001, 10_000, 8, b"")) == images.TOO_MANY_PIXELS
    assert refused(np.broadcast_to(np.uint8(0), (10_001, 10_000))) == images.TOO_MANY_PIXELS
    assert refused(Image.new("1", (10_001, 10_000))) == images.TOO_MANY_PIXELS


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_later_frames_are_not_decoded(format):
    """The second frame is damaged, or claims to be huge: the first one is shown."""
    frames = [Image.fromarray(QUARTERS).quantize(4), Image.fromarray(QUARTERS[::-1]).quantize(4)]
    if format in ("WEBP", "TIFF"):
        frames = [frame.convert("RGB") for frame in frames]
    options = {"lossless": True} if format == "WEBP" else {}
    data = encode(frames[0], format, save_all=True, append_images=frames[1:], **options)
    assert np.array_equal(opened(data).pixels, QUARTERS)
    if format == "GIF":  # the second image descriptor
        place = data.rfind(b",\0\0\0\0")
        data = data[: place + 5] + struct.pack("<HH", 65535, 65535) + data[place + 9 :]
        assert np.array_equal(opened(data).pixels, QUARTERS)


# Colour


def test_palette_with_transparency():
    image = Image.new("P", (4, 2))
    image.putpalette([255, 0, 0, 0, 0, 255, 0, 255, 0])
    image.putdata([0, 0, 1, 1, 2, 2, 0, 1])
    single = opened(encode(image, "GIF", transparency=1))
    assert single.alpha.tolist() == [[255, 255, 0, 0], [255, 255, 255, 0]]
    assert single.pixels[0].tolist() == [[255, 0, 0]] * 2 + [[255, 255, 255]] * 2
    several = opened(encode(image, "PNG", transparency=bytes([255, 0, 51])))
    assert several.alpha[1].tolist() == [51, 51, 255, 0]
    assert several.pixels[1].tolist() == [[204, 255, 204]] * 2 + [[255, 0, 0], [255, 255, 255]]


@pytest.mark.parametrize("mode, key", [("1", 0), ("L", 9), ("RGB", (9, 9, 9))])
def test_a_transparent_colour(mode, key):
    image = Image.new(mode, (2, 1), 0 if mode == "1" else (9,) * len(mode))
    image.putpixel((1, 0), 1 if mode == "1" else (200,) * len(mode))
    picture = opened(encode(image, "PNG", transparency=key))
    assert picture.alpha.tolist() == [[0, 255]] and picture.pixels[0, 0].tolist() == [255] * 3


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_transparency_is_flattened_over_white(format):
    rgba = np.zeros((32, 48, 4), np.uint8)
    rgba[..., 0], rgba[16:, :, 3] = 255, 255
    rgba[:, 24:, 3] //= 2
    options = LOSSLESS.get(format) or LOSSY.get(format, {})
    picture = opened(encode(rgba, format, **options))
    expected = np.dstack([np.full((32, 48), 255), 255 - rgba[..., 3], 255 - rgba[..., 3]])
    near(picture.pixels, expected, mean=0 if format in LOSSLESS else 3)
    near(picture.alpha, rgba[..., 3], mean=0 if format in LOSSLESS else 3)


@pytest.mark.parametrize("mode", ["LA", "La", "PA", "RGBa", "RGBA"])
def test_modes_with_alpha(mode):
    image = Image.new("RGBA", (3, 2), (80, 80, 80, 128))
    if mode == "PA":
        image = image.convert("RGB").quantize(4).convert("PA")
        image.putalpha(128)
    else:
        image = image.convert("LA").convert("La") if mode == "La" else image.convert(mode)
    picture = opened(image)
    assert (picture.alpha == 128).all()
    near(picture.pixels, np.full((2, 3, 3), 167), mean=1)


def test_invisible_colours_do_not_bleed_when_reduced():
    rgba = np.zeros((64, 64, 4), np.uint8)
    rgba[:, :, 1] = 255  # green, all but the transparent half, which is black
    rgba[:, 32:] = 0
    rgba[:, :32, 3] = 255
    pixels = opened(encode(rgba, "PNG"), longest=6).pixels
    assert (pixels[..., 1] == 255).all()


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_one_bit(format):
    image = Image.fromarray(np.eye(16, dtype=bool))
    assert np.array_equal(opened(encode(image, format)).pixels[..., 0], 255 * np.eye(16))


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_by_depth(format):
    grey = np.arange(256, dtype=np.uint16).reshape(16, 16)
    assert np.array_equal(opened(encode(grey * 257, format)).pixels[..., 0], grey)
    assert opened(encode(grey, format)).pixels.max() == 1  # dark stays dark


def test_every_16_bit_value_is_rounded():
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    assert np.array_equal(opened(values).pixels[..., 0], np.rint(values / 257))


def test_16_bit_colour():
    rows = b"\0" + struct.pack(">6H", 257, 514, 771, 65535, 0, 65535)
    assert opened(pictures.png(2, 1, 16, 2, rows)).pixels.tolist() == [[[1, 2, 3], [255, 0, 255]]]


def test_12_bit_grey_and_white_is_zero():
    twelve = pictures.tiff(2, 1, 12, bytes([0x80, 0x0F, 0xFF]))
    assert opened(twelve).pixels[0, :, 0].tolist() == [128, 255]
    negative = pictures.tiff(2, 1, 16, struct.pack("<2H", 0, 65535), photometric=0)
    assert opened(negative).pixels[0, :, 0].tolist() == [255, 0]


@pytest.mark.parametrize(
    "values, expected",
    [
        ([0, 100, 255], [0, 100, 255]),
        ([0, 257, 65535], [0, 1, 255]),
        ([0, 50_000, 100_000], [0, 128, 255]),
        ([-100, 0, 100], [0, 128, 255]),
    ],
)
def test_32_bit_integers(values, expected):
    tall = pictures.tiff(3, 1, 32, struct.pack("<3i", *values), format=2)
    for source in (tall, Image.fromarray(np.array([values], np.int32))):
        assert opened(source).pixels[0, :, 0].tolist() == expected


@pytest.mark.parametrize(
    "values, expected",
    [
        ([0, 0.2, 1], [0, 51, 255]),
        ([0.2, 0.2, 0.4], [51, 51, 102]),
        ([-1, 0, 1], [0, 128, 255]),
        ([1000, 1500, 2000], [0, 128, 255]),
        ([np.nan, 0, 1], [0, 0, 255]),
        ([-np.inf, 0.2, np.inf], [0, 51, 255]),
        ([np.nan, np.nan, np.inf], None),
        ([7, 7, 7], None),
        ([-3e38, -3e38, 3e38], [0, 0, 255]),
    ],
)
def test_float_tiff(values, expected):
    pixels = opened(pictures.tiff(3, 1, 32, struct.pack("<3f", *values), format=3)).pixels[0, :, 0]
    assert expected is None or pixels.tolist() == expected


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile(format):
    image = Image.fromarray(QUARTERS).convert("CMYK")
    options = LOSSY.get(format, {})
    near(opened(encode(image, format, **options)).pixels, QUARTERS, mean=2)


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk_with_a_profile(format):
    inks = Image.new("CMYK", (48, 16), (255, 0, 0, 0))
    inks.paste((0, 255, 255, 0), (16, 0, 32, 16))
    inks.paste((0, 0, 0, 255), (32, 0, 48, 16))
    pixels = opened(encode(inks, format, icc_profile=pictures.cmyk_profile(), **LOSSY.get(format, {}))).pixels
    for column, grey in ((8, 119), (24, 255), (40, 0)):
        near(pixels[:, column], np.full((16, 3), grey), mean=3)


def test_lab():
    channels = [Image.new("L", (2, 2), value) for value in (128, 128, 128)]
    near(opened(encode(Image.merge("LAB", channels), "TIFF")).pixels, np.full((2, 2, 3), 119), mean=1)
    channels[1] = Image.new("L", (2, 2), 188)
    red, green, blue = opened(encode(Image.merge("LAB", channels), "TIFF")).pixels[0, 0].tolist()
    assert red > 180 and green < 80 and 80 < blue < 150


def test_ycbcr():
    image = Image.fromarray(SMOOTH).convert("YCbCr")
    near(opened(image).pixels, SMOOTH, mean=2, most=4)
    near(opened(encode(image, "TIFF", compression="jpeg", quality=95)).pixels, SMOOTH, mean=4)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_wide_gamut_becomes_srgb(format):
    colours = np.array([[200, 100, 50], [90, 140, 90], [128, 128, 128]], np.uint8)
    array = np.repeat(np.repeat(colours[None], 16, axis=0), 16, axis=1)
    profile = pictures.rgb_profile(pictures.P3_TO_XYZ, 2.2)
    options = {**(LOSSLESS.get(format) or LOSSY.get(format, {})), "icc_profile": profile}
    linear = (colours / 255) ** 2.2 @ pictures.P3_TO_XYZ.T @ np.linalg.inv(pictures.SRGB_TO_XYZ).T
    pixels = opened(encode(array, format, **options)).pixels
    near(pixels[8, 8::16], pictures.linear_to_srgb(linear), mean=2, most=5)


def test_alpha_survives_a_profile():
    rgba = np.full((4, 4, 4), 128, np.uint8)
    picture = opened(encode(rgba, "PNG", icc_profile=pictures.rgb_profile(pictures.P3_TO_XYZ, 1.0)))
    assert (picture.alpha == 128).all()
    near(picture.pixels, np.full((4, 4, 3), (188 * 128 + 255 * 127) / 255), mean=2)


@pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
def test_grey_profile(mode):
    profile = pictures.grey_profile(1.0)
    image = Image.fromarray(np.full((4, 4), 128 * 257, np.uint16)) if mode == "I;16" else Image.new("L", (4, 4), 128)
    data = encode(image.convert("LA") if mode == "LA" else image, "PNG", icc_profile=profile)
    near(opened(data).pixels, np.full((4, 4, 3), 188), mean=1)


def test_srgb_profile_keeps_pixels_exactly():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert np.array_equal(opened(encode(noise, "PNG", icc_profile=profile)).pixels, noise)


FOREIGN = [(mode, profile) for mode in ("L", "RGB", "CMYK") for profile in ("noise", "cut", "empty")]
FOREIGN += [("L", "cmyk"), ("RGB", "grey"), ("RGB", "cmyk"), ("CMYK", "grey")]


@pytest.mark.parametrize("mode, profile", FOREIGN)
def test_broken_and_foreign_profiles_are_ignored(mode, profile):
    data = {
        "noise": b"noise" * 99,
        "cut": pictures.rgb_profile(pictures.P3_TO_XYZ, 2.2)[:200],
        "grey": pictures.grey_profile(1.0),
        "cmyk": pictures.cmyk_profile(),
        "empty": b"",
    }[profile]
    image = Image.fromarray(SMOOTH).convert(mode)
    pixels = opened(encode(image, "TIFF", icc_profile=data)).pixels
    assert np.array_equal(pixels, np.asarray(image.convert("RGB")))


# Orientation


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(format, orientation):
    turn = Image.Transpose
    stored = Image.fromarray(QUARTERS)
    backwards = [None, turn.FLIP_LEFT_RIGHT, turn.ROTATE_180, turn.FLIP_TOP_BOTTOM]
    backwards += [turn.TRANSPOSE, turn.ROTATE_90, turn.TRANSVERSE, turn.ROTATE_270]
    if orientation > 1:
        stored = stored.transpose(backwards[orientation - 1])
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = LOSSLESS.get(format) or LOSSY.get(format, {})
    data = encode(stored, format, exif=exif.tobytes(), **options)
    picture = opened(data)
    assert picture.size == (48, 32)
    near(picture.pixels, QUARTERS, mean=0 if format in LOSSLESS else 4)
    small = opened(data, longest=24)
    assert small.size == (48, 32) and small.pixels.shape == (16, 24, 3)
    if format in ("JPEG", "PNG", "WEBP"):
        assert opened(Image.open(io.BytesIO(data))).size == (48, 32)


def test_orientation_behind_the_pixels_of_a_png():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(QUARTERS, "PNG")
    data = data[:-12] + pictures.png_chunk(b"eXIf", exif.tobytes()[6:]) + data[-12:]
    assert opened(data).size == (32, 48)


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12" * 40,
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x07\0\x01\0\0\0\xff\0\0\0\0\0\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0\0\0\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\xff\xff\xff\x7f\x08\0\0\0\0\0\0\0",
        b"noise",
    ],
)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.filterwarnings("ignore")
def test_broken_exif_is_ignored(format, exif):
    data = encode(SMOOTH, format, exif=exif, **LOSSLESS.get(format, {}))
    near(opened(data).pixels, SMOOTH, mean=3)


def test_phone_jpeg_of_several_pictures():
    data = encode(SMOOTH, "MPO", save_all=True, append_images=[Image.fromarray(SMOOTH[::-1])], quality=95)
    assert Image.open(io.BytesIO(data)).format == "MPO"
    near(opened(data).pixels, SMOOTH, mean=3)
    assert opened(data, longest=16).size == (64, 48)


# What is wrong with it


@pytest.mark.parametrize(
    "source, sentence",
    [
        (None, images.NOTHING),
        (b"", images.EMPTY),
        (io.BytesIO(), images.EMPTY),
        (np.zeros((0, 5), np.uint8), images.EMPTY),
        (Image.new("RGB", (0, 5)), images.EMPTY),
        (b"Hello, this is a letter.", images.UNKNOWN),
        (b"%PDF-1.7 and so on", images.UNKNOWN),
        (b"II. The second chapter of a book.", images.UNKNOWN),
        (encode(SMOOTH, "ICO"), images.UNKNOWN),
        (encode(SMOOTH, "PPM"), images.UNKNOWN),
        (encode(SMOOTH, "EPS"), images.UNKNOWN),
        (encode(SMOOTH, "JPEG2000"), images.UNKNOWN),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', images.SVG),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<SVG width="9"/>', images.SVG),
        ("no such file.png", images.UNREADABLE),
        ("null\0byte.png", images.UNREADABLE),
        (Path("/"), images.UNREADABLE),
        (io.StringIO("text"), images.UNREADABLE),
        (5, images.UNREADABLE),
        ({"path": "x.png"}, images.UNREADABLE),
        ([[0, 1], [1, 0]], images.UNREADABLE),
    ],
)
def test_what_is_no_picture(source, sentence):
    assert refused(source) == sentence


def test_a_pipe_and_a_closed_file_do_not_wait(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == images.UNREADABLE
    file = io.BytesIO(b"x")
    file.close()
    assert refused(file) == images.UNREADABLE


SEEDS = {
    "jpeg": encode(SMOOTH, "JPEG"),
    "progressive": encode(SMOOTH, "JPEG", progressive=True, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"),
    "cmyk": encode(Image.fromarray(SMOOTH).convert("CMYK"), "JPEG", icc_profile=pictures.cmyk_profile()),
    "mpo": encode(SMOOTH, "MPO", save_all=True, append_images=[Image.fromarray(SMOOTH)]),
    "png": encode(SMOOTH, "PNG", icc_profile=pictures.rgb_profile(pictures.P3_TO_XYZ, 2.2)),
    "palette": encode(Image.fromarray(SMOOTH).quantize(8), "PNG", transparency=b"\0\x80"),
    "deep": encode(np.arange(256, dtype=np.uint16).reshape(16, 16) * 257, "PNG"),
    "webp": encode(SMOOTH, "WEBP"),
    "lossless": encode(SMOOTH, "WEBP", lossless=True, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"),
    "gif": encode(SMOOTH, "GIF", save_all=True, append_images=[Image.fromarray(SMOOTH[::-1])]),
    "bmp": encode(SMOOTH, "BMP"),
    "tiff": encode(SMOOTH, "TIFF"),
    "lzw": encode(SMOOTH, "TIFF", compression="tiff_lzw"),
    "jpeg in tiff": encode(SMOOTH, "TIFF", compression="jpeg"),
    "float": encode(SMOOTH[..., 0].astype(np.float32), "TIFF"),
    "avif": encode(SMOOTH, "AVIF"),
    "heic": encode(SMOOTH, "HEIF", icc_profile=pictures.rgb_profile(pictures.P3_TO_XYZ, 2.2)),
}


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.filterwarnings("ignore")
def test_truncated_files(name):
    """Cut in the first part nothing is left to show; cut later, a picture or a sentence."""
    data = SEEDS[name]
    for part in (0.02, 0.1, 0.3):
        assert refused(data[: int(len(data) * part)]) in (images.DAMAGED, images.UNKNOWN)
    for part in (0.5, 0.7, 0.9, 0.99):
        try:
            opened(data[: int(len(data) * part)])
        except images.PictureError as error:
            assert str(error) in (images.DAMAGED, images.UNKNOWN)


def mutated(data: bytes, edits) -> bytes:
    for kind, where, what in edits:
        place = int(where * len(data))
        if kind == "replace":
            data = data[:place] + what + data[place + len(what) :]
        elif kind == "insert":
            data = data[:place] + what + data[place:]
        elif kind == "delete":
            data = data[:place] + data[place + len(what) :]
        elif kind == "flip" and data:
            place = min(place, len(data) - 1)
            data = data[:place] + bytes([data[place] ^ (what[0] if what else 1)]) + data[place + 1 :]
        elif kind == "cut":
            data = data[:place]
    return data


SPLICES = st.builds(
    lambda name, where, size: SEEDS[name][int(where * len(SEEDS[name])) :][:size],
    st.sampled_from(sorted(SEEDS)),
    st.floats(0, 1),
    st.integers(1, 200),
)
# Half of the edits hit the first tenth, where headers are.
PLACES = st.one_of(st.floats(0, 1), st.floats(0, 0.1))
EXTREMES = st.sampled_from([b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff"])
BYTES = st.one_of(st.binary(max_size=8), EXTREMES, SPLICES)
KINDS = st.sampled_from(["replace", "insert", "delete", "flip", "cut"])
EDITS = st.lists(st.tuples(KINDS, PLACES, BYTES), min_size=1, max_size=4)


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.filterwarnings("ignore")
@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(edits=EDITS, longest=st.sampled_from([16, 2048]))
def test_mutated_files(name, edits, longest):
    try:
        opened(mutated(SEEDS[name], edits), longest=longest)
    except images.PictureError as error:
        assert str(error) in SENTENCES


def test_size_is_that_of_what_was_decoded():
    """The header of this HEIC says 64x48, its pixels are others."""
    content = bytearray(SEEDS["heic"])
    content[701] = 0xE0
    picture = images.open(bytes(content))
    assert picture.size == picture.pixels.shape[1::-1]


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=50)
@pytest.mark.filterwarnings("ignore")
def test_noise(data):
    try:
        opened(data)
    except images.PictureError as error:
        assert str(error) in SENTENCES


def test_sentences_are_friendly():
    for sentence in SENTENCES:
        assert sentence.endswith(".") and sentence.count(".") == 1 and ":" in sentence
        assert not set("/\\\n") & set(sentence)


def test_errors_carry_no_path(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(SEEDS["png"][:200])
    assert "secret" not in refused(path) and "secret" not in refused(tmp_path / "secret")


# Faults of the caller and of the decoders


CONTENT = "what the picture holds"


class Untouchable:
    """A source that fails the test as soon as anything of it is used."""

    def __getattr__(self, name):
        raise AssertionError(f"{name} was used")


@pytest.mark.parametrize(
    "arguments, error",
    [
        ({"longest": "1024"}, TypeError),
        ({"longest": 1024.0}, TypeError),
        ({"longest": None}, TypeError),
        ({"longest": 0}, ValueError),
        ({"longest": -1}, ValueError),
        ({"exact": "yes"}, TypeError),
        ({"exact": None}, TypeError),
        ({"largest": 9}, TypeError),
    ],
)
def test_wrong_argument_raises_before_the_source_is_touched(arguments, error):
    with pytest.raises(error) as caught:
        images.open(Untouchable(), **arguments)
    assert not isinstance(caught.value, images.PictureError)


@pytest.mark.parametrize("fault", [KeyError, AttributeError, AssertionError, ZeroDivisionError])
def test_unusual_error_of_a_decoder_is_one_sentence_and_logged_without_content(fault, monkeypatch, caplog, tmp_path):
    def break_down(image):
        raise fault(CONTENT)

    (tmp_path / "secret.png").write_bytes(SEEDS["png"])
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", break_down)
    assert refused(tmp_path / "secret.png") == images.DAMAGED
    (record,) = caplog.records
    assert record.levelname == "WARNING" and record.name == images.__name__
    assert fault.__name__ in caplog.text and "break_down" in caplog.text and "line" in caplog.text
    assert CONTENT not in caplog.text and "secret" not in caplog.text


def test_unusual_error_of_a_source_is_one_sentence_and_logged(caplog):
    class Broken(io.BytesIO):
        def read(self, *_):
            raise KeyError(CONTENT)

    assert refused(Broken(b"x")) == images.DAMAGED
    assert "KeyError" in caplog.text and CONTENT not in caplog.text


@pytest.mark.filterwarnings("ignore")
def test_usual_errors_are_not_logged(caplog, tmp_path):
    for data in SEEDS.values():
        refused(data[: len(data) // 10])
    refused(tmp_path / "absent.png")
    assert not caplog.records


def test_picture_is_returned_unchanged():
    picture = opened(SMOOTH)
    assert images.open(picture) is images.open(picture, longest=8, exact=True) is picture


# Files that would take minutes or gigabytes


def test_endless_scans_of_a_jpeg():
    data = SEEDS["progressive"]
    scan = data[data.rfind(b"\xff\xda") : -2]
    near(opened(data[:-2] + scan * 20 + data[-2:]).pixels, SMOOTH, mean=4)
    assert refused(data[:-2] + scan * 200 + data[-2:]) == images.DAMAGED


HELD_WHOLE = {
    "progressive": lambda side: encode(Image.new("RGB", (side, side), "grey"), "JPEG", progressive=True),
    "a scan of each channel": lambda side: pictures.jpeg(side, side, scans=3),
}


@pytest.mark.parametrize("kind", HELD_WHOLE)
def test_jpeg_of_several_scans_counts_in_full_however_small_it_is_wanted(kind):
    """Its decoder holds it at its full size, which one of a single scan never takes."""
    side = 7200  # 52 megapixels
    assert images.open_quick(pictures.jpeg(side, side), 256).pixels.shape == (256, 256, 3)
    with pytest.raises(images.PictureError) as error:
        images.open_quick(HELD_WHOLE[kind](side), 256)
    assert str(error.value) == images.TOO_MANY.format(50)


@pytest.mark.parametrize("kind", HELD_WHOLE)
def test_jpeg_of_several_scans_holds_the_memory_of_its_coefficients(kind, monkeypatch):
    held = []
    monkeypatch.setattr(images.budget, "hold", lambda amount: held.append(amount) or nullcontext())
    for content in (HELD_WHOLE[kind](400), pictures.jpeg(400, 400)):
        assert np.ptp(opened(content, longest=100).pixels) == 0
    assert held == [2.5 * 400 * 400, 400 * 400]  # three channels of two bytes beside four bytes a pixel


def test_webp_holds_the_memory_of_its_decoder_s_frames(monkeypatch):
    held = []
    monkeypatch.setattr(images.budget, "hold", lambda amount: held.append(amount) or nullcontext())
    opened(encode(SMOOTH, "WEBP"))
    assert held == [4 * 64 * 48]


ENDLESS = {
    "comments": pictures.jpeg(8, 8, between=b"\xff\xfe\0\2" * 500_000),
    "markers": pictures.jpeg(8, 8, between=b"\xff" * 2_000_000),
    "what is no marker": pictures.jpeg(8, 8, between=b"\xff\xfe\0\2" + bytes(2_000_000)),
    "parts that have no length": pictures.jpeg(8, 8, between=b"\xff\xf0\xff\xff" + bytes(65_533)),
    "no picture": b"\xff\xd8\xff\xe0\0\2" + bytes(2_000_000),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_endless_beginning_of_a_jpeg(kind):
    assert refused(ENDLESS[kind]) == images.DAMAGED


def test_jpeg_with_as_much_before_its_picture_as_cameras_write_opens():
    parts = b"".join(b"\xff\xe1\xff\xff" + bytes(65_533) for _ in range(100))
    assert np.ptp(opened(pictures.jpeg(8, 8, between=parts + b"\xff" * 100)).pixels) == 0


def test_endless_chunks_extensions_and_runs(rng):
    png, gif = SEEDS["png"], SEEDS["gif"]
    chunk = struct.pack(">I4sI", 0, b"abCd", zlib.crc32(b"abCd"))
    assert refused(png[:33] + chunk * 200_000 + png[33:]) == images.DAMAGED
    assert np.array_equal(opened(png[:33] + chunk * 2_000 + png[33:]).pixels, opened(png).pixels)
    palette = 13 + 3 * 2 ** ((gif[10] & 7) + 1)
    assert refused(gif[:palette] + b"!\x7f\x01x\0" * 200_000 + gif[palette:]) == images.DAMAGED
    header = struct.pack("<2sIHHI IiiHHIIiiII", b"BM", 0, 0, 0, 118, 40, 2000, 2000, 1, 4, 2, 0, 0, 0, 0, 0)
    runs = rng.integers(1, 255, 6_000_000, np.uint8).tobytes()
    assert refused(header + bytes(range(64)) + runs) == images.DAMAGED


def test_endless_comments_and_exif():
    gif, jpeg = SEEDS["gif"], SEEDS["jpeg"]
    palette = 13 + 3 * 2 ** ((gif[10] & 7) + 1)
    assert refused(gif[:palette] + b"!\xfe\x01x\0" * 1000 + gif[palette:]) == images.DAMAGED
    assert refused(jpeg[:2] + b"\xff\xe1\0\x09Exif\0\0x" * 1000 + jpeg[2:]) == images.DAMAGED


def test_tiff_whose_entries_claim_the_same_bytes_again_and_again():
    samples = bytes(100)
    extra = [(40_000 + tag, 7, 90, 8) for tag in range(50)]
    assert refused(pictures.tiff(10, 10, 8, samples, extra=extra)) == images.DAMAGED
    assert (opened(pictures.tiff(10, 10, 8, samples, extra=extra[:1])).pixels == 0).all()


def test_big_tiff():
    near(opened(encode(SMOOTH, "TIFF", big_tiff=True)).pixels, SMOOTH, mean=0)


def test_png_with_huge_text_and_profile():
    data = SEEDS["png"]
    zeros = zlib.compress(bytes(70_000_000))
    bombs = [
        pictures.png_chunk(b"zTXt", b"key\0\0" + zeros),
        pictures.png_chunk(b"iCCP", b"key\0\0" + zeros),
        pictures.png_chunk(b"tEXt", b"key\0" + b"x" * 2_000_000),
    ]
    for bomb in bombs:
        try:
            opened(data[:33] + bomb + data[33:])
        except images.PictureError as error:
            assert str(error) == images.DAMAGED


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of one process is read from Linux")
def test_memory_stays_well_below_a_full_decode(tmp_path):
    """50 megapixels would be 200 MB decoded in full; a bomb of 108 would be 432."""
    tile = np.tile(SMOOTH, (128, 128, 1))
    photograph = Image.fromarray(tile).resize((8160, 6120), Image.Resampling.NEAREST)
    (tmp_path / "photograph.jpg").write_bytes(encode(photograph, "JPEG", quality=50))
    rows = bytes(1 + 12_000 * 3) * 9000
    (tmp_path / "bomb.png").write_bytes(pictures.png(12_000, 9000, 8, 2, rows))
    (tmp_path / "claim.png").write_bytes(pictures.png(60_000, 60_000, 8, 2, b""))
    code = """if True:
        import re, sys
        from demos.shared import images
        def peak():
            return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1000
        before = peak()
        for name in ("bomb.png", "claim.png"):
            try:
                images.open(f"{sys.argv[1]}/{name}")
                raise SystemExit("not refused")
            except images.PictureError as error:
                assert str(error) == images.TOO_MANY_PIXELS
        bombs = peak() - before
        picture = images.open(f"{sys.argv[1]}/photograph.jpg", longest=1024)
        assert picture.size == (8160, 6120) and picture.pixels.shape == (768, 1024, 3)
        print(picture.pixels.mean(axis=(0, 1)).round().astype(int).tolist(), bombs, peak() - before, sep=";")
    """
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    mean, bombs, photograph_peak = result.stdout.split(";")
    near(np.array(json.loads(mean)), SMOOTH.mean(axis=(0, 1)), mean=4)
    assert float(bombs) < 30 and float(photograph_peak) < 100


# Exact colours, and files out

NOISE = np.random.default_rng(0).integers(0, 256, (24, 40, 3), np.uint8)
FAINT = np.random.default_rng(1).integers(0, 256, (24, 40), np.uint8)


def test_colours_beneath_transparency_are_kept():
    picture = images.open(images.png(QUARTERS, np.zeros((32, 48), np.uint8)), exact=True)
    assert np.array_equal(picture.pixels, QUARTERS) and not picture.alpha.any()


@pytest.mark.parametrize("alpha", [None, FAINT], ids=["opaque", "transparent"])
def test_a_png_of_8_bits_holds_its_pixels(alpha):
    stored = np.asarray(Image.open(io.BytesIO(images.png(NOISE, alpha))))
    assert np.array_equal(stored, NOISE if alpha is None else np.dstack([NOISE, alpha]))


def test_a_jpeg_is_near_to_its_pixels():
    near(np.asarray(Image.open(io.BytesIO(images.jpeg(SMOOTH)))), SMOOTH, mean=2, most=12)
    near(np.asarray(Image.open(io.BytesIO(images.jpeg(SMOOTH * np.uint16(257))))), SMOOTH, mean=2, most=12)


@pytest.mark.parametrize("name", ["noEOI.jpg", "missing20bytes.jpg"])
def test_jpeg_that_lacks_its_last_bytes_opens(name):
    pixels = images.open(CASES / name).pixels
    assert pixels.shape == (300, 451, 3) and pixels[-8:].std() > 10


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1])
def test_jpeg_that_is_cut_opens_as_far_as_it_goes(share):
    content = (CASES / "noEOI.jpg").read_bytes()
    whole, part = (images.open(data).pixels for data in (content, content[: int(share * len(content))]))
    rows = int(0.5 * share * len(whole))
    assert part.shape == whole.shape and np.array_equal(part[:rows], whole[:rows])


@pytest.mark.parametrize("options", [{}, {"exact": True}, {"longest": 120}])
def test_colour_that_stands_for_transparent_in_16_bits_of_grey(options):
    picture = images.open(CASES / "digit_grey16_trns.png", **options)
    middle = picture.alpha.shape[0] // 2
    assert picture.alpha[0].max() == 0 and picture.alpha[middle].max() == 255
    if not options.get("exact"):
        assert picture.pixels[0].min() == 255 and picture.pixels[middle].min() < 10


@pytest.mark.parametrize("exact", [False, True])
def test_colour_that_stands_for_transparent_in_16_bits_of_rgb(exact):
    """Two rows whose colours differ in their last bit."""
    colours = [(65535, 1000, 3), (65535, 1000, 4)]
    rows = b"".join(b"\0" + np.array([colour] * 5, ">u2").tobytes() for colour in colours)
    header = struct.pack(">IIBBBBB", 5, 2, 16, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"tRNS", struct.pack(">HHH", *colours[0])), (b"IDAT", zlib.compress(rows)))
    file = b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in (*chunks, (b"IEND", b"")))
    assert images.open(file, exact=exact).alpha.tolist() == [[0] * 5, [255] * 5]


@pytest.mark.parametrize(
    "box, size, other, expected",
    [
        ((10, 20, 30, 40), (100, 50), (200, 100), (20, 40, 60, 80)),
        ((20, 40, 60, 80), (200, 100), (100, 50), (10, 20, 30, 40)),
        ((0.8, 0.8, 1, 1), (1, 1), (1, 1), (0, 0, 1, 1)),
        ((0, 0, 0.2, 0.2), (1, 1), (1, 1), (0, 0, 1, 1)),
        ((2999, 1, 3000, 2), (3000, 2), (1024, 1), (1023, 0, 1024, 1)),
    ],
)
def test_box_in_whole_pixels_has_at_least_one_within_the_picture(box, size, other, expected):
    assert scale_box(box, size, other) == expected


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize(("orientation", "size"), [(1, (40, 20)), (3, (40, 20)), (6, (20, 40))])
def test_a_picture_is_measured_upright(tmp_path, kind, orientation, size):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (40, 20), "teal").save(tmp_path / "turned", kind, exif=exif)
    assert images.measure(str(tmp_path / "turned")) == images.open(str(tmp_path / "turned")).size == size


def test_what_cannot_be_measured_is_a_sentence():
    with pytest.raises(images.PictureError, match=images.UNKNOWN):
        images.measure(b"no picture")
