"""A real database in a file, and behind a server, holds what was written and finds what exact search finds."""

import dataclasses
import socket
import subprocess
import sys
import time
from contextlib import closing

import numpy as np
import pytest

from demos.retrieval.gallery import COLLECTION
from demos.shared.gallery import files, index, milvus, search
from demos.shared.gallery.gallery import Gallery, GalleryError, l2_normalize
from demos.shared.gallery.milvus import Absent, Milvus

ENCODERS = COLLECTION.encoders


@pytest.fixture
def installed():
    for package in ("pymilvus", "milvus_lite"):
        pytest.importorskip(package, reason="needs pip install -r requirements-milvus.txt")


@pytest.fixture
def file(installed, tmp_path) -> str:
    return str(tmp_path / "vectors.db")


@pytest.fixture
def vectors(rng) -> np.ndarray:
    vectors = rng.normal(size=(300, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def filled(uri: str, vectors: np.ndarray) -> Milvus:
    database = Milvus(uri)
    database.create(vectors.shape[1])
    database.add(np.arange(len(vectors)), vectors)
    return database


def assert_exact(database: Milvus, vectors: np.ndarray) -> None:
    for query in -vectors[:5]:
        positions, similarities = database.search(query, 4)
        expected = search.best(search.compare(vectors, query), 4)
        assert positions.tolist() == expected[0].tolist() and positions.dtype == expected[0].dtype
        assert similarities == pytest.approx(expected[1], abs=1e-5) and similarities.dtype == np.float32


def test_what_was_added_is_found(file, vectors, monkeypatch):
    monkeypatch.setattr(milvus, "CHUNK", 128)
    with closing(filled(file, vectors)) as database:
        assert database.count() == len(vectors)
        assert_exact(database, vectors)
        positions, similarities = database.search(vectors[3], 1000)
        # All that there are, less what the index misses.
        assert positions[0] == 3 and len(vectors) / 2 < len({*positions}) == len(positions) <= len(vectors)
        assert (np.diff(similarities) <= 0).all()


def test_writing_again_adds_nothing_and_writes_over(file, vectors):
    with closing(filled(file, vectors)) as database:
        database.create(vectors.shape[1])
        database.add(np.arange(len(vectors)), vectors)
        assert database.count() == len(vectors)
        changed = vectors.copy()
        changed[[5, 250]] = vectors[[250, 5]]
        database.add(np.array([5, 250]), changed[[5, 250]])
        assert database.count() == len(vectors)
        assert database.search(vectors[5], 1)[0].tolist() == [250]
        assert_exact(database, changed)


def test_a_file_that_is_opened_again_holds_what_was_written(file, vectors):
    filled(file, vectors).close()
    with closing(Milvus(file)) as database:
        assert database.count() == len(vectors)
        assert_exact(database, vectors)


def test_an_empty_collection_has_no_nearest(file, vectors):
    with closing(filled(file, vectors[:0])) as database:
        assert database.count() == 0
        positions, similarities = database.search(vectors[0], 4)
        assert positions.shape == similarities.shape == (0,)


def test_a_collection_of_other_dimensions_is_refused_and_kept(file, vectors):
    with closing(filled(file, vectors)) as database:
        with pytest.raises(ValueError, match="16 dimensions, not 8"):
            database.create(8)
        assert database.count() == len(vectors)


def test_vectors_beyond_the_gallery_are_deleted(file, vectors):
    with closing(filled(file, vectors)) as database:
        database.trim(40)
        assert database.count() == 40
        assert max(database.search(-vectors[0], 40)[0]) < 40


def test_digest_of_the_network_is_kept_with_the_vectors(file, vectors):
    with closing(filled(file, vectors)) as database:
        assert database.digest() == ""
        database.write_digest("abc")
    with closing(Milvus(file)) as database:
        assert database.digest() == "abc" and database.count() == len(vectors)
        database.drop()
        assert database.digest() == "" and database.count() == 0
        database.drop()


def test_missing_collection_is_a_sentence(file, vectors):
    with closing(Milvus(file)) as database, pytest.raises(Absent, match="index the folder with --milvus"):
        database.search(vectors[0], 4)


def write_parts(folder, counts: list[int], digest: str = "of now", dimensions: int = 8) -> None:
    """The parts of a gallery, with vectors by chance."""
    for number, count in enumerate(counts):
        rows = np.random.default_rng(number).normal(size=(count, dimensions))
        made = Gallery(ENCODERS, [b"x"] * count, ["x"] * count, [""] * count)
        made.vectors["efficientnet"], made.digests["efficientnet"] = l2_normalize(rows), digest
        files.write(made, folder / f"{number:06}.npz")


@pytest.mark.parametrize("change", [{}, {"digest": "of another"}, {"digest": "of another", "dimensions": 5}])
def test_smaller_folder_and_another_network_leave_no_old_vectors(file, tmp_path, change):
    folders = [tmp_path / "large", tmp_path / "small"]
    for folder, counts, options in zip(folders, ([30, 20], [4]), ({}, change), strict=True):
        folder.mkdir()
        write_parts(folder, counts, **options)
        assert index.write_vectors(file, folder, COLLECTION) == sum(counts)
    with closing(Milvus(file, "loupe_retrieval")) as database:
        small = files.read_folder(folders[1], ENCODERS, database)
        assert database.count() == 4 and database.digest() == change.get("digest", "of now")
        query = small.vectors["efficientnet"][2]
        assert small.nearest("efficientnet", query, 50)[0].tolist()[0] == 2
        assert set(small.nearest("efficientnet", query, 50)[0]) <= set(range(4))
        with pytest.raises(GalleryError, match="index the folder again"):
            files.read_folder(folders[0], ENCODERS, database)


def test_folder_without_pictures_leaves_no_vectors(file, tmp_path):
    (tmp_path / "some").mkdir()
    (tmp_path / "none").mkdir()
    write_parts(tmp_path / "some", [3])
    assert index.write_vectors(file, tmp_path / "some", COLLECTION) == 3
    assert index.write_vectors(file, tmp_path / "none", COLLECTION) == 0
    with closing(Milvus(file, "loupe_retrieval")) as database:
        assert database.count() == 0


@pytest.mark.parametrize("package", ["pymilvus", "milvus_lite"])
def test_a_missing_package_is_named_with_the_remedy(package, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(Absent, match=r"pip install -r requirements-milvus.txt$"):
        Milvus(str(tmp_path / "vectors.db"))


def test_a_file_in_no_folder_and_an_address_that_is_none_are_sentences(installed, tmp_path):
    with pytest.raises(Absent, match="its folder must exist"):
        Milvus(str(tmp_path / "none/vectors.db"))
    for uri in ("vectors", "http://", "http://127.0.0.1:abc"):
        with pytest.raises(Absent, match="name a file that ends in .db"):
            Milvus(uri)
    (tmp_path / "text.db").write_text("no database")
    with pytest.raises(Absent, match="cannot be opened"):
        Milvus(str(tmp_path / "text.db"))


def test_page_leaves_a_database_without_vectors_to_whoever_opens_it_next(file, tmp_path, monkeypatch):
    write_parts(tmp_path, [3])
    Milvus(file).close()
    for name, value in (("LOUPE_GALLERY", str(tmp_path)), ("LOUPE_MILVUS", file)):
        monkeypatch.setenv(name, value)
    collection = dataclasses.replace(COLLECTION)
    for _ in range(2):
        with pytest.raises(GalleryError) as error:
            files.open_gallery(collection)
        assert str(error.value) == files.OTHER_VECTORS
    assert index.write_vectors(file, tmp_path, COLLECTION) == 3 == len(files.open_gallery(collection))
    files.open_gallery(collection).index.close()


def test_a_file_that_another_process_has_open_is_a_sentence(file, vectors):
    with closing(filled(file, vectors)):
        code = f"from demos.shared.gallery.milvus import Milvus; Milvus({file!r})"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "Absent: The vector database cannot be opened" in other.stderr


def test_a_server_is_asked_as_a_file_is_and_missed_when_it_is_gone(installed, tmp_path, vectors):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with pytest.raises(Absent, match="start its server") as absent:
        Milvus(f"http://name:secret@127.0.0.1:{port}")
    assert "secret" not in str(absent.value)
    place = ["--data-dir", str(tmp_path / "server.db"), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen([sys.executable, "-m", "milvus_lite", "server", *place])
    try:
        with closing(filled(reached(f"http://127.0.0.1:{port}"), vectors)) as database:
            assert database.count() == len(vectors)
            assert_exact(database, vectors)
            server.terminate()
            server.wait()
            with pytest.raises(Absent, match="start its server"):
                database.search(vectors[0], 4)
    finally:
        server.kill()
        server.wait()


def reached(uri: str) -> str:
    """The address of a server that is being started, as soon as it answers."""
    end = time.monotonic() + 120
    while True:
        try:
            Milvus(uri).close()
            return uri
        except Absent:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
