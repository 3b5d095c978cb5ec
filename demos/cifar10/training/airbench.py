"""Jordan's speed run on CIFAR-10 (arXiv:2404.00498), longer, and then a second stage with soft targets.

First stage: whitening, Dirac start, alternating flips, translation, cutout, Muon. Second stage: from these weights, on
a mean of the labels, the first stage's own answers and a teacher's. The weights of both stages are averaged.
"""

import keras
import numpy as np

from demos.cifar10.training import calibration, data, networks, teacher
from demos.shared.training import backend, checkpoint, recipe, schedule
from demos.shared.training.muon import Muon

DATASETS = (("cifar10", "train"),)
PRETRAINED = teacher.PRETRAINED

EPOCHS = 48  # the original has 8; on recompressed pictures the network gains until about here
SMALL_EPOCHS = 32  # the first epochs see windows of 24 pixels, at half the cost
BATCH = 1000
WIDTH = 0.12  # of the steps of kernels
HEAD_RATE, SHIFT_RATE = 0.8, 52.0  # of the dense layer, and of the shifts of normalisation
MOMENTUM, MUON_STEPS = 0.6, 3  # of kernels, as the speed run has them
WARM = 0.1  # share of the steps over which the rates rise
WHITENING_PICTURES = 5000  # of the training pictures; their patches are more than the first layer needs
SMOOTHING = 0.1  # of the labels

SECOND_EPOCHS, SECOND_SMALL_EPOCHS = 18, 8
SECOND_RATE = 0.5  # times the rates of the first stage
SECOND_SMOOTHING = 0.05  # less: soft targets are smooth by themselves
LABEL_SHARE = 0.4  # of the targets; the first stage's answers and the teacher's share the rest equally
SECOND_SHARE = 0.3  # of the second stage in the average of the weights: chosen on held-out pictures

SHIFT = 1  # pixels between the two views that are served: chosen on held-out pictures


def train(run: recipe.Run) -> None:
    """Train, calibrate and export cifar10/airbench."""
    pictures, held_out = data.load_pictures()
    labels = np.eye(10, dtype="float32")[pictures["labels"]]

    network = build(1.0, SMOOTHING)
    networks.dirac(network)
    networks.whiten(network, choose_for_whitening(pictures))
    descend(run, network, pictures, labels, EPOCHS, SMALL_EPOCHS, stage="first")
    first = copy_as_served(network)

    probabilities, account = teacher.soft_targets(run, pictures)
    targets = soft_targets(first, pictures, probabilities)
    average = second_stage(run, first, pictures, targets, checkpoint.digest(probabilities))
    recompute_batch_norm(average, pictures)

    views = networks.test_time_augmentation(networks.airbench_parts(average), SHIFT)
    calibration.finish(run, average, views, pictures, held_out, teacher=account, precision="int8")


def choose_for_whitening(pictures: dict) -> np.ndarray:
    """Pictures whose patches set the first layer, uint8 (N, 32, 32, 3): as visitors' are, compressed, if any are."""
    is_compressed = ~pictures["lossless"]
    chosen = pictures["pictures"][is_compressed] if is_compressed.any() else pictures["pictures"]
    return chosen[:WHITENING_PICTURES]


def build(rate: float, smoothing: float) -> keras.Model:
    """The network, compiled. rate: a factor on all rates."""
    with backend.dtype_policy(backend.fastest_policy()):
        network = networks.airbench(backend.fastest_format())
    rates = {"/beta": rate * SHIFT_RATE, "": rate * HEAD_RATE}
    optimizer = Muon(width=rate * WIDTH, momentum=MOMENTUM, steps=MUON_STEPS, is_norm_kept=True, rates=rates)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)
    network.compile(optimizer, loss, jit_compile=False)
    return network


def descend(run: recipe.Run, network, pictures: dict, targets: np.ndarray, epochs: int, small_epochs: int, **options):
    """Train a compiled network on targets, float32 (N, 10), whose rows sum to 1. options: of `run.epochs`."""
    count, epochs = len(targets), run.count(epochs)
    options = {"trained_on": (pictures, targets), **options}
    is_flipped = np.random.default_rng(0).random(count) < 0.5  # every picture is mirrored in every second epoch
    for epoch in run.epochs(network, epochs, examples=count, **options):
        rng, losses = run.rng(epoch), []
        recompressed, size = data.recompress(pictures, rng), 24 if epoch < small_epochs else 32
        for batch, share in recipe.batches(count, BATCH, rng):
            network.optimizer.learning_rate = schedule.triangle((epoch + share) / epochs, WARM)
            x = data.augment(recompressed[batch], is_flipped[batch] ^ bool(epoch % 2), size, rng)
            losses.append(float(network.train_on_batch(data.cut_out(x, rng), targets[batch])))
        run.note(loss=np.mean(losses))


def copy_as_served(network: keras.Model) -> keras.Model:
    """The trained weights in float32 and with channels last."""
    same = networks.airbench()
    same.set_weights(network.get_weights())
    return same


def soft_targets(first: keras.Model, pictures: dict, teacher_probabilities: np.ndarray) -> np.ndarray:
    """The targets of the second stage, float32 (N, 10): labels, the first stage's probabilities, the teacher's."""
    views = networks.test_time_augmentation(networks.airbench_parts(first), SHIFT)
    first_stage = teacher.softmax(calibration.predict(views, pictures["pictures"])["logits"])
    labels = np.eye(10, dtype="float32")[pictures["labels"]]
    return LABEL_SHARE * labels + (1 - LABEL_SHARE) * (first_stage + teacher_probabilities) / 2


def second_stage(
    run: recipe.Run, first: keras.Model, pictures: dict, targets: np.ndarray, teacher_digest: str
) -> keras.Model:
    """Train on from the first stage, at lower rates. Returns the average of both (arXiv:2203.05482).

    teacher_digest: of the teacher's probabilities. The targets themselves differ by roundings from run to run.
    """
    network = build(SECOND_RATE, SECOND_SMOOTHING)
    network.set_weights(first.get_weights())
    options = {"stage": "second", "trained_on": (first.get_weights(), pictures, teacher_digest)}
    descend(run, network, pictures, targets, SECOND_EPOCHS, SECOND_SMALL_EPOCHS, **options)
    return average_weights(first, network)


def average_weights(first: keras.Model, second: keras.Model) -> keras.Model:
    """The average of two stages' weights, in the form that is served."""
    pairs = zip(first.get_weights(), second.get_weights(), strict=True)
    average = networks.airbench()
    average.set_weights([(1 - SECOND_SHARE) * one + SECOND_SHARE * other for one, other in pairs])
    return average


def recompute_batch_norm(network: keras.Model, pictures: dict, batches: int = 30, size: int = 1000) -> None:
    """Measure the statistics of normalisation anew, as the mean over batches of training pictures.

    Those of an average of two networks belong to neither.
    """
    rng = np.random.default_rng(0)
    layers = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for batch in range(batches):
        for layer in layers:
            layer.momentum = batch / (batch + 1)
        some = rng.integers(0, len(pictures["labels"]), size)
        x = data.augment(pictures["pictures"][some], rng.random(size) < 0.5, 32, rng)
        network(data.cut_out(x, rng), training=True)
