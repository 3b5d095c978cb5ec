"""Networks of which the convolutions have absorbed batch normalization's factors."""

import keras
import numpy as np
from keras import layers

from demos.shared.training.folding import absorb_factors


def test_factors_are_absorbed_and_the_outputs_stay():
    inner = keras.Sequential([layers.DepthwiseConv2D(3, use_bias=False), layers.BatchNormalization(), layers.ReLU()])
    given = keras.Input((8, 8, 3))
    x = layers.BatchNormalization(name="alone")(layers.Conv2D(5, 3, use_bias=False)(inner(given)))
    shared = layers.Conv2D(4, 1, use_bias=False)(x)  # is read twice: it stays as it is
    network = keras.Model(given, layers.BatchNormalization(name="beside")(shared) + shared)
    rng = np.random.default_rng(0)
    network.set_weights([rng.uniform(0.5, 2, value.shape) for value in network.get_weights()])
    pictures = rng.normal(size=(2, 8, 8, 3)).astype("float32")
    before = network.predict(pictures, verbose=0)
    kept = keras.ops.convert_to_numpy(network.get_layer("beside").gamma)
    absorb_factors(network)
    np.testing.assert_allclose(network.predict(pictures, verbose=0), before, rtol=1e-3)
    alone = network.get_layer("alone")
    factors = alone.gamma / keras.ops.sqrt(alone.moving_variance + alone.epsilon)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(factors), 1, rtol=1e-5)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(network.get_layer("beside").gamma), kept)
