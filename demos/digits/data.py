"""Test sets and the glyphs in them, for `evaluate` and for the recipes. A glyph is uint8 (28, 28)."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import numpy as np

from demos.digits import corruptions
from demos.digits.segment import LONGEST, Glyph, segment
from demos.shared import data, images
from weights.runtime import cores

LABELS = (0, 1, 2)  # among MNIST's ten, what the networks read
CORRUPTED = 1000  # digits of each corruption


def segment_all(pictures: Iterable[images.Source]) -> list[list[np.ndarray]]:
    """The glyphs of each picture, the largest first; on all cores."""
    with ProcessPoolExecutor(cores()) as pool:
        return list(pool.map(segment_one, pictures, chunksize=64))


def segment_one(picture: images.Source) -> list[np.ndarray]:
    """The glyphs of one picture, the largest first."""
    page = segment(images.open(picture, longest=LONGEST))
    return [glyph.pixels for glyph in sorted(page.glyphs, key=_area, reverse=True)]


def _area(glyph: Glyph) -> int:
    left, top, right, bottom = glyph.box
    return (right - left) * (bottom - top)


@cache
def corrupted_test_digits() -> dict[str, tuple[list[list[np.ndarray]], np.ndarray]]:
    """The glyphs in MNIST's first 1,000 test digits 0, 1 and 2 under each corruption, and the labels, int64 (N,)."""
    digits, labels = data.read_arrays(data.find("mnist", "test"))
    first = np.flatnonzero(np.isin(labels, LABELS))[:CORRUPTED]
    digits, labels = digits[first, :, :, 0], labels[first]
    return {name: (segment_all(corruptions.corrupt(name, digits)), labels) for name in corruptions.CORRUPTIONS}
