"""The bundled database is made again, into another place."""

import sys

import numpy as np

from demos.retrieval import build
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files


def test_index_is_made_again_of_the_bundled_pictures(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["build", "--keep-pictures", "--out", str(tmp_path / "gallery.npz")])
    before = COLLECTION.bundled.read_bytes()
    build.main()
    assert "gallery.npz: 6." in capsys.readouterr().out
    assert COLLECTION.bundled.read_bytes() == before
    made, bundled = (files.read(path, ENCODERS) for path in (tmp_path / "gallery.npz", COLLECTION.bundled))
    assert (made.pictures, made.titles, made.digests) == (bundled.pictures, bundled.titles, bundled.digests)
    for name in ENCODERS:
        assert np.allclose(made.vectors[name], bundled.vectors[name], atol=1e-3)
    assert len(np.unique(made.layout, axis=0)) == len(made)


DRAWN = ("apple", "cat", "cactus", "chair", "football", "car", "rocket", "bricks", "leopard fur", "beach", "city")


def test_pictures_that_are_drawn_are_those_of_the_bundled_database():
    bundled = files.read(COLLECTION.bundled, ENCODERS)
    first = bundled.credits.index(build.DRAWN)
    jobs = [(kind, number) for kinds, count in build.NUMBERS.items() for kind in kinds for number in range(count)]
    for number, kind in enumerate(DRAWN):
        at = jobs.index((kind, number % 9))
        content, title, credit = build.draw(jobs[at])
        assert (title, credit) == (bundled.titles[first + at], bundled.credits[first + at])
        made, stored = (images.open(one).pixels.astype(int) for one in (content, bundled.pictures[first + at]))
        assert np.abs(made - stored).mean() < 1


def test_photographs_come_whole_and_in_parts():
    pictures = build.photographs()
    assert len(pictures) % (1 + build.CUTS) == 0 and pictures[1][1] == f"{pictures[0][1]}, a part"
    whole, part = pictures[0][0], pictures[1][0]
    assert part.shape[0] < whole.shape[0] and part.shape[1] < whole.shape[1] and part.dtype == np.uint8
