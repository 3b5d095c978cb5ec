"""Databases of one file and of many: what is kept where, what hostile files are answered, and when vectors are made."""

import json
import zipfile

import numpy as np
import pytest

from demos import images
from demos.retrieval import gallery
from demos.retrieval.gallery import Gallery, GalleryError

NAME = gallery.INDEXED
ENCODED = (NAME, "vae")


def picture(seed: int, side: int = 24) -> bytes:
    return images.png(np.random.default_rng(seed).integers(0, 256, (side, side + 8, 3), np.uint8))


def database(seeds, digest: str = "of this network", **options) -> Gallery:
    """Pictures with vectors that no network made."""
    vectors = {name: gallery.unit(np.random.default_rng(list(seeds)).normal(size=(len(seeds), 6))) for name in ENCODED}
    titles = [str(seed) for seed in seeds]
    digests = dict.fromkeys(ENCODED, digest)
    return Gallery([picture(seed) for seed in seeds], titles, ["mine"] * len(seeds), vectors, digests, **options)


@pytest.fixture
def file(tmp_path):
    gallery.write(database(range(3)), tmp_path / "index.npz")
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
def test_whatever_is_wrong_with_an_index_is_the_same_sentence(file, damage):
    DAMAGES[damage](file)
    with pytest.raises(GalleryError) as caught:
        gallery.read(file)
    assert str(caught.value) == gallery.DAMAGED


def test_an_index_beyond_the_limit_is_refused(file):
    size = sum(member.file_size for member in zipfile.ZipFile(file).infolist())
    assert len(gallery.read(file, largest=size)) == 3
    with pytest.raises(GalleryError, match="index fewer pictures"):
        gallery.read(file, largest=size - 1)


def test_places_beyond_the_map_are_moved_to_its_edge_and_other_members_are_left_alone(file):
    changed(file, places=np.array([[-1, 0.5], [2, 0], [1, 1]]), vectors_others=np.ones((3, 2)))
    read = gallery.read(file)
    assert read.places.tolist() == [[0, 0.5], [1, 0], [1, 1]] and set(read.vectors) == set(ENCODED)


def test_a_file_is_replaced_whole_or_not_at_all(file, monkeypatch):
    def full(target, **_):
        target.write(b"half")
        raise OSError("The disk is full.")

    before = file.read_bytes()
    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr(np, "savez", full)
        gallery.write(database([7]), file)
    assert file.read_bytes() == before
    gallery.write(database([7]), file)
    assert gallery.read(file).titles == ["7"] and list(file.parent.iterdir()) == [file]


def test_kept_pictures_are_small_and_keep_their_shape():
    kept = images.open(gallery.small(np.zeros((400, 800, 3), np.uint8))).pixels
    assert kept.shape == (gallery.SIDE // 2, gallery.SIDE, 3)
    assert images.open(gallery.small(np.zeros((9, 5, 3), np.uint8))).pixels.shape == (9, 5, 3)


@pytest.fixture
def parts(tmp_path):
    """A folder of three parts, of 3, 1 and 2 pictures."""
    for number, seeds in enumerate(([0, 1, 2], [3], [4, 5])):
        gallery.write(database(seeds), tmp_path / f"{number:06}.npz")
    (tmp_path / "000003.unfinished").write_bytes(b"half")
    return tmp_path


def test_a_folder_of_parts_is_one_database_whose_pictures_stay_on_the_disk(parts):
    whole = gallery.open_folder(parts)
    assert len(whole) == 6 and whole.titles == [str(seed) for seed in range(6)] and whole.credits == ["mine"] * 6
    assert list(whole.pictures) == [picture(seed) for seed in range(6)]
    expected = np.concatenate([database(seeds).vectors["vae"] for seeds in ([0, 1, 2], [3], [4, 5])])
    assert np.allclose(whole.vectors["vae"], expected, atol=1e-3)
    assert np.array_equal(whole.pixels(3), images.open(picture(3)).pixels)
    for beyond in (-1, 6):
        with pytest.raises(IndexError):
            whole.pictures[beyond]


def test_vectors_that_another_network_made_of_some_part_do_not_count(parts):
    gallery.write(database([3], digest="of another"), parts / "000001.npz")
    assert gallery.open_folder(parts).digests == gallery.open_folder(parts).vectors == {}


def test_with_a_vector_database_only_the_vectors_of_the_first_part_are_held(parts):
    class Index:
        def search(self, query, k):
            return np.array([5, 0])[:k], np.array([1.5, -1.5], np.float32)[:k]

    whole = gallery.open_folder(parts, Index())
    assert list(whole.vectors) == [NAME] and len(whole.vectors[NAME]) == 3
    positions, similarities, percentiles = whole.nearest(NAME, whole.vectors[NAME][0], 2)
    assert positions.tolist() == [5, 0] and percentiles == [100, 0]


def test_a_damaged_part_is_a_sentence(parts):
    (parts / "000002.npz").write_bytes(b"no part")
    with pytest.raises(GalleryError, match="damaged"):
        gallery.open_folder(parts)


def test_vectors_are_made_where_there_are_none_or_another_network_made_them(monkeypatch):
    monkeypatch.setattr(gallery, "digest", lambda name: "of now")
    made = []
    monkeypatch.setattr(gallery.encoders, "embed_all", lambda views, name: made.append(name) or np.ones((3, 2)))
    current, older, none = database(range(3), "of now"), database(range(3), "older"), database(range(3))
    none.vectors.clear()
    none.digests.clear()
    for found, times in ((current, 0), (older, 1), (none, 1)):
        made.clear()
        found.prepare("vae")
        found.prepare("vae")
        assert made == ["vae"] * times and found.digests["vae"] == "of now"
    assert older.digests[NAME] == "older"
    monkeypatch.setattr(gallery, "MOST_NOW", 2)
    current.prepare("vae")
    with pytest.raises(GalleryError, match="index it again"):
        current.prepare("autoencoder")


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_the_environment_names_the_database_of_the_page(parts, kind, monkeypatch):
    monkeypatch.setenv("LOUPE_GALLERY", str(parts if kind == "folder" else parts / "000000.npz"))
    monkeypatch.delenv("LOUPE_MILVUS", raising=False)
    assert len(gallery.served.__wrapped__()) == (6 if kind == "folder" else 3)
