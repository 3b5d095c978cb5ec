"""Runs of 4-bit pixels in a BMP: what an encoder makes of any picture is what is opened."""

import struct

import numpy as np
import pytest

from demos.shared import images

PALETTE = np.random.default_rng(0).integers(0, 256, (16, 3), np.uint8)


def encode(rows: list[bytes], width: int) -> bytes:
    """A BMP of RLE4 rows, the lowest first."""
    data = b"".join(rows) + b"\x00\x01"
    colours = b"".join(bytes((*colour[::-1], 0)) for colour in PALETTE)
    start = 54 + len(colours)
    info = struct.pack("<IiiHHIIiiII", 40, width, len(rows), 1, 4, 2, len(data), 0, 0, 16, 0)
    return struct.pack("<2sIHHI", b"BM", start + len(data), 0, 0, start) + info + colours + data


def literal(pixels) -> bytes:
    """An absolute run of at least three pixels."""
    size = (len(pixels) + 1) // 2
    halves = [*pixels, *[0] * (2 * size - len(pixels))]
    return bytes(
        (0, len(pixels), *(16 * a + b for a, b in zip(halves[::2], halves[1::2], strict=True)), *[0] * (size % 2))
    )


def pair(pixels) -> bytes:
    """An encoded run of one or two colours in turn."""
    return bytes((len(pixels), 16 * pixels[0] + pixels[min(1, len(pixels) - 1)]))


@pytest.mark.parametrize("width", [3, 4, 5, 6, 7, 8, 13, 31, 255])
def test_runs_of_any_length_are_opened_as_they_were_written(width, rng):
    pixels = rng.integers(0, 16, (6, width))
    pixels[1] = 7
    pixels[2] = np.resize([3, 12], width)
    write = [literal, pair, pair, literal, literal, literal]
    rows = [run(list(row)) + b"\x00\x00" for run, row in zip(write, pixels.tolist(), strict=True)]
    opened = images.open(encode(rows, width)).pixels
    np.testing.assert_array_equal(opened, PALETTE[pixels[::-1]])


def test_rows_that_skip_pixels_or_end_early_leave_the_first_colour():
    skip = literal([1, 2, 3]) + b"\x00\x02\x03\x00" + pair([5, 5]) + b"\x00\x00"
    opened = images.open(encode([skip, pair([4]) + b"\x00\x00"], 8)).pixels
    np.testing.assert_array_equal(opened[1], PALETTE[[1, 2, 3, 0, 0, 0, 5, 5]])
    np.testing.assert_array_equal(opened[0], PALETTE[[4, 0, 0, 0, 0, 0, 0, 0]])
