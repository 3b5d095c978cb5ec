"""How encoders of style are measured: on which pictures, and by which figures."""

from functools import cache
from pathlib import Path

import numpy as np

from demos.shared import metrics
from demos.style import data

CONTENT = "content_mean_average_precision"


@cache
def load_pictures(file: Path | None) -> dict[str, data.Pictures]:
    """The pictures of a file, or the test sets, by what their figures begin with."""
    return {"": data.read(file)} if file else {"": data.paintings("test"), "pacs_": data.pacs("test")}


def rank(vectors: np.ndarray, pictures: data.Pictures) -> dict[str, float]:
    """The figures of embeddings, float (N, D), rows of length 1."""
    figures = metrics.retrieval(vectors, pictures.labels)
    if pictures.contents is not None:
        figures[CONTENT] = metrics.retrieval(vectors, pictures.contents)["mean_average_precision"]
    return figures
