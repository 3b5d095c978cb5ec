"""Muon: steps of orthogonal matrices, for both recipes as their own optimizers took them."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def muon():
    from demos.shared.training import muon

    return muon


def newton_schulz(matrix: np.ndarray, steps: int) -> np.ndarray:
    """The reference, in float64, for one matrix."""
    if matrix.shape[0] > matrix.shape[1]:
        return newton_schulz(matrix.T, steps).T
    a, b, c = 3.4445, -4.7750, 2.0315
    matrix = matrix / (np.linalg.norm(matrix) + 1e-7)
    for _ in range(steps):
        square = matrix @ matrix.T
        matrix = a * matrix + (b * square + c * square @ square) @ matrix
    return matrix


def apply(optimizer, kernels: list[np.ndarray], gradients: list[list[np.ndarray]]) -> list[np.ndarray]:
    """The kernels after steps along the given gradients, a list for each step."""
    import keras

    variables = [keras.Variable(kernel) for kernel in kernels]
    optimizer.build(variables)
    for step in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient) for gradient in step], variables)
    return [np.asarray(keras.ops.convert_to_numpy(variable)) for variable in variables]


@pytest.fixture
def kernels(rng):
    """Two kernels of one shape and one of another, and gradients of two steps."""
    shapes = [(3, 3, 4, 8), (3, 3, 4, 8), (2, 2, 3, 16)]
    kernels = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
    return kernels, [[rng.normal(size=shape).astype(np.float32) for shape in shapes] for _ in range(2)]


@pytest.mark.parametrize("shape", [(40, 16), (16, 40), (16, 16)])
def test_orthogonalized_matrix_has_singular_values_near_one(muon, shape):
    u, _, v = np.linalg.svd(np.random.default_rng(0).normal(size=shape), full_matrices=False)
    given = u * np.linspace(0.2, 1, min(shape)) @ v
    for steps in (3, 5):
        values = np.linalg.svd(np.asarray(muon.orthogonalize(given.astype(np.float32), steps)), compute_uv=False)
        assert values.min() > 0.5 and values.max() < 1.4


def test_matrices_orthogonalized_together_are_those_orthogonalized_alone(muon, rng):
    matrices = rng.normal(size=(3, 12, 7)).astype(np.float32)
    together = np.asarray(muon.orthogonalize(matrices))
    for one, matrix in zip(together, matrices, strict=True):
        assert np.allclose(one, newton_schulz(matrix.astype(float), 5), atol=1e-4)


def test_step_with_kept_norm_is_the_speed_run_s(muon, kernels):
    kernels, gradients = kernels
    optimizer = muon.Muon(0.5, width=0.12, momentum=0.6, steps=3, is_norm_kept=True)
    for after, kernel, *along in zip(apply(optimizer, kernels, gradients), kernels, *gradients, strict=True):
        matrix, momentum = kernel.reshape(-1, kernel.shape[-1]).astype(float), 0
        for gradient in along:
            gradient = gradient.reshape(matrix.shape)
            momentum = 0.6 * momentum + gradient
            matrix = matrix * (matrix.shape[1] ** 0.5 / np.linalg.norm(matrix))
            matrix = matrix - 0.12 * 0.5 * newton_schulz(gradient + 0.6 * momentum, 3)
        assert np.allclose(after, matrix.reshape(kernel.shape), atol=1e-4)


def test_step_with_decay_is_the_denoiser_s(muon, kernels):
    kernels, gradients = kernels
    optimizer = muon.Muon(0.02, weight_decay=0.004)
    for after, kernel, *along in zip(apply(optimizer, kernels, gradients), kernels, *gradients, strict=True):
        matrix, momentum = kernel.reshape(-1, kernel.shape[-1]).astype(float), 0
        for gradient in along:
            gradient = gradient.reshape(matrix.shape)
            momentum = 0.95 * momentum + gradient
            matrix = matrix - 0.02 * 0.004 * matrix
            matrix = matrix - 0.02 * 0.2 * max(matrix.shape) ** 0.5 * newton_schulz(gradient + 0.95 * momentum, 5)
        assert np.allclose(after, matrix.reshape(kernel.shape), atol=1e-4)


def test_step_of_the_optimizer_is_orthogonal(muon, rng):
    gradient = rng.normal(size=(3, 3, 4, 8)).astype(np.float32)
    (kernel,) = apply(muon.Muon(0.5, width=1.0), [np.zeros_like(gradient)], [[gradient]])
    step = kernel.reshape(36, 8)
    singular = np.linalg.svd(step, compute_uv=False)
    assert 0.3 < singular.min() <= singular.max() < 0.65  # near the rate: Newton and Schulz stop early
    assert (step * gradient.reshape(36, 8)).sum() < 0


def test_kernels_take_steps_of_a_given_width_and_the_rest_follows_nesterov(muon):
    import keras

    network = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(16, 3, use_bias=False, name="kernel")])
    network.add(keras.layers.GlobalAveragePooling2D())
    network.add(keras.layers.Dense(2))
    plain = keras.models.clone_model(network)
    plain.set_weights(network.get_weights())
    rates = {"/beta": 2.0, "": 0.5}
    optimizer = muon.Muon(width=0.1, momentum=0.6, steps=3, is_norm_kept=True, rates=rates)
    network.compile(optimizer, "mse", jit_compile=False)
    plain.compile(keras.optimizers.SGD(0.5, momentum=0.9, nesterov=True), "mse", jit_compile=False)
    rng = np.random.default_rng(0)
    x, y = rng.random((32, 8, 8, 3), np.float32), rng.random((32, 2), np.float32)
    before = network.get_weights()[0]
    network.train_on_batch(x, y)
    plain.train_on_batch(x, y)
    normalised = before * 4 / np.linalg.norm(before)
    gradient = (before - plain.get_weights()[0]).reshape(-1, 16)  # times a factor, which does not matter
    step = 0.1 * np.asarray(muon.orthogonalize(gradient, 3)).reshape(before.shape)
    assert np.allclose(network.get_weights()[0], normalised - step, atol=1e-3)
    for one, other in zip(network.get_weights()[1:], plain.get_weights()[1:], strict=True):
        assert np.allclose(one, other, atol=1e-6)


def test_shift_of_a_normalisation_has_its_own_rate(muon):
    import keras

    layers = [keras.Input((4,)), keras.layers.BatchNormalization(scale=False), keras.layers.Dense(1)]
    network, rates = keras.Sequential(layers), {"/beta": 2.0, "": 0.5}
    plain = keras.models.clone_model(network)
    plain.set_weights(network.get_weights())
    network.compile(muon.Muon(0.1, rates=rates), "mse", jit_compile=False)
    plain.compile(keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), "mse", jit_compile=False)
    x, y = np.random.default_rng(0).random((8, 4), np.float32), np.ones((8, 1), np.float32)
    before = {v.path.split("/")[-1]: np.asarray(v) for v in network.trainable_variables}
    for trained in (network, plain):
        trained.train_on_batch(x, y)
    for ours, theirs in zip(network.trainable_variables, plain.trainable_variables, strict=True):
        name = ours.path.split("/")[-1]
        factor = 2.0 if name == "beta" else 0.5
        step, plain_step = np.asarray(ours) - before[name], np.asarray(theirs) - before[name]
        assert np.allclose(step, factor * plain_step, atol=1e-5)
