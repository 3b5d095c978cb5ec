"""The architectures as Keras models. Pictures are uint8 (N, side, side, 3), RGB."""

import keras
from keras import layers

from demos.clothing.data import TRAINED_KINDS
from demos.clothing.predict import CLASSES
from demos.shared.training import efficientnet, imagenet

LABELS = (*CLASSES, *TRAINED_KINDS, "nothing")  # of the logits: the ten, kinds that are none of them, no garment


def body(side: int | None, frozen: int = 0) -> keras.Model:
    """EfficientNet-Lite0 with ImageNet's weights: uint8 (N, side, side, 3) -> features, float (N, h, w, 1280).

    side: None for pictures of any size.
    frozen: so many of its first blocks, and what is before them, do not train.
    """
    picture = keras.Input((side, side, 3), dtype="uint8", name="picture")
    lite = efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, side)
    for layer in lite.layers:
        first, _, rest = layer.name.partition("_")
        is_block = first == "blocks"
        if layer.name in ("conv_stem", "bn0") or (is_block and int(rest.split("_")[0]) < frozen):
            layer.trainable = False
    return keras.Model(picture, lite(layers.Rescaling(1 / 128, offset=-127 / 128)(picture)), name="body")


def classifier(side: int | None, frozen: int = 0) -> keras.Model:
    """The body, the mean over all places, and one dense layer: picture -> logits, float (N, len(LABELS))."""
    network = body(side, frozen)
    x = layers.GlobalAveragePooling2D(name="pool")(layers.Identity(name="features")(network.output))
    x = layers.Dense(len(LABELS), name="head")(layers.Dropout(0.2)(x))
    return keras.Model(network.input, x, name="efficientnet")
