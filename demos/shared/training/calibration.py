"""How answers are calibrated on held-out examples."""

import numpy as np

from demos.shared import metrics


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature, of 0.25 to 4, at which softmax(logits / temperature) is likeliest (arXiv:1706.04599).

    logits: float (N, C). labels: int (N,).
    """
    choices = np.geomspace(0.25, 4, 400)
    return float(min(choices, key=lambda t: metrics.negative_log_likelihood(logits / t, labels)))


def held_out_metrics(logits: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """The figures of held-out examples at their best temperature. logits: float (N, C). labels: int (N,)."""
    scaled = logits / temperature(logits, labels)
    probabilities = np.exp(scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True))
    return {
        "accuracy": metrics.accuracy(probabilities, labels),
        "expected_calibration_error": metrics.expected_calibration_error(probabilities, labels),
    }


def similarity_threshold(same: np.ndarray, other: np.ndarray) -> float:
    """The cosine similarity that best tells the nearest picture of the query's label from the nearest of another.

    Of both kinds of errors as few as can be. same, other: float (N,), the highest similarity of each query to pictures
    of its own label, and to all others.
    """
    choices = np.unique(np.concatenate([same, other]))
    return float(max(choices, key=lambda value: (same >= value).mean() + (other < value).mean()))
