"""The pictures that are found, drawn; the database to browse; a visitor's own pictures."""

from __future__ import annotations

import gradio as gr

from demos.retrieval import demo, interpolate, reference
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.retrieval.predict import search
from demos.shared import images
from demos.shared.gallery import html as gallery_html
from demos.shared.gallery import panel
from demos.shared.gallery.asking import original_fold
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import Answer, open_picture
from demos.shared.gallery.wiring import NOT_EMBEDDED, NOT_PREPARED, answer_queries, ask_encoders, lay_out
from demos.shared.ui import events, html, inputs, sections
from demos.shared.ui.events import INSTANT, SHORT, Cancellation

TOO_FEW = "The database does not have that many pictures."
OTHER_GALLERY = "Other pictures are searched now: wait for the answer."
NO_ANSWER = "Choose a picture first."
ABOUT = (
    "It runs in a process of its own, and needs TensorFlow and, the first time, the network. It first looks at the "
    "whole database, which takes a minute."
)
READ = """for match in answer["matches"]:
    print(match["title"], match["distance"])"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    layout = lay_out(COLLECTION, demo.examples, 700)
    mine, answers = layout.mine, layout.answers
    map_fold = panel.map_fold(COLLECTION, mine, answers)
    is_open, number, steps = interpolation_fold(mine, answers)
    original_fold(COLLECTION, reference.ORIGINAL, layout, "The original", "Ask the original InceptionV3", ABOUT)
    sections.about("retrieval")
    sections.elsewhere("retrieval", READ, encoder="mobilenet", k=4)

    others = [mine, map_fold.is_open, is_open, number, gr.State(Cancellation())]
    outputs = [layout.matches, layout.figures, answers, *map_fold.outputs, steps]
    answer_queries(COLLECTION, demo.networks, draw, layout, others, outputs, [map_fold.picture])


@events.messages(5)
def draw(
    picture, zoom: float, x: float, y: float,
    mine: Gallery | None, is_map_open: bool, is_interpolation_open: bool, number: int, runs: Cancellation,
) -> tuple:  # fmt: skip
    """The rows of all encoders, what they see, their answers, and what the open folds show of them; or one sentence."""
    query = open_picture(picture, inputs.crop(zoom, x, y))
    gallery = panel.choose_gallery(COLLECTION, mine)
    answers, found = ask_encoders(gallery, bool(mine), lambda name: search(query, name, gallery=gallery), runs)
    sheet, hint = panel.draw_map(gallery, answers) if is_map_open else (None, "")
    steps = draw_interpolation(mine, answers, number) if is_interpolation_open else ""
    said = gallery_html.say(answers.get(next(iter(ENCODERS))))
    return said + found, html.row(_figures(answers), small=True), answers, sheet, hint, steps


def _figures(answers: dict[str, Answer]) -> list[str]:
    """What the encoders see of a query, and what the autoencoders give back."""
    captions = {"mobilenet": "What our MobileNetV2 sees: 192x192 pixels"}
    captions |= {name: f"{ENCODERS[name].title}: sees {{0}}x{{0}}" for name in interpolate.AUTOENCODERS}
    figures = []
    for name, caption in captions.items():
        if answer := answers.get(name):
            figures.append(html.figure(answer.inputs, caption.format(ENCODERS[name].side)))
            if name in interpolate.AUTOENCODERS:
                title = f"{ENCODERS[name].title}: gives back"
                figures.append(html.figure(answer.outputs["reconstruction"], title))
    return figures


def interpolation_fold(mine: gr.State, answers: gr.State) -> tuple[gr.State, gr.Slider, gr.HTML]:
    """From the query to what the variational autoencoder found: whether it is open, to which match, and the steps."""
    is_open = gr.State(False)
    with gr.Accordion("A walk through the latent space", open=False) as fold:
        gr.HTML(
            '<p class="small">From your picture to one of the database along a straight line: what the variational '
            "autoencoder draws on the way.</p>"
        )
        number = gr.Slider(1, 4, 1, step=1, label="To which of the four that it found")
        steps = html.html_area(140, elem_id="retrieval-interpolation")
    given = [mine, answers, number]
    fold.expand(lambda *values: (True, draw_interpolation(*values)), given, [is_open, steps], **SHORT)
    fold.collapse(lambda: False, None, is_open, **INSTANT)
    number.input(draw_interpolation, given, steps, **SHORT, trigger_mode="always_last")
    return is_open, number, steps


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
