"""Pictures that were decoded a moment ago."""

import hashlib
import time

import numpy as np
import pytest

from demos.shared import images
from demos.shared.recent import Recent


@pytest.fixture
def recent(monkeypatch):
    recent = Recent(most_bytes=40_000, seconds=0.3)
    monkeypatch.setattr(images, "recent", recent)
    return recent


def send(folder, level: int, side: int = 20):
    """A file as a visitor sends it."""
    content = images.png(np.full((side, side, 3), level, np.uint8))
    path = folder / hashlib.sha256(content).hexdigest() / "a.png"
    path.parent.mkdir()
    path.write_bytes(content)
    return path


def test_file_is_decoded_once_and_every_call_gets_pixels_of_its_own(recent, tmp_path, monkeypatch):
    path = send(tmp_path, 7)
    first = images.open(str(path))
    first.pixels[:] = 9
    monkeypatch.setattr(images, "_decode", None)
    again = images.open(path)
    assert (again.pixels == 7).all() and again.size == first.size and again.alpha is None
    with pytest.raises(images.PictureError):  # it is decoded anew with other options
        images.open(path, longest=10)


def test_few_small_pictures_are_kept_for_a_moment(recent, tmp_path):
    for level in range(50):
        images.open(send(tmp_path, level))
    assert 0 < len(recent) <= 40_000 // (20 * 20 * 3)
    time.sleep(0.4)
    recent.forget()
    assert len(recent) == 0
    images.open(send(tmp_path, 0, side=200))
    assert len(recent) == 0


def test_file_that_has_gone_or_may_change_is_read_anew(recent, tmp_path):
    path = send(tmp_path, 7)
    images.open(path)
    path.unlink()
    with pytest.raises(images.PictureError):
        images.open(path)
    plain = tmp_path / "a.png"
    for level in (3, 4):
        plain.write_bytes(images.png(np.full((20, 20, 3), level, np.uint8)))
        assert (images.open(plain).pixels == level).all()
