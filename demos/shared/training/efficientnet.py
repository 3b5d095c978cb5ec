"""EfficientNet-Lite (arXiv:1905.11946, without squeeze-and-excitation, with ReLU6) with ImageNet's weights."""

import math

import keras
import numpy as np
from keras import layers

from demos.shared.training import imagenet

STEM, HEAD = 32, 1280  # channels, the same in every size
# repeats, kernel, stride, expansion, channels of each stage of Lite0
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
SCALES = {imagenet.EFFICIENTNET_LITE0: (1.0, 1.0), imagenet.EFFICIENTNET_LITE2: (1.1, 1.2)}  # of width and of depth


def efficientnet_lite(file: str, side: int, *, last_stride: int = 2, has_head: bool = True) -> keras.Model:
    """The body: RGB, float (N, side, side, 3), (x - 127) / 128 -> features (N, h, w, C), filled from `file`.

    file: imagenet.EFFICIENTNET_LITE0 or EFFICIENTNET_LITE2. last_stride: with 1 the features have side / 16 places
    a side, with 2 half of that.
    has_head: without the last convolution C is 320 (352 in Lite2), with it 1,280 and none is below 0.
    ImageNet's statistics of normalisation stay as they are, its scales and shifts train. Raises imagenet.Absent.
    """
    width, depth = SCALES[file]
    picture = keras.Input((side, side, 3))
    x = _normalize(layers.Conv2D(STEM, 3, 2, "same", use_bias=False, name="conv_stem")(picture), "_bn0")
    block = 0
    for stage, (repeats, kernel, stride, expansion, channels) in enumerate(STAGES):
        is_edge = stage in (0, len(STAGES) - 1)
        stride = last_stride if stage == 5 else stride
        for number in range(repeats if is_edge else math.ceil(depth * repeats)):
            step = stride if number == 0 else 1
            x = _block(x, f"_blocks.{block}.", kernel, step, expansion, _round(width * channels))
            block += 1
    if has_head:
        x = _normalize(layers.Conv2D(HEAD, 1, use_bias=False, name="conv_head")(x), "_bn1")
    body = keras.Model(picture, x, name="efficientnet_lite")
    _fill(body, imagenet.read_efficientnet(file))
    return body


def _round(channels: float) -> int:
    """The nearest multiple of 8."""
    return 8 * int(channels / 8 + 0.5)


def _normalize(x, name: str, is_linear: bool = False):
    x = layers.BatchNormalization(epsilon=1e-3, name=_layer_name(name))(x, training=False)
    return x if is_linear else layers.ReLU(6.0)(x)


def _block(x, name: str, kernel: int, stride: int, expansion: int, channels: int):
    """An inverted residual block (arXiv:1801.04381)."""
    start, inside = x, x.shape[-1] * expansion
    if expansion > 1:
        x = layers.Conv2D(inside, 1, use_bias=False, name=_layer_name(name + "_expand_conv"))(x)
        x = _normalize(x, name + "_bn0")
    depthwise = {"padding": "same", "use_bias": False, "name": _layer_name(name + "_depthwise_conv")}
    x = _normalize(layers.DepthwiseConv2D(kernel, stride, **depthwise)(x), name + "_bn1")
    x = layers.Conv2D(channels, 1, use_bias=False, name=_layer_name(name + "_project_conv"))(x)
    x = _normalize(x, name + "_bn2", is_linear=True)
    is_residual = stride == 1 and start.shape[-1] == channels
    return layers.Add(name=_layer_name(name + "_add"))([start, x]) if is_residual else x


def _layer_name(name: str) -> str:
    """A name of PyTorch's as Keras and its files allow it."""
    return name.strip("_").replace(".", "_")


def _fill(body: keras.Model, arrays: dict[str, np.ndarray]) -> None:
    by_layer: dict[str, dict[str, np.ndarray]] = {}
    for name, value in arrays.items():
        layer, _, variable = name.rpartition(".")
        by_layer.setdefault(_layer_name(layer), {})[variable] = np.asarray(value, np.float32)
    for layer in body.layers:
        if layer.weights:
            values = by_layer[layer.name]
            if isinstance(layer, layers.BatchNormalization):
                layer.set_weights([values[key] for key in ("weight", "bias", "running_mean", "running_var")])
            else:
                # (out, in, k, k) -> (k, k, in, out), of a depthwise kernel (C, 1, k, k) -> (k, k, C, 1)
                axes = (2, 3, 0, 1) if isinstance(layer, layers.DepthwiseConv2D) else (2, 3, 1, 0)
                layer.set_weights([values["weight"].transpose(axes)])
