"""Answers, drawn."""

import dataclasses
import html

import numpy as np
import pytest

from demos import images
from demos.cifar10 import tab
from demos.cifar10.predict import Crop, predict


@pytest.fixture
def answer(photograph):
    return predict(photograph)


def said(answer, *pairs):
    return [dataclasses.replace(answer, label=label, sure=sure) for label, sure in pairs]


@pytest.mark.parametrize(
    "pairs, line",
    [
        ((("cat", True), ("cat", True)), "Both networks say cat."),
        ((("cat", True), ("dog", True)), "The networks disagree."),
        ((("cat", True), ("cat", False)), "Only one network is sure."),
        ((("cat", False), ("dog", True)), "Only one network is sure."),
        ((("cat", False), ("cat", False)), "Neither network is sure: this may be none of the ten things."),
    ],
)
def test_the_verdict(answer, pairs, line):
    assert tab.verdict(said(answer, *pairs)) == line


def test_a_picture_is_answered_by_both_networks(photograph):
    answers, seen = tab.draw(str(photograph), 1, 0.5, 0.5, False)
    assert answers.count('class="card"') == 2
    assert all(html.escape(heading) in answers for heading in tab.NETWORKS.values())
    assert "parameters" in answers and " ms" in answers and 'class="heat"' not in seen
    assert tab.draw(str(photograph), 1, 0.5, 0.5, True)[1].count('class="heat"') == 2


def test_a_crop_counts_only_where_it_is_zoomed(photograph):
    whole, moved, zoomed = (
        tab.draw(str(photograph), *crop, False)[1] for crop in ((1, 0.5, 0.5), (1, 0, 0), (2, 0, 0))
    )
    assert whole == moved != zoomed


@pytest.mark.parametrize("zoom, at", [(1, (0, 0)), (1, (450, 299)), (3, (100, 200)), (6, (225, 150))])
def test_a_tap_looks_closer_at_its_place(photograph, zoom, at):
    event = type("Tap", (), {"index": at})
    crop = Crop(*tab.tapped(str(photograph), zoom, event))
    left, top, right, bottom = crop.box(451, 300)
    assert crop.zoom == max(zoom, 2) and left - 3 <= at[0] <= right + 3 and top - 3 <= at[1] <= bottom + 3
    assert tab.tapped(b"no picture", zoom, event) == (1, 0.5, 0.5)


def test_a_new_picture_is_seen_whole(photograph):
    *crop, answers, seen = tab.whole(str(photograph), False)
    assert crop == [1, 0.5, 0.5] and seen == tab.draw(str(photograph), 1, 0.5, 0.5, False)[1]
    assert 'class="card"' in answers


def test_what_is_wrong_is_a_sentence():
    assert "alert" in tab.draw(b"no picture", 1, 0.5, 0.5, False)[0]
    nothing, seen = tab.draw(None, 1, 0.5, 0.5, False)
    assert images.NOTHING in nothing and "alert" not in nothing and seen == ""


def test_the_examples_are_there_and_open():
    files = tab.examples.files()
    assert len(files) > 1
    assert all(isinstance(images.open(file).pixels, np.ndarray) for file in files.values())
