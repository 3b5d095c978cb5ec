"""The figures, measured through the served files: `python -m demos.cifar10.evaluate [--data FILE.parquet] [--record]`.

Without a file, over CIFAR-10's test pictures in $LOUPE_DATA. Out-of-distribution pictures, none of the ten things, are
MNIST's digits, textures that scikit-image carries, and Caltech-101's categories of other things. Sets that are not
there are left out with a word.
"""

from pathlib import Path

import numpy as np

import weights
from demos.cifar10 import demo
from demos.cifar10.data import ood_sets, photographs
from demos.cifar10.predict import run
from demos.shared import data, evaluation, metrics
from demos.shared.evidence import is_sure
from demos.shared.images import Crop

CROPS = {"photographs": None, "photographs_centre": Crop(), "photographs_zoomed": Crop(1.4)}


def measure(network: str, file: Path | None) -> dict[str, float]:
    """Every figure of one network, over the pictures of a Parquet file or over all test sets."""
    model = weights.load(network)
    encoded, labels = data.read(file or data.find("cifar10", "test"))
    labels, outputs = np.asarray(labels), run(model, encoded)
    probabilities, sure = outputs["probabilities"], is_sure(model.entry, outputs)
    measured = {
        "accuracy": metrics.accuracy(probabilities, labels),
        "expected_calibration_error": metrics.expected_calibration_error(probabilities, labels),
    }
    if file is None:
        measured |= _measure_further_sets(model)
    measured["coverage"] = float(sure.mean())
    if sure.any():
        measured["selective_accuracy"] = metrics.accuracy(probabilities[sure], labels[sure])
    return measured | _measure_ood(model, outputs)


def _measure_further_sets(model: weights.Network) -> dict[str, float]:
    """Accuracy on the lossless test pictures and on natural photographs, where these are there."""
    measured = {}
    try:
        encoded, labels = data.read(data.find("cifar10", "test_lossless"))
        measured["accuracy_lossless"] = metrics.accuracy(run(model, encoded)["probabilities"], np.asarray(labels))
        encoded, labels = photographs()
        for name, crop in CROPS.items():
            probabilities = run(model, encoded, crop)["probabilities"]
            measured[f"accuracy_{name}"] = metrics.balanced_accuracy(probabilities, labels)
    except data.Absent as error:
        print(f"Left out: {error}")
    return measured


def _measure_ood(model: weights.Network, inside: dict[str, np.ndarray]) -> dict[str, float]:
    """How well pictures of none of the ten things are told from those with the outputs `inside`."""
    measured, aurocs, softmax = {}, [], "maximum_softmax"
    for name, pictures in ood_sets("test"):
        outside = run(model, pictures)
        aurocs.append(metrics.auroc(inside["id_score"], outside["id_score"]))
        measured[f"out_of_distribution_auroc_{name}"] = aurocs[-1]
        measured[f"out_of_distribution_auroc_{name}_{softmax}"] = metrics.auroc(
            inside["probabilities"].max(1), outside["probabilities"].max(1)
        )
        measured[f"false_positive_rate_{name}"] = float(is_sure(model.entry, outside).mean())
    return measured | {"out_of_distribution_auroc": float(np.mean(aurocs))}


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=("cifar10", "test"), subset=500)
