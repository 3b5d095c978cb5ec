"""Temperature, in-distribution score, threshold and confusion matrix of a trained network, on held-out senders."""

import itertools

import keras
import numpy as np

from demos.clothing import data
from demos.clothing.predict import CLASSES, SIDE, preprocess
from demos.clothing.training import networks
from demos.shared import images
from demos.shared.training import calibration, recipe, rounding
from demos.shared.training.ood import best_mixture, mahalanobis_parameters

DIMENSIONS = 128  # of the embedding, directions in which features of training pictures vary most
TRUE_POSITIVES = 0.9  # this share of held-out pictures passes the threshold of "not sure"
OTHERS, DISTANCES = (0, 0.5, 1, 2, 4), (0, 0.25, 0.5, 1, 2)  # weights beside the free energy's 1 that are tried
OBJECTS = 300  # pictures without a garment, of which the score is chosen
DATASET = "clothing photographs of 341 senders, split by sender; Caltech-101; ImageNet's weights as a start"


def finish(run: recipe.Run, network: keras.Model) -> None:
    """Calibrate and export clothing/efficientnet. network: `networks.classifier`, trained."""
    held_out = data.load("validation").of(CLASSES)
    numbers = held_out.numbers()
    figures = calibration.held_out_metrics(predict(network, held_out.encoded)["logits"], numbers)  # as trained
    rounding.round_to_half(network)
    outputs = predict(network, held_out.encoded)
    view = networks.served(network, calibration.temperature(outputs["logits"], numbers), id_score(network, outputs))
    # Without what only measures the in-distribution score.
    export(run, view, held_out, CLASSES, figures, parameters=network.count_params())


def export(
    run: recipe.Run, view: keras.Model, held_out: data.Pictures, names: tuple[str, ...], figures: dict, **more
) -> None:
    """Export a network in the form that is served, with threshold and confusion matrix on held-out pictures.

    names: its classes. figures: of the held-out pictures, as trained.
    """
    rounding.round_to_half(view)
    answers = view.predict(prepare(held_out.encoded, view.input.shape[1]), 32, verbose=0)
    confusion = np.zeros((len(names), len(names)), int)
    np.add.at(confusion, (held_out.numbers(names), answers["probabilities"].argmax(1)), 1)
    thresholds = {"id_score": float(np.quantile(answers["id_score"], 1 - TRUE_POSITIVES))}
    more |= {"held_out": figures, "thresholds": thresholds, "confusion_matrix": confusion.tolist()}
    run.finish(view, dataset=DATASET, precision="int8", **more)


def prepare(pictures: list[images.Source], side: int) -> np.ndarray:
    """Pictures as a network gets them: uint8 (N, side, side, 3)."""
    return np.stack([preprocess(images.open_quick(picture), side)[1] for picture in pictures])


def predict(network: keras.Model, pictures: list[images.Source]) -> dict[str, np.ndarray]:
    """`logits` of the ten classes (N, 10), `others`, those of all further targets, and `pooled` features (N, D)."""
    outputs = networks.parts(network).predict(prepare(pictures, SIDE), 32, verbose=0)
    logits, known = outputs["evidence"].mean((1, 2)), len(CLASSES)
    return {"logits": logits[:, :known], "others": logits[:, known:], "pooled": outputs["pooled"]}


def id_score(network: keras.Model, held_out: dict[str, np.ndarray]) -> networks.IdScore:
    """The mixture that best tells held-out pictures from garments of other kinds and from other things."""
    train = data.load("train").of(CLASSES)
    directions, center, means = whiten(predict(network, train.encoded)["pooled"], train.numbers())

    def terms(outputs: dict) -> np.ndarray:
        distances = ((outputs["pooled"] @ directions - center)[:, None] - means) ** 2
        known, others = (np.logaddexp.reduce(outputs[key], axis=1) for key in ("logits", "others"))
        return np.stack([known, -others, -distances.sum(2).min(1) / 2])

    rng = np.random.default_rng(0)
    ood = [predict(network, choose(pictures, OBJECTS, rng)) for _, pictures in data.ood_sets("validation")]
    choices = [(1, *others) for others in itertools.product(OTHERS, DISTANCES)]
    best, offset = best_mixture(terms(held_out), list(map(terms, ood)), choices)
    return networks.IdScore(*map(float, best), offset, directions, center, means)


def choose(pictures: list, most: int, rng: np.random.Generator) -> list:
    """So many pictures at random, or all."""
    return [pictures[at] for at in rng.permutation(len(pictures))[:most]]


def whiten(features: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What whitens features, float (N, D), within the classes: directions (D, DIMENSIONS), and their mean.

    Third the means of the classes, whitened and centered, (C, DIMENSIONS). labels: int (N,).
    """
    centered = features - features.mean(0)
    axes = np.linalg.svd(centered, full_matrices=False)[2][:DIMENSIONS].T
    whitening, means = mahalanobis_parameters(centered @ axes, labels)
    directions = (axes @ whitening).astype("float32")
    return directions, features.mean(0) @ directions, means
