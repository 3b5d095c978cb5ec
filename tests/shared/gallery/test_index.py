"""Indexing on a disk: kept up to date, broken off, of sources that have nothing, and of data sets of the Hub."""

import json
import os
import subprocess
import sys

import numpy as np
import pyarrow.parquet
import pytest

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, index, parts
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import GalleryError
from demos.shared.gallery.index import Step
from tests import house
from tests.house import ROOT
from tests.hub import Hub


@pytest.fixture
def fast(monkeypatch):
    """In place of the networks, one that measures brightness, two pictures at a time; parts of two pictures.

    Returns the names of the files that are written.
    """
    written, known = [], files.write
    monkeypatch.setattr(Encoder, "embed", lambda self, inputs: inputs.mean((1, 2)).astype(np.float32))
    monkeypatch.setattr(Encoder, "digest", property(lambda self: f"{self.network} of now"))
    monkeypatch.setattr(parts, "PART", 2)
    monkeypatch.setattr(index, "BATCH", 2)
    monkeypatch.setattr(files, "write", lambda made, path: written.append(path.name) or known(made, path))
    return written


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


C, D = f"c: {images.UNKNOWN}", f"d: {images.EMPTY}"
STEPS = [Step(1, 1), Step(3, 2, 0, (C,)), Step(5, 3, 0, (D,)), Step(5, 3)]


def titles(out) -> dict[str, int]:
    """The titles of an index, and how bright each picture is."""
    whole = files.read_folder(out, COLLECTION.encoders)
    assert len(whole.vectors["vae"]) == len(whole) and set(whole.digests) == {"efficientnet", "vae", "autoencoder"}
    return {title: int(whole.pixels(at).mean()) for at, title in enumerate(whole.titles)}


def test_folder_becomes_parts_in_order_of_names_but_for_those_without_pictures(fast, folder, tmp_path):
    out = tmp_path / "new/out"
    assert indexed(folder, out) == STEPS
    assert sorted(path.name for path in out.glob("*.npz")) == ["000000.npz", "000001.npz"]
    whole = files.read_folder(out, COLLECTION.encoders)
    assert whole.titles == ["a", "b", "deep/z.png"]
    assert whole.digests == {name: f"retrieval/{name} of now" for name in ("efficientnet", "vae", "autoencoder")}
    assert [int(whole.pixels(at).mean()) for at in range(3)] == [10, 20, 30]


def test_part_without_its_mark_is_made_again_and_no_other(fast, folder, tmp_path):
    out = tmp_path / "out"
    indexed(folder, out)
    (out / "000001.json").unlink()
    (out / "000001.npz").write_bytes(b"half")
    fast.clear()
    assert indexed(folder, out)[-1] == Step(5, 1) and fast == ["000002.npz"]
    assert indexed(folder, out)[-1] == Step(5, 0) and fast == ["000002.npz"]
    assert titles(out) == {"a": 10, "b": 20, "deep/z.png": 30}


def test_index_follows_its_folder_whatever_its_path_is_called(fast, folder, tmp_path, monkeypatch):
    out = tmp_path / "out"
    indexed(folder, out)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("in")
    assert indexed("in/../in/", out)[-1] == Step(5, 0)
    (folder / "new").mkdir()
    (folder / "new/y").write_bytes(grey(40))
    assert indexed("link", out)[-1] == Step(6, 1) and titles(out) == {"a": 10, "b": 20, "deep/z.png": 30, "new/y": 40}
    fast.clear()
    (folder / "a").write_bytes(grey(50))
    (folder / "deep/z.png").unlink()
    assert indexed("./in", out)[-1] == Step(5, 1, 2) and titles(out) == {"b": 20, "new/y": 40, "a": 50}
    assert len(fast) == 2  # the one that is new, and what stayed of a part
    os.utime(folder / "b", ns=(1, 1))
    assert indexed(folder, out)[-1] == Step(5, 1, 1)
    folder.rename(tmp_path / "moved")
    assert indexed(tmp_path / "moved", out)[-1] == Step(5, 0) and len(titles(out)) == 3
    (tmp_path / "other").mkdir()
    (tmp_path / "other/b").write_bytes(grey(70))
    (tmp_path / "moved").rename(tmp_path / "away")
    with pytest.raises(GalleryError, match="choose another folder"):  # nothing of it is known
        indexed(tmp_path / "other", out)
    assert len(titles(out)) == 3


def test_index_in_its_own_folder_is_no_picture_of_it(fast, folder):
    assert indexed(folder, folder / "out")[-1] == Step(5, 3)
    assert indexed(folder, folder / "out")[-1] == Step(5, 0)


def test_what_was_broken_off_is_kept(fast, folder, tmp_path):
    steps = index.index(str(folder), tmp_path / "out", COLLECTION, ("vae", "autoencoder"))
    assert [next(steps), next(steps)] == STEPS[:2]
    (folder / "e").write_bytes(grey(60))
    steps.close()
    assert titles(tmp_path / "out") == {"a": 10, "b": 20}
    assert indexed(folder, tmp_path / "out")[-1] == Step(6, 2)


