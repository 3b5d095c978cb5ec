"""Weights in the precision in which they are served."""

import keras
import numpy as np
from keras import layers

from demos.shared.training.folding import absorb_factors


def round_to_half(network: keras.Model) -> keras.Model:
    """Round the weights of a network to half precision. Returns the network."""
    absorb_factors(network)
    values = [np.asarray(value) for value in network.get_weights()]
    network.set_weights([v.astype("float16").astype(v.dtype) if v.dtype.kind == "f" else v for v in values])
    return network


def round_to_eight_bits(network: keras.Model) -> keras.Model:
    """Round the kernels of a network to at most 255 steps for each output, as many as the served file stores.

    A step is a power of two, so that files of such weights pack well. Returns the network.
    """
    for layer in _leaves(network):
        if isinstance(layer, layers.Conv2D | layers.DepthwiseConv2D | layers.Dense):
            kernel, *others = layer.get_weights()
            axes = (0, 1, 3) if isinstance(layer, layers.DepthwiseConv2D) else tuple(range(kernel.ndim - 1))
            step = 2 ** np.ceil(np.log2(np.maximum(np.abs(kernel).max(axes, keepdims=True), 1e-12) / 127))
            layer.set_weights([np.round(kernel / step) * step, *others])
    return network


# By the precision of the served weights. Those of "int8" have steps of their own, for which half precision is enough.
ROUNDINGS = {"float16": round_to_half, "int8": round_to_half, "int8_static": round_to_eight_bits}


def _leaves(network: keras.Model) -> list[keras.Layer]:
    found = []
    for layer in network.layers:
        found += _leaves(layer) if isinstance(layer, keras.Model) else [layer]
    return found
