"""Whether a picture was drawn and has no noise: line art, screenshots, logos, which a denoiser could only harm."""

import numpy as np

SIDE = 8  # pixels of a block
MOST = 4096  # blocks that are looked at
FLAT, SHARE = 0.4, 0.95  # of a block's pixels that have one colour; of the blocks of which that is true
SPECKS = 0.002  # of the pixels: more that are black or white and unlike all around them are salt and pepper


def is_drawn(pixels: np.ndarray) -> bool:
    """Whether nearly every block of a picture is mostly of one colour, bit for bit, without specks.

    pixels: uint8 or uint16 (H, W, 3). The least Gaussian noise, and any photograph, has many colours in each block.
    """
    blocks = _choose_blocks(pixels)
    if not len(blocks):
        return False
    colours = np.sort(blocks.reshape(len(blocks), -1), axis=1)
    span = round(FLAT * SIDE**2) - 1
    is_flat = (colours[:, span:] == colours[:, :-span]).any(1)  # in their order, so many in a row are the same
    return bool(is_flat.mean() >= SHARE and _find_specks(blocks, np.iinfo(pixels.dtype).max).mean() <= SPECKS)


def _choose_blocks(pixels: np.ndarray) -> np.ndarray:
    """At most MOST blocks from all over a picture, int64 (N, SIDE, SIDE), a number for each colour."""
    rows, columns = (length // SIDE for length in pixels.shape[:2])
    stride = max(1, int(np.ceil(np.sqrt(rows * columns / MOST))))
    cut = pixels[: rows * SIDE, : columns * SIDE].reshape(rows, SIDE, columns, SIDE, 3)[::stride, :, ::stride]
    red, green, blue = np.moveaxis(cut.astype(np.int64), -1, 0)
    return ((red << 32) | (green << 16) | blue).swapaxes(1, 2).reshape(-1, SIDE, SIDE)


def _find_specks(blocks: np.ndarray, white: int) -> np.ndarray:
    """Pixels within blocks that have extreme channels and another colour than their eight neighbours, bool."""
    inner = blocks[:, 1:-1, 1:-1]
    channels = [inner >> shift & 0xFFFF for shift in (32, 16, 0)]
    is_speck = np.logical_and.reduce([(channel == 0) | (channel == white) for channel in channels])
    for y in range(3):
        for x in range(3):
            if (y, x) != (1, 1):
                is_speck &= inner != blocks[:, y : y + SIDE - 2, x : x + SIDE - 2]
    return is_speck
