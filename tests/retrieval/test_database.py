"""Databases: written, read, damaged, made of what somebody brings, indexed on a disk."""

import io
import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pyarrow.parquet
import pytest

from demos import images
from demos.retrieval import encoders, gallery, index, own
from demos.retrieval.gallery import Gallery, GalleryError
from tests.house import ROOT
from tests.hub import Hub

NAME = gallery.INDEXED


def noise(seed: int) -> bytes:
    return images.png(np.random.default_rng(seed).integers(0, 256, (40, 50, 3), np.uint8))


@pytest.fixture(scope="module")
def made() -> Gallery:
    """Three pictures and their vectors."""
    made = Gallery([noise(seed) for seed in range(3)], ["one", "two", "thrée"], ["mine", "", ""])
    made.prepare(NAME)
    made.places = np.array([[0, 0.5], [0.5, 0], [1, 1]], np.float32)
    return made


@pytest.fixture
def file(made, tmp_path):
    gallery.write(made, tmp_path / "index.npz")
    return tmp_path / "index.npz"


def test_what_is_written_is_read(made, file):
    read = gallery.read(file)
    assert (read.pictures, read.titles, read.credits) == (made.pictures, made.titles, made.credits)
    assert read.digests == made.digests and np.array_equal(read.places, made.places)
    assert np.allclose(read.vectors[NAME], made.vectors[NAME], atol=1e-3)
    assert np.allclose(np.linalg.norm(read.vectors[NAME], axis=1), 1)


def changed(file, **members) -> None:
    with np.load(file) as stored:
        arrays = dict(stored) | members
    np.savez(file, **arrays)


DAMAGES = {
    "no zip": lambda file: file.write_bytes(b"no index"),
    "truncated": lambda file: file.write_bytes(file.read_bytes()[:-300]),
    "objects": lambda file: changed(file, about=np.array([{"titles": []}], object)),
    "no JSON": lambda file: changed(file, about=np.frombuffer(b"{", np.uint8)),
    "too few vectors": lambda file: changed(file, **{f"vectors_{NAME}": np.ones((2, 4))}),
    "no numbers": lambda file: changed(file, **{f"vectors_{NAME}": np.full((3, 4), np.nan)}),
    "ends beyond": lambda file: changed(file, ends=np.array([1, 2, 10**9])),
    "ends backwards": lambda file: changed(file, ends=np.array([5, 2, 7])),
    "places": lambda file: changed(file, places=np.zeros((3, 3))),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_one_sentence(file, damage):
    DAMAGES[damage](file)
    with pytest.raises(GalleryError, match="damaged"):
        gallery.read(file)


def test_an_index_that_unpacks_to_more_than_fits_is_refused_before_it_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "index.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pictures.npy", bytes(gallery.LARGEST + 1))
    with pytest.raises(GalleryError, match="MB"):
        gallery.read(tmp_path / "index.npz")


def test_vectors_of_other_weights_are_made_again(made, file, monkeypatch):
    read = gallery.read(file)
    read.vectors[NAME], read.digests[NAME] = np.zeros((3, 4), np.float32), "of others"
    monkeypatch.setattr(gallery, "MOST_NOW", 2)
    with pytest.raises(GalleryError, match="index it again"):
        read.prepare(NAME)
    monkeypatch.undo()
    read.prepare(NAME)
    assert np.allclose(read.vectors[NAME], made.vectors[NAME], atol=1e-5)


def brought(paths, most=own.MOST) -> tuple[Gallery, list[str]]:
    *_, last = own.embedded(paths, most)
    return last


def packed(path, members: dict[str, bytes]):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_files_and_zips_are_taken_and_what_is_no_picture_is_named(tmp_path):
    (tmp_path / "loose.png").write_bytes(noise(0))
    zipped = {"a/deep.png": noise(1), "notes.txt": b"no picture", "cut.png": noise(2)[:500]}
    zipped |= {"__MACOSX/._deep.png": b"of a Mac", ".hidden": b"x"}
    found, skipped = brought([tmp_path / "loose.png", packed(tmp_path / "some.zip", zipped)])
    assert found.titles == ["loose", "deep"] and sorted(skipped) == ["cut.png", "notes.txt"]
    views = np.stack([encoders.see(images.open(noise(seed)).pixels, NAME) for seed in (0, 1)])
    assert np.allclose(found.vectors[NAME], encoders.embed(views, NAME), atol=1e-5)


