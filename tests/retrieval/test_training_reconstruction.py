"""Networks that draw a picture again: a break changes nothing of what they become."""

from argparse import Namespace

import keras
import numpy as np
import pytest

from demos.retrieval.training import autoencoder, reconstruction, vae
from demos.shared.training import recipe

EPOCHS = 3


@pytest.fixture
def pictures(rng):
    """Both recipes' pictures, by their side."""
    return {side: rng.integers(0, 256, (8, side, side, 3), np.uint8) for side in (32, 64)}


@pytest.fixture
def train(tmp_path, monkeypatch, pictures):
    """Train by a recipe in a folder of runs, up to an epoch at which it breaks off. Returns weights and losses."""
    monkeypatch.setattr(reconstruction.data, "load_for_reconstruction", pictures.get)

    def train(module, folder: str, until: int | None = None):
        monkeypatch.setattr(recipe, "RUNS", tmp_path / folder)
        for name, value in (("BATCH", 4), ("EPOCHS", EPOCHS)):
            monkeypatch.setattr(module, name, value)
        keras.utils.set_random_seed(0)
        run = Broken(f"retrieval/{module.__name__}", module, Namespace(seed=0, seeds=1, epochs=None, minutes=None), 0)
        run.until = until
        module.train(run)
        return run

    return train


class Broken(recipe.Run):
    """A run that breaks off after an epoch, and keeps its weights where a network would be exported."""

    def epochs(self, network, count, **options):
        for number in super().epochs(network, count, **options):
            if number == self.until:
                raise KeyboardInterrupt
            yield number
        self.weights = network.get_weights()

    def finish(self, network, **given):
        pass


@pytest.mark.parametrize("module", [autoencoder, vae])
def test_resumed_training_ends_at_the_weights_of_one_without_a_break(module, train, monkeypatch):
    monkeypatch.setattr(module.validation, "finish", lambda *given: None)
    whole = train(module, "whole")
    with pytest.raises(KeyboardInterrupt):
        train(module, "broken", until=2)
    resumed = train(module, "broken")
    assert len(whole.curve) == len(resumed.curve) == EPOCHS
    for one, other in zip(whole.weights, resumed.weights, strict=True):
        np.testing.assert_array_equal(one, other)
