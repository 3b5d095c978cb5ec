"""The pictures that are found, drawn; the database to browse; a visitor's own pictures."""

from __future__ import annotations

from functools import partial

import gradio as gr

import weights
from demos.retrieval import demo, interpolate, reference
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.retrieval.predict import Match, search
from demos.shared import images
from demos.shared.gallery import explore, panel
from demos.shared.gallery import html as rows
from demos.shared.gallery.asking import original_fold
from demos.shared.gallery.explore import Explore
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import Answer, open_picture
from demos.shared.gallery.wiring import NOT_EMBEDDED, NOT_PREPARED, answer_queries, ask_each, lay_out
from demos.shared.ui import events, html, inputs, sections
from demos.shared.ui.events import INSTANT, SHORT, Cancellation
from demos.shared.ui.kept import Kept

TOO_FEW = "The database does not have that many pictures."
OTHER_GALLERY = "Other pictures are searched now: wait for the answer."
NO_ANSWER = "Choose a picture first."
ORIGINAL = "Ask the original InceptionV3"
ABOUT = (
    "It runs in a process of its own, and needs TensorFlow and, the first time, the network. It first looks at the "
    "whole database, which takes a minute."
)
READ = """for match in answer["matches"]:
    print(match["title"], match["probability"])"""


def measure_kind(match: Match) -> tuple[float, str, str]:
    """How probably a match is of the query's kind, or how far: as a bar, in words, and as a screen reader says it."""
    if match.probability is None:
        return rows.measure_distance(match)
    said = f"{html.percent(match.probability)} the same kind"
    return match.probability, said, said


draw_row = partial(rows.row, measure=measure_kind)


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    drawn: list[Explore] = []

    def draw_beneath(mine: Kept) -> gr.HTML:
        drawn.append(Explore(COLLECTION, mine))
        return drawn[0].shelf

    layout = lay_out(COLLECTION, demo.examples, 335, draw_beneath)
    mine, answers = layout.mine, layout.answers
    is_open = gr.State(False)
    with gr.Accordion("How others see it", open=False) as fold:
        others = html.html_area(620, elem_id="retrieval-others", js_on_load=rows.CHOOSE)
        number, steps = draw_walk(mine, answers)
        original_fold(COLLECTION, reference.ORIGINAL, layout, "The original", ORIGINAL, ABOUT, is_fold=False)
    sections.about("retrieval")
    sections.elsewhere("retrieval", READ, encoder="efficientnet", k=4)

    given = [mine, is_open, number, gr.State(Cancellation())]
    outputs = [layout.matches, layout.figures, answers, drawn[0].map, others, steps]
    opened = fold.expand(lambda: True, None, is_open, **SHORT)
    fold.collapse(lambda: False, None, is_open, **INSTANT)
    answer_queries(COLLECTION, demo.networks, draw, layout, given, outputs, [opened.then])


@events.messages(5)
def draw(
    picture, zoom: float, x: float, y: float,
    mine: Gallery | None, is_open: bool, number: int, runs: Cancellation,
) -> tuple:  # fmt: skip
    """The best encoder's row, what it sees, the answers, the map, the others' rows and the walk; or one sentence.

    is_open: whether the others are asked, and the walk is drawn.
    """
    query = open_picture(picture, inputs.crop(zoom, x, y))
    gallery = panel.choose_gallery(COLLECTION, mine)
    best, *others = order_encoders(gallery)
    names = [best, *others] if is_open else [best]
    answers, found = ask_each(
        names, gallery, bool(mine), lambda name: search(query, name, gallery=gallery), runs, draw_row
    )
    figures = {name: html.row(_figures(name, answers), small=True) for name in found}
    rest = "".join(f'<div class="other">{found[name]}{figures[name]}</div>' for name in names[1:])
    steps = draw_interpolation(mine, answers, number) if is_open else ""
    sheet = explore.draw_map(gallery, answers.get(gallery.indexed) or answers.get(best))
    judged = html.judge({"ours": "like it"}) if best in answers else ""
    return rows.say(answers.get(best)) + found[best] + judged, figures[best], answers, sheet, rest, steps


def order_encoders(gallery: Gallery) -> list[str]:
    """All encoders' names: first, of those that are ready, the one whose figure in the manifest is best."""
    entries = weights.manifest().networks

    def rank(name: str) -> tuple[bool, float]:
        entry = entries.get(ENCODERS[name].network)
        return gallery.is_prepared(name), entry.metrics.get("precision_at_4", 0) if entry else 0

    return sorted(gallery.encoders, key=rank, reverse=True)


def _figures(name: str, answers: dict[str, Answer]) -> list[str]:
    """What an encoder sees of a query, and what an autoencoder gives back."""
    if (answer := answers.get(name)) is None:
        return []
    title, side = ENCODERS[name].title, ENCODERS[name].side
    figures = [html.figure(answer.inputs, f"{title}: sees {side}x{side} pixels")]
    if name in interpolate.AUTOENCODERS:
        figures.append(html.figure(answer.outputs["reconstruction"], f"{title}: gives back"))
    return figures


def draw_walk(mine: gr.State, answers: gr.State) -> tuple[gr.Slider, gr.HTML]:
    """From the query to what the variational autoencoder found: to which match, and where the steps stand."""
    gr.HTML(
        '<h3>A walk through the latent space</h3><p class="small">From your picture to one of the database along a '
        "straight line: what the variational autoencoder draws on the way.</p>"
    )
    number = gr.Slider(1, 4, 1, step=1, label="To which of the four that it found")
    steps = html.html_area(140, elem_id="retrieval-interpolation")
    number.input(draw_interpolation, [mine, answers, number], steps, **SHORT, trigger_mode="always_last")
    return number, steps


@events.messages(0)
def draw_interpolation(mine: Gallery | None, answers: dict[str, Answer] | None, number: int) -> str:
    """The steps from the last query to the match of this number, from 1 on; or one sentence."""
    answer = answers and answers.get("vae")
    if not answer:
        not_ready = NOT_EMBEDDED if mine else NOT_PREPARED
        return html.message(not_ready if answers else NO_ANSWER)
    match = next(iter(answer.matches[int(number) - 1 :]), None)
    if match is None:
        return html.message(TOO_FEW)
    gallery = panel.choose_gallery(COLLECTION, mine)
    if not gallery.has(match):
        return html.message(OTHER_GALLERY)
    end = images.open(gallery.pictures[match.id])
    steps = interpolate.interpolate(answer.outputs["latent"], interpolate.encode(end))
    captions = ["Your picture", *[""] * (len(steps) - 2), match.title or "untitled"]
    figures = [html.figure(pixels, caption) for pixels, caption in zip(steps, captions, strict=True)]
    return f'<div class="walk">{html.row(figures, small=True)}</div>'
