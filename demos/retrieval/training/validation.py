"""Figures and thresholds on the categories that are held out, and what ships of an encoder."""

import keras
import numpy as np

from demos.retrieval.data import caltech
from demos.retrieval.training import data
from demos.shared import metrics
from demos.shared.training import calibration, recipe


def finish(run: recipe.Run, network: keras.Model, dataset: str) -> None:
    """Export an encoder, its threshold chosen on the held-out categories."""
    held_out = measure(network)  # as trained
    recipe.round_to_half(network)
    thresholds = {"similarity": similarity_threshold(*embed(network))}
    run.finish(network, dataset=dataset, revision=data.REVISION, held_out=held_out, thresholds=thresholds)


def embed(network: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    """The embeddings of the held-out pictures, unit rows (N, D), and their categories (N,)."""
    encoded, labels = caltech("validation")
    squares = data.crop_squares(encoded, network.input_shape[1])
    return network.predict(squares, 64, verbose=0)["embedding"], np.array(labels)


def measure(network: keras.Model) -> dict[str, float]:
    """The figures on the held-out categories."""
    return {name: round(value, 4) for name, value in metrics.retrieval(*embed(network)).items()}


def similarity_threshold(embeddings: np.ndarray, labels: np.ndarray) -> float:
    """The cosine similarity that best tells the nearest picture of the same category from that of another.

    Of both kinds of errors as few as can be. embeddings: unit rows (N, D). labels: (N,).
    """
    similarities = embeddings @ embeddings.T
    np.fill_diagonal(similarities, -1)
    is_same = labels[:, None] == labels
    same, other = np.where(is_same, similarities, -1).max(1), np.where(is_same, -1, similarities).max(1)
    return calibration.similarity_threshold(same, other)
