"""The figures: `python -m demos.retrieval.evaluate [--data FILE.parquet] [--record]`.

Leave-one-out over pictures and their labels, through the served files: each picture is the query once, all others are
the gallery. Without --data: the 31 categories of Caltech-101 that no recipe used. FILE: any with `image` and `label`.
"""

from functools import cache, partial
from pathlib import Path

import numpy as np

import weights
from demos.retrieval import demo
from demos.retrieval.data import caltech, write_test_set
from demos.retrieval.encoders import ENCODERS
from demos.shared import data, evaluation, images, metrics
from demos.shared.gallery import search


@cache
def load_pictures(file: Path | None) -> tuple[list[np.ndarray], np.ndarray]:
    """Pixels, uint8 (H, W, 3) each, and labels (N,), of a file or of the test categories."""
    encoded, labels = data.read(file) if file else caltech("test")
    return [images.open(content).pixels for content in encoded], np.array(labels)


def measure(network: str, file: Path | None) -> dict[str, float]:
    """The figures of one network. The decoder's: the mean squared error of the reconstruction, white is 1."""
    pixels, labels = load_pictures(file)
    if network == "retrieval/decoder":
        return {"mse_64x64": measure_reconstruction(pixels)}
    encoder = ENCODERS[network.partition("/")[2]]
    vectors = encoder.embed_all(map(encoder.preprocess, pixels))
    figures = metrics.retrieval(vectors, labels)
    thresholds = weights.load(network).entry.thresholds
    if "expanded_from" not in thresholds:
        return figures
    plain = {f"{name}_unexpanded": value for name, value in figures.items()}
    return metrics.retrieval(vectors, labels, partial(search.compare, thresholds=thresholds)) | plain


def measure_reconstruction(pictures: list[np.ndarray]) -> float:
    """The mean squared error of what the variational autoencoder gives back of its inputs."""
    inputs = np.stack([ENCODERS["vae"].preprocess(pixels) for pixels in pictures])
    latents = weights.load("retrieval/vae")(inputs)["latent"]
    reconstructions = weights.load("retrieval/decoder")(latents)["reconstruction"]
    return float(np.square(reconstructions - inputs / np.float32(255)).mean())


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=write_test_set, subset=120)
