"""What visitors bring: zip files of all kinds, damaged ones, and too many pictures."""

import zipfile
from weakref import WeakSet

import numpy as np
import pytest

from demos import images
from demos.retrieval import encoders, gallery, own
from demos.retrieval.gallery import Gallery, GalleryError


@pytest.fixture(autouse=True)
def networks(monkeypatch):
    """In place of the network, one that measures brightness."""
    monkeypatch.setattr(encoders, "embed", lambda seen, name: seen.mean((1, 2)).astype(np.float32))
    monkeypatch.setattr(own.gallery, "digest", lambda name: "of now")


def grey(level: int) -> bytes:
    return images.png(np.full((20, 30, 3), level, np.uint8))


def packed(path, members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def locked(path):
    """Say in both headers of the only member that it is encrypted."""
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def method(path):
    """Say in both headers that a method packed it that nobody knows."""
    content = bytearray(path.read_bytes())
    content[8] = content[content.rindex(b"PK\x01\x02") + 10] = 77
    path.write_bytes(content)


def checksum(path):
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 16] ^= 255
    path.write_bytes(content)


def test_names_vectors_and_pictures_come_in_order_with_progress_on_the_way(tmp_path, monkeypatch):
    monkeypatch.setattr(encoders, "BATCH", 2)
    members = {"a/b/": b"", "a/b/10.png": grey(10), "__MACOSX/a/b/._10.png": b"of a Mac", "a/.DS_Store": b"x"}
    members |= {"cut.png": grey(0)[:60], "20.PNG": grey(20), "30.text": b"no picture"}
    (tmp_path / "zip.txt").write_bytes(grey(40))  # a file is what it contains, whatever its name says
    paths = [packed(tmp_path / "x.zip", members), tmp_path / "zip.txt", str(tmp_path / "x.zip")]
    *steps, (found, skipped) = own.embedded(paths)
    assert steps == [2, 4, 5] and isinstance(found, Gallery)
    assert found.titles == ["10", "20", "zip", "10", "20"] and found.credits == [""] * 5
    assert skipped == ["cut.png", "30.text"] * 2
    assert found.vectors["mobilenet"][:, 0].tolist() == [10, 20, 40, 10, 20]
    assert found.digests == {"mobilenet": "of now"}
    assert [int(found.pixels(at).mean()) for at in range(5)] == [10, 20, 40, 10, 20]


@pytest.mark.parametrize("damage", [locked, method, checksum])
def test_a_zip_that_cannot_be_read_is_one_sentence(tmp_path, damage):
    path = packed(tmp_path / "x.zip", {"one.png": grey(1)})
    damage(path)
    with pytest.raises(GalleryError) as caught:
        list(own.embedded([path]))
    assert str(caught.value) == own.BAD_ZIP


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"PK\x03\x04 half a zip"])
def test_nothing_readable_is_one_sentence(tmp_path, content):
    paths = []
    if content is not None:
        (tmp_path / "file.zip").write_bytes(content)
        paths = [tmp_path / "file.zip", packed(tmp_path / "none.zip", {"a/": b""}), tmp_path / "gone.png"]
    with pytest.raises(GalleryError) as caught:
        list(own.embedded(paths))
    assert str(caught.value) == own.NONE


def test_no_more_is_read_than_is_taken(tmp_path, monkeypatch):
    members = {f"{level}.png": grey(level) for level in range(60)}
    opened = []
    known = own._decoded
    monkeypatch.setattr(own, "_decoded", lambda content: opened.append(1) or known(content))
    *steps, (found, skipped) = own.embedded([packed(tmp_path / "x.zip", {"bad": b"x"} | members)], most=3)
    assert steps == [3] and found.titles == ["0", "1", "2"] and skipped == ["bad"]
    assert len(opened) <= 4 + own.AHEAD


def test_of_a_file_that_is_too_large_no_more_is_read_than_tells_that(tmp_path, monkeypatch):
    path = packed(tmp_path / "x.zip", {"zeros.png": bytes(5000), "fine.png": grey(9)})
    monkeypatch.setattr(images, "MAX_BYTES", 2000)
    assert [len(content) for _, content in own.files([path])] == [2001, len(grey(9))]
    *_, (found, skipped) = own.embedded([path])
    assert found.titles == ["fine"] and skipped == ["zeros.png"]


def saved(path, pictures: list[bytes]):
    count = len(pictures)
    gallery.write(Gallery(pictures, ["x"] * count, [""] * count), path)
    return path


def test_what_was_saved_is_given_back(tmp_path):
    assert own.restored(saved(tmp_path / "index.npz", [grey(1), grey(2)])).pictures == [grey(1), grey(2)]


def test_an_index_of_what_is_no_picture_or_of_too_many_is_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(GalleryError) as caught:
        own.restored(saved(tmp_path / "index.npz", [grey(1), b"junk"]))
    assert str(caught.value) == gallery.DAMAGED
    monkeypatch.setattr(own, "MOST", 1)
    with pytest.raises(GalleryError, match="more than 1 pictures"):
        own.restored(saved(tmp_path / "index.npz", [grey(1), grey(2)]))


def test_all_visitors_pictures_together_have_a_bounded_room_which_comes_free_again(tmp_path, monkeypatch):
    path = saved(tmp_path / "index.npz", [grey(1), grey(2)])
    monkeypatch.setattr(own, "_kept", WeakSet())
    monkeypatch.setattr(own, "ROOM", 2 * len(grey(1)) + 2 * len(grey(2)))
    one, other = own.restored(path), own.restored(path)
    with pytest.raises(GalleryError) as caught:
        own.restored(path)
    assert str(caught.value) == own.FULL
    del one
    assert len(own.restored(path)) == len(other)
