"""The architectures as Keras models, and the form in which they are served.

Pictures are uint8 (N, H, W, 3), RGB, 32 pixels square where the recipe does not say otherwise.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from demos.cifar10.gate import CLASSES
from demos.cifar10.gate import SIDE as GATE_SIDE
from demos.shared.training import efficientnet, imagenet


def baseline() -> keras.Model:
    """The network of the student project: three convolutions and two dense layers, 122,570 parameters."""
    picture = keras.Input((32, 32, 3), dtype="uint8", name="picture")
    x = layers.Rescaling(1 / 255)(picture)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, activation="relu", name="features")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(64, activation="relu", name="hidden")(x)
    x = layers.Dense(10, name="head")(x)
    return keras.Model(picture, layers.Softmax()(x), name="baseline")


def baseline_parts(network: keras.Model) -> keras.Model:
    """The trained baseline: picture -> `logits` (N, 10), and `class_activation_map` (N, 4, 4, 10) by place.

    The two dense layers are linear once it is known which hidden units are on, so the logits are a sum over
    the places of the last convolution (up to the biases): gradient times activation, exactly.
    """
    hidden, head = network.get_layer("hidden"), network.get_layer("head")
    features = network.get_layer("features").output
    kernel = ops.reshape(hidden.kernel, (16, 64, 64))  # place, channel, hidden unit
    by_place = ops.einsum("npc,pcu->npu", ops.reshape(features, (-1, 16, 64)), kernel)
    is_on = ops.cast(ops.expand_dims(hidden.output, 1) > 0, "float32")
    # A tensor, since Keras saves no variable that stands in an operation by itself.
    evidence = ops.reshape(ops.matmul(by_place * is_on, ops.convert_to_tensor(head.kernel)), (-1, 4, 4, 10))
    parts = {"logits": head.output, "class_activation_map": evidence, "features": hidden.output}
    return keras.Model(network.input, parts)


WIDTHS = (64, 256, 256)
SCALE = 1 / 9  # of the logits: the dense layer then stands the rate that the convolutions need
WHITENED = 24  # 12 principal directions of a 2x2 patch and their negatives


def airbench(data_format: str = "channels_last") -> keras.Model:
    """The speed-run network of Jordan (arXiv:2404.00498), for any size from 24 pixels: picture -> logits.

    A frozen whitening layer, three groups of two convolutions, the maximum over all places, one dense layer.
    Unlike the original, the third group keeps its 7x7 places, so that one can see where it looked.
    data_format: of what lies between; weights fit either. PyTorch trains "channels_first" faster.
    """
    places, channels = {"data_format": data_format}, -1 if data_format == "channels_last" else 1
    picture = keras.Input((None, None, 3), dtype="uint8", name="picture")
    x = picture if channels == -1 else layers.Permute((3, 1, 2))(picture)
    x = layers.Rescaling(1 / 255)(x)
    x = gelu(layers.Conv2D(WHITENED, 2, trainable=False, name="whitening", **places)(x))
    for group, width in enumerate(WIDTHS):
        kernel = {"padding": "same", "use_bias": False, "kernel_initializer": "he_uniform", **places}
        x = layers.Conv2D(width, 3, **kernel)(x)
        if group < 2:
            x = layers.MaxPooling2D(2, **places)(x)
        x = gelu(Normalization(axis=channels, scale=False, momentum=0.9)(x))
        x = layers.Conv2D(width, 3, **kernel)(x)
        x = gelu(Normalization(axis=channels, scale=False, momentum=0.9)(x))
    x = layers.GlobalMaxPooling2D(name="pool", **places)(x)
    x = layers.Dense(10, use_bias=False, name="head")(x)
    return keras.Model(picture, layers.Rescaling(SCALE, dtype="float32")(x), name="airbench")


@keras.saving.register_keras_serializable("cifar10")
class Normalization(layers.BatchNormalization):
    """Batch normalisation that trains on PyTorch in one operation; what Keras composes it of takes longer."""

    def call(self, inputs, training=None, mask=None):
        if not training or keras.backend.backend() != "torch":
            return super().call(inputs, training=training, mask=mask)
        import torch

        mean, variance, beta = (v.value for v in (self.moving_mean, self.moving_variance, self.beta))
        first = inputs if self.axis == 1 else inputs.movedim(-1, 1)
        scale = torch.ones_like(beta)  # without one CUDA learns no shift
        normal = torch.nn.functional.batch_norm(
            first, mean, variance, scale, beta, True, 1 - self.momentum, self.epsilon
        )
        return normal if self.axis == 1 else normal.movedim(1, -1)


def airbench_parts(network: keras.Model) -> keras.Model:
    """The trained airbench network as its parts.

    Picture -> `logits` (N, 10), `class_activation_map` (N, 7, 7, 10), `features` (N, 256).

    The maximum of each channel stands at one place, so the logits are a sum over places.
    """
    features, head = network.get_layer("pool").input, network.get_layer("head")
    highest = ops.max(features, axis=(1, 2), keepdims=True)
    at_place = features * ops.cast(features >= highest, features.dtype)
    parts = {
        "logits": network.output,
        "class_activation_map": layers.Rescaling(SCALE)(head(at_place)),
        "features": ops.reshape(highest, (-1, WIDTHS[-1])),
    }
    return keras.Model(network.input, parts)


@dataclass(frozen=True)
class IdScore:
    """The in-distribution score: energy * logits' free energy + activity * features' sum - distance * d + offset.

    The free energy with its sign turned is that of Liu et al. (2020). d is half the squared Mahalanobis distance of
    the features (D,) to the nearest class (Lee et al., 2018): `whitening` (D, D) and `means` (10, D), these whitened.
    """

    energy: float = 1.0
    activity: float = 0.0
    distance: float = 0.0
    offset: float = 0.0
    whitening: np.ndarray | None = None
    means: np.ndarray | None = None

    def of(self, logits, features):
        """float (N, 10), (N, D) -> float (N,), as Keras layers and operations."""
        score = self.energy * ops.logsumexp(logits, axis=-1) + self.offset
        if self.activity:
            score = score + self.activity * ops.sum(features, axis=-1)
        if self.distance:
            white, classes = layers.Dense(self.whitening.shape[1], use_bias=False), layers.Dense(10)
            similarity = classes(white(features))
            white.set_weights([self.whitening])
            classes.set_weights([self.means.T, -(self.means**2).sum(1) / 2])
            score = score + self.distance * (ops.max(similarity, axis=-1) - ops.sum(white(features) ** 2, axis=-1) / 2)
        return score


def test_time_augmentation(parts: keras.Model, shift: int = 0) -> keras.Model:
    """uint8 (N, 32, 32, 3) -> `logits`, `features`, `class_activation_map`: means over picture and mirror image.

    shift: by so many pixels the picture is moved up and left, and its mirror image down and right. The less the two
    have in common, the more their mean is worth.
    """
    picture = keras.Input((32, 32, 3), dtype="uint8", name="picture")
    room = [[0, 0], [shift, shift], [shift, shift], [0, 0]]
    wide = ops.pad(picture, room, mode="reflect") if shift else picture
    plain = parts(wide[:, 2 * shift :, 2 * shift :])
    mirrored = parts(ops.flip(wide[:, :32, :32], axis=2))
    means = {key: (plain[key] + mirrored[key]) / 2 for key in ("logits", "features")}
    maps = plain["class_activation_map"], ops.flip(mirrored["class_activation_map"], axis=2)
    return keras.Model(picture, means | {"class_activation_map": (maps[0] + maps[1]) / 2})


def served(views: keras.Model, temperature: float = 1.0, id_score: IdScore | None = None) -> keras.Model:
    """What is exported: uint8 (N, 32, 32, 3) -> calibrated `probabilities`, `id_score`, `class_activation_map`."""
    picture = keras.Input((32, 32, 3), dtype="uint8", name="picture")
    outputs = views(picture)
    score = (id_score or IdScore()).of(outputs["logits"], outputs["features"])
    probabilities = ops.softmax(outputs["logits"] / temperature)
    maps = outputs["class_activation_map"]
    return keras.Model(picture, {"probabilities": probabilities, "id_score": score, "class_activation_map": maps})


def gate_body() -> keras.Model:
    """EfficientNet-Lite0 with ImageNet's weights: uint8 (N, GATE_SIDE, GATE_SIDE, 3) -> features, float (N, 1280)."""
    picture = keras.Input((GATE_SIDE, GATE_SIDE, 3), dtype="uint8", name="picture")
    body = efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, GATE_SIDE)
    body.trainable = False
    features = body(layers.Rescaling(1 / 128, offset=-127 / 128)(picture))
    return keras.Model(picture, layers.GlobalAveragePooling2D()(features), name="gate_body")


