"""Muon: steps of orthogonal matrices, and kernels that keep their norm."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def optimizer():
    from demos.cifar10 import optimizer

    return optimizer


@pytest.mark.parametrize("shape", [(40, 16), (16, 40), (16, 16)])
def test_singular_values_are_brought_near_to_one(optimizer, shape):
    u, _, v = np.linalg.svd(np.random.default_rng(0).normal(size=shape), full_matrices=False)
    given = u * np.linspace(0.2, 1, min(shape)) @ v
    values = np.linalg.svd(np.asarray(optimizer.orthogonal(given.astype(np.float32))), compute_uv=False)
    assert values.min() > 0.5 and values.max() < 1.4


def test_kernels_take_steps_of_a_given_width_and_the_rest_follows_nesterov(optimizer):
    import keras

    network = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(16, 3, use_bias=False, name="kernel")])
    network.add(keras.layers.GlobalAveragePooling2D())
    network.add(keras.layers.Dense(2))
    plain = keras.models.clone_model(network)
    plain.set_weights(network.get_weights())
    network.compile(optimizer.Muon(0.1, 0.5, 2.0), "mse", jit_compile=False)
    plain.compile(keras.optimizers.SGD(0.5, momentum=0.9, nesterov=True), "mse", jit_compile=False)
    rng = np.random.default_rng(0)
    x, y = rng.random((32, 8, 8, 3), np.float32), rng.random((32, 2), np.float32)
    before = network.get_weights()[0]
    network.train_on_batch(x, y)
    plain.train_on_batch(x, y)
    normalised = before * 4 / np.linalg.norm(before)
    gradient = (before - plain.get_weights()[0]).reshape(-1, 16)  # times a factor, which does not matter
    step = 0.1 * np.asarray(optimizer.orthogonal(gradient)).reshape(before.shape)
    assert np.allclose(network.get_weights()[0], normalised - step, atol=1e-3)
    for one, other in zip(network.get_weights()[1:], plain.get_weights()[1:], strict=True):
        assert np.allclose(one, other, atol=1e-6)
