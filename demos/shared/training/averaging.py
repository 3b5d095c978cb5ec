"""The average of a network's last weights, which an optimizer with `use_ema` keeps."""

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def averaged(network: keras.Model) -> Iterator[keras.Model]:
    """The compiled network with the average of its last weights, for as long as this lasts."""
    last = network.get_weights()
    network.optimizer.finalize_variable_values(network.trainable_variables)
    yield network
    network.set_weights(last)