def gate_head(
    kernel: np.ndarray, bias: np.ndarray, groups: np.ndarray, dropout: float = 0.0, name: str = "gate_head"
) -> keras.Model:
    """Features (N, 1280) -> log-probabilities (N, 11) of the ten things and of all else.

    A dense layer, kernel (1280, U) and bias (U,), of which each unit belongs to one of the groups, int (U,) in 0..10:
    the probabilities of a group's units are summed.
    """
    features = keras.Input((len(kernel),), name="features")
    units = layers.Dense(len(bias), name="units")
    logits = units(layers.Dropout(dropout)(features))
    units.set_weights([kernel, bias])
    edges = np.searchsorted(groups, range(groups.max() + 2))
    sums = [ops.logsumexp(logits[:, start:end], axis=1) for start, end in zip(edges, edges[1:], strict=False)]
    return keras.Model(features, ops.log_softmax(ops.stack(sums, axis=1)), name=name)


def served_gate(body: keras.Model, naming: keras.Model, knowing: keras.Model, temperature: float = 1.0) -> keras.Model:
    """What is exported: picture -> calibrated `probabilities` (N, 10), `id_score` (N,), the log-odds of the ten.

    naming, knowing: heads as `gate_head` builds them. The first gives the probabilities, the second the score.
    """
    picture = keras.Input((GATE_SIDE, GATE_SIDE, 3), dtype="uint8", name="picture")
    features, known = body(picture), len(CLASSES)
    named, told = naming(features)[:, :known], knowing(features)
    id_score = ops.logsumexp(told[:, :known], axis=1) - told[:, known]
    return keras.Model(picture, {"probabilities": ops.softmax(named / temperature), "id_score": id_score})


