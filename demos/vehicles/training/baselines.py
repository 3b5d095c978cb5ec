"""`python -m demos.vehicles.training.baselines --record`: plain features of ImageNet's network, for comparison.

The same pictures and figures as `demos.vehicles.evaluate`, by the network from which our recipe starts.
"""

import argparse
import json

import keras
import numpy as np

from demos.shared.gallery.gallery import l2_normalize
from demos.shared.training import efficientnet, imagenet
from demos.vehicles import data, protocol
from demos.vehicles.rendered import load_rendered_test
from demos.vehicles.training import networks
from demos.vehicles.training.data import decode_all, fit_all
from weights import files

NAME = "EfficientNet-Lite0 of ImageNet"


def plain_features() -> keras.Model:
    """The body with ImageNet's weights, uint8 (N, side, side, 3) -> generalised mean of its features, (N, 1280)."""
    side = networks.SIDES["embedding"]
    picture = keras.Input((side, side, 3), dtype="uint8")
    body = efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, side)
    features = body(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(picture))
    return keras.Model(picture, keras.layers.Flatten()(networks.generalized_mean(features)))


def compare(network: keras.Model, pictures: data.Pictures) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cosine similarities of all pairs, vehicles and cameras, as `protocol.rank` takes them."""
    squares = fit_all(decode_all(pictures.encoded), networks.SIDES["embedding"])
    vectors = l2_normalize(network.predict(squares, 64, verbose=0))
    return vectors @ vectors.T, pictures.vehicles, pictures.cameras


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    network = plain_features()
    figures = protocol.measure(compare(network, data.load_road("test")), compare(network, load_rendered_test()))
    measured = {NAME: {key: round(value, 4) for key, value in figures.items()}}
    if options.record:
        files.record("vehicles/embedding", baselines=measured)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
