"""The figures, measured through the served files: `python -m demos.digits.evaluate [--data FILE.parquet]`.

Without a file, over MNIST's test digits in $LOUPE_DATA or from the Hub, and over those as strangers give them
(`demos.digits.strangers`). Every picture goes the way of a visitor's; of several digits found in one the largest
counts, and a picture in which none is found is answered wrong, and refused.
"""

import argparse
import json
from pathlib import Path

import numpy as np

import weights
from demos import data, metrics
from demos.digits import demo, samples, strangers
from weights import files

THREE = (0, 1, 2)
OF_EACH_HAND = 1000  # digits


def outputs(network: str, found: list[list[np.ndarray]]) -> dict[str, np.ndarray]:
    """`probabilities` (N, 3), all 0 where no glyph was found, and `digitness` (N,), there the lowest there is."""
    has = np.array([bool(several) for several in found])
    answers = weights.load(network)(np.stack([several[0] for several in found if several])[..., None])
    probabilities, digitness = np.zeros((len(found), 3), np.float32), np.full(len(found), -1e9, np.float32)
    probabilities[has], digitness[has] = answers["probabilities"], answers["digitness"]
    return {"probabilities": probabilities, "digitness": digitness}


def right(answers: dict[str, np.ndarray], labels: np.ndarray) -> np.ndarray:
    """Whether each answer is right, bool (N,); none was found is wrong."""
    return (answers["probabilities"].argmax(1) == labels) & (answers["probabilities"].max(1) > 0)


def figures(network: str, found: list[list[np.ndarray]], labels: np.ndarray) -> dict[str, float]:
    """Every figure of one network over glyphs found in pictures, (N,) their labels, 0 to 9."""
    answers, inside = outputs(network, found), np.isin(labels, THREE)
    of_three = {key: values[inside] for key, values in answers.items()}
    is_right = right(of_three, labels[inside])
    kept = of_three["digitness"] >= weights.load(network).entry["thresholds"]["digitness"]
    measured = {
        "accuracy": float(is_right.mean()),
        "accuracy_with_refusal": float((is_right & kept).mean()),
        "true_digits_kept": float(kept.mean()),
        "expected_calibration_error": metrics.expected_calibration_error(of_three["probabilities"], labels[inside]),
    }
    if not inside.all():
        measured["out_of_distribution_auroc"] = metrics.auroc(of_three["digitness"], answers["digitness"][~inside])
        refused = answers["digitness"][~inside] < weights.load(network).entry["thresholds"]["digitness"]
        measured["others_refused"] = float(refused.mean())
    return measured


def hands(digits: np.ndarray, labels: np.ndarray) -> dict[str, list[list[np.ndarray]]]:
    """What is found in digits, uint8 (N, 28, 28), as each stranger gives them."""
    return {hand: samples.found(strangers.pictures(hand, digits)) for hand in strangers.HANDS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a Parquet file with the columns image and label")
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    file = options.data or data.find("mnist", "test")
    encoded, labels = data.read(file)
    labels, found, others = np.asarray(labels), samples.found(encoded), {}
    if options.data is None:
        digits, _ = data.small(file)
        some = np.flatnonzero(np.isin(labels, THREE))[:OF_EACH_HAND]
        others = hands(digits[some, :, :, 0], labels[some])
    measured = {}
    for network in demo.networks:
        measured[network] = figures(network, found, labels)
        by_hand = {hand: right(outputs(network, seen), labels[some]).mean() for hand, seen in others.items()}
        measured[network] |= {f"accuracy_{hand}": float(share) for hand, share in by_hand.items()}
        if by_hand:
            measured[network]["accuracy_strangers"] = float(np.mean(list(by_hand.values())))
        measured[network] = {name: round(value, 4) for name, value in measured[network].items()}
        for name, value in measured[network].items():
            print(f"{network:20} {name:28} {value:.4f}")
        if options.record and options.data is None:
            learned = weights.manifest()["networks"][network].get("metrics", {})  # what the recipe recorded
            files.record(network, metrics={**learned, **measured[network]})
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
