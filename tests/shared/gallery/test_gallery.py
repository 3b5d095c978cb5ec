"""Galleries in one file and in many: what lies where, hostile files, and when pictures are embedded."""

import dataclasses
import json
import tempfile
import threading
import zipfile

import numpy as np
import pytest

import weights
from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, gallery, on_disk, query, startup
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Gallery, GalleryError
from tests.waiting import wait_for

ENCODERS = COLLECTION.encoders
NAME = next(iter(ENCODERS))
ENCODED = (NAME, "vae")


def picture(seed: int, side: int = 24) -> bytes:
    return images.png(np.random.default_rng(seed).integers(0, 256, (side, side + 8, 3), np.uint8))


def database(seeds, digest: str = "of this network", **options) -> Gallery:
    """Pictures with vectors that no network made."""
    vectors = {
        name: gallery.l2_normalize(np.random.default_rng(list(seeds)).normal(size=(len(seeds), 6))) for name in ENCODED
    }
    titles = [str(seed) for seed in seeds]
    digests = dict.fromkeys(ENCODED, digest)
    return Gallery(
        ENCODERS, [picture(seed) for seed in seeds], titles, ["mine"] * len(seeds), vectors, digests, **options
    )


@pytest.fixture
def file(tmp_path):
    files.write(database(range(3)), tmp_path / "index.npz")
    return tmp_path / "index.npz"


def changed(file, **members) -> None:
    with np.load(file) as stored:
        arrays = dict(stored) | members
    np.savez(file, **arrays)


def about(**said) -> np.ndarray:
    said = {"titles": ["a"] * 3, "credits": [""] * 3, "digests": dict.fromkeys(ENCODED, "")} | said
    return np.frombuffer(json.dumps(said).encode(), np.uint8)


