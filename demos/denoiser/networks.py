"""The two architectures as Keras models, and the form in which they are served.

Pictures are float32 (N, H, W, 3), RGB, black 0 and white 1; noise may take them beyond both.
"""

import keras
import numpy as np
from keras import layers

WIDTH, DEEP = 64, 96  # channels at a half and at a quarter of the size
STEP = 4  # height and width must be multiples of this
# How the autoencoder begins: noise may be this far below black, and a channel is lowered by more than it can be high.
ABOVE, LOWER = 0.4, 4.0
# The inverse of the sigmoid, nearly: its slope, and by how much more it rises this near to black and to white.
STEEP, STEEPER, END = 4.4, 8.0, 0.17


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

    A max-pooling forgets which of four places had the maximum. Here the network decides which has it: a convolution
    can know by the zeros beyond the border where it stands (arXiv:2001.08248), so that before a pooling it lowers
    each channel at three of four places. With four times as many channels after each nothing need be lost, and the
    network begins by leaving a picture nearly as it is.
    """
    first = data_format == "channels_first"
    options = {"padding": "same", "data_format": data_format}
    begun = []

    def convolution(x, width, matrix, size=3, bit=None):
        if bit is not None:
            x = layers.Concatenate(axis=1 if first else -1)([x, places[bit]])
        layer = layers.Conv2D(width, size, kernel_initializer="he_normal", **options)
        begun.append((layer, matrix, bit))
        return layers.ReLU()(layer(x))

    def pooled(x):
        return layers.MaxPooling2D(2, data_format=data_format)(x)

    def upsampled(x):
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
    places.append(pooled(places[-1]))
    places.append(pooled(places[-1]))

    x = pooled(convolution(x, 64, _split(3), 5, bit=0))
    x = convolution(x, 128, np.eye(12))
    x = pooled(convolution(x, 128, _split(12), bit=1))
    x = convolution(x, 256, np.eye(48))
    x = pooled(convolution(x, 256, _split(48), bit=2))
    x = convolution(upsampled(x), 192, np.eye(192), bit=2)
    x = convolution(x, 96, _split(48).T)
    x = convolution(upsampled(x), 96, np.eye(48), bit=1)
    x = convolution(x, 64, _split(12).T)
    x = convolution(upsampled(x), 48, np.kron([1, 1, -1], np.eye(12)), bit=0)
    last = layers.Conv2D(3, 3, kernel_initializer="zeros", **options)
    x = layers.Permute((2, 3, 1))(last(x)) if first else last(x)
    restored = layers.Activation("sigmoid", dtype="float32", name="restored")(x)
    network = keras.Model(noisy, restored, name="autoencoder")

    network.get_layer("ones").set_weights([np.zeros((1, 1, 3, 1)), np.ones(1)])
    network.get_layer("rows").set_weights([_bits()[:, None, None]])
    network.get_layer("columns").set_weights([_bits()[None, :, None]])
    for layer, matrix, bit in begun:
        layer.set_weights(_handing_on(*layer.get_weights(), matrix, bit))
    begun[0][0].bias.assign_add(np.full(64, ABOVE))
    # Behind the first twelve channels of the last but one come those that are high near white, and near black.
    begun[-1][0].bias.assign_add(np.repeat([0, END - 1 - ABOVE, END + ABOVE, 0], 12))
    kernel, bias = _handing_on(*last.get_weights(), np.kron([[STEEP], [STEEPER], [-STEEPER]], _split(3).T))
    last.set_weights([kernel, bias - STEEP * (0.5 + ABOVE)])
    return network


def _split(count: int) -> np.ndarray:
    """(count, 4 * count): each channel goes into four."""
    return np.repeat(np.eye(count), 4, axis=1)


def _bits() -> np.ndarray:
    """(127, 3): a kernel that, on 64 ones between zeros, gives the lowest three bits of the place."""
    changes = [np.diff(np.arange(64) >> bit & 1, prepend=0) for bit in range(3)]
    return np.pad(np.stack(changes, -1)[::-1], [(0, 63), (0, 0)])


def _handing_on(kernel: np.ndarray, bias: np.ndarray, matrix: np.ndarray, bit: int | None = None) -> list[np.ndarray]:
    """The weights of a convolution so changed that its first channels are those it gets, times `matrix` (from, to).

    bit: with that of the row and that of the column, among the last six channels it gets, each of four channels in
    turn is kept at one of the four places where these differ, and lowered at the others.
    """
    middle, (given, kept) = len(kernel) // 2, matrix.shape
    kernel[..., :kept] = 0
    kernel[middle, middle, :given, :kept] = matrix
    if bit is not None:
        kernel[:, :, -6:] = 0
        for channel, turn in ((bit - 6, np.arange(len(bias)) // 2 % 2), (bit - 3, np.arange(len(bias)) % 2)):
            kernel[middle, middle, channel] = LOWER * (2 * turn - 1)
            bias -= LOWER * turn
    return [kernel, bias]


def named(network: keras.Model) -> keras.Model:
    """What is served of either network: its answer by name."""
    return keras.Model(network.input, {"restored": network.output}, name=network.name)
