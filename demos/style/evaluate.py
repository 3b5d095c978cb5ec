"""The figures: `python -m demos.style.evaluate [--data FILE.parquet] [--record]`.

Leave-one-out through the served files: each picture is the query once, all others are the gallery. By style, and by
what a picture shows, which may not decide: the lower the better. Without --data: the paintings of artists that no
recipe used, and the pictures of PACS that none used, whose figures begin with pacs_. FILE: any with `image`, `label`
and, where it is known, `content`.
"""

from functools import cache
from pathlib import Path

from demos.shared import evaluation, images, metrics
from demos.style import data, demo
from demos.style.encoders import ENCODERS

CONTENT = "content_mean_average_precision"


@cache
def load_pictures(file: Path | None) -> dict[str, data.Pictures]:
    """The pictures of a file, or the test sets, by what their figures begin with."""
    return {"": data.read(file)} if file else {"": data.paintings("test"), "pacs_": data.pacs("test")}


def measure(network: str, file: Path | None) -> dict[str, float]:
    """The figures of one network."""
    encoder, figures = ENCODERS[network.partition("/")[2]], {}
    for prefix, pictures in load_pictures(file).items():
        vectors = encoder.embed_all(encoder.preprocess(images.open(one).pixels) for one in pictures.encoded)
        figures |= {f"{prefix}{name}": value for name, value in rank(vectors, pictures).items()}
    return figures


def rank(vectors, pictures: data.Pictures) -> dict[str, float]:
    """The figures of embeddings, float (N, D), rows of length 1."""
    figures = metrics.retrieval(vectors, pictures.labels)
    if pictures.contents is not None:
        figures[CONTENT] = metrics.retrieval(vectors, pictures.contents)["mean_average_precision"]
    return figures


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=data.write_test_set)
