"""Evidence for a class by place: class activation maps."""

import numpy as np


def normalize_map(evidence: np.ndarray) -> np.ndarray:
    """Evidence for one class by place (h, w), any unit -> float32 in [0, 1]; evidence against it counts as 0."""
    positive = np.maximum(evidence, 0)
    return (positive / max(float(positive.max()), 1e-6)).astype(np.float32)