def gelu(x):
    """The exact GELU: TensorFlow has it as one operation, where the approximation takes eight."""
    return ops.gelu(x, approximate=False)


def dirac(network: keras.Model) -> None:
    """Make each 3x3 convolution the identity on as many channels as go in, so that it starts by passing them on."""
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D) and layer.trainable:
            kernel = layer.get_weights()[0]
            channels = range(min(kernel.shape[2:]))
            kernel[..., channels] = 0
            kernel[1, 1, channels, channels] = 1
            layer.set_weights([kernel])


def whiten(network: keras.Model, pictures: np.ndarray) -> None:
    """Set the first layer to the principal directions of 2x2 patches, scaled to unit variance, and their negatives."""
    x = pictures.astype("float32") / 255
    patches = np.stack([x[:, i : 31 + i, j : 31 + j] for i in (0, 1) for j in (0, 1)], axis=3)
    patches = patches.reshape(-1, 12)  # row, column, channel: the order of a kernel
    patches = patches[:: max(1, len(patches) // 500_000)]
    mean = patches.mean(0)
    variance, directions = np.linalg.eigh(np.cov(patches.T))
    kernel = directions / np.sqrt(variance + 5e-4)
    kernel = np.concatenate([kernel, -kernel], axis=1)
    network.get_layer("whitening").set_weights([kernel.reshape(2, 2, 3, WHITENED), -mean @ kernel])
