"""Small files of examples are the same whether they were begun in the background or not."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import demos
from demos.shared import examples, images, previews


def test_what_was_begun_is_what_would_be_drawn(photograph):
    with ThreadPoolExecutor() as workers:
        examples.begin(workers, "cifar10", {"A cat": ("skimage", f"data/{photograph.name}")})
    path = str(photograph)
    assert examples.is_large(path) == (photograph.stat().st_size > 100_000)
    for draw in (previews.thumbnail, previews.tile, previews.preview):
        begun, drawn = examples.finish(draw, path), examples.finish(draw, path)
        assert begun == drawn == draw(path)
    sizes = [images.open(draw(path)).pixels.shape[1::-1] for draw in (previews.tile, previews.thumbnail)]
    assert sizes[0] == previews.TILE and max(sizes[1]) == previews.THUMBNAIL


def test_a_picture_that_cannot_be_opened_says_so_when_it_is_wanted(tmp_path):
    path = tmp_path / "torn.png"
    path.write_bytes(b"\x89PNG torn")
    with ThreadPoolExecutor() as workers:
        examples.begin(workers, "cifar10", {"Torn": str(path)})
    for _ in range(2):
        with pytest.raises(images.PictureError):
            examples.finish(previews.thumbnail, str(path))


def test_a_demo_that_cannot_be_imported_keeps_no_other_waiting(tmp_path, monkeypatch):
    failures = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    monkeypatch.setattr(examples, "_begun", {})  # which goes on after this test
    monkeypatch.setattr(demos, "__path__", [str(tmp_path), *demos.__path__])
    (tmp_path / "broken_demo").mkdir()
    (tmp_path / "broken_demo/__init__.py").write_text("raise SystemError")
    demos.prepare()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and "_begin_examples" in thread.name:
            thread.join()
    assert not failures
