"""Large networks with ImageNet's weights, whose features others learn."""

import keras
import numpy as np

from demos.retrieval.training import data
from demos.shared.training import imagenet

SIDE = {"mobilenet": 192, "inception": 192}


def mobilenet() -> keras.Model:
    """MobileNetV2 as it comes, the mean of its features over all places: uint8 (N, 192, 192, 3) -> float (N, 1280)."""
    side = SIDE["mobilenet"]
    body = keras.applications.MobileNetV2((side, side, 3), include_top=False, weights=None)
    imagenet.fill_mobilenetv2(body)
    return _pictures(keras.Model(body.input, keras.layers.GlobalAveragePooling2D()(body.output)), side)


def inception() -> keras.Model:
    """InceptionV3 as far as `mixed8`: uint8 (N, 192, 192, 3) -> float (N, 1280)."""
    return _pictures(imagenet.inceptionv3(SIDE["inception"]), SIDE["inception"])


def _pictures(network: keras.Model, side: int) -> keras.Model:
    picture = keras.Input((side, side, 3), dtype="uint8")
    return keras.Model(picture, network(keras.layers.Rescaling(1 / 127.5, offset=-1)(picture)))


def features(name: str, encoded: list[bytes]) -> np.ndarray:
    """The features of encoded pictures by one of SIDE's networks, float32 (N, 1280); takes minutes."""
    network = {"mobilenet": mobilenet, "inception": inception}[name]()
    return network.predict(data.crop_squares(encoded, SIDE[name]), 32, verbose=0)
