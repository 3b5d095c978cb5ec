"""The figures: `python -m demos.vehicles.evaluate [--data FILE.parquet] [--record]`.

By the field's protocol, through the served files: each picture is a query among the pictures of the other cameras,
ranked plainly and by k-reciprocal re-ranking. Without --data: the 100 vehicles of the road cameras that no recipe used,
all of them as one gallery and 60 at a time, and rendered vehicles that no recipe used. FILE: any with `image`,
`vehicle` and `camera`.
"""

from pathlib import Path

from demos.shared import evaluation, images
from demos.vehicles import data, demo, protocol
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.rendered import load_rendered_test


def measure(network: str, file: Path | None) -> dict[str, float]:
    """The figures of one network."""
    encoder = ENCODERS[network.partition("/")[2]]

    def compare(pictures: data.Pictures) -> tuple:
        opened = (images.open(content).pixels for content in pictures.encoded)
        vectors = encoder.embed_all(map(encoder.preprocess, opened))
        return vectors @ vectors.T, pictures.vehicles, pictures.cameras

    if file:
        return protocol.rank(*compare(data.read(file)))
    return protocol.measure(compare(data.load_road("test")), compare(load_rendered_test()))


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=data.write_test_set)
