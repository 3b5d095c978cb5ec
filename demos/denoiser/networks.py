"""The two architectures as Keras models, and the form in which they are served.

Pictures are float32 (N, H, W, 3), RGB, black 0 and white 1; noise may take them beyond both.
"""

import keras
from keras import layers

WIDTH, DEEP = 64, 128  # channels at a half and at a quarter of the size
STEP = 4  # height and width must be multiples of this


def autoencoder(data_format: str = "channels_last") -> keras.Model:
    """The network of the student project: 64x64x3 to 8x8x256 by max-pooling, and back by upsampling.

    A pooling forgets which of four places had the maximum. Many channels before it remember more of that, so the
    convolutions of the encoder stand before the poolings, two to a scale.
    """
    first = data_format == "channels_first"
    options = {"padding": "same", "data_format": data_format, "kernel_initializer": "he_normal"}

    def convolution(x, width, size=3):
        return layers.ReLU()(layers.Conv2D(width, size, **options)(x))

    noisy = keras.Input((64, 64, 3), name="noisy")
    x = layers.Permute((3, 1, 2))(noisy) if first else noisy
    x = layers.MaxPooling2D(2, data_format=data_format)(convolution(x, 64, 5))
    for width in (128, 256):
        x = convolution(convolution(x, width), width)
        x = layers.MaxPooling2D(2, data_format=data_format)(x)
    for width in (256, 128, 64):
        x = layers.UpSampling2D(2, data_format=data_format)(convolution(x, width))
        x = layers.Reshape(x.shape[1:])(x)  # changes nothing, but the export would lose the shape here
    x = layers.Conv2D(3, 3, padding="same", data_format=data_format)(convolution(x, 64))
    x = layers.Permute((2, 3, 1))(x) if first else x
    return keras.Model(noisy, layers.Activation("sigmoid", dtype="float32", name="restored")(x), name="autoencoder")


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

    def block(x):
        """A residual block that begins as the identity."""
        inner = layers.ReLU()(layers.Conv2D(x.shape[1 if first else -1], 3, **he)(x))
        inner = layers.Conv2D(x.shape[1 if first else -1], 3, kernel_initializer="zeros", **options)(inner)
        return layers.Add()([x, inner])

    noisy = keras.Input((None, None, 3), name="noisy")
    x = layers.Permute((3, 1, 2))(noisy) if first else noisy
    half = block(layers.Conv2D(WIDTH, 6, strides=2, **he)(x))
    x = layers.Conv2D(DEEP, 2, strides=2, **he)(half)
    for _ in range(3):
        x = block(x)
    x = layers.Add()([half, layers.Conv2DTranspose(WIDTH, 2, strides=2, **he)(x)])
    x = block(block(x))
    noise = layers.Conv2DTranspose(3, 6, strides=2, kernel_initializer="zeros", **options)(x)
    if first:
        noise = layers.Permute((2, 3, 1))(noise)
    return keras.Model(noisy, layers.Subtract(dtype="float32", name="restored")([noisy, noise]), name="blind")


def named(network: keras.Model) -> keras.Model:
    """What is served of either network: its answer by name."""
    return keras.Model(network.input, {"restored": network.output}, name=network.name)
