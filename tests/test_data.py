"""Data sets from a folder, or a sentence that says where to put them."""

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from demos import data
from tests.pictures import encode


def write(path, column: str, pictures: list, **columns) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded = [{"bytes": encode(picture, "PNG"), "path": None} for picture in pictures]
    pyarrow.parquet.write_table(pyarrow.table({column: encoded, **columns}), path)


@pytest.mark.parametrize("column", ["image", "img"])
def test_pictures_and_labels_come_back_exactly(tmp_path, monkeypatch, column):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 8, 6, 3), np.uint8)
    write(tmp_path / "shapes/test.parquet", column, list(pictures), label=[2, 0, 1])
    monkeypatch.setenv("LOUPE_DATA", str(tmp_path))
    found, labels = data.small(data.find("shapes", "test"))
    assert np.array_equal(found, pictures) and list(labels) == [2, 0, 1]


def test_pictures_may_have_no_labels(tmp_path):
    write(tmp_path / "a.parquet", "image", [np.zeros((2, 2, 3), np.uint8)])
    encoded, labels = data.read(tmp_path / "a.parquet")
    assert len(encoded) == 1 and labels == [None]


def test_a_set_that_is_not_there_says_where_it_belongs(tmp_path, monkeypatch):
    monkeypatch.setenv("LOUPE_DATA", str(tmp_path))
    with pytest.raises(data.Absent, match="LOUPE_DATA to a folder that holds shapes/test.parquet"):
        data.find("shapes", "test")
