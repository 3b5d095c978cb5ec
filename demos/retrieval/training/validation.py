"""Figures and thresholds on the categories that are held out, and what ships of an encoder."""

import math
from collections.abc import Mapping

import keras
import numpy as np

from demos.retrieval.data import caltech
from demos.retrieval.training import data
from demos.shared import metrics
from demos.shared.gallery import search
from demos.shared.training import calibration, recipe, rounding

MATCHES = 4  # as many as the page shows
SURE = 0.95  # from this probability of one kind on, a match stands for the query as well
# Relative to whose distances others count. Fewer draw small kinds together still more, and pull large ones apart.
NEIGHBOURS = 200


def finish(
    run: recipe.Run,
    network: keras.Model,
    dataset: str,
    precision: str = "float16",
    is_expanded: bool = False,
    **options,
) -> None:
    """Export an encoder, calibrated on the held-out categories. is_expanded: see `calibrate`; others: Run.finish."""
    held_out = measure(network)  # as trained
    rounding.ROUNDINGS[precision](network)
    options |= {"held_out": held_out, "thresholds": calibrate(*embed(network), is_expanded), "precision": precision}
    run.finish(network, dataset=dataset, revision=data.REVISION, **options)


def embed(network: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    """The embeddings of the held-out pictures, unit rows (N, D), and their categories (N,)."""
    encoded, labels = caltech("validation")
    squares = data.crop_squares(encoded, network.input_shape[1])
    return network.predict(squares, 64, verbose=0)["embedding"], np.array(labels)


def measure(network: keras.Model) -> dict[str, float]:
    """The figures on the held-out categories."""
    return {name: round(value, 4) for name, value in metrics.retrieval(*embed(network)).items()}


def calibrate(embeddings: np.ndarray, labels: np.ndarray, is_expanded: bool = False) -> dict[str, float]:
    """The thresholds of an encoder. embeddings: unit rows (N, D). labels: (N,).

    is_expanded: whether matches of SURE probability stand for the query as well, and the like for each picture of the
    gallery, and whether distances count relative to those of NEIGHBOURS, see `search.compare`.
    """
    half, slope = kind_probability(embeddings, labels, {})
    used = {}
    if is_expanded:
        used = {"expanded_from": round(half + math.log(SURE / (1 - SURE)) / slope, 4), "neighbours": NEIGHBOURS}
        half, slope = kind_probability(embeddings, labels, used)
    nearest = {"similarity": similarity_threshold(embeddings, labels, used)}
    return nearest | used | {"kind_similarity": round(half, 4), "kind_slope": round(slope, 3)}


def kind_probability(
    embeddings: np.ndarray, labels: np.ndarray, thresholds: Mapping[str, float]
) -> tuple[float, float]:
    """How similarity becomes the probability of one kind: where it is one half, and how steep it is there.

    A logistic regression (Platt, 1999) over the first MATCHES of each query among all other pictures, and once more
    among those of other categories. embeddings: unit rows (N, D). labels: (N,). thresholds: see `search.compare`.
    """
    from sklearn.linear_model import LogisticRegression

    x, y = [], []
    for query, label in enumerate(labels):
        for gallery in (np.arange(len(labels)) != query, labels != label):
            nearest, similarities = search.best(
                search.compare(embeddings[gallery], embeddings[query], thresholds), MATCHES
            )
            x.append(similarities)
            y.append(labels[gallery][nearest] == label)
    fitted = LogisticRegression(C=1e4).fit(np.concatenate(x)[:, None], np.concatenate(y))
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return -offset / slope, slope


def similarity_threshold(embeddings: np.ndarray, labels: np.ndarray, thresholds: Mapping[str, float]) -> float:
    """The similarity that best tells the nearest picture of the same category from that of another.

    Of both kinds of errors as few as can be. embeddings: unit rows (N, D). labels: (N,). thresholds: see
    `search.compare`.
    """
    same, other = [], []
    for query, label in enumerate(labels):
        gallery = np.arange(len(labels)) != query
        similarities = search.compare(embeddings[gallery], embeddings[query], thresholds)
        is_same = labels[gallery] == label
        same.append(similarities[is_same].max(initial=-1))
        other.append(similarities[~is_same].max(initial=-1))
    return calibration.similarity_threshold(np.array(same), np.array(other))
