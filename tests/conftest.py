"""One real page for all tests that only ask, and the photograph that they show it."""

from pathlib import Path

import pytest
import skimage

from tests.serving import serve


@pytest.fixture(scope="session")
def server():
    """The page from the bundled weights, whatever the environment says of others."""
    with serve(LOUPE_WEIGHTS_REPO="") as app:
        yield app


@pytest.fixture(scope="session")
def photograph() -> Path:
    """A photograph of a cat."""
    return Path(skimage.__file__).parent / "data/chelsea.png"
