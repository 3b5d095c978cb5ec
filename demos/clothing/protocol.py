"""How networks that know different classes are compared."""

import numpy as np

from demos.clothing.predict import LABELS
from demos.shared import metrics


def measure_shared(labels: tuple[str, ...], probabilities: np.ndarray, numbers: np.ndarray) -> dict[str, float]:
    """Accuracy over the classes that all networks know, where an answer must be one of these; empty without pictures.

    labels: of the network. probabilities: float (N, C). numbers: int (N,), the places of what the pictures show.
    """
    shared = [place for place, label in enumerate(labels) if all(label in known for known in LABELS.values())]
    is_shared = np.isin(numbers, shared)
    if not is_shared.any():
        return {}
    among = probabilities[is_shared][:, shared]
    return {"accuracy_shared": metrics.accuracy(among, np.searchsorted(shared, numbers[is_shared]))}
