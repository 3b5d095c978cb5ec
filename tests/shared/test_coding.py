"""PNG files that describe their colours without a profile are decoded as Chromium 156 shows them."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from demos.shared import images

LEVELS = [0, 16, 32, 64, 128, 160, 192, 224, 255]
GAMMA, LINEAR = (b"gAMA", struct.pack(">I", 45455)), (b"gAMA", struct.pack(">I", 100_000))
SRGB = (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))
P3 = (b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))
POWER_2_2, POWER_1 = [0, 7, 26, 62, 129, 161, 193, 225, 255], [0, 71, 99, 137, 188, 208, 225, 241, 255]


def cicp(*numbers: int) -> tuple[bytes, bytes]:
    return b"cICP", bytes(numbers)


def png(image: Image.Image, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG with these chunks before its pixels."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    content, end = buffer.getvalue(), 8 + 25
    added = (struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c)) for kind, c in chunks)
    return content[:end] + b"".join(added) + content[end:]


# What Chromium 156 shows of the levels in grey, and of half red; measured.
@pytest.mark.parametrize(
    "chunks, grey, red",
    [
        ([], LEVELS, [128, 0, 0]),
        ([GAMMA], LEVELS, [128, 0, 0]),
        ([LINEAR], POWER_1, [188, 0, 0]),
        ([(b"gAMA", struct.pack(">I", 30000))], [0, 0, 3, 25, 89, 127, 167, 211, 255], [89, 0, 0]),
        ([(b"gAMA", bytes(4))], LEVELS, [128, 0, 0]),
        ([GAMMA, SRGB], POWER_2_2, [129, 0, 0]),
        ([GAMMA, P3], POWER_2_2, [142, 0, 0]),
        ([P3], LEVELS, [128, 0, 0]),
        ([LINEAR, (b"cHRM", bytes(32))], LEVELS, [128, 0, 0]),
        ([LINEAR, (b"sRGB", b"\0")], LEVELS, [128, 0, 0]),
        ([(b"sRGB", b"\0"), cicp(1, 8, 0, 1)], POWER_1, [188, 0, 0]),
        ([cicp(1, 13, 0, 1), LINEAR], LEVELS, [128, 0, 0]),
        ([cicp(2, 2, 0, 1)], LEVELS, [128, 0, 0]),
        ([cicp(12, 2, 0, 1), LINEAR], POWER_1, [188, 0, 0]),
        ([cicp(1, 8, 0, 0)], LEVELS, [128, 0, 0]),
        ([cicp(1, 1, 0, 1)], [0, 4, 20, 54, 121, 155, 189, 222, 255], [121, 0, 0]),
        ([cicp(12, 13, 0, 1)], LEVELS, [141, 0, 0]),
        ([cicp(9, 16, 0, 1)], [0, 1, 5, 30, 132, 213, 255, 255, 255], [167, 0, 0]),
        ([cicp(1, 16, 0, 1)], [0, 1, 5, 30, 132, 213, 255, 255, 255], [132, 0, 0]),
        ([cicp(9, 18, 0, 1)], [0, 3, 14, 43, 99, 135, 189, 228, 255], [111, 0, 0]),
    ],
)
def test_levels_are_those_that_a_browser_shows(chunks, grey, red):
    row = np.array([*([level] * 3 for level in LEVELS), [128, 0, 0]], np.uint8)[None]
    shown = images.open(png(Image.fromarray(row), *chunks)).pixels[0].astype(int)
    assert np.abs(shown[:-1] - np.array(grey)[:, None]).max() <= 1
    assert np.abs(shown[-1] - red).max() <= 1


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_is_decoded_by_its_chunks(mode):
    levels = np.array([LEVELS], np.uint8)
    image = Image.fromarray(levels * np.uint16(257)) if mode == "I;16" else Image.fromarray(levels).convert(mode)
    for exact in (False, True):
        shown = images.open(png(image, LINEAR), exact=exact).pixels
        assert shown.dtype == np.uint8 and np.abs(shown[0].astype(int) - np.array(POWER_1)[:, None]).max() <= 1


def test_profile_goes_before_gamma_and_cicp_before_a_profile():
    image = Image.fromarray(np.full((1, 1, 3), 128, np.uint8))
    image.info["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for chunk, level in ((LINEAR, 128), (cicp(1, 8, 0, 1), 188)):
        content = png(image, chunk)
        assert b"iCCP" in content and images.open(content).pixels[0, 0, 0] == level


def test_sixteen_bits_stay_where_cicp_says_srgb():
    image = Image.fromarray(np.array([[0x1234, 0xFEDC]], np.uint16))
    assert images.open(png(image, cicp(1, 13, 0, 1)), exact=True).pixels[0, :, 0].tolist() == [0x1234, 0xFEDC]
