"""What makes a picture that photograph in that style: distances between what VGG19 makes of each.

Pictures are RGB, black 0 and white 255; each loss is a float (N,).
"""

from collections.abc import Callable

import keras
from keras import ops

from demos.shared.training import imagenet

# Where styles are compared, and the mean of each layer's output on photographs and paintings: distances are relative
# to it, so that no layer weighs more because its numbers are larger. Content is compared at the last.
LAYERS = {"block1_conv1": 22.0, "block2_conv1": 130.0, "block3_conv1": 130.0, "block4_conv1": 510.0}
ROW = 2 * (64 + 128 + 256 + 512)  # how many means and deviations of their channels there are
CONTENT_MEAN = LAYERS["block4_conv1"]


def vgg19() -> Callable:
    """A function from pictures to the feature maps of LAYERS. Raises imagenet.Absent."""
    network = imagenet.vgg19(*LAYERS)
    if keras.backend.backend() != "torch":
        return network
    from demos.style.training import vgg19_torch

    return vgg19_torch.run(network, LAYERS)


def content_loss(painted: list, content: list):
    """The mean square of differences at the last layer."""
    difference = ops.cast(painted[-1], "float32") - ops.cast(content[-1], "float32")
    return ops.mean(ops.square(difference / CONTENT_MEAN), axis=(1, 2, 3))


def style_distance(painted, style):
    """The mean squares of differences of means and of deviations, over all layers, of what `describe` gives."""
    return ops.sum(ops.square(painted - style), axis=-1)


def describe(maps: list):
    """Means and deviations of the maps of LAYERS in one row: float (N, ROW).

    Those of a layer are divided by the root of its number of channels, so that a squared distance of rows is the sum
    of the layers' mean squares.
    """
    parts = []
    for x, average in zip(maps, LAYERS.values(), strict=True):
        parts += [part / (average * x.shape[-1] ** 0.5) for part in moments(x)]
    return ops.concatenate(parts, axis=-1)


def moments(x) -> tuple:
    """Feature map (N, H, W, C) -> mean and deviation of each channel, float32 (N, C)."""
    if keras.backend.backend() == "torch" and not isinstance(x, keras.KerasTensor):
        from demos.style.training import vgg19_torch

        return vgg19_torch.Moments.apply(x)
    mean = ops.mean(x, axis=(1, 2))
    variance = ops.mean(ops.square(x - mean[:, None, None]), axis=(1, 2))
    return mean, ops.sqrt(variance + 1e-6)


def contrast_loss(painted, styles):
    """Rows (N, D): how far each painted picture's is from its own style's, over how far from the others'.

    MicroAST's (arXiv:2211.15313), on what `describe` gives.
    """
    squares = ops.sum(ops.square(painted[:, None] - styles[None]), axis=-1)
    distances = ops.sqrt(squares + 1e-6)
    own = ops.diagonal(distances)
    return own / (ops.sum(distances, axis=1) - own + 1e-3)


def variation_loss(pictures):
    """The mean absolute difference of neighbours."""
    down = ops.abs(pictures[:, 1:] - pictures[:, :-1])
    across = ops.abs(pictures[:, :, 1:] - pictures[:, :, :-1])
    return ops.mean(down, axis=(1, 2, 3)) + ops.mean(across, axis=(1, 2, 3))
