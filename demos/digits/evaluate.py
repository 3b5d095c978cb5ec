"""The figures, measured through the served files: `python -m demos.digits.evaluate [--data FILE.parquet] [--record]`.

Without a file, over MNIST's test digits in $LOUPE_DATA or from the Hub, and over those as strangers give them
(`demos.digits.strangers`). Every picture goes the way of a visitor's; of several digits found in one the largest
counts, and a picture in which none is found is answered wrong, and refused.
"""

from functools import cache
from pathlib import Path

import numpy as np

import weights
from demos import data, evaluation, metrics
from demos.digits import demo, samples, strangers

THREE = (0, 1, 2)
OF_EACH_HAND = 1000  # digits


def figures(network: str, file: Path | None) -> dict[str, float]:
    """Every figure of one network, over the pictures of a Parquet file or over MNIST's test digits and strangers'."""
    found, labels = glyphs(file or data.find("mnist", "test"))
    answers, inside = outputs(network, found), np.isin(labels, THREE)
    kept = answers["digitness"] >= weights.load(network).entry["thresholds"]["digitness"]
    is_right = right(answers, labels)
    measured = {
        "accuracy": is_right[inside].mean(),
        "accuracy_with_refusal": (is_right & kept)[inside].mean(),
        "true_digits_kept": kept[inside].mean(),
        "expected_calibration_error": metrics.expected_calibration_error(
            answers["probabilities"][inside], labels[inside]
        ),
    }
    if not inside.all():
        digitness = answers["digitness"]
        measured["out_of_distribution_auroc"] = metrics.auroc(digitness[inside], digitness[~inside])
        measured["others_refused"] = 1 - kept[~inside].mean()
    if file is None:
        by_hand = {
            f"accuracy_{hand}": right(outputs(network, seen), wanted).mean() for hand, (seen, wanted) in hands().items()
        }
        measured |= by_hand | {"accuracy_strangers": np.mean(list(by_hand.values()))}
    return measured


@cache
def glyphs(file: Path) -> tuple[list[list[np.ndarray]], np.ndarray]:
    """What is found in each picture of a Parquet file, and the labels, int (N,)."""
    encoded, labels = data.read(file)
    return samples.found(encoded), np.asarray(labels)


@cache
def hands() -> dict[str, tuple[list[list[np.ndarray]], np.ndarray]]:
    """What is found in MNIST's test digits as each stranger gives them, and the labels."""
    digits, labels = data.small(data.find("mnist", "test"))
    some = np.flatnonzero(np.isin(labels, THREE))[:OF_EACH_HAND]
    digits, labels = digits[some, :, :, 0], labels[some]
    return {hand: (samples.found(strangers.pictures(hand, digits)), labels) for hand in strangers.HANDS}


def outputs(network: str, found: list[list[np.ndarray]]) -> dict[str, np.ndarray]:
    """`probabilities` (N, 3), all 0 where no glyph was found, and `digitness` (N,), there lower than any."""
    has = np.array([bool(several) for several in found])
    probabilities, digitness = np.zeros((len(found), 3), np.float32), np.full(len(found), -1e9, np.float32)
    if has.any():
        answers = weights.load(network)(np.stack([several[0] for several in found if several])[..., None])
        probabilities[has], digitness[has] = answers["probabilities"], answers["digitness"]
    return {"probabilities": probabilities, "digitness": digitness}


def right(answers: dict[str, np.ndarray], labels: np.ndarray) -> np.ndarray:
    """Whether each answer is right, bool (N,); where none was found it is wrong."""
    return (answers["probabilities"].argmax(1) == labels) & (answers["probabilities"].max(1) > 0)


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, figures)
