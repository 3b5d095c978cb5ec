"""Answers, drawn."""

import dataclasses
import itertools
import threading

import numpy as np
import pytest

from demos.clothing import demo, grid, tab
from demos.clothing.drawn import draw as draw_garment
from demos.clothing.gallery import COLLECTION
from demos.clothing.predict import LABELS, predict
from demos.shared import images
from demos.shared.gallery import files
from demos.shared.ui import events, html, inputs


@pytest.fixture(scope="module")
def garment(tmp_path_factory):
    path = tmp_path_factory.mktemp("garment") / "shorts.png"
    path.write_bytes(images.png(draw_garment("shorts", 100)[0]))
    return str(path)


@pytest.fixture(scope="module")
def answers(garment):
    return [predict(garment, network) for network in tab.NETWORKS]


def draw(picture, zoom=1, x=0.5, y=0.5, is_open=False):
    return tab.draw(picture, zoom, x, y, is_open, events.Cancellation())


@pytest.mark.parametrize(
    "ours, other, line",
    [
        (("dress", True), ("dress", True), "A dress. Both networks are sure."),
        (("dress", True), ("hat", True), "A dress, says ours; a hat, says the student's network."),
        (("dress", True), ("dress", False), "A dress. Ours is sure; the student's network is not."),
        (
            ("dress", False),
            ("shoes", True),
            "Ours is not sure: this may be none of the ten garments. The student's network says shoes.",
        ),
        (("skirt", True), ("dress", True), "A skirt. Ours is sure; the student's network does not know it."),
    ],
)
def test_the_verdict(answers, ours, other, line):
    pair = zip(answers, (ours, other), strict=True)
    assert tab.verdict(*(dataclasses.replace(one, label=label, is_sure=sure) for one, (label, sure) in pair)) == line


def test_a_picture_is_answered_by_both_networks_with_the_evidence(garment):
    cards, evidence, found, sheet, hint = draw(garment)
    assert cards.count('class="card"') == 2 and "parameters" in cards
    assert 'class="spotlight"' in evidence and "data:image/jpeg" in evidence
    assert sheet is None and hint is None and len(found["efficientnet"].matches) == tab.NEIGHBOURS


def test_open_map_has_the_ring_of_the_query(garment):
    *_, sheet, hint = draw(garment, is_open=True)
    assert sheet.shape[2] == 3 and "Tap" in hint
    assert not np.array_equal(sheet, tab.panel.mosaic(files.open_gallery(COLLECTION)))


@pytest.mark.parametrize("is_open", [False, True])
def test_a_picture_is_answered_without_a_gallery(garment, monkeypatch, is_open):
    monkeypatch.setattr(tab, "COLLECTION", dataclasses.replace(COLLECTION, lock=threading.Lock()))
    monkeypatch.setenv("LOUPE_GALLERY_CLOTHING", "none")
    cards, evidence, found, sheet, hint = draw(garment, is_open=is_open)
    assert cards.count('class="card"') == 2 and 'class="spotlight"' in evidence
    assert found is sheet is None and files.ABSENT.format("LOUPE_GALLERY_CLOTHING") in hint


def test_crop_changes_what_the_networks_get(garment):
    whole, moved, zoomed = (draw(garment, *crop)[1] for crop in ((1, 0.5, 0.5), (1, 0, 0), (3, 0, 0)))
    assert whole == moved != zoomed


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 3), (3000, 2)])
def test_crop_of_a_picture_of_few_pixels_is_answered(size):
    pixels = np.zeros((*size[::-1], 3), np.uint8)
    cards, evidence, *_ = draw(pixels, 6, 1, 1)
    assert 'class="card"' in cards and "data:image/jpeg" in evidence


def test_evidence_has_the_proportions_of_the_picture(garment):
    picture = images.open(np.zeros((100, 400, 3), np.uint8))
    drawn = tab.draw_evidence(picture, predict(picture))
    assert grid.thumbnail(picture, tab.SHOWN) in drawn


def test_what_is_wrong_is_a_sentence():
    assert "alert" in draw(b"no picture")[0]
    assert images.NOTHING in draw(None)[0]


def test_several_pictures_stand_in_a_grid_with_their_probabilities(garment, photograph, tmp_path):
    broken = tmp_path / "<broken>.png"
    broken.write_bytes(b"no picture")
    *steps, last = tab.draw_grid([garment, str(photograph), str(broken)], events.Cancellation())
    assert [step.count("<img") + step.count("alert") for step, _ in steps] == [1, 2, 3]
    assert last[1] is None and last[0] == steps[-1][0]
    assert all(later.startswith(earlier) for (earlier, _), (later, _) in itertools.pairwise(steps))  # what is sent
    assert last[0].count('aria-label="Probabilities"') == 2 and "alert" in last[0] and "&lt;broken&gt;.png" in last[0]
    assert html.percent(next(iter(predict(garment).confidences.values()))).replace(">", "&gt;") in last[0]


def test_too_many_pictures_are_a_sentence(garment):
    ((sentence, _),) = tab.draw_grid([garment] * (grid.MOST + 1), events.Cancellation())
    assert f"bring at most {grid.MOST}" in sentence


def test_no_pictures_ask_for_some():
    assert list(tab.draw_grid([], events.Cancellation())) == [(html.message(tab.BRING.format(grid.MOST)), None)]


def test_the_page_names_what_the_networks_know():
    assert all(label in tab.KNOWN for label in LABELS["efficientnet"])


def test_confusion_matrix_is_drawn_of_the_manifest():
    assert tab.draw_confusion().count("<tr>") == 1 + len(LABELS["efficientnet"])


def test_the_examples_are_there_and_the_garments_among_them_are_recognized():
    paths = inputs.example_paths("clothing", demo.examples)
    assert list(paths) == list(demo.examples)
    answers = {caption: predict(path) for caption, path in paths.items()}
    *garments, other = answers.values()
    assert [answer.label for answer in garments] == ["dress", "t-shirt", "skirt"]
    assert all(answer.is_sure for answer in garments) and not other.is_sure


def test_gallery_has_every_class_and_its_vectors_are_of_the_served_network():
    gallery = files.open_gallery(COLLECTION)
    assert set(gallery.labels) == set(LABELS["efficientnet"]) and gallery.is_prepared("efficientnet")
    assert gallery.layout.shape == (len(gallery), 2)
