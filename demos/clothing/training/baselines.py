"""`python -m demos.clothing.training.baselines --record`: a linear probe on plain features, for comparison.

Logistic regression on the features of the network from which our recipe starts, learned and measured on the same
pictures, at the same resolution.
"""

import argparse
import json

import keras
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from demos.clothing import data
from demos.clothing.predict import CLASSES, SIDE
from demos.clothing.protocol import measure_shared
from demos.clothing.training import networks
from demos.clothing.training.finishing import prepare
from demos.shared import metrics
from weights import files

PROBE = "Linear probe on EfficientNet-Lite0 of ImageNet"
REGULARIZATIONS = (1e-3, 1e-2, 1e-1)  # inverse strengths, of which validation data choose


def measure_probe() -> dict[str, float]:
    """Its figures on the test part. Raises data.Absent."""
    body = networks.body(SIDE)
    plain = keras.Model(body.input, keras.layers.GlobalAveragePooling2D()(body.output))
    parts = {name: data.load(name).of(CLASSES) for name in ("train", "validation", "test")}
    features = {name: plain.predict(prepare(part.encoded, SIDE), 32, verbose=0) for name, part in parts.items()}
    numbers = {name: part.numbers() for name, part in parts.items()}
    probes = (
        make_pipeline(StandardScaler(), LogisticRegression(C=one, max_iter=300)).fit(
            features["train"], numbers["train"]
        )
        for one in REGULARIZATIONS
    )
    best = max(probes, key=lambda probe: probe.score(features["validation"], numbers["validation"]))
    probabilities = best.predict_proba(features["test"])
    measured = {
        "accuracy": metrics.accuracy(probabilities, numbers["test"]),
        "balanced_accuracy": metrics.balanced_accuracy(probabilities, numbers["test"]),
        **measure_shared(CLASSES, probabilities, numbers["test"]),
    }
    return {name: round(value, 4) for name, value in measured.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    measured = {PROBE: measure_probe()}
    if options.record:
        files.record("clothing/efficientnet", baselines=measured)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
