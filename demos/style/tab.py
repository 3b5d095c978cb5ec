"""The pictures of like style, with the style's name as a guess, the gallery as a map, and a photograph painted."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import escape

import gradio as gr

from demos.shared.gallery import html as rows
from demos.shared.gallery import panel
from demos.shared.gallery.asking import original_fold
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import open_picture
from demos.shared.gallery.wiring import answer_queries, ask_encoders, lay_out
from demos.shared.ui import events, html, inputs, sections, words
from demos.shared.ui.events import Cancellation
from demos.style import demo, map, original, painting, shelf
from demos.style.encoders import ENCODERS
from demos.style.gallery import COLLECTION
from demos.style.predict import Answer, search

NOWHERE = "Nothing here is in this style"
KNOWN = "A guess from the pictures of the gallery that are nearest, if its style is among theirs."
ABOUT = (
    "The student project compared Gram matrices of VGG19. It runs in a process of its own, and needs TensorFlow and, "
    "the first time, its weights. It first looks at the whole gallery, which takes some minutes."
)
READ = """print(answer["confidences"])
for match in answer["matches"]:
    print(match["title"], match["distance"])"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    with ThreadPoolExecutor(1) as worker:
        looks = worker.submit(shelf.serve_looks)  # while the search is drawn
        _draw_search()
    painting.build(looks.result())
    sections.about("style")
    sections.elsewhere("style", READ, encoder="encoder", k=4)


def _draw_search() -> None:
    layout = lay_out(COLLECTION, demo.examples, 900)
    mine, answers = layout.mine, layout.answers
    chart = map.Fold(COLLECTION)
    chart.listen(COLLECTION, mine, answers)
    original_fold(COLLECTION, original.ORIGINAL, layout, "VGG19", "Ask VGG19 itself", ABOUT)
    others = [mine, chart.is_open, chart.kind, gr.State(Cancellation())]
    outputs = [layout.matches, layout.figures, answers, chart.drawing]
    networks = [encoder.network for encoder in ENCODERS.values()]
    answer_queries(COLLECTION, networks, draw, layout, others, outputs)
    chart.drawing.select(panel.take_picture(COLLECTION), mine, [layout.matches, layout.picture], **events.EACH)


@events.messages(3)
def draw(
    picture, zoom: float, x: float, y: float,
    mine: Gallery | None, is_map_open: bool, kind: str, runs: Cancellation,
) -> tuple:  # fmt: skip
    """The guess and the rows of both encoders, what they see, their answers, and the open map; or one sentence."""
    query = open_picture(picture, inputs.crop(zoom, x, y))
    gallery = panel.choose_gallery(COLLECTION, mine)
    row = partial(rows.row, act=painting.ACT, to=painting.PLACE, gives=painting.STYLE)
    answers, found = ask_encoders(
        gallery, bool(mine), lambda name: search(query, encoder=name, gallery=gallery), runs, row
    )
    drawn = map.draw_map(gallery, answers, kind) if is_map_open else ""
    said = describe(answers.get("encoder"), sorted(set(gallery.labels)))
    return said + found, html.row(see(answers), small=True), answers, drawn


def describe(answer: Answer | None, styles: Sequence[str]) -> str:
    """The style's name as a guess, in words and as a card, among those of the gallery; "" where it knows none."""
    if answer is None or not answer.confidences:
        return ""
    label = next(iter(answer.confidences))
    doubt = "Not sure" if answer.is_match else NOWHERE
    said = f"Most likely {label}." if answer.is_sure else f"{doubt}: closest is {label}."
    names = f"<summary>The {len(styles)} styles that it can know</summary>{escape(words.enumerate_all(styles))}"
    small = f"{KNOWN}<details>{names}</details>"
    shown = answer.confidences if answer.is_match else {}  # shares among styles that are not the picture's say nothing
    card = html.card("Style", "", words.capitalize(label), shown, answer.is_sure, small, doubt)
    judged = html.judge({"ours": label}) if answer.is_sure else ""
    return f'{html.say(said)}<div class="guess">{card}{judged}</div>'


def see(answers: dict[str, Answer]) -> list[str]:
    """What the networks get of the query."""
    answer = next(iter(answers.values()), None)
    if answer is None:
        return []
    side = ENCODERS[answer.encoder].side
    return [html.figure(answer.inputs, f"What both networks see: {side}x{side} pixels")]
