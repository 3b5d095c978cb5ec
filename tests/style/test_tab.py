"""Style's tab without a browser: what its handlers answer."""

import re

import gradio as gr
import pytest

from demos.shared import images
from demos.shared.gallery import files, wiring
from demos.shared.gallery.asking import ask_original
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.original import Original
from demos.shared.ui.events import Cancellation
from demos.shared.ui.inputs import example_paths
from demos.style import demo, map, original, tab
from demos.style.encoders import ENCODERS
from demos.style.gallery import COLLECTION
from demos.style.predict import search
from tests.markup import text


@pytest.fixture(scope="module")
def bundled() -> Gallery:
    return files.open_gallery(COLLECTION)


def draw(picture, mine=None, is_map_open=False, kind=map.MAP, runs=None) -> dict:
    names = ("rows", "figures", "answers", "map")
    values = tab.draw(picture, 1, 0.5, 0.5, mine, is_map_open, kind, runs or Cancellation())
    return dict(zip(names, values, strict=True))


def test_tab_opens_with_the_answer_to_its_example():
    with gr.Blocks() as page:
        tab.build()
    values = [block.value for block in page.blocks.values() if getattr(block, "elem_id", "") == "style-answer"]
    assert values[0].count('class="card found"') == len(ENCODERS) and "Pointillism" in values[0]


def test_rows_hold_what_predict_finds_and_the_name_stands_first(bundled):
    picture = bundled.pictures[100]
    drawn = draw(picture)
    found = [match.title for name in ENCODERS for match in search(picture, encoder=name).matches]
    assert re.findall(r"<span>([^<]*, [^<]*)</span>", drawn["rows"]) == found
    assert text(drawn["rows"]).startswith(f"Most likely {bundled.labels[100]}.")
    assert all(label in text(drawn["rows"]) for label in bundled.labels)
    assert drawn["map"] == "" and drawn["figures"].count("<figure") == 1


def test_open_map_is_drawn_with_the_query(bundled):
    assert 'class="query"' in draw(bundled.pictures[9], is_map_open=True)["map"]
    assert "<image" not in draw(bundled.pictures[9], is_map_open=True, kind=map.SCATTER)["map"]


def test_photograph_hears_that_nothing_is_in_its_style():
    drawn = draw(example_paths("style", demo.examples)["A photograph"])
    assert tab.NOWHERE in text(drawn["rows"])


def test_missing_picture_and_no_picture_are_sentences():
    assert images.NOTHING in text(draw(None)["rows"])
    assert 'role="alert"' in draw(b"no picture")["rows"]


def test_own_pictures_are_searched_and_have_neither_names_nor_a_map(bundled):
    few = Gallery(ENCODERS, [bundled.pictures[at] for at in (0, 200, 500)], ["one", "two", "three"], [""] * 3)
    few.prepare("encoder")
    drawn = draw(few.pictures[1], mine=few, is_map_open=True)
    assert re.findall(r"<span>(\w+)</span>", drawn["rows"])[0] == "two" and wiring.NOT_EMBEDDED in text(drawn["rows"])
    assert "<svg" not in drawn["map"] and list(drawn["answers"]) == ["encoder"]


def test_original_says_how_far_it_is_and_then_its_row(bundled, monkeypatch):
    answer = search(bundled.pictures[5])
    monkeypatch.setattr(Original, "search", lambda self, query, gallery: iter([None, 16, answer]))
    said = list(
        ask_original(COLLECTION, original.ORIGINAL, "VGG19")(bundled.pictures[5], 1, 0.5, 0.5, None, Cancellation())
    )
    assert "16 of" in said[2][0] and original.ENCODER.title in said[3][0] and not said[3][1]["interactive"]
