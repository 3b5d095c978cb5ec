"""Gram matrices of VGG19's layers as a description of style (arXiv:1505.07376), short enough to keep.

A Gram matrix has half a million numbers at the deepest layer. A random sketch of it (Pham and Pagh, 2013, KDD) keeps
the distances between pictures up to a few percent.
"""

import zlib
from functools import cache

import numpy as np

from demos.shared.gallery.gallery import l2_normalize

LAYERS = ("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1")
SIDE = 128  # pixels of the square that VGG19 gets
NUMBERS = 1024  # of a sketch


def sketch(maps: list[np.ndarray]) -> np.ndarray:
    """The outputs of LAYERS, float (N, H, W, C) each -> rows of length 1, float32 (N, 5 * NUMBERS).

    Their product is the mean over the layers of the cosine similarities of the Gram matrices, nearly.
    """
    parts = [
        l2_normalize(np.stack([_sketch(x, name) for x in layer])) for name, layer in zip(LAYERS, maps, strict=True)
    ]
    return np.concatenate(parts, axis=1) / np.float32(len(LAYERS) ** 0.5)


def _sketch(x: np.ndarray, name: str) -> np.ndarray:
    rows = x.reshape(-1, x.shape[-1]).astype(np.float32)
    left, right = _directions(name, x.shape[-1])
    return ((rows.T @ rows @ left) * right).sum(0)


@cache
def _directions(name: str, channels: int) -> np.ndarray:
    """The same random directions everywhere, float32 (2, channels, NUMBERS)."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return rng.standard_normal((2, channels, NUMBERS), dtype=np.float32)
