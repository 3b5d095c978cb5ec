"""What visitors bring: zip files of all kinds, damaged ones, and too many pictures."""

import dataclasses
import io
import zipfile
from pathlib import Path
from weakref import WeakSet

import numpy as np
import pytest
from PIL import Image

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, gallery, upload
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Gallery, GalleryError

CASES = Path(__file__).parents[2] / "cases/zips"


@pytest.fixture(autouse=True)
def networks(monkeypatch):
    """In place of the network, one that measures brightness."""
    monkeypatch.setattr(Encoder, "embed", lambda self, inputs: inputs.mean((1, 2)).astype(np.float32))
    monkeypatch.setattr(Encoder, "digest", "of now")


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


def test_uploaded_names_vectors_and_pictures_come_in_order_with_progress_on_the_way(tmp_path, monkeypatch):
    monkeypatch.setattr(upload, "BATCH", 2)
    members = {"a/b/": b"", "a/b/10.png": grey(10), "__MACOSX/a/b/._10.png": b"of a Mac", "a/.DS_Store": b"x"}
    members |= {"cut.png": grey(0)[:60], "20.PNG": grey(20), "30.text": b"no picture"}
    (tmp_path / "zip.txt").write_bytes(grey(40))  # a file is what it contains, whatever its name says
    paths = [packed(tmp_path / "x.zip", members), tmp_path / "zip.txt", str(tmp_path / "x.zip")]
    *steps, (found, skipped) = upload.embed_files(paths, COLLECTION)
    assert steps == [2, 4, 5] and isinstance(found, Gallery)
    assert found.titles == ["10", "20", "zip", "10", "20"] and found.credits == [""] * 5
    assert skipped == ["cut.png", "30.text"] * 2
    assert found.vectors["efficientnet"][:, 0].tolist() == [10, 20, 40, 10, 20]
    assert found.digests == {"efficientnet": "of now"}
    assert [int(found.pixels(at).mean()) for at in range(5)] == [10, 20, 40, 10, 20]


@pytest.mark.parametrize("damage", [locked, method, checksum])
def test_unreadable_zip_is_one_sentence(tmp_path, damage):
    path = packed(tmp_path / "x.zip", {"one.png": grey(1)})
    damage(path)
    with pytest.raises(GalleryError) as caught:
        list(upload.embed_files([path], COLLECTION))
    assert str(caught.value) == upload.BAD_ZIP


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"PK nothing of a zip"])
def test_upload_without_a_picture_is_one_sentence(tmp_path, content):
    paths = []
    if content is not None:
        (tmp_path / "file.zip").write_bytes(content)
        paths = [tmp_path / "file.zip", packed(tmp_path / "none.zip", {"a/": b""}), tmp_path / "gone.png"]
    with pytest.raises(GalleryError) as caught:
        list(upload.embed_files(paths, COLLECTION))
    assert str(caught.value) == upload.NO_PICTURE


def test_upload_beyond_the_limit_is_not_read(tmp_path, monkeypatch):
    members = {f"{level}.png": grey(level) for level in range(60)}
    opened = []
    known = upload._decode
    monkeypatch.setattr(upload, "_decode", lambda *given: opened.append(1) or known(*given))
    paths = [packed(tmp_path / "x.zip", {"bad": b"x"} | members)]
    *steps, (found, skipped) = upload.embed_files(paths, limited(max_uploads=3))
    assert steps == [3] and found.titles == ["0", "1", "2"] and skipped == ["bad"]
    assert len(opened) <= 4 + upload.AHEAD


def test_too_large_file_is_read_no_further_than_tells_that(tmp_path, monkeypatch):
    path = packed(tmp_path / "x.zip", {"zeros.png": bytes(5000), "fine.png": grey(9)})
    monkeypatch.setattr(images, "MAX_BYTES", 2000)
    assert [len(content) for _, content in upload.list_files([path])] == [2001, len(grey(9))]
    *_, (found, skipped) = upload.embed_files([path], COLLECTION)
    assert found.titles == ["fine"] and skipped == ["zeros.png"]


def limited(**limits):
    return dataclasses.replace(COLLECTION, **limits)


def restore(path, collection=COLLECTION) -> Gallery:
    *_, restored = upload.restore(path, collection)
    return restored


def saved(path, pictures: list[bytes]):
    count = len(pictures)
    files.write(Gallery(COLLECTION.encoders, pictures, ["x"] * count, [""] * count), path)
    return path


