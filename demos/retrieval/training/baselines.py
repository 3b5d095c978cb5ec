"""`python -m demos.retrieval.training.baselines --record`: the plain features of ImageNet's networks, for comparison.

The same pictures, views and figures as `demos.retrieval.evaluate`, by the networks from which the recipes start.
"""

import argparse
import json

import numpy as np

from demos.retrieval.data import caltech
from demos.retrieval.training import teachers
from demos.shared import metrics
from demos.shared.gallery.gallery import l2_normalize
from weights import files

NAMES = {"mobilenet": "MobileNetV2 of ImageNet", "inception": "InceptionV3 of ImageNet"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    encoded, labels = caltech("test")
    measured = {}
    for name, title in NAMES.items():
        vectors = l2_normalize(teachers.features(name, encoded))
        figures = metrics.retrieval(vectors, np.array(labels))
        measured[title] = {key: round(value, 4) for key, value in figures.items()}
        print(title, measured[title], flush=True)
    if options.record:
        files.record("retrieval/mobilenet", baselines=measured)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
