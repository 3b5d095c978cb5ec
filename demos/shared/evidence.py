"""What speaks for an answer: its evidence by place, as class activation maps, and whether it can be trusted."""

import numpy as np

import weights


def normalize_map(evidence: np.ndarray) -> np.ndarray:
    """Evidence for one class by place (h, w), any unit -> float32 in [0, 1]; evidence against it counts as 0."""
    positive = np.maximum(evidence, 0)
    return (positive / max(float(positive.max()), 1e-6)).astype(np.float32)


def is_sure(entry: weights.Entry, outputs: dict[str, np.ndarray]) -> np.ndarray:
    """Whether an answer can be trusted, bool (...): the picture is familiar, and right is likelier than wrong.

    entry: of the network in the manifest. outputs: its `probabilities` (..., C) and `id_score` (...).
    """
    is_familiar = outputs["id_score"] >= entry.thresholds.get("id_score", -np.inf)
    return is_familiar & (outputs["probabilities"].max(-1) >= 0.5)
