"""`python -m demos.retrieval.baseline --record`: the plain features of ImageNet's networks, for comparison.

The same pictures, views and figures as `demos.retrieval.evaluate`, by the networks from which the recipes start.
"""

import argparse
import json

import numpy as np

from demos import metrics
from demos.retrieval import evaluate, gallery, teachers
from demos.retrieval.encoders import square
from weights import files

NAMES = {"mobilenet": "MobileNetV2 of ImageNet", "inception": "InceptionV3 of ImageNet"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    pixels, labels = evaluate.pictures(None)
    found = {}
    for name, title in NAMES.items():
        views = np.stack([square(picture, teachers.SIDE[name]) for picture in pixels])
        vectors = gallery.unit(getattr(teachers, name)().predict(views, 32, verbose=0))
        found[title] = {key: round(value, 4) for key, value in metrics.retrieval(vectors, labels).items()}
        print(title, found[title], flush=True)
    if options.record:
        files.record("retrieval/mobilenet", compared=found)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
