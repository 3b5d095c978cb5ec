"""The original network in its worker: what it finds, and what is said where it cannot be had or breaks off."""

import importlib.util
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from demos import images
from demos.retrieval import gallery, original
from demos.retrieval.gallery import Gallery, GalleryError
from tests.house import ROOT
from weights import Unavailable

HERE = importlib.util.find_spec("tensorflow") and importlib.util.find_spec("keras")
NEEDED = pytest.mark.skipif(
    not (HERE and os.environ.get("LOUPE_PRETRAINED")), reason="needs TensorFlow and $LOUPE_PRETRAINED"
)
# What breaks off needs no network: these stand in for the worker.
MUTE = "import time; time.sleep(60)"
BROKEN = "import sys; sys.stdout.write('+'); sys.stdout.flush(); sys.stdin.buffer.read(4)"


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """On a busy machine TensorFlow alone may take minutes to be imported."""
    monkeypatch.setattr(original, "START", 600)
    monkeypatch.setattr(original, "BATCH", 600)


@pytest.fixture(scope="module")
def worker():
    yield original.WORKER
    original.WORKER.stop()


@pytest.fixture(scope="module")
def database(photograph) -> Gallery:
    """Eight parts of one photograph."""
    pixels = images.open(photograph).pixels
    parts = [pixels[y : y + 150, x : x + 150] for y in (0, 150) for x in (0, 100, 200, 300)]
    return Gallery([gallery.small(part) for part in parts], [f"part {n}" for n in range(8)], [""] * 8)


@pytest.fixture
def stand_in(monkeypatch):
    """A worker of its own that runs another program."""
    made, run = original.Worker(), subprocess.Popen

    def use(program: str) -> original.Worker:
        def popen(command, **options):
            return run([sys.executable, "-c", program], **options)

        monkeypatch.setattr(subprocess, "Popen", popen)
        return made

    yield use
    made.stop()


def seen(count: int = 1) -> np.ndarray:
    return np.zeros((count, original.SIDE, original.SIDE, 3), np.uint8)


@NEEDED
def test_a_picture_of_the_database_finds_itself(worker, database, monkeypatch):
    monkeypatch.setattr(original.encoders, "BATCH", 5)
    picture = images.open(database.pictures[3])
    *done, answer = original.search(picture, database, 3)
    assert done == [5, 8] and answer.encoder == "original" and answer.like and answer.milliseconds > 0
    assert answer.seen.shape == (192, 192, 3) and answer.seen.dtype == np.uint8
    assert [match.title for match in answer.matches][0] == "part 3" and len(answer.matches) == 3
    assert answer.matches[0].distance == pytest.approx(0, abs=1e-3) and answer.matches[0].percentile == 87.5
    assert answer.matches[1].distance > 0.1
    (again,) = original.search(picture, database, 3)  # what is embedded is kept
    assert again.matches == answer.matches


@NEEDED
def test_features_are_rows_of_length_1_whatever_the_batch(worker, rng):
    pictures = rng.integers(0, 256, (3, 192, 192, 3), np.uint8)
    features = worker.embed(pictures)
    assert features.shape == (3, 1280) and features.dtype == np.float32
    assert np.linalg.norm(features, axis=1) == pytest.approx(1, abs=1e-5)
    assert worker.embed(pictures[1:2]) == pytest.approx(features[1:2], abs=1e-5)


@NEEDED
def test_a_worker_that_was_killed_is_begun_again(worker):
    before = worker.embed(seen())
    worker._process.kill()
    worker._process.wait()
    assert worker.embed(seen()) == pytest.approx(before, abs=1e-6)


def test_one_that_breaks_off_amid_a_batch_says_so_and_is_begun_again(stand_in):
    worker = stand_in(BROKEN)
    for _ in range(2):
        with pytest.raises(Unavailable, match="try again"):
            worker.embed(seen(40))
        assert worker._process is None


def test_one_that_takes_too_long_is_killed(stand_in, monkeypatch):
    monkeypatch.setattr(original, "START", 0.3)
    worker = stand_in(MUTE)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="took too long: try again"):
        worker.embed(seen())
    assert time.monotonic() - began < 20 and worker._process is None


def test_without_weights_or_tensorflow_one_sentence_says_what_is_needed(tmp_path, monkeypatch):
    monkeypatch.setenv("LOUPE_PRETRAINED", str(tmp_path))
    with pytest.raises(Unavailable) as error:
        original.Worker().embed(seen())
    assert str(error.value) == original.ABSENT and str(tmp_path) not in str(error.value)


def test_an_idle_worker_ends(stand_in, monkeypatch):
    monkeypatch.setattr(original, "IDLE", 0.2)
    answers = f"import sys; sys.stdout.buffer.write(b'+' + bytes({4 * original.FEATURES})); sys.stdout.flush()"
    worker = stand_in(answers + "; sys.stdin.buffer.read()")
    assert worker.embed(seen()).shape == (1, original.FEATURES)
    worker._process.wait(20)


@NEEDED
def test_a_worker_ends_with_the_page():
    page = f"import subprocess, sys; command = [sys.executable, '-m', '{original.__name__}']; "
    page += "subprocess.Popen(command, stdin=0, stdout=subprocess.PIPE).stdout.read(1)"
    reading, writing = os.pipe()  # its input stays open, as where a copy of the page's process holds it
    try:
        # Returns when the worker, which has the same standard error, has ended too.
        subprocess.run([sys.executable, "-c", page], cwd=ROOT, stdin=reading, stderr=subprocess.PIPE, timeout=600)
    finally:
        os.close(reading)
        os.close(writing)


def test_too_large_a_database_is_refused(photograph):
    many = Gallery(range(gallery.MOST_NOW + 1), [], [])
    with pytest.raises(GalleryError, match="5,000 pictures"):
        next(original.search(images.open(photograph), many))
