"""`python -m demos.vehicles.training.baselines --record`: plain features of ImageNet's network, for comparison.

The same pictures and figures as `demos.vehicles.evaluate`, by the network from which our recipe starts, and by ours
after half an hour with and without rendered vehicles, where these two were trained:
`python -m demos.vehicles.training embedding --minutes 30 --seed 1`, and the same for `without_rendering`.
"""

import argparse
import json
from collections.abc import Callable
from functools import partial

import keras
import numpy as np

from demos.shared.gallery.gallery import l2_normalize
from demos.shared.training import efficientnet, imagenet, recipe
from demos.vehicles import data, protocol
from demos.vehicles.rendered import load_rendered_test
from demos.vehicles.training import networks
from demos.vehicles.training.data import decode_all, fit_all
from weights import files

PLAIN = "EfficientNet-Lite0 of ImageNet"
SHORT = {
    "Ours after 30 minutes": "vehicles/embedding-1/embedding.keras",
    "Ours after 30 minutes, without rendered vehicles": "vehicles/without_rendering-1/network.keras",
}


def plain_features() -> keras.Model:
    """The body with ImageNet's weights, uint8 (N, side, side, 3) -> generalised mean of its features, (N, 1280)."""
    side = networks.SIDES["embedding"]
    picture = keras.Input((side, side, 3), dtype="uint8")
    body = efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, side)
    features = body(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(picture))
    return keras.Model(picture, keras.layers.Flatten()(networks.generalized_mean(features)))


def measure(embed: Callable[[np.ndarray], np.ndarray]) -> dict[str, float]:
    """The figures of embed: uint8 (N, side, side, 3) -> float (N, D)."""

    def compare(pictures: data.Pictures) -> tuple:
        vectors = l2_normalize(embed(fit_all(decode_all(pictures.encoded), networks.SIDES["embedding"])))
        return vectors @ vectors.T, pictures.vehicles, pictures.cameras

    figures = protocol.measure(compare(data.load_road("test")), compare(load_rendered_test()))
    return {key: round(value, 4) for key, value in figures.items()}


def _embed(network: keras.Model, squares: np.ndarray) -> np.ndarray:
    return network.predict(squares, 64, verbose=0)["embedding"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    plain = plain_features()
    measured = {PLAIN: measure(lambda squares: plain.predict(squares, 64, verbose=0))}
    for name, file in SHORT.items():
        if (recipe.RUNS / file).is_file():
            network = keras.saving.load_model(recipe.RUNS / file, compile=False)
            measured[name] = measure(partial(_embed, network))
    if options.record:
        files.record("vehicles/embedding", baselines=measured)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
