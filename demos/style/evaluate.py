"""The figures: `python -m demos.style.evaluate [--data FILE.parquet] [--record]`.

Leave-one-out through the served files: each picture is the query once, all others are the gallery. By style, and by
what a picture shows, which may not decide: the lower the better. Without --data: the paintings of artists that no
recipe used, and the pictures of PACS that none used, whose figures begin with pacs_. FILE: any with `image`, `label`
and, where it is known, `content`.
"""

from pathlib import Path

from demos.shared import evaluation, images
from demos.style import data, demo
from demos.style.encoders import ENCODERS
from demos.style.protocol import load_pictures, rank


def measure(network: str, file: Path | None) -> dict[str, float]:
    """The figures of one network."""
    encoder, figures = ENCODERS[network.partition("/")[2]], {}
    for prefix, pictures in load_pictures(file).items():
        vectors = encoder.embed_all(encoder.preprocess(images.open(one).pixels) for one in pictures.encoded)
        figures |= {f"{prefix}{name}": value for name, value in rank(vectors, pictures).items()}
    return figures


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=data.write_test_set)
