"""The teacher of airbench's second stage: MobileNetV2 from ImageNet's weights, on enlarged pictures."""

import json
import sys

import keras
import numpy as np
from keras import layers

from demos.cifar10.training import data
from demos.shared.training import checkpoint, imagenet, recipe, schedule

DATASETS = (("cifar10", "train"),)
PRETRAINED = (imagenet.MOBILENETV2,)

EPOCHS = 3  # more gain nothing on held-out pictures
BATCH = 64
RATE = 5e-4  # of Adam; higher ones destroy what ImageNet's weights know
WARM = 0.1  # share of the steps over which the rate rises
SMOOTHING = 0.05  # of the labels
SIDE = 128  # pixels to which pictures are enlarged: ImageNet's features need more than 32
MOMENTUM = 0.97  # of normalisation; at Keras' 0.999 its statistics would still be ImageNet's after so few steps


def train(run: recipe.Run) -> None:
    """Train cifar10/teacher, and keep its soft targets for airbench."""
    pictures, _ = data.load_pictures()
    _, account = soft_targets(run, pictures)
    print(account)


def soft_targets(run: recipe.Run, pictures: dict) -> tuple[np.ndarray, dict]:
    """The teacher's probabilities for the training pictures, float32 (N, 10), and how it was trained.

    They are kept for the next time; the teacher is trained first where there are none.
    """
    teacher = run.for_network("cifar10/teacher", sys.modules[__name__])
    key = checkpoint.digest(pictures, EPOCHS, BATCH, RATE, WARM, SMOOTHING, SIDE, MOMENTUM, run.count(EPOCHS))
    arrays = run.cached(f"soft_targets-{run.seed}", lambda: _predict(teacher, pictures), key)
    return arrays["probabilities"], json.loads(str(arrays["account"]))


def mobilenet() -> keras.Model:
    """MobileNetV2 (arXiv:1801.04381) with a new head: uint8 (N, 32, 32, 3) -> logits, float (N, 10)."""
    body = keras.applications.MobileNetV2((SIDE, SIDE, 3), include_top=False, weights=None, pooling="avg")
    imagenet.fill_mobilenetv2(body)
    for layer in body.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = MOMENTUM
    picture = keras.Input((32, 32, 3), dtype="uint8", name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1)(picture)
    x = layers.UpSampling2D(SIDE // 32, interpolation="bilinear")(x)
    return keras.Model(picture, layers.Dense(10, name="head")(body(x)), name="teacher")


def softmax(logits: np.ndarray) -> np.ndarray:
    """float (N, C) -> rows that sum to 1."""
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


def _predict(run: recipe.Run, pictures: dict) -> dict[str, np.ndarray]:
    """Train, and predict by the mean of the logits for the pictures and their mirror images."""
    print("The teacher is trained, fastest with KERAS_BACKEND=tensorflow: half an hour on two cores.", flush=True)
    network = mobilenet()
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING)
    network.compile(keras.optimizers.Adam(RATE), loss, jit_compile=False)
    labels, epochs = np.eye(10, dtype="float32")[pictures["labels"]], run.count(EPOCHS)
    for epoch in run.epochs(network, epochs, examples=len(labels), trained_on=pictures):
        rng, losses = run.rng(epoch), []
        recompressed = data.recompress(pictures, rng)
        for batch, share in recipe.batches(len(labels), BATCH, rng):
            network.optimizer.learning_rate = RATE * schedule.triangle((epoch + share) / epochs, WARM)
            x = data.augment(recompressed[batch], rng.random(BATCH) < 0.5, 32, rng)
            losses.append(float(network.train_on_batch(x, labels[batch])))
        run.note(loss=np.mean(losses))
    x = pictures["pictures"]
    logits = sum(network.predict(side, 250, verbose=0) for side in (x, x[:, :, ::-1])) / 2
    return {"probabilities": softmax(logits), "account": np.array(json.dumps(run.account))}