def test_saved_index_is_restored(tmp_path):
    assert restore(saved(tmp_path / "index.npz", [grey(1), grey(2)])).pictures == [grey(1), grey(2)]


def test_index_of_what_is_no_picture_or_of_too_many_is_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(GalleryError) as caught:
        restore(saved(tmp_path / "index.npz", [grey(1), b"junk"]))
    assert str(caught.value) == gallery.DAMAGED
    with pytest.raises(GalleryError, match="more than 1 pictures"):
        restore(saved(tmp_path / "index.npz", [grey(1), grey(2)]), limited(max_uploads=1))


def test_all_visitors_pictures_together_are_bounded_until_some_leave(tmp_path, monkeypatch):
    path = saved(tmp_path / "index.npz", [grey(1), grey(2)])
    monkeypatch.setattr(upload, "_admitted", WeakSet())
    vectors, titles = 2 * 3 * 4, 2  # of the network above; "x" each
    room = limited(max_upload_bytes=2 * (len(grey(1)) + len(grey(2)) + vectors + titles))
    one, other = restore(path, room), restore(path, room)
    with pytest.raises(GalleryError) as caught:
        restore(path, room)
    assert str(caught.value) == upload.FULL
    del one
    assert len(restore(path, room)) == len(other)


def test_unreadable_files_are_passed_in_steps_that_can_be_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(upload, "BATCH", 3)
    members = {f"{number}.txt": b"no picture" for number in range(10)} | {"fine.png": grey(7)}
    *steps, (found, skipped) = upload.embed_files([packed(tmp_path / "x.zip", members)], COLLECTION)
    assert steps == [0, 0, 0, 1] and len(found) == 1 and len(skipped) == 10


def test_saved_index_is_checked_in_steps_that_can_be_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(upload, "BATCH", 2)
    made = upload.restore(saved(tmp_path / "index.npz", [grey(level) for level in range(5)]), COLLECTION)
    assert [step for step in made if isinstance(step, int)] == [2, 4, 5]  # 5: embedded, as there are no vectors


def encoded(kind: str, size: tuple[int, int], mode: str = "RGB", **options) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "large",
    [
        encoded("PNG", (10_000, 9_999), "1"),
        encoded("JPEG", (3000, 10)),
        encoded("WEBP", (10, 193)),
        encoded("GIF", (9, 9)),
        encoded("TIFF", (9, 9)),
    ],
    ids=["100 megapixels of one bit", "JPEG", "WebP", "GIF", "TIFF"],
)
def test_index_with_pictures_larger_than_thumbnails_is_refused_before_decoding(tmp_path, monkeypatch, large):
    path = saved(tmp_path / "index.npz", [grey(1), large])
    monkeypatch.setattr(images, "open", lambda *_, **__: pytest.fail("it was decoded"))
    with pytest.raises(GalleryError) as error:
        restore(path)
    assert str(error.value) == gallery.DAMAGED


def test_all_formats_that_are_stored_are_restored(tmp_path):
    stored = [files.thumbnail(np.full((300, 400, 3), 99, np.uint8), kind) for kind in files.FORMATS]
    assert len(restore(saved(tmp_path / "index.npz", stored))) == 3


def bring(name: str) -> tuple[list[str], list[str]]:
    """Titles, and the names of what could not be read, of one of the zip files beside the tests."""
    *_, (gathered, skipped) = upload.embed_files([CASES / name], COLLECTION)
    return gathered.titles, skipped


def test_names_in_zips_are_readable_whatever_packed_them():
    titles, skipped = bring("names.zip")
    expected = ["Kätzchen", "猫の写真ソ", "Ünïcode utf8 no flag", "emoji 🐱", "صورة", "new line"]
    assert titles[:6] == expected and not skipped


def test_folders_of_windows_are_no_part_of_a_title():
    assert bring("backslash.zip")[0] == ["astronaut", "chelsea", "coffee", "rocket", "camera", "coins"]


def test_damaged_member_of_a_zip_is_named_and_the_others_are_taken():
    titles, skipped = bring("corrupt_member.zip")
    assert titles == ["astronaut", "chelsea", "rocket", "camera", "coins"] and skipped == ["coffee.jpg"]


def test_zip_without_its_end_is_said_to_be_incomplete():
    with pytest.raises(GalleryError) as caught:
        bring("trunc.zip")
    assert str(caught.value) == upload.CUT_ZIP
