"""Indexing on a disk: sources that have nothing, parts that hold nothing, other encoders, data sets of the Hub."""

import json
import os
import subprocess
import sys

import numpy as np
import pyarrow.parquet
import pytest

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, index
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import GalleryError
from tests import house
from tests.house import ROOT
from tests.hub import Hub


@pytest.fixture
def fast(monkeypatch):
    """In place of the networks, one that measures brightness; parts of two pictures."""
    monkeypatch.setattr(Encoder, "embed", lambda self, inputs: inputs.mean((1, 2)).astype(np.float32))
    monkeypatch.setattr(Encoder, "digest", property(lambda self: f"{self.network} of now"))
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
    return list(index.index(str(source), out, COLLECTION, names))


STEPS = [(2, []), (4, ["c", "d"]), (5, [])]


def test_folder_becomes_parts_in_order_of_names_but_for_those_without_pictures(fast, folder, tmp_path):
    out = tmp_path / "new/out"
    assert indexed(folder, out) == STEPS
    assert sorted(path.name for path in out.glob("*.npz")) == ["000000.npz", "000002.npz"]
    whole = files.read_folder(out, COLLECTION.encoders)
    assert whole.titles == ["a", "b", "z.png"]
    assert whole.digests == {name: f"retrieval/{name} of now" for name in ("mobilenet", "vae", "autoencoder")}
    assert [int(whole.pixels(at).mean()) for at in range(3)] == [10, 20, 30]


def test_part_without_its_mark_is_made_again_and_no_other(fast, folder, tmp_path, monkeypatch):
    out = tmp_path / "out"
    indexed(folder, out)
    (out / "000002.unreadable").unlink()
    (out / "000002.npz").write_bytes(b"half")
    written, known = [], files.write
    monkeypatch.setattr(files, "write", lambda made, path: written.append(path.name) or known(made, path))
    assert indexed(folder, out) == STEPS and written == ["000002.npz"]
    assert indexed(folder, out) == STEPS and written == ["000002.npz"]
    assert len(files.read_folder(out, COLLECTION.encoders)) == 3


@pytest.mark.parametrize("other", ["source", "files", "encoders", "size", "time"])
def test_index_of_something_else_is_refused_and_left_alone(fast, folder, tmp_path, other):
    indexed(folder, tmp_path / "out")
    source, names = folder, ("vae", "autoencoder")
    if other == "source":
        source = folder / "deep"
    elif other == "files":
        (folder / "deep/z.png").unlink()
    elif other == "size":  # another picture under the same name
        (folder / "a").write_bytes(images.png(np.zeros((90, 70, 3), np.uint8)))
    elif other == "time":
        os.utime(folder / "a", ns=(1, 1))
    else:
        names = ("vae",)
    before = sorted((path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir())
    with pytest.raises(GalleryError, match="choose another folder"):
        indexed(source, tmp_path / "out", names)
    assert sorted((path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir()) == before


def test_missing_folder_and_missing_index_are_sentences(fast, folder, tmp_path):
    with pytest.raises(GalleryError, match="no folder"):
        indexed(folder / "nowhere", tmp_path / "out")
    with pytest.raises(GalleryError, match="no index"):
        files.read_folder(folder, COLLECTION.encoders)


# In a process of its own, since the Hub's client takes its address when it is imported.
LIST = """
import sys
from demos.shared.gallery import index
for name in sys.argv[1:]:
    try:
        print(*index.list_pictures(f"hf://datasets/owner/{name}")[1], sep=chr(10))
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


SECOND = {
    "__init__.py": 'from demos import Demo\n\ndemo = Demo("Second", "What is like it?")\n',
    "gallery.py": """
from pathlib import Path

from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Collection

ENCODERS = {"tiny": Encoder("retrieval/autoencoder", "Tiny", 32)}
COLLECTION = Collection("second", ENCODERS, Path(__file__).with_name("gallery.npz"))
""",
}
OPEN = """
from demos.second.gallery import COLLECTION
from demos.shared.gallery import files
print(*files.open_gallery(COLLECTION).titles, *files.open_gallery(COLLECTION).vectors)
"""


def test_second_demo_is_indexed_by_its_own_encoder_and_named_by_its_variable(folder, tmp_path):
    (tmp_path / "house").mkdir()
    root = house.copy(tmp_path / "house")
    (root / "demos/second").mkdir()
    for name, content in SECOND.items():
        (root / "demos/second" / name).write_text(content)

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
        environment = {**os.environ, **environment}
        return subprocess.run([sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True)

    command = ["-m", "demos.shared.gallery.index", str(folder), str(tmp_path / "out"), "--demo", "second"]
    indexed = run(*command)
    assert not indexed.returncode and "5 pictures, 2 of them unreadable" in indexed.stdout, indexed.stderr
    opened = run("-c", OPEN, LOUPE_GALLERY_SECOND=str(tmp_path / "out"), LOUPE_GALLERY="nowhere")
    assert opened.stdout.split() == ["a", "b", "z.png", "tiny"], opened.stderr
    unknown = run(*command, "--encoders", "vae")
    assert unknown.returncode == 2 and "no encoder is called vae: choose of tiny" in unknown.stderr
