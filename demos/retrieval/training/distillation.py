"""What both students of ImageNet's networks share: samples, targets, the start of the projection, the training."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from demos.retrieval.data import caltech
from demos.retrieval.training import data, networks, teachers, validation
from demos.shared.gallery.gallery import l2_normalize
from demos.shared.training import checkpoint, recipe, schedule


@dataclass(frozen=True, eq=False)
class Samples:
    """What a student learns from.

    squares: uint8 (N, side + margin, side + margin, 3) for each margin. targets: rows of length 1, float32
    (N, DIMENSIONS). categories: float32 (N, C), one hot for Caltech-101's pictures and 0 for all others.
    """

    side: int
    squares: list[np.ndarray]
    targets: np.ndarray
    categories: np.ndarray


def load_samples(run: recipe.Run, side: int, margins: tuple[int, ...], teacher_weights: dict[str, float]) -> Samples:
    """Pictures, and as targets the teachers' features on as many principal axes as the embedding has dimensions.

    Raises data.Absent, and RecipeError where there are fewer pictures than axes.
    """
    encoded, labels = caltech("train")
    encoded += data.various()
    recipe.require(len(encoded), networks.DIMENSIONS, "training pictures")
    categories = np.zeros((len(encoded), len(set(labels))), np.float32)
    categories[np.arange(len(labels)), np.unique(labels, return_inverse=True)[1]] = 1
    key = checkpoint.digest(encoded)
    features = [
        weight * center(run.cached(f"teacher-{name}", lambda name=name: teachers.features(name, encoded), key))
        for name, weight in teacher_weights.items()
    ]
    targets = project(np.concatenate(features, axis=1), networks.DIMENSIONS)
    return Samples(side, [data.crop_squares(encoded, side + margin) for margin in margins], targets, categories)


def freeze_normalization(network: keras.Model) -> None:
    """Keep ImageNet's statistics: those of few pictures would be worse."""
    freeze_layers(network.get_layer("trunk"))


def freeze_layers(trunk: keras.Model) -> None:
    """The same of the layers that stand in a model."""
    for layer in trunk.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False


def cosine_distance(targets, embeddings):
    """float (N, D) each, rows of length 1 -> 1 less their cosine, float (N,)."""
    return 1 - ops.sum(targets * embeddings, axis=-1)


def train(
    run: recipe.Run, student: keras.Model, network: keras.Model, samples: Samples, targets: dict, *, epochs, batch, rate
) -> None:
    """Train a compiled student on windows of the squares. network: the part of it whose embedding is validated."""
    count, epochs = len(samples.targets), run.count(epochs)
    trained_on = samples.squares[0], targets
    for epoch in run.epochs(student, epochs, examples=count, trained_on=trained_on):
        rng, losses = run.rng(epoch), []
        for chosen, share in recipe.batches(count, batch, rng):
            student.optimizer.learning_rate = rate * schedule.cosine((epoch + share) / epochs)
            squares = samples.squares[rng.integers(len(samples.squares))][chosen]
            x = data.mirror_half(data.cut_windows(squares, samples.side, rng), rng)
            y = {name: values[chosen] for name, values in targets.items()}
            losses.append(float(student.train_on_batch(x, y, return_dict=True)["loss"]))
        run.note(loss=np.mean(losses), **validation.measure(network))


def center(features: np.ndarray) -> np.ndarray:
    """float (N, D) without their mean, rows of length 1."""
    return l2_normalize(features - features.mean(0))


def project(features: np.ndarray, dimensions: int) -> np.ndarray:
    """float (N, D) on their first principal axes, the larger a little reduced: unit rows, float32 (N, dimensions)."""
    features = features - features.mean(0)
    _, scales, axes = np.linalg.svd(features, full_matrices=False)
    return l2_normalize(features @ axes[:dimensions].T / scales[:dimensions] ** 0.2)


def set_principal_axes(network: keras.Model, pictures: np.ndarray) -> None:
    """Set the projection to the principal axes of the features of pictures, less their mean."""
    pooled = _pool(network, pictures)
    mean = pooled.mean(0)
    _, scales, directions = np.linalg.svd(l2_normalize(pooled - mean), full_matrices=False)
    kernel = directions[: networks.DIMENSIONS].T / scales[: networks.DIMENSIONS] ** 0.1
    network.get_layer("projection").set_weights([kernel, -mean @ kernel])


def fit_projection(network: keras.Model, pictures: np.ndarray, targets: np.ndarray, ridge: float) -> None:
    """Set the projection to what brings the features nearest to the targets, by ridge regression."""
    network.get_layer("projection").set_weights(regress(_pool(network, pictures), targets, ridge))


def regress(pooled: np.ndarray, targets: np.ndarray, ridge: float) -> list[np.ndarray]:
    """Kernel and bias of the ridge regression from features, float (N, D), to targets, (N, T)."""
    mean = pooled.mean(0)
    x, shift = pooled - mean, targets.mean(0)
    penalty = ridge * np.trace(x.T @ x) / x.shape[1] * np.eye(x.shape[1])
    kernel = np.linalg.solve(x.T @ x + penalty, x.T @ (targets - shift))
    return [kernel, shift - mean @ kernel]


def _pool(network: keras.Model, pictures: np.ndarray) -> np.ndarray:
    return keras.Model(network.input, network.get_layer("pool").output).predict(pictures, 64, verbose=0)
