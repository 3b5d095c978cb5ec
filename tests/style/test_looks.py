"""Every look, on pictures of all kinds."""

from functools import cache

import numpy as np
import pytest
from scipy import ndimage

from demos.shared import render
from demos.style.looks import STYLES

PICTURES = {
    "black": lambda: np.zeros((32, 32, 3), np.uint8),
    "white": lambda: np.full((32, 45, 3), 255, np.uint8),
    "grey": lambda: np.full((61, 32, 3), 128, np.uint8),
    "noise": lambda: np.random.default_rng(0).integers(0, 256, (48, 70, 3)).astype(np.uint8),
    "strip": lambda: draw_photograph()[:32],
}


@cache
def draw_photograph() -> np.ndarray:
    return render.render("house", 1).pixels[::2, ::2]


@pytest.fixture
def house() -> np.ndarray:
    return draw_photograph()


def paint(name: str, pixels: np.ndarray, seed: int = 0) -> np.ndarray:
    return STYLES[name](pixels, np.random.default_rng(seed))


def describe(pixels: np.ndarray) -> np.ndarray:
    """Mean and deviation of the colours; how strong marks of three sizes are, and where none are, in percent."""
    grey = pixels.astype(float).mean(-1)
    bands = [ndimage.gaussian_filter(grey, s) - ndimage.gaussian_filter(grey, 2 * s) for s in (0.5, 1, 2)]
    strengths = [(band.std(), 100 * np.mean(np.abs(band) < 1)) for band in bands]
    return np.concatenate([pixels.mean((0, 1)), pixels.std((0, 1)), np.ravel(strengths)])


def test_there_are_many_styles():
    assert len(STYLES) >= 24


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("name", STYLES)
def test_style_keeps_size_of_any_picture(name, picture):
    """A NaN would be a warning where it becomes an integer, so warnings are errors."""
    pixels = PICTURES[picture]()
    before = pixels.copy()
    painted = paint(name, pixels)
    assert painted.shape == pixels.shape and painted.dtype == np.uint8
    assert (pixels == before).all()


@pytest.mark.parametrize("name", STYLES)
def test_same_seed_gives_same_picture(name, house):
    first = paint(name, house, 3)
    assert (first == paint(name, house, 3)).all()
    assert np.abs(first.astype(float) - house).mean() > 5


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("name", STYLES)
def test_wide_picture_is_painted(name, house):
    wide = np.tile(house[:40], (1, 6, 1))[:, :512]
    assert paint(name, wide).shape == (40, 512, 3)


def test_every_style_differs_from_every_other(house):
    rows = np.stack([describe(paint(name, house)) for name in STYLES])
    apart = np.abs(rows[:, None] - rows[None]).max(-1) + 1000 * np.eye(len(rows))
    assert apart.min() > 3
