"""What the fast network is taught besides the labels: what a MobileNetV2 from ImageNet's weights says."""

import keras
import numpy as np
from keras import layers

from demos import imagenet

SIDE = 128  # pixels to which pictures are enlarged: ImageNet's features are made of more than 32


def mobilenet() -> keras.Model:
    """MobileNetV2 (arXiv:1801.04381) with a new head: uint8 (N, 32, 32, 3) -> logits, float (N, 10)."""
    body = keras.applications.MobileNetV2((SIDE, SIDE, 3), include_top=False, weights=None, pooling="avg")
    imagenet.fill_mobilenetv2(body)
    for layer in body.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.97  # as it comes, its statistics would still be ImageNet's after a short training
    picture = keras.Input((32, 32, 3), dtype="uint8", name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1)(picture)
    x = layers.UpSampling2D(SIDE // 32, interpolation="bilinear")(x)
    return keras.Model(picture, layers.Dense(10, name="head")(body(x)), name="teacher")


def said(network: keras.Model, pictures: np.ndarray) -> np.ndarray:
    """Probabilities, float32 (N, 10), by the mean of the logits for uint8 (N, 32, 32, 3) and their mirror images."""
    logits = sum(network.predict(side, 250, verbose=2) for side in (pictures, pictures[:, :, ::-1])) / 2
    return softmax(logits)


def softmax(logits: np.ndarray) -> np.ndarray:
    """float (N, C) -> rows that sum to 1."""
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
