"""The vehicle that was found, drawn; which parts matched; two pictures compared; a visitor's own gallery."""

from __future__ import annotations

import gradio as gr

from demos.shared import images
from demos.shared.gallery import panel
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import open_picture
from demos.shared.gallery.wiring import answer_queries, ask_encoders, lay_out
from demos.shared.ui import events, html, inputs, sections
from demos.shared.ui.events import LATEST, Cancellation
from demos.vehicles import demo, rows
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.gallery import COLLECTION
from demos.vehicles.predict import Answer, compare, locate, search

SHOWN = 5  # matches in a row
BOTH = "Choose two pictures to compare them."
WARNING = (
    "Such a network must not be used to follow people or as evidence against anyone: it takes vehicles that look alike "
    "for the same one. No licence plate is read or kept."
)
READ = """for match in answer["matches"]:
    print(match["title"], match["camera"], match["probability"])"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    layout = lay_out(COLLECTION, demo.examples, 654)
    mine, answers = layout.mine, layout.answers
    with layout.controls:
        shared = "Pictures that share the nearest neighbours of yours come first"
        is_reranked = gr.Checkbox(False, label="Re-rank", info=shared)
    with layout.saw:
        bright = "Bright are the places that make your picture and a match similar"
        number = gr.Slider(1, SHOWN, 1, step=1, label="Which match", info=bright)
        gr.HTML(f'<p class="small">{WARNING}</p>')
    compare_fold()
    map_fold = panel.map_fold(COLLECTION, mine, answers)
    sections.about("vehicles")
    sections.elsewhere("vehicles", READ, "car.jpg", k=SHOWN)

    others = [is_reranked, number, mine, map_fold.is_open, gr.State(Cancellation())]
    outputs = [layout.matches, layout.figures, answers, *map_fold.outputs]
    answer_queries(COLLECTION, demo.networks, draw, layout, others, outputs, [is_reranked.input])
    number.input(draw_parts, [answers, mine, number], layout.figures, **LATEST)


@events.messages(4)
def draw(
    picture, zoom: float, x: float, y: float,
    is_reranked: bool, number: int, mine: Gallery | None, is_map_open: bool, runs: Cancellation,
) -> tuple:  # fmt: skip
    """The rows of both networks, which parts matched, their answers, and the open map; or one sentence."""
    query, crop = open_picture(picture), inputs.crop(zoom, x, y)
    gallery = panel.choose_gallery(COLLECTION, mine)

    def ask(name: str) -> Answer:
        return search(query, SHOWN, name, is_reranked, crop, gallery)

    answers, found = ask_encoders(gallery, bool(mine), ask, runs, rows.row)
    said = rows.say(answers, gallery)
    sheet, hint = panel.draw_map(gallery, answers) if is_map_open else (None, "")
    return said + found + rows.judge(answers), _draw_parts(answers, gallery, number), answers, sheet, hint


@events.messages(0)
def draw_parts(answers: dict[str, Answer] | None, mine: Gallery | None, number: int) -> str:
    """Which parts of the last query and of the match of this number, from 1 on, are similar; or one sentence."""
    return _draw_parts(answers or {}, panel.choose_gallery(COLLECTION, mine), number)


def _draw_parts(answers: dict[str, Answer], gallery: Gallery, number: int) -> str:
    figures = []
    if (ours := answers.get("embedding")) and ours.matches:
        number = min(int(number), len(ours.matches))
        match = ours.matches[number - 1]
        if gallery.has(match):
            pixels, evidence = locate(ours, match, gallery)
            caption = f"Match {number}" + (f": camera {match.camera}" if match.camera else "")
            figures += rows.parts((ours.inputs, pixels), evidence, ("Your picture: what matched", caption))
    if student := answers.get("baseline"):
        side = ENCODERS["baseline"].side
        figures.append(html.figure(student.inputs, f"What the student project's network sees: {side}x{side} pixels"))
    return html.row(figures)


def compare_fold() -> None:
    """Two pictures of a visitor's, and how probable it is that they show the same vehicle."""
    labels = {"a": "First picture", "b": "Second picture"}
    with gr.Accordion("Compare two pictures", open=False), gr.Column(elem_classes="scope"):
        with gr.Row():
            a, b = (
                inputs.picture_input(elem_id=f"vehicles-{name}", label=label, longest=images.QUICK_SIDE)
                for name, label in labels.items()
            )
        with gr.Column(elem_classes="answers"):
            result = html.html_area(260, value=html.message(BOTH), elem_id="vehicles-compare")
    for picture in (a, b):
        inputs.viewable(picture)
    gr.on([a.change, b.change], draw_comparison, [a, b], result, **LATEST)  # one event, answered in order


@events.messages(0)
def draw_comparison(a, b) -> str:
    """Both networks' cards on two pictures, and which parts are similar; or one sentence."""
    if a is None or b is None:
        return html.message(BOTH)
    pictures = open_picture(a), open_picture(b)
    answers = {name: compare(*pictures, name) for name in ENCODERS}
    ours = answers["embedding"]
    cards = [rows.comparison(ENCODERS[name], answer) for name, answer in answers.items()]
    verdict = "Both networks agree." if len({one.is_same for one in answers.values()}) == 1 else "The networks differ."
    figures = rows.parts(tuple(ours.inputs), ours.evidence, ("What matched", "What matched"))
    return html.cards(verdict, cards, judged=rows.judge_comparison(answers)) + html.row(figures)
