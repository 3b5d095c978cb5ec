"""How the style encoder learns: the split, the whitening, the loss, and what a batch holds."""

import importlib.util
import os

import numpy as np
import pytest

from demos.shared import metrics
from demos.shared.gallery.gallery import l2_normalize
from demos.style import data
from demos.style.training import encoder, statistics, validation
from demos.style.training.examples import Examples, view

HAS_DATA = os.environ.get("LOUPE_DATA") and importlib.util.find_spec("sklearn")


def make_examples(rng: np.random.Generator, offset: float = 0.0) -> Examples:
    """Four styles of three contents; content varies far more than style, in other directions."""
    styles, contents = np.repeat(np.arange(4), 12), np.tile(np.arange(3), 16)
    x = rng.normal(size=(2, 48, 10)) * 0.3
    x[..., :4] += np.eye(4)[styles]
    x[..., 4:7] += 4 * np.eye(3)[contents]
    return Examples((x + offset).astype(np.float32), styles, contents)


@pytest.mark.skipif(not HAS_DATA, reason="needs $LOUPE_DATA")
def test_no_artist_is_in_two_parts():
    import pyarrow.compute
    import pyarrow.parquet

    from demos.shared.data import find, read

    table = pyarrow.parquet.read_table(find(*data.PAINTINGS), columns=["image"])
    paths = pyarrow.compute.struct_field(table["image"], "path").to_pylist()
    artists = {
        picture: path.split("/")[1].split("_")[0]
        for picture, path in zip(read(find(*data.PAINTINGS))[0], paths, strict=True)
    }
    parts = [data.paintings(part) for part in ("train", "validation", "test")]
    who = [{artists[picture] for picture in part.encoded} for part in parts]
    assert not who[0] & who[1] and not who[0] & who[2] and not who[1] & who[2]
    assert sum(len(part.encoded) for part in parts) == len(paths)


@pytest.mark.skipif(not HAS_DATA, reason="needs $LOUPE_DATA")
def test_parts_of_pacs_share_no_picture_and_have_all_things():
    parts = [data.pacs(part) for part in ("train", "validation", "test")]
    assert sum(len(set(part.encoded)) for part in parts) == len(set().union(*(part.encoded for part in parts)))
    assert all(len(set(part.contents)) == 7 and len(set(part.labels)) == 4 for part in parts)


def test_whitening_brings_styles_together_and_contents_apart(rng, monkeypatch):
    monkeypatch.setattr(encoder, "DIMENSIONS", 6)
    training, test = make_examples(rng), make_examples(rng)
    head = statistics.projection(*encoder.whiten([training]))
    vectors, plain = validation.embed(head, test), l2_normalize(test.statistics[0] - test.statistics[0].mean(0))
    for labels, is_better in ((test.styles, np.greater), (test.contents, np.less)):
        before, after = (metrics.retrieval(rows, labels)["mean_average_precision"] for rows in (plain, vectors))
        assert is_better(after, before)


def test_contrastive_loss_is_least_where_styles_lie_together():
    labels = np.array([0, 0, 1, 1])
    together = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], "float32")
    mixed = together[[0, 2, 1, 3]]
    good, bad = (np.asarray(encoder.contrastive_loss(labels, rows)) for rows in (together, mixed))
    likely = np.exp(1 / encoder.TEMPERATURE)
    assert good == pytest.approx(np.full(4, np.log((likely + 2) / likely)), rel=1e-3)
    assert bad == pytest.approx(np.full(4, np.log(likely + 2)), rel=1e-3)


def test_batch_has_two_views_of_each_picture_and_no_label_of_two_sources(rng):
    first, last = make_examples(rng), make_examples(rng, offset=1000)
    x, labels = encoder.make_batch([first, last], rng)
    assert len(x) == len(labels) == 2 * (4 * encoder.EACH + 4 * encoder.EACH + 48)
    is_last = x[:, 0] > 500
    assert set(labels[~is_last]) == set(range(4)) and set(labels[is_last]) == set(range(4, 8))


def test_whole_view_is_the_middle_and_others_vary(rng):
    pixels = rng.integers(0, 256, (300, 400, 3), np.uint8)
    whole = view(pixels, rng, is_whole=True)
    assert whole.shape == (statistics.SIDE, statistics.SIDE, 3) and whole.dtype == np.uint8
    assert (whole == view(pixels, rng, is_whole=True)).all()
    assert (view(pixels, rng, is_whole=False) != view(pixels, rng, is_whole=False)).any()
