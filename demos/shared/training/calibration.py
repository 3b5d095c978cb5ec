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
