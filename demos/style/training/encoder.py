"""Means and deviations of EfficientNet-Lite0's maps, projected so that pictures of one style lie together.

The body keeps ImageNet's weights. The projection starts as a whitening of all that varies within a style, and is
trained by supervised contrastive learning (arXiv:2004.11362) on statistics that are computed once.
"""

import keras
import numpy as np
from keras import ops

from demos.shared.training import imagenet, recipe, rounding, schedule
from demos.style import data
from demos.style.training import examples, painted, statistics, validation
from demos.style.training.examples import Examples

DATASETS = (data.PAINTINGS, data.PACS, painted.PHOTOGRAPHS_SET)
PRETRAINED = (imagenet.EFFICIENTNET_LITE0,)
DATASET = (
    "paintings (678), PACS (560), photographs painted in 41 looks (imagenette, 400); ImageNet's weights as a start"
)

DIMENSIONS = 64
SHRINKAGE = 1.0  # added to the variances within styles, in parts of their mean
CONTENT = 3.0  # weight of what varies with the thing that is shown, beside all that varies within a style
EPOCHS, STEPS = 3, 10
RATE = 1e-5  # of Adam; it falls along a cosine to nothing. With more it learns artists, not styles
TEMPERATURE = 0.2
STYLES, EACH = 8, 4  # in a batch: styles of each source, and pictures of each
CONTENTS = 8  # photographs in a batch, each in all looks in which it is painted


def train(run: recipe.Run) -> None:
    """Train, calibrate and export style/encoder."""
    training, held_out = examples.load(run)
    head = statistics.projection(*whiten(training))
    head.compile(keras.optimizers.Adam(RATE), contrastive_loss, jit_compile=False)
    arrays = [[part.statistics, part.styles, part.contents] for part in training]
    epochs = run.count(EPOCHS)
    for epoch in run.epochs(head, epochs, examples=STEPS * batch_size(training), trained_on=arrays):
        rng, losses = run.rng(epoch), []
        for step in range(STEPS):
            head.optimizer.learning_rate = RATE * schedule.cosine((epoch + step / STEPS) / epochs)
            losses.append(float(head.train_on_batch(*make_batch(training, rng), return_dict=True)["loss"]))
        run.note(loss=np.mean(losses), **validation.measure(head, held_out))
    # Not compiled: a saved file would name the loss.
    head = rounding.round_to_half(statistics.projection(*head.get_layer("projection").get_weights()))
    thresholds = validation.calibrate(head, held_out, training[-1])
    network = statistics.encoder(head, len(statistics.LAYERS), "encoder")
    figures = validation.measure(head, held_out)
    run.finish(network, dataset=DATASET, revision="as JPEG files", held_out=figures, thresholds=thresholds)


def whiten(training: list[Examples]) -> tuple[np.ndarray, np.ndarray]:
    """A projection to principal axes of statistics in which all varies alike within a style: kernel and bias.

    Within-class covariance normalisation (Hatch et al., 2006, Interspeech), with the covariance of the contents' means
    counted CONTENT times more.
    """
    rows = [part.statistics.reshape(-1, part.statistics.shape[-1]) for part in training]
    mean, deviation = np.concatenate(rows).mean(0), np.concatenate(rows).std(0) + 1e-3
    within, contents, scaled = [], [], []
    for part in training:
        views = len(part.statistics)
        z = (part.statistics.reshape(-1, len(mean)) - mean) / deviation
        styles = np.tile(part.styles, views)
        rest = z - averages(z, styles)
        within.append(rest)
        scaled.append(z)
        if (part.contents >= 0).all() and len(np.unique(part.contents)) < 20:
            contents.append(averages(rest, styles * 100 + np.tile(part.contents, views)))
    within, contents = np.concatenate(within), np.concatenate(contents)
    covariance = within.T @ within / len(within) + CONTENT * contents.T @ contents / len(contents)
    variances, axes = np.linalg.eigh(covariance)
    whitening = axes / np.sqrt(variances.clip(0) + SHRINKAGE * variances.mean())
    white = np.concatenate(scaled) @ whitening
    white /= np.linalg.norm(white, axis=1, keepdims=True)
    _, principal = np.linalg.eigh(np.cov(white.T))
    kernel = whitening @ principal[:, ::-1][:, :DIMENSIONS] / deviation[:, None]
    return kernel, -mean @ kernel


def averages(rows: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """float (N, D) -> for each row the mean of its group, int (N,)."""
    _, groups = np.unique(groups, return_inverse=True)
    sums = np.zeros((groups.max() + 1, rows.shape[1]))
    np.add.at(sums, groups, rows)
    return (sums / np.bincount(groups)[:, None])[groups]


def contrastive_loss(labels, embeddings):
    """Supervised contrastive loss, float (N,). labels: int (N,), of styles. embeddings: (N, D), of length 1."""
    labels, count = ops.reshape(labels, (-1, 1)), ops.shape(embeddings)[0]
    others = 1 - ops.eye(count)
    positives = ops.cast(ops.equal(labels, ops.transpose(labels)), "float32") * others
    logits = ops.matmul(embeddings, ops.transpose(embeddings)) / TEMPERATURE - 1e9 * (1 - others)
    logarithms = logits - ops.logsumexp(logits, axis=1, keepdims=True)
    return -ops.sum(logarithms * positives, axis=1) / ops.maximum(ops.sum(positives, axis=1), 1)


def make_batch(training: list[Examples], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Statistics, float32 (N, F), and the number of the style of each, int (N,): two views of every picture.

    Of every source some pictures of some styles; of photographs that are painted also all their looks, the same
    content in several styles.
    """
    rows, labels, first = [], [], 0
    for part in training:
        chosen = np.concatenate([draw(part.styles == style, EACH, rng) for style in pick(part.styles, STYLES, rng)])
        if part is training[-1]:
            wanted = np.isin(part.contents, pick(part.contents, CONTENTS, rng))
            chosen = np.concatenate([chosen, np.flatnonzero(wanted)])
        for views in rng.integers(len(part.statistics), size=(2, len(chosen))):
            rows.append(part.statistics[views, chosen])
            labels.append(first + part.styles[chosen])
        first += part.styles.max() + 1
    return np.concatenate(rows), np.concatenate(labels)


def pick(groups: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """So many of the groups that occur, fewer where there are no more."""
    groups = np.unique(groups)
    return rng.choice(groups, min(count, len(groups)), replace=False)


def draw(is_eligible: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """So many positions of a mask, some of them twice where there are fewer."""
    return np.resize(rng.permutation(np.flatnonzero(is_eligible)), count)


def batch_size(training: list[Examples]) -> int:
    """How many examples a batch has, about."""
    return len(make_batch(training, np.random.default_rng(0))[0])
