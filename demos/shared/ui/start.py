"""The start: each demo as a picture with its question, and what it says of that picture."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import gradio as gr
from gradio.context import Context

from demos.shared import examples, images
from demos.shared.previews import TILE, tile
from demos.shared.ui import events, opening
from demos.shared.ui.files import serve_file

log = logging.getLogger(__name__)

LONGEST = 70  # characters of what a demo says on its tile
# An answer in words, as `html.cards` and `html.card` draw it: the line above the cards comes first.
_VERDICT = re.compile(r'<p class="verdict[^>]*>(.*?)</p>', re.DOTALL)
_ANSWER = re.compile(r'<p class="answer[^>]*>(.*?)</p>', re.DOTALL)
SCRIPT = Path(__file__).with_name("start.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Listing:
    """What the page says of a demo from outside: its name, title and question, and the picture that it opens with.

    picture: whatever `images.open` takes; None where there is none. opening: what its tab opens with, see
    `events.answer_first`; None where it opens with nothing. networks: that it asks.
    """

    name: str
    title: str
    question: str
    picture: images.Source | None = None
    opening: Callable[[], list] | None = None
    networks: tuple[str, ...] = ()


def draw(words: str, listings: list[Listing]) -> None:
    """Draw the start into the tab that the page has opened. words: what the page is."""
    gr.HTML(f'<p class="lead">{escape(words)}</p>')
    with gr.Column(elem_classes="tiles"):
        for listing in listings:
            _tile(listing, _serve(listing.picture))


def _tile(listing: Listing, file: str) -> None:
    page, is_silent = Context.root_block, listing.opening is None
    tile = gr.HTML(draw_tile(listing, file, "", is_silent), js_on_load=SCRIPT, elem_classes="tile", padding=False)
    tile.keep_in_cache = {file} if file else set()
    tile.asks_again = True
    if is_silent:
        return

    def answer() -> str:
        try:
            drawn = listing.opening()[0]
        except Exception:  # a demo is somebody's code
            log.exception("demos/%s has no answer to its example", listing.name)
            drawn = ""
        if opening.is_message(drawn):  # this visitor asks again for what is on its way, a later one in any case
            return draw_tile(listing, file, "", not events.is_awaited(listing.networks))
        shown = draw_tile(listing, file, read_words(drawn), True)
        opening.open_with(page, tile, shown)
        return shown

    tile.select(answer, None, tile, **events.SHORT)


def draw_tile(listing: Listing, file: str, words: str, is_answered: bool) -> str:
    """A tile as HTML. file: of its picture, "" for none. words: what the demo says of it, "" while that is not known.

    is_answered: whether there is nothing to ask for any more.
    """
    title, question = escape(listing.title), escape(listing.question)
    picture = '<span class="view blank"></span>'
    if file:
        address = f"gradio_api/file={escape(file)}"
        picture = (
            f'<span class="view"><img src="{address}" alt="" width="{TILE[0]}" height="{TILE[1]}" loading="lazy">'
            f"<i style=\"background-image:url('{address}')\"></i></span>"
        )
    asks = "" if is_answered else " data-asks"
    return (
        f'<a href="./?demo={escape(listing.name)}" data-demo="{escape(listing.name)}"{asks}>{picture}'
        f"<strong>{title}</strong><span>{question}</span><q>{escape(words)}</q></a>"
    )


def read_words(drawn: object) -> str:
    """What an answer, HTML, says in words; "" where it has none."""
    found = isinstance(drawn, str) and (_VERDICT.search(drawn) or _ANSWER.search(drawn))
    return shorten(unescape(re.sub("<[^>]*>", "", found[1]))) if found else ""


def shorten(text: str) -> str:
    """As many of the sentences of a text as fit into LONGEST characters; its first one whole."""
    first, *others = re.split(r"(?<=[.?!])\s+", " ".join(text.split()))
    for sentence in others:
        if len(first) + len(sentence) > LONGEST:
            break
        first += f" {sentence}"
    return first


def _serve(source: images.Source | None) -> str:
    """The file of a picture's tile; "" for none, and for one that cannot be opened."""
    if source is None:
        return ""
    try:
        return serve_file(examples.finish(tile, source) if isinstance(source, str) else tile(source), "tile.webp")
    except images.PictureError:
        return ""
