"""The figures, measured through the served files: `python -m demos.cifar10.evaluate [--data FILE.parquet] [--record]`.

Without a file, over CIFAR-10's test pictures in $LOUPE_DATA, and over photographs of the ten things. Pictures of none
of them are MNIST's digits, textures that scikit-image carries, Caltech-101's categories of other things, and for the
gate also drawings, text, faces and clothes. Sets that are not there are left out with a word.
"""

from pathlib import Path

import numpy as np

import weights
from demos.cifar10 import demo, gate, outside
from demos.cifar10.data import further_ood_sets, ood_sets, photographs
from demos.cifar10.predict import run
from demos.shared import data, evaluation, metrics
from demos.shared.evidence import is_sure
from demos.shared.images import Crop

CROPS = {"photographs": None, "photographs_centre": Crop(), "photographs_zoomed": Crop(1.4)}


def measure(network: str, file: Path | None) -> dict[str, float]:
    """Every figure of one network, over the pictures of a Parquet file or over all test sets."""
    encoded, labels = data.read(file or data.find("cifar10", "test"))
    if network == gate.NETWORK:
        return _measure_gate(encoded, np.asarray(labels), is_whole=file is None)
    return _measure_classifier(weights.load(network), encoded, np.asarray(labels), is_whole=file is None)


def _measure_classifier(model: weights.Network, encoded: list, labels: np.ndarray, is_whole: bool) -> dict[str, float]:
    outputs = run(model, encoded)
    probabilities, sure = outputs["probabilities"], is_sure(model.entry, outputs)
    measured = {
        "accuracy": metrics.accuracy(probabilities, labels),
        "expected_calibration_error": metrics.expected_calibration_error(probabilities, labels),
    }
    if is_whole:
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
            outputs = run(model, encoded, crop)
            measured[f"accuracy_{name}"] = metrics.balanced_accuracy(outputs["probabilities"], labels)
            if crop is None:
                measured |= _measure_sure(model, encoded, labels, outputs)
    except data.Absent as error:
        print(f"Left out: {error}")
    return measured


def _measure_sure(model: weights.Network, encoded: list, labels: np.ndarray, outputs: dict) -> dict[str, float]:
    """How many photographs get a sure answer, and how many of these are right, with the gate's consent."""
    sure = outside.find_sure(model, encoded, outputs)
    alone = is_sure(model.entry, outputs)
    measured = {
        "coverage_photographs": float(sure.mean()),
        "coverage_photographs_without_gate": float(alone.mean()),
    }
    if sure.any():
        right = metrics.accuracy(outputs["probabilities"][sure], labels[sure])
        measured["selective_accuracy_photographs"] = right
    return measured


def _measure_ood(model: weights.Network, inside: dict[str, np.ndarray]) -> dict[str, float]:
    """How well pictures of none of the ten things are told from those with the outputs `inside`.

    The false positive rates are those of the network alone, and of its answers with the gate's consent.
    """
    measured, aurocs, softmax = {}, [], "maximum_softmax"
    for name, outputs, sure in outside.ask(model):
        aurocs.append(metrics.auroc(inside["id_score"], outputs["id_score"]))
        measured[f"out_of_distribution_auroc_{name}"] = aurocs[-1]
        measured[f"out_of_distribution_auroc_{name}_{softmax}"] = metrics.auroc(
            inside["probabilities"].max(1), outputs["probabilities"].max(1)
        )
        measured[f"false_positive_rate_{name}"] = float(sure.mean())
        measured[f"false_positive_rate_{name}_without_gate"] = float(is_sure(model.entry, outputs).mean())
    return measured | {"out_of_distribution_auroc": float(np.mean(aurocs))}


def _measure_gate(encoded: list, labels: np.ndarray, is_whole: bool) -> dict[str, float]:
    """The gate's figures: on photographs of natural size, and its accuracy on small pictures that are enlarged."""
    if not is_whole:
        return {"accuracy_enlarged": metrics.accuracy(gate.run(encoded)["probabilities"], labels)}
    measured, entry = {}, weights.load(gate.NETWORK).entry
    try:
        encoded, labels = photographs()
        inside = gate.run(encoded)
        measured |= {
            "accuracy_photographs": metrics.balanced_accuracy(inside["probabilities"], labels),
            "true_positive_rate_photographs": float(gate.is_familiar(entry, inside).mean()),
        }
    except data.Absent as error:
        print(f"Left out: {error}")
        return measured
    threshold = np.quantile(inside["id_score"], 0.1)
    for name, pictures in (*ood_sets("test"), *further_ood_sets()):
        outputs = gate.run(pictures)
        measured[f"out_of_distribution_auroc_{name}"] = metrics.auroc(inside["id_score"], outputs["id_score"])
        measured[f"false_positive_rate_{name}"] = float(gate.is_familiar(entry, outputs).mean())
        measured[f"false_positive_rate_{name}_at_90"] = float((outputs["id_score"] >= threshold).mean())
    return measured


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=("cifar10", "test"), subset=500)
