"""What both recipes do with glyphs: the loss, an epoch, the curve from few digits, and what ships."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from demos.digits.training import data, networks
from demos.shared import metrics
from demos.shared.training import calibration, recipe, rounding

TRUE_POSITIVES = 0.993  # this share of held-out digits passes the threshold of "not a 0, 1 or 2"; 0.99 is promised
PLAIN = 0.25  # this share of the glyphs is learned as it is, the rest augmented
FEW = (10, 100, 1000)  # training digits for the curve that shows what transfer buys
FEW_STEPS, FEW_BATCH, FEW_SEEDS = 400, 32, 2


def open_set_loss(labels, logits):
    """Cross-entropy over the three logits and a fourth, always 0, which stands for "none of these"."""
    four = ops.pad(logits, [[0, 0], [0, 1]])
    return ops.mean(keras.losses.sparse_categorical_crossentropy(labels, four, from_logits=True))


def train_epoch(
    network: keras.Model, glyphs: dict, rng: np.random.Generator, batch: int, rates=None, tremble: float = 0.0
) -> float:
    """Train on every glyph once, augmented. Returns the mean loss.

    rates: the learning rate goes in a line from the first to the second; None leaves it. tremble: of `data.augment`.
    """
    losses = []
    for chosen, share in recipe.batches(len(glyphs["labels"]), batch, rng):
        if rates:
            network.optimizer.learning_rate = rates[0] + (rates[1] - rates[0]) * share
        x = augment_most(glyphs["glyphs"][chosen], rng, tremble)
        losses.append(float(network.train_on_batch(x, glyphs["labels"][chosen])))
    return float(np.mean(losses))


def augment_most(glyphs: np.ndarray, rng: np.random.Generator, tremble: float = 0.0) -> np.ndarray:
    """uint8 (N, 28, 28) -> (N, 28, 28, 1), most of them augmented."""
    is_plain = rng.random(len(glyphs)) < PLAIN
    return np.where(is_plain[:, None, None], glyphs, data.augment(glyphs, rng, tremble))[..., None]


def learning_curve(build: Callable[[], keras.Model], rate: float, sets: dict) -> dict[str, float]:
    """Test accuracy after training on so few digits as FEW says, the mean over seeds.

    build: returns the untrained network, compiled. rate: it falls from here in a line to nothing.
    """
    train, test = sets["train"], sets["test"]
    digits = np.flatnonzero(train["labels"] < data.OTHER)
    curve = {}
    for count in FEW:
        accuracies = []
        for seed in range(FEW_SEEDS):
            keras.utils.set_random_seed(seed)
            rng = np.random.default_rng(seed)
            few = np.resize(rng.permutation(digits)[:count], FEW_STEPS * FEW_BATCH)  # over and over
            network = build()
            train_epoch(network, {key: value[few] for key, value in train.items()}, rng, FEW_BATCH, (rate, 0))
            logits = network.predict(test["glyphs"][..., None], 256, verbose=0)
            accuracies.append(metrics.accuracy(logits, test["labels"]))
        curve[f"accuracy_{count}_images"] = round(float(np.mean(accuracies)), 4)
        print(curve, flush=True)
    return curve


def finish(run: recipe.Run, trained: keras.Model, network: keras.Model, sets: dict, measure: Callable) -> None:
    """Calibrate and export.

    network: untrained, without the loss of the trained one. measure: returns the figures that the recipe reports.
    """
    network.set_weights(trained.get_weights())
    x, labels = sets["held_out"]["glyphs"][..., None], sets["held_out"]["labels"]
    held_out = calibration.held_out_metrics(network.predict(x, 256, verbose=0), labels)  # as trained
    rounding.round_to_half(network)
    temperature = calibration.temperature(network.predict(x, 256, verbose=0), labels)
    served = networks.served(network, temperature)
    outputs = served.predict(x, 256, verbose=0)
    run.finish(
        served,
        dataset="ylecun/mnist",
        held_out=held_out,
        thresholds={"id_score": float(np.quantile(outputs["id_score"], 1 - TRUE_POSITIVES))},
        metrics=measure,
        parameters=network.count_params(),
    )
