"""ImageNet's weights as a start: from files in the folder $LOUPE_PRETRAINED, else downloaded by Keras."""

import os
import re
from pathlib import Path

import keras
import numpy as np

MOBILENETV2 = "mobilenet_v2_1.0_224_imagenet.npz"
INCEPTIONV3 = "inception_v3_to_mixed8_imagenet.npz"


def fill_mobilenetv2(body: keras.Model) -> None:
    """Fill a `keras.applications.MobileNetV2(include_top=False, weights=None)` of width 1 and any size.

    The file has an array for each `layer/variable`. FileNotFoundError where LOUPE_PRETRAINED lacks it.
    """
    folder = os.environ.get("LOUPE_PRETRAINED")
    if not folder:
        original = keras.applications.MobileNetV2(include_top=False, weights="imagenet")
        body.set_weights(original.get_weights())
        return
    with np.load(Path(folder, MOBILENETV2)) as arrays:
        for layer in body.layers:
            # A depthwise kernel is called so in Keras, and kernel in the file.
            names = [variable.name.replace("depthwise_kernel", "kernel") for variable in layer.weights]
            layer.set_weights([arrays[f"{layer.name}/{name}"].astype("float32") for name in names])


def inceptionv3(side: int) -> keras.Model:
    """InceptionV3 (arXiv:1512.00567) as far as `mixed8`, its mean over all places: RGB / 127.5 - 1 -> float (N, 1280).

    The file has normalisation folded into the convolutions. FileNotFoundError where LOUPE_PRETRAINED lacks it.
    """
    folder = os.environ.get("LOUPE_PRETRAINED")
    options = {"include_top": False, "input_shape": (side, side, 3)}
    whole = keras.applications.InceptionV3(weights=None if folder else "imagenet", **options)
    if folder:
        _fill_inceptionv3(whole, Path(folder, INCEPTIONV3))
    features = keras.layers.GlobalAveragePooling2D()(whole.get_layer("mixed8").output)
    return keras.Model(whole.input, features, name="inceptionv3")


def _fill_inceptionv3(whole: keras.Model, file: Path) -> None:
    def ordered(kind):
        found = [layer for layer in whole.layers if isinstance(layer, kind)]
        return sorted(found, key=lambda layer: int((re.findall(r"_(\d+)$", layer.name) or [0])[0]))

    pairs = zip(ordered(keras.layers.Conv2D), ordered(keras.layers.BatchNormalization), strict=True)
    with np.load(file) as arrays:
        for number, (convolution, normalization) in enumerate(pairs):
            key = f"conv2d_{number}" if number else "conv2d"
            if f"{key}/kernel" not in arrays:  # what lies above mixed8
                break
            convolution.set_weights([arrays[f"{key}/kernel"].astype("float32")])
            bias = arrays[f"{key}/bias"].astype("float32")
            zeros = np.zeros_like(bias)
            # The rest of the normalisation becomes the identity.
            normalization.set_weights([bias, zeros, np.full_like(bias, 1 - normalization.epsilon)])