def test_only_so_many_are_taken(tmp_path):
    path = packed(tmp_path / "some.zip", {f"{seed}.png": noise(seed) for seed in range(5)})
    assert brought([path], most=3)[0].titles == ["0", "1", "2"]


def test_what_holds_no_picture_is_one_sentence(tmp_path):
    with pytest.raises(GalleryError, match="None of these"):
        brought([packed(tmp_path / "some.zip", {"notes.txt": b"x"})])
    broken = packed(tmp_path / "broken.zip", {"one.png": noise(0)})
    content = bytearray(broken.read_bytes())
    content[60:90] = bytes(30)
    broken.write_bytes(content)
    with pytest.raises(GalleryError):
        brought([broken])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in/deep").mkdir(parents=True)
    for seed in range(5):
        (tmp_path / f"in/deep/{seed}.png").write_bytes(noise(seed))
    (tmp_path / "in/bad.jpg").write_bytes(b"no picture")
    return tmp_path / "in"


def test_a_folder_is_indexed_in_parts_and_goes_on_where_it_broke_off(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(index, "PART", 2)
    steps = list(index.index(str(folder), tmp_path / "out", (NAME,)))
    assert [done for done, _ in steps] == [2, 4, 6] and sum((bad for _, bad in steps), []) == ["bad.jpg"]
    whole = gallery.open_folder(tmp_path / "out")
    assert whole.titles == [f"{seed}.png" for seed in range(5)] and len(whole) == 5
    assert whole.pixels(4).shape == (40, 50, 3)
    with pytest.raises(IndexError):
        whole.pictures[5]

    first, last = (tmp_path / f"out/00000{number}.npz" for number in (0, 2))
    before = first.stat().st_mtime_ns
    last.unlink()
    last.with_suffix(".unreadable").unlink()
    assert list(index.index(str(folder), tmp_path / "out", (NAME,))) == steps
    assert last.exists() and first.stat().st_mtime_ns == before


def test_an_index_of_something_else_is_not_written_over(folder, tmp_path):
    list(index.index(str(folder), tmp_path / "out", (NAME,)))
    (folder / "new.png").write_bytes(noise(9))
    with pytest.raises(GalleryError, match="other pictures"):
        list(index.index(str(folder), tmp_path / "out", (NAME,)))
    with pytest.raises(GalleryError, match="no folder"):
        list(index.index(str(folder / "nowhere"), tmp_path / "other"))
    with pytest.raises(GalleryError, match="no index"):
        gallery.open_folder(folder)


def test_a_data_set_on_the_hub_is_indexed_with_the_names_of_its_classes(tmp_path):
    rows = [{"bytes": noise(seed), "path": f"{seed}.png"} for seed in range(3)] + [
        {"bytes": b"none", "path": "bad.png"}
    ]
    features = {"info": {"features": {"label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}}}
    table = pyarrow.table({"image": rows, "label": [0, 1, 1, 0]})
    table = table.replace_schema_metadata({"huggingface": json.dumps(features)})
    pyarrow.parquet.write_table(table, tmp_path / "train.parquet")
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "demos.retrieval.index",
        "hf://datasets/owner/pictures",
        str(out),
        "--encoders",
        NAME,
    ]
    with Hub() as hub:
        hub.commit("owner/pictures", {"data/train.parquet": (tmp_path / "train.parquet").read_bytes()}, "dataset")
        environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "cache")}
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
        assert not ran.returncode, ran.stderr
        command[3] = "hf://datasets/owner/others"
        missing = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert "4 pictures, 1 of them unreadable" in ran.stdout and "unreadable: cat" in ran.stdout
    assert gallery.open_folder(out).titles == ["cat", "dog", "dog"]
    assert (
        missing.returncode == 1 and "owner/others cannot be had" in missing.stderr and "Traceback" not in missing.stderr
    )


def test_what_a_visitor_saves_is_what_was_searched(made):
    buffer = io.BytesIO()
    gallery.write(made, buffer)
    assert zipfile.is_zipfile(buffer)
