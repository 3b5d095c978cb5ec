"""What makes a picture that photograph in that style: distances between VGG19's features, and between codes.

Pictures are RGB, black 0 and white 255; each loss is a float (N,).
"""

from collections.abc import Callable

from keras import ops

from demos.shared.training import imagenet

# Where styles are compared, and the mean of each layer's output on photographs and paintings: distances are relative
# to it, so that no layer weighs more because its numbers are larger. Content is compared at the last.
LAYERS = {"block1_conv1": 22.0, "block2_conv1": 130.0, "block3_conv1": 130.0, "block4_conv1": 510.0}


def vgg19() -> Callable:
    """A function from pictures to the feature maps of LAYERS, relative to their means, float32."""
    network = imagenet.vgg19(*LAYERS)

    def features(pictures):
        maps = network(pictures)
        return [ops.cast(x, "float32") / mean for x, mean in zip(maps, LAYERS.values(), strict=True)]

    return features


def content_loss(painted: list, content: list):
    """The mean square of differences at the last layer."""
    return ops.mean(ops.square(painted[-1] - content[-1]), axis=(1, 2, 3))


def style_loss(painted: list, style: list):
    """The mean squares of differences of means and of deviations, over all layers."""
    return sum(
        ops.mean(ops.square(one - other), axis=-1)
        for maps in zip(painted, style, strict=True)
        for one, other in zip(*map(moments, maps), strict=True)
    )


def moments(x) -> tuple:
    """Feature map (N, H, W, C) -> mean and deviation of each channel, (N, C)."""
    mean = ops.mean(x, axis=(1, 2))
    variance = ops.mean(ops.square(x - mean[:, None, None]), axis=(1, 2))
    return mean, ops.sqrt(variance + 1e-6)


def contrast_loss(painted, styles):
    """Codes (N, D): how far each painted picture's is from its own style's, over how far from the others'.

    MicroAST's (arXiv:2211.15313). The styles' codes are taken as given.
    """
    styles = ops.stop_gradient(styles)
    squares = ops.mean(ops.square(painted[:, None] - styles[None]), axis=-1)
    distances = ops.sqrt(squares + 1e-6)
    own = ops.diagonal(distances)
    return own / (ops.sum(distances, axis=1) - own + 1e-3)


def variation_loss(pictures):
    """The mean absolute difference of neighbours."""
    down = ops.abs(pictures[:, 1:] - pictures[:, :-1])
    across = ops.abs(pictures[:, :, 1:] - pictures[:, :, :-1])
    return ops.mean(down, axis=(1, 2, 3)) + ops.mean(across, axis=(1, 2, 3))
