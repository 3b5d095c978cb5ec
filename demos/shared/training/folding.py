"""Batch normalization's factors as part of the convolutions before it, where the converter puts them as well."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import layers


def absorb_factors(network: keras.Model) -> None:
    """Multiply each convolution by the factors of the batch normalization after it, which then only shifts.

    The outputs stay. A converter folds these factors into the kernels; kernels that were rounded before would then be
    other numbers than those that were rounded.
    """
    for norm in _flatten(network):
        if isinstance(norm, layers.BatchNormalization) and norm.scale and len(norm._inbound_nodes) == 1:
            before = norm._inbound_nodes[0].input_tensors[0]._keras_history.operation
            if isinstance(before, layers.Conv2D | layers.DepthwiseConv2D) and _is_plain(before):
                _absorb(before, norm)


def _flatten(network: keras.Model) -> Iterator[layers.Layer]:
    for layer in network.layers:
        yield from _flatten(layer) if isinstance(layer, keras.Model) else (layer,)


def _is_plain(before: layers.Layer) -> bool:
    """Whether a convolution has no bias and no activation, and nothing but the normalization reads it."""
    return len(before._outbound_nodes) == 1 and not before.use_bias and before.activation is keras.activations.linear


def _absorb(before: layers.Layer, norm: layers.BatchNormalization) -> None:
    gamma, mean, variance = (np.asarray(value) for value in (norm.gamma, norm.moving_mean, norm.moving_variance))
    factors = gamma / np.sqrt(variance + norm.epsilon)
    shape = (1, 1, -1, 1) if isinstance(before, layers.DepthwiseConv2D) else (1, 1, 1, -1)
    before.kernel.assign(np.asarray(before.kernel) * factors.reshape(shape))
    norm.moving_mean.assign(mean * factors)
    norm.gamma.assign(np.ones_like(gamma))
    norm.moving_variance.assign(np.full_like(variance, 1 - norm.epsilon))
