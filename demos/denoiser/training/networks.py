"""The two architectures as Keras models, and the form in which they are served.

Pictures are float32 (N, H, W, 3), RGB, black 0 and white 1; noise may take them beyond both.
"""

import keras
import numpy as np
from keras import layers

from demos.denoiser.training import lossless
from demos.denoiser.training.lossless import split_channels

WIDTH, DEEP = 64, 96  # channels at a half and at a quarter of the size
STEP = 4  # height and width must be multiples of this


def blind(data_format: str = "channels_last") -> keras.Model:
    """Our network, for any height and width that are multiples of 4 and for any noise: noisy -> restored.

    A U-Net of two scales that finds the noise and subtracts it. It works at a half of the size, as FFDNet
    (arXiv:1710.04026): a 6x6 convolution of stride 2 is a 3x3 convolution after a pixel unshuffle. No layer
    has a bias, so that what it learns at one noise level holds at others (arXiv:1906.05478).

    data_format: that inside, "channels_first" to train on PyTorch; the weights are the same.
    """
    first = data_format == "channels_first"
    options = {"padding": "same", "use_bias": False, "data_format": data_format}
    he = {"kernel_initializer": "he_normal", **options}

    def blocks(x, count):
        """Residual blocks, each of which begins as the identity."""
        width = x.shape[1 if first else -1]
        for _ in range(count):
            inner = layers.ReLU()(layers.Conv2D(width, 3, **he)(x))
            x = layers.Add()([x, layers.Conv2D(width, 3, kernel_initializer="zeros", **options)(inner)])
        return x

    noisy = keras.Input((None, None, 3), name="noisy")
    x = layers.Permute((3, 1, 2))(noisy) if first else noisy
    half = blocks(layers.Conv2D(WIDTH, 6, strides=2, **he)(x), 5)
    x = blocks(layers.Conv2D(DEEP, 2, strides=2, **he)(half), 2)
    x = blocks(layers.Add()([half, layers.Conv2DTranspose(WIDTH, 2, strides=2, **he)(x)]), 5)
    noise = layers.Conv2DTranspose(3, 6, strides=2, kernel_initializer="zeros", **options)(x)
    if first:
        noise = layers.Permute((2, 3, 1))(noise)
    return keras.Model(noisy, layers.Subtract(dtype="float32", name="restored")([noisy, noise]), name="blind")


def autoencoder(data_format: str = "channels_last") -> keras.Model:
    """The network of the student project: 64x64x3 to 8x8x256 by max-pooling, and back by upsampling.

    It begins by leaving a picture nearly as it is: see `lossless`.
    """
    first = data_format == "channels_first"
    options = {"padding": "same", "data_format": data_format}
    convolutions = []

    def convolution(x, width, matrix, size=3, bit=None):
        if bit is not None:
            x = layers.Concatenate(axis=1 if first else -1)([x, places[bit]])
        layer = layers.Conv2D(width, size, kernel_initializer="he_normal", **options)
        convolutions.append((layer, matrix, bit))
        return layers.ReLU()(layer(x))

    def pool(x):
        return layers.MaxPooling2D(2, data_format=data_format)(x)

    def upsample(x):
        x = layers.UpSampling2D(2, data_format=data_format)(x)
        return layers.Reshape(x.shape[1:])(x)  # changes nothing, but the export would lose the shape here

    noisy = keras.Input((64, 64, 3), name="noisy")
    x = layers.Permute((3, 1, 2))(noisy) if first else noisy
    ones = layers.Conv2D(1, 1, data_format=data_format, trainable=False, name="ones")(x)
    bits = [
        layers.Conv2D(3, size, use_bias=False, trainable=False, name=name, **options)(ones)
        for name, size in (("rows", (127, 1)), ("columns", (1, 127)))
    ]
    places = [layers.Concatenate(axis=1 if first else -1)(bits)]  # at 64x64, and then at 32x32 and 16x16
    places.append(pool(places[-1]))
    places.append(pool(places[-1]))

    x = pool(convolution(x, 64, split_channels(3), 5, bit=0))
    x = convolution(x, 128, np.eye(12))
    x = pool(convolution(x, 128, split_channels(12), bit=1))
    x = convolution(x, 256, np.eye(48))
    x = pool(convolution(x, 256, split_channels(48), bit=2))
    x = convolution(upsample(x), 192, np.eye(192), bit=2)
    x = convolution(x, 96, split_channels(48).T)
    x = convolution(upsample(x), 96, np.eye(48), bit=1)
    x = convolution(x, 64, split_channels(12).T)
    x = convolution(upsample(x), 48, np.kron([1, 1, -1], np.eye(12)), bit=0)
    last = layers.Conv2D(3, 3, kernel_initializer="zeros", **options)
    x = layers.Permute((2, 3, 1))(last(x)) if first else last(x)
    restored = layers.Activation("sigmoid", dtype="float32", name="restored")(x)
    network = keras.Model(noisy, restored, name="autoencoder")

    lossless.initialize(network, convolutions, last)
    return network


def name_output(network: keras.Model) -> keras.Model:
    """What is served of either network: its answer by name."""
    return keras.Model(network.input, {"restored": network.output}, name=network.name)
