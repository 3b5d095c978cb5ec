"""What the layers of the bundled networks give, against each other and against what the networks answer."""

import numpy as np
import pytest

import weights

LENET = [(28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16), (120,), (84,), (3,)]
BASELINE = [(30, 30, 32), (15, 15, 32), (13, 13, 64), (6, 6, 64), (4, 4, 64), (64,), (10,)]


@pytest.mark.parametrize(
    "name, shape, layers", [("digits/lenet", (28, 28, 1), LENET), ("cifar10/baseline", (32, 32, 3), BASELINE)]
)
def test_layers_lead_from_the_input_to_the_answer(rng, name, shape, layers):
    network = weights.load(name)
    batch = rng.integers(0, 256, (1, *shape)).astype(np.uint8)
    before = network(batch)
    found = network.look_inside(batch)
    assert [layer.values.shape for layer in found] == layers
    for layer, maps in zip(found[1:], found, strict=False):
        if "pooling" in layer.kind:
            height, width, channels = layer.values.shape
            windows = maps.values[: 2 * height, : 2 * width].reshape(height, 2, width, 2, channels)
            pooled = windows.mean((1, 3)) if layer.kind.startswith("Average") else windows.max((1, 3))
            np.testing.assert_allclose(layer.values, pooled, atol=1e-5)
    if name == "digits/lenet":  # the other one averages over the picture and its mirror image
        assert np.abs(found[0].values).max() <= 1  # after the hyperbolic tangent
        order = np.argsort(found[-1].values)
        assert (order == np.argsort(before["probabilities"][0])).all()
    assert all((network(batch)[key] == values).all() for key, values in before.items())


def test_symmetric_picture_has_the_same_layers_and_answer(rng):
    network = weights.load("cifar10/baseline")
    half = rng.integers(0, 256, (1, 32, 16, 3)).astype(np.uint8)
    batch = np.concatenate([half, half[:, :, ::-1]], axis=2)
    order = np.argsort(network.look_inside(batch)[-1].values)
    assert (order == np.argsort(network(batch)["probabilities"][0])).all()


def test_several_inputs_or_another_shape_are_refused():
    network = weights.load("digits/lenet")
    with pytest.raises(ValueError, match="one input at a time"):
        network.look_inside(np.zeros((2, 28, 28, 1), np.uint8))
    with pytest.raises(ValueError, match="takes glyph"):
        network.look_inside(np.zeros((1, 28, 28), np.uint8))
