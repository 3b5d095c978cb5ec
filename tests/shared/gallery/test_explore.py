"""A gallery as a map: what the page gets of it, the query's place, and the picture that is tapped."""

import base64
import dataclasses

import gradio as gr
import numpy as np
import pytest

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import explore, files, panel, query
from demos.shared.gallery.map import grid


@pytest.fixture(scope="module")
def bundled():
    return files.open_gallery(COLLECTION)


@pytest.fixture(scope="module")
def take_tap():
    """The handler of a tap on the map: a gallery of the visitor's own, and the event -> what stands beneath the map."""
    with gr.Blocks() as page:
        explore.Explore(COLLECTION, gr.State())
    return next(fn.fn for fn in page.fns.values() if fn.name == "show")


def tap(index) -> gr.SelectData:
    return gr.SelectData(None, {"index": index, "value": None})


def test_map_holds_the_query_at_its_place_and_what_was_found(bundled):
    answer = query.search(bundled, "mobilenet", images.open(bundled.pictures[40]))
    drawn = explore.draw_map(bundled, answer)
    columns, rows = grid(len(bundled))
    small, large = (images.open(drawn[name]).pixels for name in ("sheet", "large"))
    assert small.shape[:2] == (rows * 24, columns * 24) and large.shape[:2] == (rows * 48, columns * 48)
    ids = [match.id for match in answer.matches]
    assert np.allclose(drawn["found"], bundled.layout[ids], atol=1e-3)
    assert np.allclose(drawn["place"], np.median(bundled.layout[ids], axis=0), atol=1e-3)
    thumbnail = images.open(base64.b64decode(drawn["query"].partition(",")[2])).pixels.astype(int)
    assert thumbnail.shape == (96, 96, 3) and np.abs(thumbnail - answer.inputs[1::2, 1::2]).mean() < 20


def test_map_without_a_query_and_a_gallery_without_a_map(bundled):
    plain = explore.draw_map(bundled, None)
    assert plain["query"] is None and plain["found"] == []
    assert explore.draw_map(dataclasses.replace(bundled, layout=None), None) == panel.NO_MAP


def test_tap_on_the_map_shows_the_picture_that_lies_there(bundled, take_tap):
    place = (1000 * bundled.layout[40]).round().tolist()
    shown = take_tap(None, 7, tap(place))
    assert 'data-position="40" ' in shown and shown.endswith('<i hidden data-asked="7"></i>')
    assert "data-asked" not in take_tap(None, '7"', tap(place))
    assert take_tap(dataclasses.replace(bundled, layout=None), 7, tap(place)) == gr.skip()


@pytest.mark.parametrize("index", [None, 3, "12", [1], [1, "2"], [float("nan"), 1], [1, 2, 3], {"x": 1}])
def test_tap_that_is_no_place_changes_nothing(take_tap, index):
    assert take_tap(None, 7, tap(index)) == gr.skip()
