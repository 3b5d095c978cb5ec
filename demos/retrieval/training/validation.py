"""Figures and thresholds on the categories that are held out, and what ships of an encoder."""

import keras
import numpy as np

from demos.retrieval.data import caltech
from demos.retrieval.training import data
from demos.shared import metrics
from demos.shared.training import calibration, recipe, rounding

MATCHES = 4  # as many as the page shows


def finish(run: recipe.Run, network: keras.Model, dataset: str, precision: str = "float16", **options) -> None:
    """Export an encoder, calibrated on the held-out categories. precision, options: see Run.finish."""
    held_out = measure(network)  # as trained
    rounding.ROUNDINGS[precision](network)
    options |= {"held_out": held_out, "thresholds": calibrate(*embed(network)), "precision": precision}
    run.finish(network, dataset=dataset, revision=data.REVISION, **options)


def embed(network: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    """The embeddings of the held-out pictures, unit rows (N, D), and their categories (N,)."""
    encoded, labels = caltech("validation")
    squares = data.crop_squares(encoded, network.input_shape[1])
    return network.predict(squares, 64, verbose=0)["embedding"], np.array(labels)


def measure(network: keras.Model) -> dict[str, float]:
    """The figures on the held-out categories."""
    return {name: round(value, 4) for name, value in metrics.retrieval(*embed(network)).items()}


def calibrate(embeddings: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """The thresholds of an encoder. embeddings: unit rows (N, D). labels: (N,)."""
    return {
        "similarity": similarity_threshold(embeddings, labels),
        **kind_probability(embeddings @ embeddings.T, labels),
    }


def kind_probability(similarities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """How similarity becomes the probability of one kind: see demos.retrieval.confidence.

    A logistic regression (Platt, 1999) over the first MATCHES of each query among all other pictures, and once more
    among those of other categories. similarities: float (N, N). labels: (N,).
    """
    from sklearn.linear_model import LogisticRegression

    is_same = labels[:, None] == labels
    hidden = np.eye(len(labels), dtype=bool), is_same
    x, y = [], []
    for ranked in (np.where(one, -1, similarities) for one in hidden):
        best = np.argsort(-ranked, axis=1)[:, :MATCHES]
        x.append(np.take_along_axis(ranked, best, 1).ravel())
        y.append(np.take_along_axis(is_same, best, 1).ravel())
    fitted = LogisticRegression(C=1e4).fit(np.concatenate(x)[:, None], np.concatenate(y))
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return {"kind_similarity": round(-offset / slope, 4), "kind_slope": round(slope, 3)}


def similarity_threshold(embeddings: np.ndarray, labels: np.ndarray) -> float:
    """The cosine similarity that best tells the nearest picture of the same category from that of another.

    Of both kinds of errors as few as can be. embeddings: unit rows (N, D). labels: (N,).
    """
    similarities = embeddings @ embeddings.T
    np.fill_diagonal(similarities, -1)
    is_same = labels[:, None] == labels
    same, other = np.where(is_same, similarities, -1).max(1), np.where(is_same, -1, similarities).max(1)
    return calibration.similarity_threshold(same, other)
