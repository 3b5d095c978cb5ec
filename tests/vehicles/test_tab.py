"""The vehicles' tab without a browser: what its handlers answer."""

import re

import gradio as gr
import pytest

from demos.shared import images
from demos.shared.gallery import files, startup
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.wiring import NOT_EMBEDDED
from demos.shared.ui.events import Cancellation
from demos.vehicles import rows, tab
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.gallery import COLLECTION
from demos.vehicles.predict import search
from tests.markup import text


@pytest.fixture(autouse=True)
def bundled(few, monkeypatch) -> Gallery:
    """A few vehicles in place of the bundled gallery."""
    monkeypatch.setattr(files, "open_gallery", lambda collection: few)
    monkeypatch.setattr(startup, "prefetch", lambda collection: None)
    assert COLLECTION.demo == "vehicles"
    return few


def draw(picture, zoom=1, x=0.5, y=0.5, is_reranked=False, number=1, mine=None, is_map_open=False, runs=None) -> dict:
    names = ("rows", "figures", "answers", "map", "hint")
    values = tab.draw(picture, zoom, x, y, is_reranked, number, mine, is_map_open, runs or Cancellation())
    return dict(zip(names, values, strict=True))


def test_tab_is_built_and_opens_with_the_answer_to_its_example():
    with gr.Blocks() as page:
        tab.build()
    values = [block.value for block in page.blocks.values() if getattr(block, "elem_id", "") == "vehicles-answer"]
    assert values[0].count('class="card found"') == len(ENCODERS)


def test_camera_s_picture_is_not_mirrored():
    with gr.Blocks() as page:
        tab.build()
    pictures = [block for block in page.blocks.values() if getattr(block, "elem_id", "") == "vehicles-picture"]
    assert pictures[0].webcam_options.mirror is False


def test_frames_say_what_is_known(few):
    drawn = draw(few.pictures[2])
    kinds = re.findall(r'class="(same|other)"', drawn["rows"])
    matches = [match for name in ENCODERS for match in search(few.pictures[2], 5, name, searched=few).matches]
    assert kinds == ["same" if match.is_same else "other" for match in matches]
    assert "in the gallery, from 2 other cameras" in text(drawn["rows"])
    assert drawn["rows"].count("Was it right?") == 1
    assert all(f"camera {match.camera}" in drawn["rows"] for match in matches)


def test_unknown_picture_has_no_frames(few, photograph):
    drawn = draw(photograph.read_bytes())
    assert not re.findall(r'class="(same|other)"', drawn["rows"]) and "took this picture" not in drawn["rows"]


def test_which_parts_matched_is_shown_for_the_match_of_the_number(few):
    drawn = draw(few.pictures[2])
    third = tab.draw_parts(drawn["answers"], None, 3)
    assert drawn["figures"].count("spotlight") == third.count("spotlight") == 2 and third != drawn["figures"]
    assert f"Match 3: camera {drawn['answers']['embedding'].matches[2].camera}" in third


def test_missing_picture_and_no_picture_are_sentences():
    assert images.NOTHING in text(draw(None)["rows"]) and 'role="status"' in draw(None)["rows"]
    assert 'role="alert"' in draw(b"no picture")["rows"]


def test_own_pictures_are_searched_and_say_their_names(few):
    mine = Gallery(ENCODERS, few.pictures[:3], ["one", "two", "three"], [""] * 3)
    mine.prepare("embedding")
    drawn = draw(few.pictures[0], mine=mine, is_map_open=True)
    assert "one" in drawn["rows"] and "camera" not in drawn["rows"] and NOT_EMBEDDED in text(drawn["rows"])
    assert drawn["map"] is None and list(drawn["answers"]) == ["embedding"]


def test_two_pictures_are_compared_by_both_networks(few):
    assert tab.BOTH in tab.draw_comparison(few.pictures[0], None)
    drawn = tab.draw_comparison(few.pictures[0], few.pictures[0])
    assert drawn.count("Same vehicle") == 2 and drawn.count("spotlight") == 2 and drawn.count("Was it right?") == 1
    assert 'role="alert"' in tab.draw_comparison(few.pictures[0], b"no picture")


def test_query_that_nothing_is_like_is_told_so(few):
    answer = search(few.pictures[0], searched=few)
    said = {
        rows.UNLIKE: (False, True),
        rows.ABSENT: (False, False),
        rows.THERE: (True, False),
    }
    for sentence, (is_match, is_unlike_all) in said.items():
        changed = {**vars(answer), "is_match": is_match, "is_unlike_all": is_unlike_all}
        assert sentence in text(rows.row(ENCODERS["embedding"], type(answer)(**changed), few))
