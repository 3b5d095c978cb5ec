"""The two architectures as Keras models, and the form in which they are served.

A glyph is uint8 (N, 28, 28, 1), white strokes on black, as `demos.digits.segment` makes it. Both networks give three
logits; "none of these" has the logit 0, so softmax over the four says how likely a glyph is a 0, 1 or 2 at all.
"""

import keras
from keras import layers, ops

SIDE = 64  # of what MobileNetV2 sees: the glyph enlarged, so that its five strides leave 2x2 places


def lenet() -> keras.Model:
    """LeNet-5 (LeCun et al., 1998) for three classes, glyph -> logits (N, 3), 61,111 parameters."""
    glyph = keras.Input((28, 28, 1), dtype="uint8", name="glyph")
    x = layers.Rescaling(1 / 255)(glyph)
    x = layers.Conv2D(6, 5, padding="same", activation="tanh")(x)
    x = layers.AveragePooling2D(2)(x)
    x = layers.Conv2D(16, 5, activation="tanh")(x)
    x = layers.AveragePooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(120, activation="tanh")(x)
    x = layers.Dense(84, activation="tanh")(x)
    return keras.Model(glyph, layers.Dense(3, name="logits")(x), name="lenet")


def mobilenetv2() -> keras.Model:
    """MobileNetV2 (Sandler et al., 2018) over enlarged glyphs, glyph -> logits (N, 3); its body is called `body`."""
    glyph = keras.Input((28, 28, 1), dtype="uint8", name="glyph")
    x = layers.ZeroPadding2D(2)(layers.Rescaling(1 / 127.5)(glyph))
    x = layers.Rescaling(1, offset=-1)(x)
    x = layers.Resizing(SIDE, SIDE)(layers.Concatenate()([x, x, x]))
    body = keras.applications.MobileNetV2((SIDE, SIDE, 3), include_top=False, weights=None, pooling="avg", name="body")
    x = layers.Dropout(0.2)(body(x))
    return keras.Model(glyph, layers.Dense(3, name="logits")(x), name="mobilenetv2")


def served(network: keras.Model, temperature: float = 1.0) -> keras.Model:
    """What is exported: glyph -> `probabilities` (N, 3) among 0, 1 and 2, calibrated, and `id_score` (N,).

    `id_score` is the logit of being one of the three: the log of the sum of the exponentials of the logits.
    """
    glyph = keras.Input((28, 28, 1), dtype="uint8", name="glyph")
    logits = network(glyph)
    outputs = {"probabilities": ops.softmax(logits / temperature), "id_score": ops.logsumexp(logits, axis=-1)}
    return keras.Model(glyph, outputs)
