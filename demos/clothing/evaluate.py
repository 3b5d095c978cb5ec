"""The figures, measured through the served files: `python -m demos.clothing.evaluate [--data FILE.parquet] [--record]`.

Without a file, over the pictures by test senders, and out-of-distribution sets: garments of other kinds by the same
senders, kinds that no recipe used, textures that scikit-image carries, and categories of Caltech-101 that no recipe
used. FILE: any with `image` and `label`. Accuracy and calibration are over the labels that a network knows;
`out_of_distribution_auroc` is over all others, how well they are told from these.
"""

from pathlib import Path

import numpy as np

import weights
from demos.clothing import data, demo
from demos.clothing.predict import LABELS, run
from demos.clothing.protocol import measure_shared
from demos.shared import data as files
from demos.shared import evaluation, metrics
from demos.shared.evidence import is_sure

UNKNOWN = "No label of these pictures is one that {} knows: {}."


def measure(network: str, file: Path | None) -> dict[str, float]:
    """Every figure of one network."""
    name = network.partition("/")[2]
    encoded, labels = files.read(file or write_test_set())
    labels = [str(label).strip().lower() for label in labels]
    inside = [content for content, label in zip(encoded, labels, strict=True) if label in LABELS[name]]
    outside = [content for content, label in zip(encoded, labels, strict=True) if label not in LABELS[name]]
    measured = {}
    if inside:
        answers = run(name, inside)
        numbers = np.array([LABELS[name].index(label) for label in labels if label in LABELS[name]])
        measured |= _measure_known(weights.load(network).entry, answers, numbers)
        measured |= measure_shared(LABELS[name], answers["probabilities"], numbers)
        if outside:
            measured["out_of_distribution_auroc"] = metrics.auroc(answers["id_score"], run(name, outside)["id_score"])
        if file is None:
            measured |= _measure_ood(name, answers)
    else:
        print(UNKNOWN.format(network, ", ".join(LABELS[name])))
    return measured


def _measure_known(entry: weights.Entry, answers: dict[str, np.ndarray], numbers: np.ndarray) -> dict[str, float]:
    """Figures over pictures whose labels are known, of which `numbers` are the places among the classes, int (N,)."""
    probabilities, sure = answers["probabilities"], is_sure(entry, answers)
    measured = {
        "accuracy": metrics.accuracy(probabilities, numbers),
        "balanced_accuracy": metrics.balanced_accuracy(probabilities, numbers),
        "expected_calibration_error": metrics.expected_calibration_error(probabilities, numbers),
        "coverage": float(sure.mean()),
    }
    if sure.any():
        measured["selective_accuracy"] = metrics.accuracy(probabilities[sure], numbers[sure])
    return measured


def _measure_ood(name: str, inside: dict[str, np.ndarray]) -> dict[str, float]:
    """How well pictures of none of the classes are told from those with the answers `inside`."""
    measured, entry = {}, weights.load(f"clothing/{name}").entry
    for of, pictures in data.ood_sets("test"):
        outside = run(name, pictures)
        measured[f"out_of_distribution_auroc_{of}"] = metrics.auroc(inside["id_score"], outside["id_score"])
        measured[f"out_of_distribution_auroc_{of}_maximum_softmax"] = metrics.auroc(
            inside["probabilities"].max(1), outside["probabilities"].max(1)
        )
        measured[f"false_positive_rate_{of}"] = float(is_sure(entry, outside).mean())
    return measured


def write_test_set() -> Path:
    """The pictures by test senders, garments of all kinds, as a Parquet file. Raises data.Absent."""
    pictures = data.load("test")
    return files.write(pictures.encoded, label=pictures.labels)


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=write_test_set)
