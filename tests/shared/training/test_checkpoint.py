"""Checkpoints and prepared data that an earlier state of the code left behind."""

from argparse import Namespace
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run of a recipe without settings, its checkpoints in an empty folder."""
    from demos.shared.training import recipe

    monkeypatch.setattr(recipe, "RUNS", tmp_path)
    return recipe.Run("toy/line", ModuleType("line"), Namespace(seed=0, epochs=None), 0)


def build(width: int):
    import keras

    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(width), keras.layers.Dense(1)])
    network.compile("adam", "mse", jit_compile=False)
    return network


def test_network_of_other_layers_begins_anew_and_says_so(run, capsys):
    assert list(run.epochs(build(3), 2, examples=1)) == [0, 1]
    assert list(run.epochs(build(3), 2, examples=1)) == []
    assert list(run.epochs(build(4), 2, examples=1)) == [0, 1]
    assert capsys.readouterr().out.count("begins anew") == 1


def test_prepared_data_without_a_key_are_prepared_again(run, tmp_path):
    (tmp_path / "toy").mkdir()
    np.savez(tmp_path / "toy/glyphs.npz", train=np.zeros(3))
    assert run.cached("glyphs", lambda: np.ones(2), "key").tolist() == [1, 1]
    assert run.cached("glyphs", lambda: pytest.fail("prepared twice"), "key").tolist() == [1, 1]


def test_minutes_without_counted_examples_are_an_error(run):
    with pytest.raises(RuntimeError, match="add_examples"):
        list(run.minutes(build(3), 60.0))
