"""The network of the student project: EfficientNet with ImageNet's weights, frozen, and two dense layers on top."""

import keras
import numpy as np

from demos.clothing import data
from demos.clothing.predict import LABELS, SIDES
from demos.clothing.training import finishing, networks
from demos.shared.training import calibration, imagenet, recipe

DATASETS = (data.DATASET,)
PRETRAINED = (imagenet.EFFICIENTNET_LITE0,)

EPOCHS = 4  # the project's
BATCH = 4  # the project's
RATE = 1e-3  # of Adam, the project's


def train(run: recipe.Run) -> None:
    """Train, calibrate and export clothing/baseline."""
    names = LABELS["baseline"]
    pictures, held_out = (data.load(part).of(names) for part in ("train", "validation"))
    body, numbers = networks.body(SIDES["baseline"]), pictures.numbers(names)
    features, targets = compute_features(body, pictures), np.eye(len(names), dtype="float32")[numbers]

    head = networks.baseline_head()
    head.compile(keras.optimizers.Adam(RATE), "categorical_crossentropy", jit_compile=False)
    for epoch in run.epochs(head, run.count(EPOCHS), examples=len(numbers), trained_on=(pictures.encoded, numbers)):
        order = run.rng(epoch).permutation(len(numbers))
        history = head.fit(features[order], targets[order], BATCH, shuffle=False, verbose=0)
        run.note(loss=history.history["loss"][-1])

    # Logits up to a constant of each picture.
    logits = np.log(head.predict(compute_features(body, held_out), verbose=0) + 1e-9)
    temperature = calibration.temperature(logits, held_out.numbers(names))
    figures = calibration.held_out_metrics(logits, held_out.numbers(names))
    finishing.export(run, networks.baseline(head, temperature), held_out, names, figures)


def compute_features(body: keras.Model, pictures: data.Pictures) -> np.ndarray:
    """What the frozen body gives: float32 (N, places * channels)."""
    features = body.predict(finishing.prepare(pictures.encoded, SIDES["baseline"]), 32, verbose=0)
    return features.reshape(len(features), -1)
