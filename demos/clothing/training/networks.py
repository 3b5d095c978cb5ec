"""The architectures as Keras models, and the form in which they are served.

Pictures are uint8 (N, side, side, 3), RGB.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from demos.clothing.data import TRAINED_KINDS
from demos.clothing.predict import CLASSES, LABELS, SIDES
from demos.shared.training import efficientnet, imagenet

TARGETS = (*CLASSES, *TRAINED_KINDS, "nothing")  # of the logits: the ten, kinds that are none of them, no garment
FEATURES, HIDDEN = 1280, 24  # of the body at each place; of the baseline's first dense layer


def body(side: int | None, frozen: int = 0) -> keras.Model:
    """EfficientNet-Lite0 with ImageNet's weights: uint8 (N, side, side, 3) -> features, float (N, h, w, FEATURES).

    side: None for pictures of any size. frozen: so many of its first blocks, and what is before them, do not train.
    """
    picture = keras.Input((side, side, 3), dtype="uint8", name="picture")
    lite = efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, side)
    for layer in lite.layers:
        first, _, rest = layer.name.partition("_")
        is_frozen_block = first == "blocks" and int(rest.split("_")[0]) < frozen
        if is_frozen_block or (frozen and layer.name in ("conv_stem", "bn0")):
            layer.trainable = False
    return keras.Model(picture, lite(layers.Rescaling(1 / 128, offset=-127 / 128)(picture)), name="body")


def classifier(side: int | None, frozen: int = 0) -> keras.Model:
    """The body, the mean over all places, and one dense layer: picture -> logits, float (N, len(TARGETS))."""
    network = body(side, frozen)
    x = layers.GlobalAveragePooling2D(name="pool")(layers.Identity(name="features")(network.output))
    x = layers.Dense(len(TARGETS), name="head")(layers.Dropout(0.2)(x))
    return keras.Model(network.input, x, name="efficientnet")


def parts(network: keras.Model) -> keras.Model:
    """The trained classifier: picture -> `evidence` by place, of each of TARGETS, and `pooled` features (N, FEATURES).

    The mean of the evidence over all places is the logits.
    """
    features = network.get_layer("features").output
    outputs = {"evidence": network.get_layer("head")(features), "pooled": network.get_layer("pool").output}
    return keras.Model(network.input, outputs)


@dataclass(frozen=True)
class IdScore:
    """The in-distribution score: known * a - others * b - distance * d + offset.

    a is the free energy of the ten classes' logits with its sign turned (arXiv:2010.03759), b that of all other
    targets. d is half the squared Mahalanobis distance to the nearest of the ten (arXiv:1807.03888), among features
    that `directions` (FEATURES, D) and `center` (D,) whiten; `means` (10, D) are the classes'.
    """

    known: float
    others: float
    distance: float
    offset: float
    directions: np.ndarray
    center: np.ndarray
    means: np.ndarray


def served(network: keras.Model, temperature: float, score: IdScore) -> keras.Model:
    """What is exported of the classifier, and of its score.

    Picture -> `probabilities` (N, 10), `id_score` (N,), `class_activation_map` (N, h, w, 10), and `embedding` (N, D),
    the whitened features as rows of length 1.
    """
    outputs, known = parts(network), len(CLASSES)
    evidence, pooled = outputs.output["evidence"], outputs.output["pooled"]
    logits = ops.mean(evidence, axis=(1, 2))
    whiten, similar = layers.Dense(len(score.center), name="whitened"), layers.Dense(known, name="classes")
    white = whiten(pooled)
    similarity = similar(white)
    whiten.set_weights([score.directions, -score.center])
    similar.set_weights([score.means.T, -(score.means**2).sum(1) / 2])
    nearness = ops.max(similarity, axis=-1) - ops.sum(white * white, axis=-1) / 2
    energies = (ops.logsumexp(one, axis=-1) for one in (logits[:, :known], logits[:, known:]))
    terms = zip((score.known, -score.others, score.distance), (*energies, nearness), strict=True)
    return keras.Model(
        network.input,
        {
            "probabilities": ops.softmax(logits[:, :known] / temperature),
            "id_score": sum(weight * term for weight, term in terms) + score.offset,
            "class_activation_map": evidence[..., :known],
            "embedding": white / ops.sqrt(ops.sum(white * white, axis=-1, keepdims=True) + 1e-12),
        },
        name="efficientnet",
    )


def baseline_head() -> keras.Model:
    """What the student project trains: features, float (N, places * FEATURES) -> probabilities of five categories."""
    places = (SIDES["baseline"] // 32) ** 2
    features = keras.Input((places * FEATURES,), name="features")
    x = layers.Dense(HIDDEN, activation="relu", name="hidden")(features)
    return keras.Model(features, layers.Softmax()(layers.Dense(len(LABELS["baseline"]), name="head")(x)))


def baseline(trained: keras.Model, temperature: float = 1.0) -> keras.Model:
    """The network of the student project, as it is served: frozen body, flatten, two dense layers.

    Picture -> `probabilities` (N, 5), `id_score` (N,), the logarithm of the largest of them (arXiv:1610.02136), and
    `class_activation_map` (N, h, w, 5). The dense layers are linear once it is known which hidden units are on, so the
    logits are a sum over all places, each with its share of the biases.
    """
    network = body(SIDES["baseline"])
    side, count = network.output.shape[1], len(LABELS["baseline"])
    places = side * side
    hidden = layers.EinsumDense("npc,pcu->npu", (places, HIDDEN), bias_axes="u", name="hidden")
    head = layers.EinsumDense("npu,uk->npk", (places, count), bias_axes="k", name="head")
    at_place = hidden(ops.reshape(network.output, (-1, places, FEATURES)))
    is_on = ops.cast(ops.sum(at_place, axis=1, keepdims=True) > 0, "float32")
    evidence = head(at_place * is_on)
    logits = ops.sum(evidence, axis=1)
    for layer, shape in ((hidden, (places, FEATURES, HIDDEN)), (head, (HIDDEN, count))):
        kernel, bias = trained.get_layer(layer.name).get_weights()
        layer.set_weights([kernel.reshape(shape), bias / places])
    return keras.Model(
        network.input,
        {
            "probabilities": ops.softmax(logits / temperature),
            "id_score": ops.max(ops.log_softmax(logits / temperature), axis=-1),
            "class_activation_map": ops.reshape(evidence, (-1, side, side, count)),
        },
        name="baseline",
    )
