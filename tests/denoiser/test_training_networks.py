"""The architectures, and the form in which they are served."""

import doctest

import numpy as np
import pytest


@pytest.fixture(scope="module")
def noisy():
    return np.random.default_rng(0).random((2, 24, 32, 3), np.float32)


@pytest.fixture(scope="module")
def blind(networks):
    """The blind network with weights that do something."""
    network, rng = networks.blind(), np.random.default_rng(0)
    scales = [1 / np.sqrt(np.prod(weights.shape[:-1])) for weights in network.get_weights()]
    shapes = [weights.shape for weights in network.get_weights()]
    network.set_weights([rng.normal(0, scale, shape) for scale, shape in zip(scales, shapes, strict=True)])
    return network


def test_sizes(networks):
    assert networks.blind().count_params() <= 1_200_000
    # Both of its files are bundled, 4 bytes a parameter.
    assert networks.autoencoder().count_params() < 2_400_000


def test_autoencoder_goes_through_8x8x256_and_ends_in_a_sigmoid(networks):
    network = networks.autoencoder()
    assert (8, 8, 256) in {layer.output.shape[1:] for layer in network.layers}
    restored = np.asarray(network(np.random.default_rng(0).random((2, 64, 64, 3), np.float32)))
    assert restored.shape == (2, 64, 64, 3) and 0 <= restored.min() <= restored.max() <= 1


def test_untrained_autoencoder_leaves_a_picture_nearly_as_it_is(networks):
    # Each pixel on its own, so that none is lost on the way.
    picture = np.random.default_rng(0).random((2, 64, 64, 3), np.float32)
    assert np.allclose(np.asarray(networks.autoencoder()(picture)), picture, atol=0.04)


def test_untrained_blind_network_leaves_a_picture_as_it_is(networks, noisy):
    assert np.allclose(np.asarray(networks.blind()(noisy)), noisy)


def test_blind_network_of_twice_the_input_gives_twice_the_output(blind, noisy):
    once, twice = np.asarray(blind(noisy)), np.asarray(blind(2 * noisy))
    assert np.allclose(twice, 2 * once, atol=1e-3 * np.abs(once).max())
    assert not np.allclose(once, noisy, atol=0.1)


def test_worked_example_of_the_lossless_start_holds():
    from demos.denoiser.training import lossless

    outcome = doctest.testmod(lossless)
    assert outcome.attempted > 5 and not outcome.failed
