"""What a classifier answers to pictures of none of the ten things, for figures."""

from functools import cache
from typing import NamedTuple

import numpy as np

import weights
from demos.cifar10 import gate
from demos.cifar10.data import ood_sets
from demos.cifar10.predict import run
from demos.shared.evidence import is_sure


class Asked(NamedTuple):
    """A set of pictures by its name, the network's outputs, and which of its answers are sure, bool (N,)."""

    name: str
    outputs: dict[str, np.ndarray]
    sure: np.ndarray


@cache  # a subset is measured after the whole test set, and these pictures stay the same
def ask(model: weights.Network) -> list[Asked]:
    """A network's answers to the test sets of other things."""
    asked = []
    for name, pictures in ood_sets("test"):
        outputs = run(model, pictures)
        asked.append(Asked(name, outputs, find_sure(model, pictures, outputs)))
    return asked


def find_sure(model: weights.Network, pictures: list, outputs: dict[str, np.ndarray]) -> np.ndarray:
    """Whether each answer is sure, bool (N,): the network is, and then the gate consents."""
    sure = is_sure(model.entry, outputs)
    asked = np.flatnonzero(sure)
    sure[asked] = gate.consents([pictures[at] for at in asked], outputs["probabilities"][asked].argmax(1))
    return sure
