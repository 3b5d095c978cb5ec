"""The figures: `python -m demos.retrieval.evaluate [--data FILE.parquet] [--record]`.

Leave-one-out over pictures and their labels, through the served files: each picture is the query once, all others are
the database. Without --data: the 31 categories of Caltech-101 that no recipe saw. FILE: any with `image` and `label`.
"""

from functools import cache
from pathlib import Path

import numpy as np

import weights
from demos import data, evaluation, images, metrics
from demos.retrieval import demo, encoders, samples


@cache
def pictures(file: Path | None) -> tuple[list[np.ndarray], np.ndarray]:
    """Pixels, uint8 (H, W, 3) each, and labels (N,), of a file, or of the categories that no recipe saw."""
    encoded, labels = data.read(file) if file else samples.caltech("unseen")
    return [images.open(content).pixels for content in encoded], np.array(labels)


def figures(network: str, file: Path | None) -> dict[str, float]:
    """The figures of one network. The decoder's: the mean squared error of what it gives back, white is 1."""
    pixels, labels = pictures(file)
    name = network.partition("/")[2]
    if name == "decoder":
        seen = np.stack([encoders.see(picture, "vae") for picture in pixels])
        latents = weights.load("retrieval/vae")(seen)["latent"]
        drawn = weights.load("retrieval/decoder")(latents)["reconstruction"]
        return {"mse_64x64": float(np.square(drawn - seen / np.float32(255)).mean())}
    views = [encoders.see(picture, name) for picture in pixels]
    vectors = encoders.embed_all(views, name)
    return metrics.retrieval(vectors, labels)


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, figures)
