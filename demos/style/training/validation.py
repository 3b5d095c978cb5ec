"""Figures on held-out pictures, and the thresholds that are chosen there. A head maps statistics to embeddings."""

import keras
import numpy as np

from demos.shared import metrics
from demos.shared.training.calibration import similarity_threshold
from demos.style.guess import guess
from demos.style.training.examples import Examples

TEMPERATURES = np.geomspace(0.01, 0.5, 40)


def embed(head: keras.Model, part: Examples) -> np.ndarray:
    """The embeddings of the middle squares, unit rows (N, D)."""
    return head.predict(part.statistics[0], 256, verbose=0)


def measure(head: keras.Model, held_out: dict[str, Examples]) -> dict[str, float]:
    """Mean average precision, leave-one-out: by style on each of the sets, and by content on PACS."""
    figures = {}
    for name, part in held_out.items():
        vectors = embed(head, part)
        figures[f"{name}_mean_average_precision"] = metrics.retrieval(vectors, part.styles)["mean_average_precision"]
        if name == "pacs":
            content = metrics.retrieval(vectors, part.contents)["mean_average_precision"]
            figures["pacs_content_mean_average_precision"] = content
    return {name: round(value, 4) for name, value in figures.items()}


def calibrate(head: keras.Model, held_out: dict[str, Examples], gallery: Examples) -> dict[str, float]:
    """`similarity`, below which no picture of the gallery is in the query's style, and `guess_temperature`.

    Both over held-out paintings, each among the others, and over paintings of held-out photographs in the looks, among
    those of other photographs, the gallery.
    """
    paintings, looks = embed(head, held_out["paintings"]), embed(head, held_out["painted"])
    among_others = paintings @ paintings.T
    np.fill_diagonal(among_others, -1)
    trials = [
        (among_others, held_out["paintings"].styles, held_out["paintings"].styles),
        (looks @ embed(head, gallery).T, held_out["painted"].styles, gallery.styles),
    ]
    is_same = [queries[:, None] == styles for _, queries, styles in trials]
    pairs = list(zip([trial[0] for trial in trials], is_same, strict=True))
    same = np.concatenate([np.where(same, similarity, -1).max(1) for similarity, same in pairs])
    other = np.concatenate([np.where(same, -1, similarity).max(1) for similarity, same in pairs])
    losses = [np.mean([guess_loss(*trial, temperature) for trial in trials]) for temperature in TEMPERATURES]
    best = float(TEMPERATURES[int(np.argmin(losses))])
    return {"similarity": round(similarity_threshold(same, other), 4), "guess_temperature": round(best, 4)}


def guess_loss(similarities: np.ndarray, queries: np.ndarray, styles: np.ndarray, temperature: float) -> float:
    """The mean negative logarithm of the probability of the right style; queries without a picture of it are left out.

    similarities: float (Q, N). queries: int (Q,). styles: int (N,).
    """
    losses = []
    for row, style in zip(similarities, queries, strict=True):
        probabilities = guess(row, styles, temperature)
        if style in probabilities:
            losses.append(-np.log(max(probabilities[style], 1e-6)))
    return float(np.mean(losses))
