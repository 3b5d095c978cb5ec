"""What the start says of a demo, and what others are told of it."""

import io

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from demos.shared.ui import html, social, start
from demos.shared.ui.start import Listing

LONG = "Which of very many things, of all that there are in this house and the next, is in this picture? " * 9


@pytest.mark.parametrize(
    "drawn, words",
    [
        (html.cards("A cat & a <dog>.", [html.card("Ours", "net", "cat", {"cat": 0.9}, True, "")]), "A cat & a <dog>."),
        (html.card("Ours", "net", "cat", {"cat": 0.9}, True, ""), "cat, 90 %"),
        (
            html.say("It is there. Camera 25 took this picture, and four others took the same vehicle elsewhere."),
            "It is there.",
        ),
        (html.message("The weights are on their way."), ""),
        ("plain", ""),
        (None, ""),
        ({"__type__": "update"}, ""),
    ],
)
def test_the_words_of_an_answer_are_its_first_line(drawn, words):
    assert start.read_words(drawn) == words


@pytest.mark.parametrize("picture", [None, b"no picture", np.zeros((3, 2000, 3), np.uint8), np.zeros((9, 9), np.uint8)])
def test_a_demo_is_listed_and_shown_elsewhere_whatever_its_picture_is(picture):
    listing = Listing("mine", "M" * 20, LONG, picture)
    with gr.Blocks() as page:
        start.draw("Words & more", [listing])
    drawn = "".join(block.value for block in page.blocks.values() if isinstance(block, gr.HTML))
    assert "Words &amp; more" in drawn and 'href="./?demo=mine"' in drawn and "data-asks" not in drawn
    assert ("blank" in drawn) is (picture is None or isinstance(picture, bytes))
    assert Image.open(io.BytesIO(social.draw_card(listing, "Loupe"))).size == social.SIZE
    assert Image.open(io.BytesIO(social.draw_icon(listing))).size == (social.ICON_SIDE,) * 2


def test_a_demo_that_cannot_answer_its_example_has_a_tile_without_an_answer():
    def fail():
        raise ZeroDivisionError

    with gr.Blocks() as page:
        start.draw("Words", [Listing("mine", "Mine", "Why?", opening=fail)])
    (event,) = page.fns.values()
    assert "data-asks" in event.outputs[0].value
    assert "data-asks" not in event.fn() and "data-asks" not in event.outputs[0].value


def test_a_tile_opens_without_the_sentence_that_stood_in_place_of_an_answer():
    drawn = [html.message("The pictures are being indexed: come back in a while.")]
    with gr.Blocks() as page:
        start.draw("Words", [Listing("mine", "Mine", "Why?", opening=lambda: drawn)])
    (event,) = page.fns.values()
    assert "data-asks" not in event.fn() and "data-asks" in event.outputs[0].value
    drawn[0] = html.say("It is there.")
    assert "It is there." in event.fn() and "It is there." in event.outputs[0].value


def test_texts_of_a_demo_are_text_in_tile_and_head():
    listing = Listing("mine", '<b>"', "<script>?")
    for drawn in (start.draw_tile(listing, "", "<i>", True), social.head(listing, "https://a", "Loupe")):
        assert "<b>" not in drawn and "<script>" not in drawn and "<i>" not in drawn
