"""Indexing on a disk: sources that have nothing, parts that hold nothing, other encoders, data sets of the Hub."""

import json
import os
import subprocess
import sys

import numpy as np
import pyarrow.parquet
import pytest

from demos import images
from demos.retrieval import encoders, gallery, index
from demos.retrieval.gallery import GalleryError
from tests.house import ROOT
from tests.hub import Hub


@pytest.fixture
def fast(monkeypatch):
    """In place of the networks, one that measures brightness; parts of two pictures."""
    monkeypatch.setattr(encoders, "embed", lambda seen, name: seen.mean((1, 2)).astype(np.float32))
    monkeypatch.setattr(gallery, "digest", lambda name: f"{name} of now")
    monkeypatch.setattr(index, "PART", 2)


def grey(level: int) -> bytes:
    return images.png(np.full((20, 30, 3), level, np.uint8))


@pytest.fixture
def folder(tmp_path):
    """Of 5 files, two in a part, the third and fourth are no pictures; and hidden ones."""
    (tmp_path / "in/deep").mkdir(parents=True)
    for name, content in {"a": grey(10), "b": grey(20), "c": b"x", "d": b"", ".e": b"y"}.items():
        (tmp_path / f"in/{name}").write_bytes(content)
    (tmp_path / "in/deep/z.png").write_bytes(grey(30))
    return tmp_path / "in"


def indexed(source, out, names=("vae", "autoencoder")):
    return list(index.index(str(source), out, names))


STEPS = [(2, []), (4, ["c", "d"]), (5, [])]


def test_a_folder_becomes_parts_in_order_of_names_but_for_those_without_pictures(fast, folder, tmp_path):
    out = tmp_path / "new/out"
    assert indexed(folder, out) == STEPS
    assert sorted(path.name for path in out.glob("*.npz")) == ["000000.npz", "000002.npz"]
    whole = gallery.open_folder(out)
    assert whole.titles == ["a", "b", "z.png"]
    assert whole.digests == {name: f"{name} of now" for name in (gallery.INDEXED, "vae", "autoencoder")}
    assert [int(whole.pixels(at).mean()) for at in range(3)] == [10, 20, 30]


def test_a_part_without_its_mark_is_made_again_and_no_other(fast, folder, tmp_path, monkeypatch):
    out = tmp_path / "out"
    indexed(folder, out)
    (out / "000002.unreadable").unlink()
    (out / "000002.npz").write_bytes(b"half")
    written, known = [], gallery.write
    monkeypatch.setattr(gallery, "write", lambda made, path: written.append(path.name) or known(made, path))
    assert indexed(folder, out) == STEPS and written == ["000002.npz"]
    assert indexed(folder, out) == STEPS and written == ["000002.npz"]
    assert len(gallery.open_folder(out)) == 3


@pytest.mark.parametrize("other", ["source", "files", "encoders"])
def test_the_index_of_something_else_is_left_alone(fast, folder, tmp_path, other):
    indexed(folder, tmp_path / "out")
    source, names = folder, ("vae", "autoencoder")
    if other == "source":
        source = folder / "deep"
    elif other == "files":
        (folder / "deep/z.png").unlink()
    else:
        names = ("vae",)
    before = sorted((path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir())
    with pytest.raises(GalleryError, match="choose another folder"):
        indexed(source, tmp_path / "out", names)
    assert sorted((path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir()) == before


def test_where_there_is_nothing_one_is_told(fast, folder, tmp_path):
    with pytest.raises(GalleryError, match="no folder"):
        indexed(folder / "nowhere", tmp_path / "out")
    with pytest.raises(GalleryError, match="no index"):
        gallery.open_folder(folder)


# In a process of its own, since the Hub's client takes its address when it is imported.
LIST = """
import sys
from demos.retrieval import index
for name in sys.argv[1:]:
    try:
        print(*index.pictures(f"hf://datasets/owner/{name}")[1], sep=chr(10))
    except index.GalleryError as error:
        print(error)
"""


def parquet(tmp_path, columns: dict, features: dict | None = None) -> bytes:
    table = pyarrow.table(columns)
    if features:
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pyarrow.parquet.write_table(table, tmp_path / "some.parquet")
    return (tmp_path / "some.parquet").read_bytes()


def test_pictures_of_a_data_set_are_called_by_class_else_label_else_path_else_row(tmp_path):
    features = {"label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}
    two = [{"bytes": b"1", "path": "one.png"}, {"bytes": b"2", "path": None}]
    files = {
        "a.parquet": parquet(tmp_path, {"image": two, "label": [1, 7]}, features),
        "b.parquet": parquet(tmp_path, {"img": two, "label": ["bird", None]}),
        "c.parquet": parquet(tmp_path, {"text": ["x", "y"], "image": [two[0], None]}),
    }
    with Hub() as hub:
        hub.commit("owner/pictures", files, "dataset")
        hub.commit("owner/text", {"a.parquet": parquet(tmp_path, {"text": ["x"]})}, "dataset")
        hub.commit("owner/tables", {"a.csv": b"x"}, "dataset")
        environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "cache")}
        command = [sys.executable, "-c", LIST, "pictures", "text", "tables"]
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert not ran.returncode, ran.stderr
    assert ran.stdout.splitlines() == [
        *("('dog', b'1')", "('7', b'2')", "('bird', b'1')", "('b.parquet, 1', b'2')"),
        *("('one.png', b'1')", "('c.parquet, 1', b'')"),
        *("a.parquet of owner/text has no column image.", "The data set owner/tables has no Parquet files."),
    ]
