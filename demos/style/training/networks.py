"""The fast style transfer as two Keras models that share their first layers: picture -> code, and the painter.

Pictures are float32 (N, H, W, 3), RGB, black 0 and white 1. A code is what the networks know of a whole picture:
float32 (N, CODE), the means and deviations of its feature maps. No layer of the painter looks at a whole picture and
none pads: it gets the codes from outside, and MARGIN more pixels on each side than it paints. So the tiles of a large
picture, each painted alone, are exactly the parts of the whole.
"""

import keras
from keras import layers, ops

from demos.style import painter

HALF, QUARTER = 32, 64  # channels at a half and at a quarter of the size
DEEP = (96, 128)  # and at an eighth and a sixteenth, where only styles are looked at
ENCODER_BLOCKS, PAINTER_BLOCKS = 2, 3
CONDITION = 128  # numbers that both codes are reduced to, from which the painter's layers are modulated
MARGIN = painter.MARGIN
WIDTHS = (HALF, QUARTER, *DEEP, 3)  # of what a code describes: the feature maps, and the picture itself
CODE = 2 * sum(WIDTHS)
# Below this a deviation counts as this: the noise of an even sky must not be blown up to the contrast of a painting.
LEAST_DEVIATION = 0.05
# The start of what ends a block or the painter, which no layer normalises: next to nothing.
SMALL = {"class_name": "VarianceScaling", "config": {"scale": 0.01}}


def build(is_padded: bool = False) -> tuple[keras.Model, keras.Model]:
    """The two networks, which share the layers of their trunk.

    code: `picture` -> `code`.
    painter: `content`, (N, H + 2 MARGIN, W + 2 MARGIN, 3), `content_code` and `style_code` -> `painted` (N, H, W, 3).
    What is painted may go a little beyond black and white.
    is_padded: the painter pads each layer's maps by their edges, for training on small squares at a third of the work;
    `content` is then (N, H, W, 3). The weights are the same ones in the same order.

    The content's own code as the style gives back the photograph, nearly.
    """
    trunk = Trunk()
    return _code(trunk), _painter(trunk, is_padded)


class Trunk:
    """Picture (N, H, W, 3) -> feature maps at a half, (H / 2 - 2), and a quarter, (H / 4 - 2 - 4 ENCODER_BLOCKS).

    Padded, they are H / 2 and H / 4.
    """

    def __init__(self):
        self.half = _convolution(HALF, 6, strides=2, activation="relu", name="half")
        self.quarter = _convolution(QUARTER, 4, strides=2, activation="relu", name="quarter")
        self.blocks = [
            (
                _convolution(QUARTER, activation="relu", name=f"block_{i}_inner"),
                _convolution(QUARTER, kernel_initializer=SMALL, name=f"block_{i}_outer"),
            )
            for i in range(ENCODER_BLOCKS)
        ]

    def __call__(self, picture, is_padded: bool) -> list:
        half = self.half(_pad(layers.Rescaling(2, offset=-1)(picture), is_padded, 2))
        x = self.quarter(_pad(half, is_padded))
        for inner, outer in self.blocks:
            x = layers.Add()([_crop(x, 2, is_padded), outer(_pad(inner(_pad(x, is_padded)), is_padded))])
        return [half, x]


def _code(trunk: Trunk) -> keras.Model:
    picture = keras.Input((None, None, 3), name="picture")
    maps = trunk(picture, is_padded=False)
    x = maps[-1]
    for width in DEEP:
        x = _convolution(width, 4, strides=2, activation="relu")(x)
        maps.append(x)
    maps.append(picture)
    code = layers.Concatenate(dtype="float32")([Statistics(dtype="float32")(x) for x in maps])
    return keras.Model(picture, {"code": code}, name="transfer_code")


