"""The sketch of Gram matrices keeps how similar they are."""

import numpy as np
import pytest

from demos.style import gram

CHANNELS = (64, 128, 256, 512, 512)


def make_maps(rng: np.random.Generator) -> list[np.ndarray]:
    """Maps of two textures; the third picture has the places of the first in another order."""
    maps = []
    for channels in CHANNELS:
        first, second = np.maximum(rng.normal(size=(2, 36, channels)) @ rng.normal(size=(2, channels, channels)), 0)
        maps.append(np.stack([first, second, rng.permutation(first)]).reshape(3, 6, 6, channels))
    return maps


def exact(maps: list[np.ndarray]) -> np.ndarray:
    """The mean over layers of the cosines of Gram matrices, (N, N)."""
    cosines = []
    for x in maps:
        rows = x.reshape(len(x), -1, x.shape[-1])
        grams = (rows.transpose(0, 2, 1) @ rows).reshape(len(x), -1)
        grams /= np.linalg.norm(grams, axis=1, keepdims=True)
        cosines.append(grams @ grams.T)
    return np.mean(cosines, axis=0)


def test_products_of_sketches_are_the_cosines_of_gram_matrices(rng):
    maps = make_maps(rng)
    sketches = gram.sketch(maps)
    assert sketches.shape == (3, 5 * gram.NUMBERS) and sketches.dtype == np.float32
    assert sketches @ sketches.T == pytest.approx(exact(maps), abs=0.05)


def test_places_do_not_matter(rng):
    sketches = gram.sketch(make_maps(rng))
    assert np.vecdot(sketches[0], sketches[2]) == pytest.approx(1, abs=1e-4)
