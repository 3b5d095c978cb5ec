"""Weights are rounded to what eight bits can hold, also inside a model within a model."""

import numpy as np
import pytest

from demos.shared.training import rounding

keras = pytest.importorskip("keras")


def test_kernels_have_at_most_255_values_for_each_output_and_hardly_change():
    trunk = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.DepthwiseConv2D(3)])
    picture = keras.Input((8, 8, 3))
    network = keras.Model(picture, keras.layers.Dense(5)(keras.layers.Flatten()(trunk(picture))))
    before = [np.array(value) for value in network.get_weights()]
    after = rounding.round_to_eight_bits(network).get_weights()
    for old, new in zip(before, after, strict=True):
        assert np.abs(new - old).max() <= np.abs(old).max() / 127 + 1e-7
        if old.ndim == 4 and old.shape[-1] == 1:
            old, new = (value.swapaxes(2, 3) for value in (old, new))
        largest = np.abs(old).reshape(-1, old.shape[-1]).max(0)
        if old.ndim > 1:
            steps = new / 2 ** np.ceil(np.log2(np.maximum(largest, 1e-12) / 127))
            assert (steps == np.round(steps)).all() and np.abs(steps).max() <= 127
