"""ImageNet's weights as a start: from files in the folder $LOUPE_PRETRAINED, else downloaded by Keras."""

import os
from pathlib import Path

import keras
import numpy as np

MOBILENETV2 = "mobilenet_v2_1.0_224_imagenet.npz"


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
