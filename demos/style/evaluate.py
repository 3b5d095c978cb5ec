"""The figures: `python -m demos.style.evaluate [--data FILE.parquet] [--record]`.

Leave-one-out through the served files: each picture is the query once, all others are the gallery. By style, and by
what a picture shows, which may not decide: the lower the better. Without --data: the paintings of artists that no
recipe used, and the pictures of PACS that none used, whose figures begin with pacs_. FILE: any with `image`, `label`
and, where it is known, `content`.

The painter: 20 photographs in each of 10 styles, which no recipe read, at 256 pixels. Where VGG19's weights can be had,
its losses, and the steps that the optimisation of Gatys et al. needs from the photograph to the same sum of losses,
over 8 of the pairs, drawn by a seed. With --data: at most 20 pictures of the file, each in the style of the next.
"""

from functools import cache
from pathlib import Path

from demos.shared import evaluation, images
from demos.style import data, demo, paint, scoring
from demos.style.encoders import ENCODERS
from demos.style.protocol import load_pictures, rank


def measure(network: str, file: Path | None) -> dict[str, float]:
    """The figures of one network."""
    if network in paint.NETWORKS:
        return measure_painting(network, file)
    encoder, figures = ENCODERS[network.partition("/")[2]], {}
    for prefix, pictures in load_pictures(file).items():
        vectors = encoder.embed_all(encoder.preprocess(images.open(one).pixels) for one in pictures.encoded)
        figures |= {f"{prefix}{name}": value for name, value in rank(vectors, pictures).items()}
    return figures


def measure_painting(network: str, file: Path | None) -> dict[str, float]:
    """The figures of the painter, or of the network that describes pictures to it."""
    pairs = scoring.pairs_of(file) if file else held_out_pairs()
    if network == paint.DESCRIBER:
        return scoring.measure_describer(pairs)
    painted = scoring.paint_pairs(pairs)
    figures = scoring.measure_painter(pairs, painted)
    if file:
        return figures
    return {**figures, **scoring.measure_by_vgg19(pairs, painted), "milliseconds_512": scoring.measure_time()}


@cache
def held_out_pairs() -> list[scoring.Pair]:
    """Each of the photographs that no recipe read, with each of the styles. Raises data.Absent."""
    from demos.style.training.data import split

    test = split()[2]
    contents, styles = scoring.squares(test.contents), scoring.squares(test.styles)
    return [(content, style) for content in contents for style in styles]


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, measure, test=data.write_test_set)
