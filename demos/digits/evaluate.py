"""The figures, measured through the served files: `python -m demos.digits.evaluate [--data FILE.parquet] [--record]`.

Without a file, over MNIST's test digits in $LOUPE_DATA or from the Hub, and over some of them under each of
`demos.digits.corruptions`. Every picture is segmented as a visitor's is. Of several digits the largest counts; a
picture without any counts as answered wrong, and as refused.
"""

from functools import cache
from pathlib import Path

import numpy as np

import weights
from demos.digits import demo
from demos.digits.data import LABELS, corrupted_test_digits, segment_all
from demos.digits.predict import threshold
from demos.shared import data, evaluation, metrics


def measure(network: str, file: Path | None) -> dict[str, float]:
    """Every figure of one network, over the pictures of a Parquet file or over MNIST's test digits, corrupted ones too.

    Metrics are fractions; those of refusal are over the digits 0, 1 and 2, or over all others.
    """
    glyphs, labels = segment_file(file or data.find("mnist", "test"))
    outputs, is_known = run(network, glyphs), np.isin(labels, LABELS)
    probabilities, id_score = outputs["probabilities"], outputs["id_score"]
    is_accepted = id_score >= threshold(weights.load(network))
    is_right = check(outputs, labels)
    measured = {
        "accuracy": is_right[is_known].mean(),
        "accuracy_with_rejection": (is_right & is_accepted)[is_known].mean(),
        "coverage": is_accepted[is_known].mean(),
        "expected_calibration_error": metrics.expected_calibration_error(probabilities[is_known], labels[is_known]),
    }
    if not is_known.all():
        measured["out_of_distribution_auroc"] = metrics.auroc(id_score[is_known], id_score[~is_known])
        measured["rejection_rate"] = 1 - is_accepted[~is_known].mean()
    return measured if file else measured | measure_corruptions(network)


def measure_corruptions(network: str) -> dict[str, float]:
    """The accuracy over MNIST's test digits under each corruption, and the mean."""
    accuracies = {
        f"accuracy_{name}": check(run(network, glyphs), labels).mean()
        for name, (glyphs, labels) in corrupted_test_digits().items()
    }
    return accuracies | {"accuracy_corruptions_mean": np.mean(list(accuracies.values()))}


@cache
def segment_file(file: Path) -> tuple[list[list[np.ndarray]], np.ndarray]:
    """The glyphs in each picture of a Parquet file, the largest first, and the labels, int (N,)."""
    encoded, labels = data.read(file)
    return segment_all(encoded), np.asarray(labels)


def run(network: str, glyphs: list[list[np.ndarray]]) -> dict[str, np.ndarray]:
    """`probabilities` (N, 3), all 0 where there is no glyph, and `id_score` (N,), there lower than any."""
    is_any = np.array([bool(several) for several in glyphs])
    probabilities, id_score = np.zeros((len(glyphs), 3), np.float32), np.full(len(glyphs), -1e9, np.float32)
    if is_any.any():
        outputs = weights.load(network)(np.stack([several[0] for several in glyphs if several])[..., None])
        probabilities[is_any], id_score[is_any] = outputs["probabilities"], outputs["id_score"]
    return {"probabilities": probabilities, "id_score": id_score}


def check(outputs: dict[str, np.ndarray], labels: np.ndarray) -> np.ndarray:
    """Whether each answer is right, bool (N,); without a glyph it is wrong."""
    return (outputs["probabilities"].argmax(1) == labels) & (outputs["probabilities"].max(1) > 0)


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=("mnist", "test"), subset=500)
