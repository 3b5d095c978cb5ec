"""The original network in its worker: what it finds, and what is said where it cannot be had or breaks off."""

import dataclasses
import importlib.util
import os

import numpy as np
import pytest

from demos.retrieval import reference
from demos.shared import images
from demos.shared.gallery import files, gallery
from demos.shared.gallery.gallery import Gallery, GalleryError
from demos.shared.worker import Worker
from tests.shared import worker_jobs
from weights import Unavailable

HERE = importlib.util.find_spec("tensorflow") and importlib.util.find_spec("keras")
NEEDED = pytest.mark.skipif(
    not (HERE and os.environ.get("LOUPE_PRETRAINED")), reason="needs TensorFlow and $LOUPE_PRETRAINED"
)


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """On a busy machine TensorFlow alone may take minutes to be imported."""
    monkeypatch.setattr(reference.WORKER, "start_seconds", 600)
    monkeypatch.setattr(reference.WORKER, "step_seconds", 600)


@pytest.fixture(scope="module")
def worker():
    yield reference.WORKER
    reference.WORKER.stop()


@pytest.fixture
def fresh():
    """A worker with the same limits whose process does not run yet."""
    made = Worker(600, 600, 600, reference.WORKER.memory_bytes, reference.BROKEN)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def parts(photograph) -> Gallery:
    """Eight parts of one photograph."""
    pixels = images.open(photograph).pixels
    parts = [pixels[y : y + 150, x : x + 150] for y in (0, 150) for x in (0, 100, 200, 300)]
    return Gallery({}, [files.thumbnail(part) for part in parts], [f"part {n}" for n in range(8)], [""] * 8)


def blank(count: int = 1) -> np.ndarray:
    return np.zeros((count, reference.SIDE, reference.SIDE, 3), np.uint8)


def search(*given) -> list:
    """The steps of a search, but for those in which the worker was awaited."""
    return [step for step in reference.ORIGINAL.search(*given) if step is not None]


@NEEDED
def test_picture_of_the_gallery_finds_itself(worker, parts, monkeypatch):
    monkeypatch.setattr(reference, "ORIGINAL", dataclasses.replace(reference.ORIGINAL, batch=5))
    picture = images.open(parts.pictures[3])
    *done, answer = search(picture, parts, 3)
    assert done == [5, 8] and answer.encoder == "reference" and answer.is_match and answer.milliseconds > 0
    assert answer.inputs.shape == (192, 192, 3) and answer.inputs.dtype == np.uint8
    assert [match.title for match in answer.matches][0] == "part 3" and len(answer.matches) == 3
    assert answer.matches[0].distance == pytest.approx(0, abs=1e-3) and answer.matches[0].percentile == 87.5
    assert answer.matches[1].distance > 0.1
    (again,) = search(picture, parts, 3)  # what is embedded is kept
    assert again.matches == answer.matches


@NEEDED
def test_features_are_rows_of_length_1_whatever_the_batch(worker, rng):
    pictures = rng.integers(0, 256, (3, 192, 192, 3), np.uint8)
    features = worker.call(reference.embed, pictures)
    assert features.shape == (3, 1280) and features.dtype == np.float32
    assert np.linalg.norm(features, axis=1) == pytest.approx(1, abs=1e-5)
    assert worker.call(reference.embed, pictures[1:2]) == pytest.approx(features[1:2], abs=1e-5)


@NEEDED
def test_killed_worker_is_begun_again(worker):
    before = worker.call(reference.embed, blank())
    worker._process.kill()
    worker._process.join()
    assert worker.call(reference.embed, blank()) == pytest.approx(before, abs=1e-6)


def test_search_that_is_left_while_the_worker_starts_ends(parts, fresh, monkeypatch):
    original = dataclasses.replace(reference.ORIGINAL, worker=fresh, embed=worker_jobs.sleep_over)
    steps = original.search(images.open(parts.pictures[0]), parts)
    assert next(steps) is None
    steps.close()
    assert reference.ORIGINAL.features[parts] == [] or sum(map(len, reference.ORIGINAL.features[parts])) == 8


def test_without_weights_or_tensorflow_one_sentence_says_what_is_needed(fresh, tmp_path, monkeypatch):
    monkeypatch.setenv("LOUPE_PRETRAINED", str(tmp_path))
    with pytest.raises(Unavailable) as error:
        fresh.call(reference.embed, blank())
    assert str(error.value) == reference.ABSENT and str(tmp_path) not in str(error.value)


def test_worker_that_breaks_off_is_the_reference_s_sentence(fresh):
    with pytest.raises(Unavailable) as error:
        fresh.call(worker_jobs.break_off, 1)
    assert str(error.value) == reference.BROKEN and "try again" in reference.BROKEN


def test_too_large_a_gallery_is_refused(photograph):
    many = Gallery({}, range(gallery.MAX_EMBEDDED + 1), [], [])
    with pytest.raises(GalleryError, match="5,000 pictures"):
        next(reference.ORIGINAL.search(images.open(photograph), many))
