"""Galleries that the real networks embed: written, read, made of what a visitor brings, indexed from the Hub."""

import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pyarrow.parquet
import pytest

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, gallery, upload
from demos.shared.gallery.gallery import Gallery, GalleryError
from tests.house import ROOT
from tests.hub import Hub

ENCODERS = COLLECTION.encoders
NAME = next(iter(ENCODERS))


def noise(seed: int) -> bytes:
    return images.png(np.random.default_rng(seed).integers(0, 256, (40, 50, 3), np.uint8))


@pytest.fixture(scope="module")
def made() -> Gallery:
    """Three pictures and their vectors."""
    made = Gallery(ENCODERS, [noise(seed) for seed in range(3)], ["one", "two", "thrée"], ["mine", "", ""])
    made.prepare(NAME)
    made.layout = np.array([[0, 0.5], [0.5, 0], [1, 1]], np.float32)
    return made


@pytest.fixture
def file(made, tmp_path):
    files.write(made, tmp_path / "index.npz")
    return tmp_path / "index.npz"


def test_written_gallery_is_read_as_it_was(made, file):
    read = files.read(file, ENCODERS)
    assert (read.pictures, read.titles, read.credits) == (made.pictures, made.titles, made.credits)
    assert read.digests == made.digests and np.array_equal(read.layout, made.layout)
    assert np.allclose(read.vectors[NAME], made.vectors[NAME], atol=1e-3)
    assert np.allclose(np.linalg.norm(read.vectors[NAME], axis=1), 1)


def test_vectors_of_other_weights_are_made_again(made, file, monkeypatch):
    read = files.read(file, ENCODERS)
    read.vectors[NAME], read.digests[NAME] = np.zeros((3, 4), np.float32), "of others"
    monkeypatch.setattr(gallery, "MAX_EMBEDDED", 2)
    with pytest.raises(GalleryError, match="index it again"):
        read.prepare(NAME)
    monkeypatch.undo()
    read.prepare(NAME)
    assert np.allclose(read.vectors[NAME], made.vectors[NAME], atol=1e-5)


def test_uploaded_files_and_zips_are_taken_and_what_is_no_picture_is_named(tmp_path):
    (tmp_path / "loose.png").write_bytes(noise(0))
    zipped = {"a/deep.png": noise(1), "notes.txt": b"no picture", "cut.png": noise(2)[:500]}
    zipped |= {"__MACOSX/._deep.png": b"of a Mac", ".hidden": b"x"}
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        for name, content in zipped.items():
            archive.writestr(name, content)
    *_, (found, skipped) = upload.embed_files([tmp_path / "loose.png", tmp_path / "some.zip"], COLLECTION)
    assert found.titles == ["loose", "deep"] and sorted(skipped) == ["cut.png", "notes.txt"]
    inputs = np.stack([ENCODERS[NAME].preprocess(images.open(noise(seed)).pixels) for seed in (0, 1)])
    assert np.allclose(found.vectors[NAME], ENCODERS[NAME].embed(inputs), atol=1e-5)


def test_data_set_on_the_hub_is_indexed_with_the_names_of_its_classes(tmp_path):
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
        "demos.shared.gallery.index",
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
    assert files.read_folder(out, ENCODERS).titles == ["cat", "dog", "dog"]
    assert (
        missing.returncode == 1 and "owner/others cannot be had" in missing.stderr and "Traceback" not in missing.stderr
    )
