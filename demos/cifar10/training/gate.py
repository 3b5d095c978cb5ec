"""The gate: EfficientNet-Lite0 with ImageNet's weights, and two heads: one names the ten things, one knows all else.

A head starts as ImageNet's own, with similar classes merged, and learns to answer as that does. Then it learns from
labels. Both stages see features of the frozen body, and both results are averaged: that keeps what ImageNet's head
knows of things that no photograph here shows. The shares of the two heads differ.
"""

import keras
import numpy as np

from demos.cifar10.gate import SIDE
from demos.cifar10.training import kinds, networks, photographs
from demos.shared import metrics
from demos.shared.training import calibration, checkpoint, imagenet, recipe, rounding, schedule

DATASETS = photographs.DATASETS
PRETRAINED = (imagenet.EFFICIENTNET_LITE0,)

UNITS = (2, 11, 20, 8, 3, 20, 3, 1, 11, 6, 90)  # of the head, for each of the ten things and for all else
DISTILLATION_EPOCHS, EPOCHS = 10, 6
STEPS = 50  # an epoch
BATCH = 256
RATE = 1e-3  # of Adam; it falls along a cosine to nothing
DROPOUT = 0.2  # of the features
SMOOTHING = 0.05  # of the labels
OTHERS = 0.5  # share of a batch that shows none of the ten
# Of the second stage in the average of the weights, chosen on held-out pictures. The larger share tells the ten from
# each other better, the smaller one tells them from all else better.
SHARES = {"naming": 0.85, "knowing": 0.5}
FALSE_POSITIVES = 0.08  # this share of held-out photographs of other categories passes the threshold
PHOTOGRAPHS = ("photo", "vehicles", "cars")  # held-out groups of natural size


def train(run: recipe.Run) -> None:
    """Train, calibrate and export cifar10/gate."""
    groups = list(photographs.load())
    body = rounding.round_to_half(networks.gate_body())
    key = checkpoint.digest(SIDE, [(group.name, group.pictures) for group in groups])
    features = run.cached("gate-features", lambda: extract(body, groups), key)

    kernel, bias = imagenet.read_efficientnet_head(imagenet.EFFICIENTNET_LITE0)
    x, labels, probabilities = balance(groups, features)
    *start, owners = kinds.merge(kernel, bias, UNITS)
    distilled = optimize(run, (*start, owners), x, sum_groups(x @ kernel + bias), probabilities, DISTILLATION_EPOCHS)
    smooth = (1 - SMOOTHING) * np.eye(11, dtype="float32")[labels] + SMOOTHING / 11
    trained = optimize(run, (*distilled, owners), x, smooth, probabilities, EPOCHS, "labels")
    heads = []
    for name, share in SHARES.items():
        average = [share * second + (1 - share) * first for first, second in zip(distilled, trained, strict=True)]
        heads.append(rounding.round_to_half(networks.gate_head(*average, owners, name=name)))
    finish(run, body, *heads, groups, features)


def extract(body: keras.Model, groups: list[photographs.Group]) -> dict[str, np.ndarray]:
    """The features of each group by its name, float16 (N, 1280)."""
    features = {}
    for group in groups:
        print(f"Features of {len(group.labels):,} pictures: {group.name}", flush=True)
        features[group.name] = body.predict(group.prepare(), 32, verbose=0).astype("float16")
    return features


def sum_groups(logits: np.ndarray) -> np.ndarray:
    """Probabilities of the ten things and of all else, float32 (N, 11), of logits of ImageNet's classes (N, 1000)."""
    probabilities = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    return np.stack([probabilities[:, numbers].sum(1) for numbers in kinds.GROUPS], axis=1).astype("float32")


def optimize(
    run: recipe.Run, start: tuple, x: np.ndarray, targets: np.ndarray, probabilities: np.ndarray, epochs: int,
    stage: str = "distillation",
) -> list[np.ndarray]:  # fmt: skip
    """The head's kernel and bias after training from `start` (as `networks.gate_head` takes it).

    x: float (N, 1280). targets: float (N, 11), rows sum to 1. probabilities: float (N,), with which a batch has each.
    """
    head = networks.gate_head(*start, dropout=DROPOUT)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    head.compile(keras.optimizers.Adam(RATE), loss, jit_compile=False)
    epochs = run.count(epochs)
    options = {"examples": STEPS * BATCH, "trained_on": (start, x, targets), "stage": stage}
    for epoch in run.epochs(head, epochs, **options):
        rng, losses = run.rng(epoch), []
        for step in range(STEPS):
            head.optimizer.learning_rate = RATE * schedule.cosine((epoch + step / STEPS) / epochs)
            some = rng.choice(len(x), BATCH, p=probabilities)
            losses.append(float(head.train_on_batch(x[some], targets[some])))
        run.note(loss=np.mean(losses))
    return head.get_layer("units").get_weights()


def balance(groups: list[photographs.Group], features: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features and labels of the training pictures, and with which probability a batch has each.

    Each thing is as likely as any other, and in it each group that shows it.
    """
    parts = [(group, ~np.array(group.is_held_out)) for group in groups]
    x = np.concatenate([features[group.name][chosen] for group, chosen in parts]).astype("float32")
    labels = np.concatenate([group.numbers()[chosen] for group, chosen in parts])
    origins = np.repeat(np.arange(len(parts)), [chosen.sum() for _, chosen in parts])
    probabilities = np.zeros(len(labels))
    for label in np.unique(labels):
        share = OTHERS if label == 10 else (1 - OTHERS) / 10
        with_label = np.unique(origins[labels == label])
        for origin in with_label:
            is_of = (labels == label) & (origins == origin)
            probabilities[is_of] = share / len(with_label) / is_of.sum()
    return x, labels, probabilities / probabilities.sum()


def held_out(groups: list[photographs.Group], features: dict, names) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels of the held-out pictures of the named groups."""
    parts = [(group, np.array(group.is_held_out)) for group in groups if group.name in names]
    x = np.concatenate([features[group.name][chosen] for group, chosen in parts]).astype("float32")
    return x, np.concatenate([group.numbers()[chosen] for group, chosen in parts])


def id_score(logits: np.ndarray) -> np.ndarray:
    """The log-odds of the ten things, float (N,), of log-probabilities (N, 11)."""
    return np.logaddexp.reduce(logits[:, :10], axis=1) - logits[:, 10]


def finish(
    run: recipe.Run, body: keras.Model, naming: keras.Model, knowing: keras.Model,
    groups: list[photographs.Group], features: dict,
) -> None:  # fmt: skip
    """Measure and calibrate on held-out pictures, and export. naming, knowing: see `networks.served_gate`."""
    x, labels = held_out(groups, features, PHOTOGRAPHS)
    x, labels = x[labels < 10], labels[labels < 10]
    logits = naming.predict(x, 500, verbose=0)[:, :10]
    others = held_out(groups, features, ("objects",))[0]
    scores, other_scores = (id_score(knowing.predict(some, 500, verbose=0)) for some in (x, others))
    run.finish(
        networks.served_gate(body, naming, knowing, calibration.temperature(logits, labels)),
        dataset="Caltech-101, PACS, Stanford Cars, vehicles, clothing, MNIST, CIFAR-10; ImageNet's weights as a start",
        held_out={
            "accuracy": metrics.balanced_accuracy(logits, labels),
            "objects_auroc": metrics.auroc(scores, other_scores),
        },
        thresholds={"id_score": float(np.quantile(other_scores, 1 - FALSE_POSITIVES))},
        precision="int8",
        examples=np.concatenate([group.thin(8).prepare() for group in groups if group.name in PHOTOGRAPHS]),
    )
