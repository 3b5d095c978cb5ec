"""The two architectures as Keras models, and the form in which they are served.

Pictures are uint8 (N, SIDE, SIDE, 3), RGB; embeddings float32 (N, DIMENSIONS).
"""

import keras
from keras import layers, ops

from demos.shared.training import efficientnet, imagenet
from demos.vehicles.encoders import ENCODERS

DIMENSIONS = 128
SIDES = {name: encoder.side for name, encoder in ENCODERS.items()}


def embedding(identities: int, models: int) -> keras.Model:
    """EfficientNet-Lite0 from ImageNet's weights, and what a strong baseline adds (arXiv:1903.07071).

    Picture -> `embedding`, for triplets; `identity`, logits (N, identities), behind the batch-normalised neck; `model`,
    logits (N, models) of makes and models of cars, of the body alone. The last stride is 1.
    """
    side = SIDES["embedding"]
    picture = keras.Input((side, side, 3), dtype="uint8", name="picture")
    body = efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, side, last_stride=1)
    features = body(layers.Rescaling(1 / 128, offset=-127 / 128)(picture))
    pooled = generalized_mean(layers.Identity(name="features")(features))
    start = keras.initializers.Orthogonal(seed=0)  # it keeps the angles between ImageNet's features, nearly
    options = {"use_bias": False, "dtype": "float32"}
    projected = layers.Conv2D(DIMENSIONS, 1, kernel_initializer=start, name="projection", **options)(pooled)
    neck = layers.BatchNormalization(center=False, momentum=0.95, dtype="float32", name="neck")(projected)
    outputs = {
        "embedding": layers.Flatten(dtype="float32")(projected),
        "identity": layers.Dense(identities, **options)(layers.Flatten(dtype="float32")(neck)),
        "model": layers.Dense(models, dtype="float32")(layers.Flatten(dtype="float32")(pooled)),
    }
    return keras.Model(picture, outputs, name="embedding")


def generalized_mean(features, power: int = 3):
    """float (N, H, W, C), none below 0 -> float32 (N, 1, 1, C): between mean and maximum (arXiv:1711.02512)."""
    powers = ops.power(ops.cast(features, "float32"), power)
    return ops.power(ops.mean(powers, axis=(1, 2), keepdims=True) + 1e-6, 1 / power)


def served(network: keras.Model) -> keras.Model:
    """What is served of the trained `embedding`: picture -> `embedding`, rows of length 1, and `features` by place.

    features: float32 (N, 12, 12, DIMENSIONS); their sum over all places is the embedding. So the cosine similarity of
    two pictures is the sum of the products of their features, over all pairs of places.
    """
    features = network.get_layer("features").output
    pooled = generalized_mean(features)
    # With x**3 / pooled**2 the mean over all places is the generalised mean; all that follows is linear.
    shares = features * ops.square(features / pooled)
    projection, neck = network.get_layer("projection"), network.get_layer("neck")
    row = neck(projection(pooled))
    length = ops.sqrt(ops.sum(ops.square(row), axis=-1, keepdims=True) + 1e-12)
    outputs = {
        "embedding": ops.reshape(row / length, (-1, DIMENSIONS)),
        "features": neck(projection(shares)) / (length * features.shape[1] * features.shape[2]),
    }
    return keras.Model(network.input, outputs, name="embedding")


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
