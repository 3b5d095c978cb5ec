"""`python -m demos.style.training.baselines --record`: what other descriptions of style give, for comparison.

VGG19's Gram matrices, and the means and deviations of the same layers; the plain features of MobileNetV2 and of
EfficientNet-Lite0, averaged over all places. The same pictures and figures as `demos.style.evaluate`.
"""

import argparse
import json
from collections.abc import Callable

import keras
import numpy as np
from keras import layers

from demos.shared import images
from demos.shared.gallery.encoder import center_crop
from demos.shared.gallery.gallery import l2_normalize
from demos.shared.training import efficientnet, imagenet
from demos.style import gram
from demos.style.protocol import load_pictures, rank
from demos.style.training.losses import moments
from weights import files

SIDE = 192
BATCH = 16
GRAM, MOMENTS = "Gram matrices of VGG19", "Means and deviations of VGG19"
MOBILENET, EFFICIENTNET = "MobileNetV2 of ImageNet", "EfficientNet-Lite0 of ImageNet"


def vgg19() -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """Both descriptions of pictures, uint8 (N, gram.SIDE, gram.SIDE, 3)."""
    network = imagenet.vgg19(*gram.LAYERS)

    def describe(pictures: np.ndarray) -> dict[str, np.ndarray]:
        maps = network(pictures.astype(np.float32), training=False)
        parts = [keras.ops.convert_to_numpy(part) for x in maps for part in moments(x)]
        return {
            GRAM: gram.sketch([keras.ops.convert_to_numpy(x) for x in maps]),
            MOMENTS: np.concatenate(list(map(l2_normalize, parts)), axis=1),
        }

    return describe


def plain() -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """The plain features of pictures, uint8 (N, SIDE, SIDE, 3)."""
    shape = (SIDE, SIDE, 3)
    mobilenet = keras.applications.MobileNetV2(shape, include_top=False, weights=None)
    imagenet.fill_mobilenetv2(mobilenet)
    bodies = {
        MOBILENET: (mobilenet, layers.Rescaling(1 / 127.5, offset=-1)),
        EFFICIENTNET: (
            efficientnet.efficientnet_lite(imagenet.EFFICIENTNET_LITE0, SIDE),
            layers.Rescaling(1 / 128, offset=-127 / 128),
        ),
    }

    def describe(pictures: np.ndarray) -> dict[str, np.ndarray]:
        return {
            name: keras.ops.convert_to_numpy(body(scale(pictures.astype(np.float32)), training=False)).mean((1, 2))
            for name, (body, scale) in bodies.items()
        }

    return describe


def measure(describe: Callable, side: int) -> dict[str, dict[str, float]]:
    """The figures of descriptions, by their names."""
    measured: dict[str, dict[str, float]] = {}
    for prefix, pictures in load_pictures(None).items():
        squares = np.stack([center_crop(images.open(one).pixels, side) for one in pictures.encoded])
        parts = [describe(squares[start : start + BATCH]) for start in range(0, len(squares), BATCH)]
        for name in parts[0]:
            vectors = l2_normalize(np.concatenate([part[name] for part in parts]))
            figures = {f"{prefix}{key}": round(value, 4) for key, value in rank(vectors, pictures).items()}
            measured[name] = measured.get(name, {}) | figures
            print(name, figures, flush=True)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    measured = measure(vgg19(), gram.SIDE) | measure(plain(), SIDE)
    if options.record:
        files.record("style/encoder", baselines=measured)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