def test_picture_that_stands_in_two_parts_is_found_once(fast, folder, tmp_path):
    """As after a run that ended between two parts."""
    out = tmp_path / "out"
    indexed(folder, out)
    for ending in ("npz", "json"):
        (out / f"000007.{ending}").write_bytes((out / f"000001.{ending}").read_bytes())
    assert indexed(folder, out)[-1] == Step(5, 0)
    assert titles(out) == {"a": 10, "b": 20, "deep/z.png": 30}
    assert len(files.read_folder(out, COLLECTION.encoders)) == 3


def test_vectors_of_another_network_are_made_again(fast, folder, tmp_path, monkeypatch):
    indexed(folder, tmp_path / "out")
    monkeypatch.setattr(Encoder, "digest", property(lambda self: f"{self.network} of later"))
    assert indexed(folder, tmp_path / "out")[-1] == Step(5, 3)
    assert files.read_folder(tmp_path / "out", COLLECTION.encoders).digests["vae"] == "retrieval/vae of later"


@pytest.mark.parametrize("other", ["source", "encoders", "state", "files"])
def test_index_of_something_else_is_refused_and_left_alone(fast, folder, tmp_path, other):
    indexed(folder, tmp_path / "out")
    source, names = folder, ("vae", "autoencoder")
    if other == "source":
        source = folder / "deep"
    elif other == "state":
        (tmp_path / "out/source.json").write_text("[]")
    elif other == "files":  # of somebody's own
        (tmp_path / "out/source.json").unlink()
    else:
        names = ("vae",)
    before = sorted((path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir())
    with pytest.raises(GalleryError, match="choose another folder"):
        indexed(source, tmp_path / "out", names)
    assert sorted((path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir()) == before


@pytest.mark.parametrize("left", [0, 2])
def test_source_without_a_picture_is_a_sentence_and_leaves_the_index_alone(fast, folder, tmp_path, left):
    """As where a disk is not there."""
    indexed(folder, tmp_path / "out")
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.name not in ("c", "d") or not left:
            path.rmdir() if path.is_dir() else path.unlink()
    for out in ("out", "new"):
        with pytest.raises(GalleryError, match="no picture in the source"):
            indexed(folder, tmp_path / out)
    assert titles(tmp_path / "out") == {"a": 10, "b": 20, "deep/z.png": 30}


def test_missing_folder_and_missing_index_are_sentences(fast, folder, tmp_path):
    with pytest.raises(GalleryError, match="no folder"):
        indexed(folder / "nowhere", tmp_path / "out")
    with pytest.raises(GalleryError, match="no index"):
        files.read_folder(folder, COLLECTION.encoders)


# In a process of its own, since the Hub's client takes its address when it is imported.
LIST = """
import sys
from demos.shared.gallery import sources
for name in sys.argv[1:]:
    try:
        listed = list(sources.list_pictures(sources.resolve(f"hf://datasets/{name}/")))
        assert len({key for key, *_ in listed}) == len(listed)
        print(*(named for _, *named in listed), sep=chr(10))
    except sources.GalleryError as error:
        print(error)
"""


WRONG = ("owner/absent", "a/b/c")


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
        hub.commit("owner/broken", {"a.parquet": b"none"}, "dataset")
        names = [f"owner/{name}" for name in ("pictures", "text", "tables", "broken", "absent")]
        command = [sys.executable, "-c", LIST, *names, "a/b/c"]
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert not ran.returncode, ran.stderr
    assert ran.stdout.splitlines() == [
        *("['dog', b'1']", "['7', b'2']", "['bird', b'1']", "['b.parquet, 1', b'2']"),
        *("['one.png', b'1']", "['c.parquet, 1', b'']"),
        *("a.parquet of owner/text has no column image.", "The data set owner/tables has no Parquet files."),
        "a.parquet of owner/broken is damaged, or no Parquet file.",
        *(f"The data set {name} cannot be had from the Hub: look at its name, or log in." for name in WRONG),
    ]


@pytest.mark.parametrize(
    "source, variables, sentence",
    [
        ("empty", {}, "There is no picture in the source that can be opened"),
        ("hf://datasets/owner/name", {"HF_ENDPOINT": "http://127.0.0.1:9"}, "the Hub cannot be reached"),
        ("hf://datasets/owner/name", {"ALL_PROXY": "gopher://127.0.0.1:9"}, "the Hub cannot be reached"),
        ("hf://owner/name", {}, "write hf://datasets/OWNER/NAME"),
    ],
)
def test_command_ends_with_one_sentence_where_there_is_nothing_to_index(tmp_path, source, variables, sentence):
    (tmp_path / "empty").mkdir()
    source = source if source.startswith("hf:") else str(tmp_path / source)
    command = [sys.executable, "-m", "demos.shared.gallery.index", source, str(tmp_path / "out")]
    environment = {**os.environ, "HF_HOME": str(tmp_path / "cache"), **variables}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 1 and sentence in ran.stderr.splitlines()[-1] and "Traceback" not in ran.stderr


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
    assert opened.stdout.split() == ["a", "b", "deep/z.png", "tiny"], opened.stderr
    unknown = run(*command, "--encoders", "vae")
    assert unknown.returncode == 2 and "no encoder is called vae: choose of tiny" in unknown.stderr
