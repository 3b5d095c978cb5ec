"""One real page for all tests that only ask, the photograph that they show it, and the rooms of recipes."""

import importlib
import os
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture(scope="session")
def server():
    """The page from the bundled weights, whatever the environment says of others."""
    from tests.serving import serve  # which finds the demos: too much for the process that only hands out the tests

    with serve(LOUPE_WEIGHTS_REPO="") as app:
        yield app


@pytest.fixture(scope="session")
def photograph() -> Path:
    """A photograph of a cat."""
    import skimage

    return Path(skimage.__file__).parent / "data/chelsea.png"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def networks(request):
    """The architectures of the demo whose tests lie in this folder."""
    import keras

    keras.utils.set_random_seed(0)
    return importlib.import_module(f"demos.{request.path.parent.name}.training.networks")


@pytest.fixture(scope="module")
def train(request):
    """The recipes of the demo whose tests lie in this folder."""
    return importlib.import_module(f"demos.{request.path.parent.name}.training.__main__")
