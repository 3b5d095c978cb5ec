"""What both encoders are made of: means and deviations of EfficientNet-Lite0's feature maps, and a projection.

Pictures are uint8 (N, SIDE, SIDE, 3), RGB; statistics float32 (N, 2 * channels of the layers).
"""

import keras
import numpy as np
from keras import layers, ops

from demos.shared.training import efficientnet, imagenet
from demos.style.encoders import ENCODERS
from demos.style.training.losses import moments

SIDE = ENCODERS["encoder"].side
# The last layers of the blocks whose maps are described; strides 4, 8, 16, 16 and 32.
LAYERS = ("blocks_2__add", "blocks_4__add", "blocks_7__add", "blocks_10__add", "blocks_14__add")


def body(depth: int = len(LAYERS)) -> keras.Model:
    """Picture -> the statistics of the first `depth` of LAYERS, with ImageNet's weights. Raises imagenet.Absent."""
    whole = efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, SIDE, has_head=False)
    maps = keras.Model(whole.input, [whole.get_layer(name).output for name in LAYERS[:depth]], name="trunk")
    picture = keras.Input((SIDE, SIDE, 3), dtype="uint8", name="picture")
    described = [part for x in maps(layers.Rescaling(1 / 128, offset=-127 / 128)(picture)) for part in moments(x)]
    return keras.Model(picture, ops.concatenate(described, axis=-1))


def encoder(projection: keras.Model, depth: int, name: str) -> keras.Model:
    """Picture -> `embedding`, rows of length 1. projection: statistics -> embedding."""
    described = body(depth)
    return keras.Model(described.input, {"embedding": projection(described.output)}, name=name)


def projection(kernel: np.ndarray, bias: np.ndarray) -> keras.Model:
    """Statistics (N, F) -> statistics @ kernel + bias, of length 1. kernel: float (F, D). bias: (D,)."""
    statistics = keras.Input(kernel.shape[:1])
    dense = layers.Dense(kernel.shape[1], name="projection")
    head = keras.Model(statistics, layers.UnitNormalization()(dense(statistics)), name="head")
    dense.set_weights([kernel, bias])
    return head
