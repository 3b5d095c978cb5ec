"""A start at which the autoencoder loses nothing: before each max-pooling every value goes into a channel of its own.

A max-pooling keeps one of four values of a channel. So each channel is first copied into four, and each copy is lowered
by LOWER, more than a channel can be high, at all places but one of the four: at the upper left, the upper right, the
lower left or the lower right. ReLU makes zeros of what is lowered, and the maximum of a copy is the value at its place.

A picture of one channel and 2x2 pixels, worked out:

>>> picture = np.array([[[0.1], [0.2]], [[0.3], [0.4]]])
>>> copies = picture @ split_channels(1)
>>> copies.shape
(2, 2, 4)
>>> row, column = np.indices((2, 2))
>>> for channel in range(4):
...     is_own = (row == channel // 2) & (column == channel % 2)
...     copies[..., channel] -= LOWER * ~is_own
>>> np.maximum(copies, 0).max((0, 1))  # ReLU, then max-pooling: four channels hold the four pixels
array([0.1, 0.2, 0.3, 0.4])

A convolution does the lowering, since it gets, as six more channels, the lowest three bits of the row and of the column
of each place: at 64x64 pixels the lowest counts, at 32x32 the second, at 16x16 the third. Bits come of ones between the
zeros beyond the border (arXiv:2001.08248):

>>> np.convolve(np.ones(64), place_bits()[::-1, 0])[63 : 63 + 64][:6].tolist()
[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]

On the way back the copies are laid over each other at their places by the transposed matrices.
"""

import numpy as np

# Noise may be this far below black, and a channel is lowered by more than it can be high.
ABOVE, LOWER = 0.4, 4.0
# The inverse of the sigmoid, nearly: its slope, and by how much more it rises this near to black and to white.
STEEP, STEEPER, END = 4.4, 8.0, 0.17


def split_channels(count: int) -> np.ndarray:
    """(count, 4 * count): each channel goes into four."""
    return np.repeat(np.eye(count), 4, axis=1)


def place_bits() -> np.ndarray:
    """(127, 3): kernels that, on 64 ones between zeros, give the lowest three bits of the place."""
    changes = [np.diff(np.arange(64) >> bit & 1, prepend=0) for bit in range(3)]
    return np.pad(np.stack(changes, -1)[::-1], [(0, 63), (0, 0)])


def pass_on(kernel: np.ndarray, bias: np.ndarray, matrix: np.ndarray, bit: int | None = None) -> list[np.ndarray]:
    """The weights of a convolution so changed that its first channels are those it gets, times `matrix` (from, to).

    kernel: (h, w, from, to). bias: (to,). bit: with that of the row and that of the column, among the last six channels
    it gets, each of four channels in turn keeps its own of the four places that these tell apart, and is lowered at the
    others.
    """
    middle, (given, passed) = len(kernel) // 2, matrix.shape
    kernel[..., :passed] = 0
    kernel[middle, middle, :given, :passed] = matrix
    if bit is not None:
        kernel[:, :, -6:] = 0
        for channel, turn in ((bit - 6, np.arange(len(bias)) // 2 % 2), (bit - 3, np.arange(len(bias)) % 2)):
            kernel[middle, middle, channel] = LOWER * (2 * turn - 1)
            bias -= LOWER * turn
    return [kernel, bias]


def initialize(network, convolutions: list[tuple], last) -> None:
    """Give `networks.autoencoder` its start.

    convolutions: the layers but the last in order, each with its matrix and its bit, as `pass_on` takes them.
    """
    network.get_layer("ones").set_weights([np.zeros((1, 1, 3, 1)), np.ones(1)])
    network.get_layer("rows").set_weights([place_bits()[:, None, None]])
    network.get_layer("columns").set_weights([place_bits()[None, :, None]])
    for layer, matrix, bit in convolutions:
        layer.set_weights(pass_on(*layer.get_weights(), matrix, bit))
    convolutions[0][0].bias.assign_add(np.full(64, ABOVE))
    # Behind the first twelve channels of the last but one come those that are high near white, and near black.
    convolutions[-1][0].bias.assign_add(np.repeat([0, END - 1 - ABOVE, END + ABOVE, 0], 12))
    to_logits = np.kron([[STEEP], [STEEPER], [-STEEPER]], split_channels(3).T)
    kernel, bias = pass_on(*last.get_weights(), to_logits)
    last.set_weights([kernel, bias - STEEP * (0.5 + ABOVE)])
