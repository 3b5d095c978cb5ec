"""Galleries that the page indexes when it starts: folders of pictures, and data sets on the Hub."""

import dataclasses
import shutil
import threading
from functools import partial

import numpy as np
import pytest
from huggingface_hub import cached_assets_path

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, index, startup
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Collection, GalleryError
from tests.waiting import wait_for


def grey(level: int) -> bytes:
    return images.png(np.full((20, 30, 3), level, np.uint8))


def keep_in(cache, monkeypatch):
    monkeypatch.setattr(startup, "cached_assets_path", partial(cached_assets_path, assets_dir=cache))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Of two pictures, which LOUPE_GALLERY names; in place of the networks one that measures brightness."""
    monkeypatch.setattr(Encoder, "embed", lambda self, inputs: inputs.mean((1, 2)).astype(np.float32))
    monkeypatch.setattr(Encoder, "digest", property(lambda self: f"{self.network} of now"))
    keep_in(tmp_path / "cache", monkeypatch)
    monkeypatch.setenv("LOUPE_GALLERY", str(tmp_path / "in"))
    monkeypatch.delenv("LOUPE_MILVUS", raising=False)
    (tmp_path / "in").mkdir()
    for name, level in {"a.png": 10, "b.png": 20}.items():
        (tmp_path / "in" / name).write_bytes(grey(level))
    return tmp_path / "in"


def start() -> Collection:
    """The collection of another start of the page."""
    return dataclasses.replace(COLLECTION, lock=threading.Lock())


def test_folder_of_pictures_is_indexed_at_the_start_and_brought_up_to_date_at_the_next(folder):
    first = start()
    with pytest.raises(GalleryError, match="being indexed, no picture so far: come back in a while"):
        files.open_gallery(first)
    startup.index_pictures(first)
    assert files.open_gallery(first).titles == ["a.png", "b.png"]
    (folder / "c.png").write_bytes(grey(30))
    (folder / "a.png").unlink()
    second = start()
    startup.index_pictures(second)
    assert sorted(files.open_gallery(second).titles) == ["b.png", "c.png"]
    assert sorted(path.name for path in folder.iterdir()) == ["b.png", "c.png"]


def test_visitors_are_told_how_far_the_index_is(folder, monkeypatch):
    monkeypatch.setattr(index, "BATCH", 1)
    collection, told, known = start(), [], files.report
    monkeypatch.setattr(files, "report", lambda *of: told.append(of[1]) or known(*of))
    startup.index_pictures(collection)
    assert told[:2] == [files.INDEXING.format(number) for number in ("1 picture", "2 pictures")]


def test_pictures_that_cannot_be_had_are_a_sentence_or_those_of_the_start_before(folder, monkeypatch):
    startup.index_pictures(start())
    shutil.move(folder / "a.png", folder / "a.txt")
    (folder / "a.txt").write_text("no picture")
    (folder / "b.png").write_bytes(b"no picture")
    earlier = start()
    startup.index_pictures(earlier)
    assert files.open_gallery(earlier).titles == ["a.png", "b.png"]
    keep_in(folder.parent / "another", monkeypatch)
    none = start()
    with pytest.raises(GalleryError):
        startup.index_pictures(none)
    with pytest.raises(GalleryError, match="no picture in the source"):
        files.open_gallery(none)


@pytest.mark.parametrize("address", ["hf://owner/name", "hf://datasets/"])
def test_address_that_is_none_is_a_sentence(folder, monkeypatch, address):
    monkeypatch.setenv("LOUPE_GALLERY", address)
    collection = start()
    with pytest.raises(GalleryError):
        startup.index_pictures(collection)
    with pytest.raises(GalleryError, match="write hf://datasets/OWNER/NAME"):
        files.open_gallery(collection)


def test_index_that_cannot_be_written_is_a_sentence(folder, monkeypatch):
    (folder.parent / "file").write_text("no folder")
    keep_in(folder.parent / "file", monkeypatch)
    collection = start()
    startup.index_pictures(collection)
    with pytest.raises(GalleryError) as error:
        files.open_gallery(collection)
    assert str(error.value) == startup.UNWRITABLE


def test_whatever_ends_the_indexing_is_a_sentence(folder, monkeypatch):
    def fail(*given):
        raise ModuleNotFoundError("pyarrow")

    monkeypatch.setattr(startup, "SECONDS", 0)
    monkeypatch.setattr(index, "index", fail)
    collection = start()
    startup.prefetch(collection)

    def says() -> str:
        with pytest.raises(GalleryError) as error:
            files.open_gallery(collection)
        return str(error.value)

    wait_for(lambda: says() == startup.FAILED, 20)


def test_vector_database_without_an_index_is_a_sentence(folder, monkeypatch):
    monkeypatch.setenv("LOUPE_MILVUS", "none.db")
    with pytest.raises(GalleryError) as error:
        files.open_gallery(start())
    assert str(error.value) == files.DATABASE_ALONE.format("LOUPE_MILVUS", "LOUPE_GALLERY")