def bomb(file) -> None:
    """An array that says that it has a million million numbers, and has none."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }".ljust(117) + b"\n"
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("places.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)


def locked(file) -> None:
    """Both headers of each member say that it is encrypted."""
    content = bytearray(file.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + flags] |= 1
    file.write_bytes(content)


DAMAGES = {
    "not there": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "no zip": lambda file: file.write_bytes(b"no index"),
    "truncated": lambda file: file.write_bytes(file.read_bytes()[:-300]),
    "locked": locked,
    "another zip": lambda file: zipfile.ZipFile(file, "w").close(),
    "a huge array": bomb,
    "objects": lambda file: changed(file, about=np.array([{"titles": []}], object)),
    "no JSON": lambda file: changed(file, about=np.frombuffer(b"{", np.uint8)),
    "too few titles": lambda file: changed(file, about=about(titles=["a"])),
    "too few credits": lambda file: changed(file, about=about(credits=[""] * 2)),
    "titles of nothing": lambda file: changed(file, about=about(titles=None)),
    "no digests": lambda file: changed(file, about=about(digests={})),
    "no pictures": lambda file: changed(file, about=about(titles=[], credits=[]), ends=np.zeros(0, np.int64)),
    "ends beyond": lambda file: changed(file, ends=np.array([1, 2, 10**9])),
    "ends backwards": lambda file: changed(file, ends=np.array([5, 2, 7])),
    "an empty picture": lambda file: changed(file, ends=np.load(file)["ends"] * [0, 1, 1]),
    "pictures of another type": lambda file: changed(file, pictures=np.load(file)["pictures"].astype(np.int16)),
    "pickled pictures": lambda file: changed(file, pictures=np.array([b"x"] * 3, object)),
    "vectors of one number": lambda file: changed(file, vectors_vae=np.ones(3)),
    "too few vectors": lambda file: changed(file, vectors_vae=np.ones((2, 6))),
    "infinite vectors": lambda file: changed(file, vectors_vae=np.full((3, 6), np.inf)),
    "vectors of text": lambda file: changed(file, vectors_vae=np.full((3, 6), "x")),
    "places of three": lambda file: changed(file, places=np.zeros((3, 3))),
    "places nowhere": lambda file: changed(file, places=np.full((3, 2), np.nan)),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_index_is_the_same_sentence_whatever_is_wrong(file, damage):
    DAMAGES[damage](file)
    with pytest.raises(GalleryError) as caught:
        files.read(file, ENCODERS)
    assert str(caught.value) == gallery.DAMAGED


def test_index_beyond_the_limit_is_refused(file):
    size = sum(member.file_size for member in zipfile.ZipFile(file).infolist())
    assert len(files.read(file, ENCODERS, max_bytes=size)) == 3
    with pytest.raises(GalleryError, match="index fewer pictures"):
        files.read(file, ENCODERS, max_bytes=size - 1)


def test_layout_beyond_the_map_is_moved_to_its_edge_and_other_members_are_left_alone(file):
    changed(file, places=np.array([[-1, 0.5], [2, 0], [1, 1]]), vectors_others=np.ones((3, 2)))
    read = files.read(file, ENCODERS)
    assert read.layout.tolist() == [[0, 0.5], [1, 0], [1, 1]] and set(read.vectors) == set(ENCODED)


def test_written_file_is_replaced_whole_or_not_at_all(file, monkeypatch):
    def full(target, **_):
        target.write(b"half")
        raise OSError("The disk is full.")

    before = file.read_bytes()
    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr(np, "savez", full)
        files.write(database([7]), file)
    assert file.read_bytes() == before
    files.write(database([7]), file)
    assert files.read(file, ENCODERS).titles == ["7"] and list(file.parent.iterdir()) == [file]


def test_thumbnails_are_small_and_keep_their_shape():
    kept = images.open(files.thumbnail(np.zeros((400, 800, 3), np.uint8))).pixels
    assert kept.shape == (files.SIDE // 2, files.SIDE, 3)
    assert images.open(files.thumbnail(np.zeros((9, 5, 3), np.uint8))).pixels.shape == (9, 5, 3)


@pytest.fixture
def parts(tmp_path):
    """A folder of three parts, of 3, 1 and 2 pictures."""
    for number, seeds in enumerate(([0, 1, 2], [3], [4, 5])):
        files.write(database(seeds), tmp_path / f"{number:06}.npz")
    (tmp_path / "000003.unfinished").write_bytes(b"half")
    return tmp_path


def test_folder_of_parts_is_one_gallery_whose_pictures_stay_on_the_disk(parts):
    whole = files.read_folder(parts, ENCODERS)
    assert len(whole) == 6 and whole.titles == [str(seed) for seed in range(6)] and whole.credits == ["mine"] * 6
    assert list(whole.pictures) == [picture(seed) for seed in range(6)]
    expected = np.concatenate([database(seeds).vectors["vae"] for seeds in ([0, 1, 2], [3], [4, 5])])
    assert np.allclose(whole.vectors["vae"], expected, atol=1e-3)
    assert np.array_equal(whole.pixels(3), images.open(picture(3)).pixels)
    for beyond in (-1, 6):
        with pytest.raises(IndexError):
            whole.pictures[beyond]


def test_vectors_of_another_network_in_one_part_do_not_count(parts):
    files.write(database([3], digest="of another"), parts / "000001.npz")
    assert files.read_folder(parts, ENCODERS).digests == files.read_folder(parts, ENCODERS).vectors == {}


def test_vector_database_leaves_only_the_vectors_of_the_first_part_in_memory(parts):
    class Beyond(Index):
        def search(self, query, k):
            return np.array([5, 0])[:k], np.array([1.5, -1.5], np.float32)[:k]

    whole = files.read_folder(parts, ENCODERS, Beyond())
    assert list(whole.vectors) == [NAME] and len(whole.vectors[NAME]) == 3
    positions, similarities, percentiles = whole.nearest(NAME, whole.vectors[NAME][0], 2)
    assert positions.tolist() == [5, 0] and percentiles == [100, 0]


def test_damaged_part_is_a_sentence(parts):
    (parts / "000002.npz").write_bytes(b"no part")
    with pytest.raises(GalleryError, match="damaged"):
        files.read_folder(parts, ENCODERS)


def test_missing_vectors_and_those_of_another_network_are_made(monkeypatch):
    monkeypatch.setattr(Encoder, "digest", "of now")
    made = []
    monkeypatch.setattr(Encoder, "embed", lambda self, inputs: made.append(self.network[10:]) or np.ones((3, 2)))
    current, older, none = database(range(3), "of now"), database(range(3), "older"), database(range(3))
    none.vectors.clear()
    none.digests.clear()
    for found, times in ((current, 0), (older, 1), (none, 1)):
        made.clear()
        found.prepare("vae")
        found.prepare("vae")
        assert made == ["vae"] * times and found.digests["vae"] == "of now"
    assert older.digests[NAME] == "older"
    monkeypatch.setattr(gallery, "MAX_EMBEDDED", 2)
    current.prepare("vae")
    with pytest.raises(GalleryError, match="index it again"):
        current.prepare("autoencoder")


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_environment_names_the_gallery_of_the_page(parts, kind, monkeypatch):
    monkeypatch.setenv("LOUPE_GALLERY", str(parts if kind == "folder" else parts / "000000.npz"))
    monkeypatch.delenv("LOUPE_MILVUS", raising=False)
    assert len(files.open_gallery(dataclasses.replace(COLLECTION))) == (6 if kind == "folder" else 3)


@pytest.mark.parametrize(
    "variables, sentence",
    [
        ({"LOUPE_GALLERY": "none"}, files.ABSENT.format("LOUPE_GALLERY")),
        ({"LOUPE_GALLERY": "x" * 300}, files.ABSENT.format("LOUPE_GALLERY")),
        ({"LOUPE_GALLERY_RETRIEVAL": "none/", "LOUPE_GALLERY": "."}, files.ABSENT.format("LOUPE_GALLERY_RETRIEVAL")),
        ({"LOUPE_GALLERY": "empty"}, files.NO_INDEX),
        ({"LOUPE_GALLERY": "text.npz"}, gallery.DAMAGED),
        ({"LOUPE_MILVUS": "none.db"}, files.DATABASE_ALONE.format("LOUPE_MILVUS", "LOUPE_GALLERY")),
        (
            {"LOUPE_GALLERY": "000000.npz", "LOUPE_MILVUS_RETRIEVAL": "none.db"},
            files.DATABASE_ALONE.format("LOUPE_MILVUS_RETRIEVAL", "LOUPE_GALLERY_RETRIEVAL"),
        ),
        ({"LOUPE_GALLERY": ".", "LOUPE_MILVUS": "none.db"}, files.NO_DATABASE.format("LOUPE_MILVUS")),
    ],
)
def test_variables_that_name_what_is_not_there_are_sentences_and_make_nothing(parts, monkeypatch, variables, sentence):
    (parts / "empty").mkdir()
    (parts / "text.npz").write_text("no index")
    monkeypatch.chdir(parts)
    for name in ("LOUPE_GALLERY", "LOUPE_MILVUS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    before = sorted(parts.iterdir())
    with pytest.raises(GalleryError) as error:
        files.open_gallery(dataclasses.replace(COLLECTION))
    assert str(error.value) == sentence and sorted(parts.iterdir()) == before


def test_part_that_was_replaced_since_the_page_started_is_a_sentence(parts):
    whole = files.read_folder(parts, ENCODERS)
    (parts / "000001.npz").unlink()
    with pytest.raises(GalleryError) as error:
        whole.pixels(3)
    assert str(error.value) == on_disk.CHANGED and whole.pixels(4).shape


class Index:
    """Stands in for a vector database."""

    def __init__(self, digest: str = "of this network", count: int = 6, positions=(5, 0)):
        self.digest, self.count, self.positions = lambda: digest, lambda: count, np.array(positions, np.intp)

    def search(self, query, k):
        return self.positions[:k], np.linspace(1, -1, len(self.positions), dtype=np.float32)[:k]


@pytest.mark.parametrize("other", [{"digest": "of another"}, {"digest": ""}, {"count": 5}, {"count": 0}])
def test_vector_database_of_another_network_or_folder_is_a_sentence(parts, other):
    with pytest.raises(GalleryError) as error:
        files.read_folder(parts, ENCODERS, Index(**other))
    assert str(error.value) == files.OTHER_VECTORS
    assert len(files.read_folder(parts, ENCODERS, Index())) == 6


def test_positions_that_the_folder_does_not_have_are_left_out(parts):
    whole = files.read_folder(parts, ENCODERS, Index(positions=(99, 5, 6)))
    positions, similarities, percentiles = whole.nearest(NAME, whole.vectors[NAME][0], 3)
    assert positions.tolist() == [5] and len(similarities) == len(percentiles) == 1
    empty = files.read_folder(parts, ENCODERS, Index(positions=()))
    assert [len(one) for one in empty.nearest(NAME, empty.vectors[NAME][0], 3)] == [0, 0, 0]


def test_embedding_says_how_far_it_is_and_counts_once_it_is_done(monkeypatch):
    monkeypatch.setattr(Encoder, "digest", "of now")
    monkeypatch.setattr(Encoder, "embed", lambda self, inputs: inputs.mean((1, 2)).astype(np.float32))
    monkeypatch.setattr(gallery, "BATCH", 2)
    small = database(range(5), "older")
    steps = small.embed("vae")
    assert next(steps) == 2 and next(steps) == 4 and not small.is_prepared("vae")
    steps.close()
    assert not small.is_prepared("vae") and small.vectors["vae"].shape == (5, 6)
    assert list(small.embed("vae")) == [2, 4, 5] and small.is_prepared("vae")
    assert small.vectors["vae"].shape == (5, 3) and not small.is_prepared(NAME)


def test_gallery_is_opened_once_for_all_threads(file, monkeypatch):
    opened, known = [], files.read
    monkeypatch.setattr(files, "read", lambda *given: opened.append(1) or known(*given))
    collection = dataclasses.replace(COLLECTION, is_default=False, bundled=file, lock=threading.Lock())
    found, barrier = [], threading.Barrier(8)

    def open_gallery():
        barrier.wait()
        found.append(files.open_gallery(collection))

    threads = [threading.Thread(target=open_gallery) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1 and len(found) == 8 and len(set(map(id, found))) == 1


def test_gallery_that_could_not_be_opened_is_looked_for_again(tmp_path):
    collection = dataclasses.replace(COLLECTION, is_default=False, bundled=tmp_path / "later.npz")
    with pytest.raises(GalleryError):
        files.open_gallery(collection)
    files.write(database(range(2)), tmp_path / "later.npz")
    assert len(files.open_gallery(collection)) == 2


def test_prefetch_opens_and_embeds_in_the_background(file, monkeypatch):
    monkeypatch.setattr(Encoder, "digest", "of now")
    monkeypatch.setattr(Encoder, "embed", lambda self, inputs: np.ones((len(inputs), 2), np.float32))
    monkeypatch.setattr(startup, "SECONDS", 0)
    collection = dataclasses.replace(COLLECTION, is_default=False, bundled=file)
    startup.prefetch(collection)
    wait_for(lambda: collection in files._opened)
    wait_for(lambda: all(map(files.open_gallery(collection).is_prepared, ENCODERS)))


@pytest.fixture
def second(parts) -> gallery.Collection:
    """The collection of another demo, with an encoder of its own."""
    encoders = {"tiny": Encoder("retrieval/autoencoder", "A tiny encoder", 32)}
    own = Gallery(encoders, [picture(seed) for seed in range(4)], list("abcd"), [""] * 4)
    own.prepare("tiny")
    files.write(own, parts / "second.npz")
    return gallery.Collection("second", encoders, bundled=parts / "second.npz")


def test_second_demo_has_its_own_encoder_gallery_and_variable(parts, second, monkeypatch):
    monkeypatch.setenv("LOUPE_GALLERY", str(parts / "000001.npz"))
    bundled = files.open_gallery(dataclasses.replace(second))
    assert bundled.titles == list("abcd") and bundled.indexed == "tiny" and bundled.is_prepared("tiny")
    answer = query.search(bundled, "tiny", images.open(picture(2)), 2)
    assert answer.matches[0].title == "c" and answer.inputs.shape == (32, 32, 3) and len(answer.matches) == 2
    assert answer.entry == weights.load("retrieval/autoencoder").entry

    monkeypatch.setenv("LOUPE_GALLERY_SECOND", str(parts / "000000.npz"))
    named = files.open_gallery(dataclasses.replace(second))
    assert named.titles == ["0", "1", "2"] and not named.vectors
    assert query.search(named, "tiny", images.open(picture(1)), 1).matches[0].title == "1"
    assert len(files.open_gallery(dataclasses.replace(COLLECTION))) == 1
    monkeypatch.setenv("LOUPE_GALLERY_RETRIEVAL", str(parts / "000002.npz"))
    assert len(files.open_gallery(dataclasses.replace(COLLECTION))) == 2
    monkeypatch.setenv("LOUPE_MILVUS", "all.db")
    monkeypatch.setenv("LOUPE_MILVUS_SECOND", "second.db")
    assert (second.vector_database, COLLECTION.vector_database) == ("second.db", "all.db")


@pytest.mark.parametrize("has_room", [True, False])
def test_bundled_pictures_are_the_same_on_the_disk(file, tmp_path, monkeypatch, has_room):
    if not has_room:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    pictures = files.read(file, ENCODERS).pictures
    aside = on_disk.set_aside(pictures)
    assert isinstance(aside, on_disk.SetAside) == has_room
    assert list(aside) == list(pictures) and aside[-1] == pictures[-1] and aside[1:3] == pictures[1:3]
    with pytest.raises(IndexError):
        aside[len(pictures)]
