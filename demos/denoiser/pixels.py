"""Pixels of any depth as float32 and back, their centre, and what tells two pictures apart."""

import numpy as np

SIDE = 64  # pixels a side of what the autoencoder takes


def to_float(pixels: np.ndarray) -> np.ndarray:
    """uint8 or uint16 -> float32, black 0 and white 1; float32 as it is."""
    if pixels.dtype == np.float32:
        return pixels
    return pixels / np.float32(np.iinfo(pixels.dtype).max)


def from_float(picture: np.ndarray, dtype) -> np.ndarray:
    """The inverse of `to_float`: float32 -> uint8 or uint16, clipped and rounded; to float32 as it is."""
    if dtype == np.float32:
        return picture
    return np.rint(picture.clip(0, 1) * np.float32(np.iinfo(dtype).max)).astype(dtype)


def is_grey(pixels: np.ndarray) -> bool:
    """Whether (H, W, 3) has no colour anywhere."""
    return bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all())


def center_crop(picture: np.ndarray, side: int) -> np.ndarray:
    """The square of `side` pixels in the middle of (H, W, 3); what is smaller is mirrored at its borders."""
    missing = [max(0, side - size) for size in picture.shape[:2]]
    if any(missing):
        picture = np.pad(picture, [*((short // 2, (short + 1) // 2) for short in missing), (0, 0)], "symmetric")
    top, left = ((size - side) // 2 for size in picture.shape[:2])
    return picture[top : top + side, left : left + side]


def rms_difference(one: np.ndarray, other: np.ndarray) -> float:
    """The root mean square of the differences of two (H, W, 3), in levels of 255; row by row, to spare memory."""
    squares = [np.square(to_float(a) - to_float(b)).mean() for a, b in zip(one, other, strict=True)]
    return float(255 * np.sqrt(np.mean(squares)))
