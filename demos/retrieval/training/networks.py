"""The five encoders as Keras models, and the decoder of the variational one.

Pictures are uint8 (N, SIDE, SIDE, 3), RGB; embeddings float32 (N, D), rows of length 1.
"""

import keras
from keras import layers, ops

from demos.retrieval.encoders import ENCODERS
from demos.shared.training import efficientnet as lite
from demos.shared.training import imagenet

DIMENSIONS = 256
LATENT = 128
SIDES = {name: encoder.side for name, encoder in ENCODERS.items()}


def efficientnet() -> keras.Model:
    """EfficientNet-Lite2 (arXiv:1905.11946) from ImageNet's weights, generalised-mean pooling, a linear projection."""
    body = lite.efficientnet_lite(imagenet.EFFICIENTNET_LITE2, SIDES["efficientnet"])
    return _projected(body, body.output, "efficientnet", layers.Rescaling(1 / 128, offset=-127 / 128))


def mobilenet() -> keras.Model:
    """MobileNetV2 (arXiv:1801.04381) from ImageNet's weights, generalised-mean pooling, and a linear projection."""
    body = keras.applications.MobileNetV2((SIDES["mobilenet"], SIDES["mobilenet"], 3), include_top=False, weights=None)
    imagenet.fill_mobilenetv2(body)
    return _projected(body, body.output, "mobilenet")


def inception() -> keras.Model:
    """The student of InceptionV3: MobileNetV2 from ImageNet's weights as far as its thirteenth block, widened."""
    side = SIDES["inception"]
    body = keras.applications.MobileNetV2((side, side, 3), include_top=False, weights=None)
    imagenet.fill_mobilenetv2(body)
    x = layers.Conv2D(640, 1, activation="relu", name="widen")(body.get_layer("block_13_project_BN").output)
    return _projected(body, x, "inception")


def _projected(body: keras.Model, features, name: str, scaled=None) -> keras.Model:
    picture = keras.Input(body.input_shape[1:], dtype="uint8", name="picture")
    trunk = keras.Model(body.input, features, name="trunk")
    x = trunk((scaled or layers.Rescaling(1 / 127.5, offset=-1))(picture))
    x = layers.Identity(name="pool")(pool(x))
    x = layers.Dense(DIMENSIONS, name="projection")(x)
    return keras.Model(picture, {"embedding": l2_normalize(x)}, name=name)


def pool(x):
    """float (N, H, W, C), none below 0 -> its generalised means over all places, rows of length 1 (N, C)."""
    return l2_normalize(generalized_mean(x))


def generalized_mean(x, power: float = 3.0):
    """float (N, H, W, C), none below 0 -> (N, C): between mean and maximum over all places (arXiv:1711.02512)."""
    return ops.power(ops.mean(ops.power(x, power), axis=(1, 2)) + 1e-6, 1 / power)


def l2_normalize(x):
    """float (N, D) -> rows of length 1."""
    return ops.divide(x, ops.sqrt(ops.sum(ops.square(x), axis=-1, keepdims=True) + 1e-12))


def autoencoder() -> keras.Model:
    """The student project's: three convolutions and max-poolings to 4x4x16, and their way back; 32 pixels square.

    The embedding is the encoder's output as it is, of length 1.
    """
    picture = keras.Input((32, 32, 3), dtype="uint8", name="picture")
    x = layers.Rescaling(1 / 255)(picture)
    for channels in (32, 64, 16):
        x = layers.Conv2D(channels, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    code = layers.Flatten(name="code")(x)
    for channels in (16, 64, 32):
        x = layers.Conv2D(channels, 3, padding="same", activation="relu")(x)
        x = _upsample(x)
    x = layers.Conv2D(3, 3, padding="same", activation="sigmoid", name="reconstruction")(x)
    return keras.Model(picture, {"embedding": l2_normalize(code), "reconstruction": x}, name="autoencoder")


def _upsample(x):
    """Twice the height and width; the shape is given again, as the exporter for PyTorch's backend wants it."""
    x = layers.UpSampling2D(2)(x)
    return layers.Reshape(x.shape[1:])(x)


def vae_encoder() -> keras.Model:
    """Picture, 64 pixels square -> `mean` and `log_variance` (N, LATENT) of the posterior (arXiv:1312.6114)."""
    picture = keras.Input((64, 64, 3), dtype="uint8", name="picture")
    x = layers.Rescaling(1 / 255)(picture)
    for channels in (32, 64, 128, 256):
        x = layers.Conv2D(channels, 4, strides=2, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    outputs = {"mean": layers.Dense(LATENT, name="mean")(x), "log_variance": layers.Dense(LATENT, name="variance")(x)}
    return keras.Model(picture, outputs, name="vae_encoder")


def vae_decoder() -> keras.Model:
    """`latent` float32 (N, LATENT) -> `reconstruction` float32 (N, 64, 64, 3), black 0 and white 1."""
    latent = keras.Input((LATENT,), name="latent")
    x = layers.Reshape((4, 4, 256))(layers.Dense(4096, activation="relu")(latent))
    for channels in (128, 64, 32, 32):
        x = layers.Conv2DTranspose(channels, 4, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(3, 3, padding="same", activation="sigmoid", name="reconstruction")(x)
    return keras.Model(latent, {"reconstruction": x}, name="decoder")


@keras.saving.register_keras_serializable("retrieval")
class Posterior(layers.Layer):
    """Mean and logarithm of the variance (N, D) -> a draw; its divergence from the prior is added to the loss."""

    def __init__(self, **options):
        super().__init__(**options)
        self.seeds = keras.random.SeedGenerator(0)

    def call(self, inputs, training=None):
        mean, log_variance = inputs
        divergence = ops.sum(ops.square(mean) + ops.exp(log_variance) - log_variance - 1, axis=-1) / 2
        self.add_loss(ops.mean(divergence))
        return mean + ops.exp(log_variance / 2) * keras.random.normal(ops.shape(mean), seed=self.seeds)


@keras.saving.register_keras_serializable("retrieval")
class Proxies(layers.Layer):
    """A direction for each of `count` categories: embedding (N, D) -> logits (N, count), cosines over `temperature`."""

    def __init__(self, count: int, temperature: float, **options):
        super().__init__(**options)
        self.count, self.temperature = count, temperature

    def build(self, shape):
        self.directions = self.add_weight(
            shape=(shape[-1], self.count), initializer="glorot_uniform", name="directions"
        )

    def call(self, embedding):
        return ops.matmul(embedding, ops.transpose(l2_normalize(ops.transpose(self.directions)))) / self.temperature


def vae(encoder: keras.Model) -> keras.Model:
    """What is served of the trained encoder: `embedding`, and `latent`, the mean, from which the decoder draws."""
    mean = encoder.output["mean"]
    return keras.Model(encoder.input, {"embedding": l2_normalize(mean), "latent": mean}, name="vae")
