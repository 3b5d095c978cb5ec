"""The two architectures as Keras models, and the form in which they are served.

Pictures are uint8 (N, SIDE, SIDE, 3), RGB; embeddings float32 (N, DIMENSIONS).
"""

import keras
from keras import layers, ops

from demos.shared.training import efficientnet, imagenet

DIMENSIONS = 128
SIDES = {"embedding": 192, "baseline": 64}


def embedding(identities: int, models: int) -> keras.Model:
    """EfficientNet-Lite0 from ImageNet's weights, and what a strong baseline adds (arXiv:1903.07071).

    Picture -> `embedding`, for triplets; `identity`, logits (N, identities), behind the batch-normalised neck; `model`,
    logits (N, models) of makes and models of cars, of the body alone. The last stride is 1.
    """
    side = SIDES["embedding"]
    picture = keras.Input((side, side, 3), dtype="uint8", name="picture")
    body = efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, side, last_stride=1)
    features = body(layers.Rescaling(1 / 128, offset=-127 / 128)(picture))
    start = keras.initializers.Orthogonal(seed=0)  # it keeps the angles between ImageNet's features, nearly
    places = layers.Conv2D(DIMENSIONS, 1, use_bias=False, kernel_initializer=start, name="projection")(features)
    pooled = layers.GlobalAveragePooling2D(keepdims=True, dtype="float32")(places)
    neck = layers.BatchNormalization(center=False, momentum=0.95, dtype="float32", name="neck")(pooled)
    outputs = {
        "embedding": layers.Flatten(dtype="float32")(pooled),
        "identity": layers.Dense(identities, use_bias=False, dtype="float32")(layers.Flatten(dtype="float32")(neck)),
        "model": layers.Dense(models, dtype="float32")(layers.GlobalAveragePooling2D(dtype="float32")(features)),
    }
    return keras.Model(picture, outputs, name="embedding")


def served(network: keras.Model) -> keras.Model:
    """What is served of the trained `embedding`: picture -> `embedding`, rows of length 1, and `features` by place.

    features: float32 (N, 12, 12, DIMENSIONS); their mean over all places is the embedding. So the cosine similarity of
    two pictures is the mean of the products of their features, over all pairs of places.
    """
    places = network.get_layer("neck")(network.get_layer("projection").output)
    mean = ops.mean(places, axis=(1, 2), keepdims=True)
    length = ops.sqrt(ops.sum(ops.square(mean), axis=-1, keepdims=True) + 1e-12)
    rows = ops.reshape(mean / length, (-1, DIMENSIONS))
    return keras.Model(network.input, {"embedding": rows, "features": places / length}, name="embedding")


def baseline() -> keras.Model:
    """The network of the student project: convolutions and poolings, then dense layers to the embedding."""
    side = SIDES["baseline"]
    picture = keras.Input((side, side, 3), dtype="uint8", name="picture")
    x = layers.Rescaling(1 / 255)(picture)
    for channels in (32, 64, 128):
        x = layers.Conv2D(channels, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Dense(256, activation="relu")(layers.Flatten()(x))
    x = layers.Dense(DIMENSIONS)(x)
    return keras.Model(picture, {"embedding": layers.UnitNormalization()(x)}, name="baseline")