def _painter(trunk: Trunk, is_padded: bool) -> keras.Model:
    content = keras.Input((None, None, 3), name="content")
    codes = [keras.Input((CODE,), name=f"{whose}_code") for whose in ("content", "style")]
    half, x = trunk(content, is_padded)
    both = layers.Concatenate(dtype="float32")(codes)
    condition = layers.Dense(CONDITION, "relu", dtype="float32")(both)

    def modulated(x, activation=None):
        """A convolution each of whose channels the codes scale and shift; it begins with doing nothing to them."""
        start = "he_normal" if activation else SMALL
        x = _convolution(x.shape[-1], kernel_initializer=start)(_pad(x, is_padded))
        change = layers.Dense(2 * x.shape[-1], kernel_initializer="zeros", dtype="float32")(condition)
        x = Modulation()([x, *ops.split(change, 2, axis=-1)])
        return layers.Activation(activation)(x) if activation else x

    x = Restyling(2 * HALF)([x, *codes])
    for _ in range(PAINTER_BLOCKS):
        inner = modulated(x, "relu")
        x = layers.Add()([_crop(x, 2, is_padded), modulated(inner)])
    skipped = _crop(half, 1 + 4 * (ENCODER_BLOCKS + PAINTER_BLOCKS), is_padded)
    x = layers.ReLU()(layers.Add()([Enlargement(HALF)(x), Restyling(0)([skipped, *codes])]))
    x = layers.ReLU()(Enlargement(HALF // 2)(x))
    x = _convolution(3, kernel_initializer="zeros", dtype="float32")(_pad(x, is_padded))
    change = _crop(x, 3, is_padded)  # without what the enlargements could not know
    # The painter begins with the photograph in the colours of the style, and learns what else there is to change.
    recoloured = Restyling(CODE - 6, dtype="float32")([_crop(content, MARGIN, is_padded), *codes])
    painted = layers.Add(dtype="float32")([recoloured, change])
    return keras.Model([content, *codes], {"painted": painted}, name="transfer")


def _convolution(width: int, size: int = 3, **options) -> layers.Conv2D:
    return layers.Conv2D(width, size, padding="valid", **{"kernel_initializer": "he_normal", **options})


def _pad(x, is_padded: bool, times: int = 1):
    """Map (N, H, W, C) -> the outermost rows and columns once more on each side, so many times."""
    for _ in range(times if is_padded else 0):
        x = ops.concatenate([x[:, :1], x, x[:, -1:]], axis=1)
        x = ops.concatenate([x[:, :, :1], x, x[:, :, -1:]], axis=2)
    return x


def _crop(x, margin: int, is_padded: bool):
    return x if is_padded else layers.Cropping2D(margin, dtype=x.dtype)(x)


@keras.saving.register_keras_serializable("style")
class Statistics(layers.Layer):
    """Feature map (N, H, W, C) -> mean and deviation of each channel over all places, (N, 2 C)."""

    def call(self, x):
        mean = ops.mean(x, axis=(1, 2), keepdims=True)
        variance = ops.mean(ops.square(x - mean), axis=(1, 2))
        return ops.concatenate([mean[:, 0, 0], ops.sqrt(variance + 1e-6)], axis=-1)

    def compute_output_shape(self, shape):
        return (shape[0], 2 * shape[-1])


@keras.saving.register_keras_serializable("style")
class Enlargement(layers.Layer):
    """Each pixel becomes 2x2 alike, then a 3x3 convolution: (N, H, W, C) -> (N, 2 H, 2 W, width).

    Both are one transposed convolution of stride 2, of less than half of the work, whose kernel is the sum of the 3x3
    kernel at the four places. There is no checkerboard. The outermost pixels of the result lack what lies
    outside.
    """

    def __init__(self, width: int, **options):
        super().__init__(**options)
        self.width = width

    def get_config(self):
        return {**super().get_config(), "width": self.width}

    def build(self, shape):
        start = keras.initializers.VarianceScaling(2, "fan_out")  # its fan out is the input: the axes are turned
        self.kernel = self.add_weight(shape=(3, 3, self.width, shape[-1]), initializer=start, name="kernel")
        self.bias = self.add_weight(shape=(self.width,), initializer="zeros", name="bias")

    def call(self, x):
        places = [((i, 1 - i), (j, 1 - j), (0, 0), (0, 0)) for i in (0, 1) for j in (0, 1)]
        kernel = sum(ops.pad(self.kernel, place) for place in places)
        return ops.conv_transpose(x, kernel, strides=2, padding="same") + self.bias

    def compute_output_shape(self, shape):
        height, width = (size and 2 * size for size in shape[1:3])
        return (shape[0], height, width, self.width)


@keras.saving.register_keras_serializable("style")
class Modulation(layers.Layer):
    """Feature map (N, H, W, C), a scale less 1 and a shift for each channel, (N, C) -> the map scaled and shifted."""

    def call(self, inputs):
        x, scale, shift = inputs
        return x * (1 + scale)[:, None, None] + shift[:, None, None]

    def compute_output_shape(self, shapes):
        return shapes[0]


@keras.saving.register_keras_serializable("style")
class Restyling(layers.Layer):
    """Adaptive instance normalisation (arXiv:1703.06868): map (N, H, W, C), content code, style code -> such a map.

    first: where the map's means stand in a code; its deviations follow them.
    """

    def __init__(self, first: int, **options):
        super().__init__(**options)
        self.first = first

    def get_config(self):
        return {**super().get_config(), "first": self.first}

    def call(self, inputs):
        x, *codes = inputs
        middle, last = (self.first + times * x.shape[-1] for times in (1, 2))
        (before, deviation), (mean, wanted) = ((code[:, self.first : middle], code[:, middle:last]) for code in codes)
        scale = (wanted + LEAST_DEVIATION) / (deviation + LEAST_DEVIATION)
        return x * scale[:, None, None] + (mean - before * scale)[:, None, None]

    def compute_output_shape(self, shapes):
        return shapes[0]
