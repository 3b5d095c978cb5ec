"""The map of the gallery as HTML: where pictures and the query lie, and what a click gives."""

import re

import numpy as np
import pytest

from demos.shared.gallery import files
from demos.shared.gallery.gallery import Gallery
from demos.style import map
from demos.style.gallery import COLLECTION
from demos.style.predict import search


@pytest.fixture(scope="module")
def bundled() -> Gallery:
    return files.open_gallery(COLLECTION)


def ring(drawn: str) -> np.ndarray | None:
    found = re.search(r'class="query" data-x="(\d+)" data-y="(\d+)"', drawn)
    return found and np.array(found.groups(), float)


@pytest.mark.parametrize("kind", [map.MAP, map.SCATTER])
def test_every_picture_can_be_clicked_and_every_style_has_a_colour(bundled, kind):
    drawn = map.draw_map(bundled, None, kind)
    assert sorted(set(re.findall(r'data-position="(\d+)"', drawn)), key=int) == [str(at) for at in range(len(bundled))]
    assert drawn.count("<li>") == len(set(bundled.labels)) and ring(drawn) is None
    assert ("<image" in drawn) == (kind == map.MAP)


def test_query_of_the_scatter_lies_where_its_picture_does(bundled):
    answers = {"encoder": search(bundled.pictures[7])}
    drawn = map.draw_map(bundled, answers, map.SCATTER)
    x, y = re.search(r'<circle cx="(\d+)" cy="(\d+)" r="7"[^>]*data-position="7"', drawn).groups()
    assert np.abs(ring(drawn) - (float(x), float(y))).max() <= 3


def test_query_of_the_map_lies_amid_what_it_found(bundled):
    answer = search(bundled.pictures[7])
    places = bundled.layout[[match.id for match in answer.matches]]
    at = ring(map.draw_map(bundled, {"encoder": answer})) / 1000
    assert places[:, 0].min() - 0.01 <= at[0] <= places[:, 0].max() + 0.01


def test_gallery_without_a_layout_has_no_map(bundled):
    few = Gallery(bundled.encoders, bundled.pictures[:3], bundled.titles[:3], bundled.credits[:3])
    assert 'role="status"' in map.draw_map(few, None) and "<svg" not in map.draw_map(few, None)
