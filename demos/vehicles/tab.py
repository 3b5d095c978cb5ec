"""The vehicle that was found, drawn; which parts matched; two pictures compared; a visitor's own gallery."""

from __future__ import annotations

import gradio as gr

from demos.shared.gallery import files, panel
from demos.shared.gallery import html as gallery_html
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import open_picture
from demos.shared.ui import events, html, inputs, sections
from demos.shared.ui.events import SHORT, Cancellation
from demos.shared.ui.kept import Kept
from demos.vehicles import demo, rows
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.gallery import COLLECTION
from demos.vehicles.predict import Answer, compare, locate, search

SHOWN = 5  # matches in a row
WHOLE = (1, 0.5, 0.5)  # what the crop controls begin with
NOT_EMBEDDED = "These pictures are not embedded for this network yet: ask again in a minute."
BOTH = "Choose two pictures to compare them."
WARNING = (
    "Such a network must not be used to follow people or as evidence against anyone: it takes vehicles that look alike "
    "for the same one. No licence plate is read or kept."
)
READ = """for match in answer["matches"]:
    print(match["title"], match["camera"], match["probability"])"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    mine, answers = Kept(says_gone=True), Kept()
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            example = inputs.first_example("vehicles", demo.examples)
            picture = inputs.picture_input(example, elem_id="vehicles-picture")
            inputs.examples("vehicles", demo.examples, picture)
            with gr.Column(elem_classes="later"):
                crop = inputs.crop_controls()
                is_reranked = gr.Checkbox(
                    False, label="Re-rank", info="Pictures that share the nearest neighbours of yours come first"
                )
        with gr.Column(elem_classes="answers"):
            matches = html.html_area(560, elem_id="vehicles-answer", js_on_load=gallery_html.CHOOSE)
    with gr.Column(elem_classes="saw"):
        gr.HTML('<p class="small">Bright are the places that make your picture and a match similar.</p>')
        number = gr.Slider(1, SHOWN, 1, step=1, label="Which match")
        figures = html.html_area(190, elem_id="vehicles-inputs")
        gr.HTML(f'<p class="small">{WARNING}</p>')
    place_of_uploads = gr.Column()
    compare_fold()
    shelf = panel.browse_fold(COLLECTION, mine)
    map_fold = panel.map_fold(COLLECTION, mine, answers)
    sections.about("vehicles")
    sections.elsewhere("vehicles", READ, "car.jpg", k=SHOWN)

    others = [is_reranked, number, mine, map_fold.is_open, gr.State(Cancellation())]
    given, outputs = [picture, *crop, *others], [matches, figures, answers, *map_fold.outputs]
    with place_of_uploads:
        panel.upload_fold(COLLECTION, mine, draw, given, outputs)
    events.answer_first(demo.networks, draw, given, outputs)
    inputs.viewable(picture)
    short = {**SHORT, "trigger_mode": "always_last"}
    picture.change(draw_whole, [picture, *others], [*crop, *outputs], **short)
    tap = picture.select(inputs.tap_to_crop, [picture, crop[0]], crop, **SHORT)
    for event in (tap.then, is_reranked.input, *(control.input for control in crop)):
        event(draw, given, outputs, **short)
    number.input(draw_parts, [answers, mine, number], figures, **short)
    for pictures in (matches, shelf, map_fold.picture):
        pictures.select(panel.take_picture(COLLECTION), mine, [matches, picture], **SHORT)
    files.prefetch(COLLECTION)


def draw_whole(picture, *others) -> tuple:
    """A new picture is shown whole: the crop's three values, and what `draw` gives."""
    return *WHOLE, *draw(picture, *WHOLE, *others)


@events.messages(4)
def draw(
    picture, zoom: float, x: float, y: float,
    is_reranked: bool, number: int, mine: Gallery | None, is_map_open: bool, runs: Cancellation,
) -> tuple:  # fmt: skip
    """The rows of both networks, which parts matched, their answers, and the open map; or one sentence."""
    query, crop = open_picture(picture), inputs.crop(zoom, x, y)
    gallery = panel.choose_gallery(COLLECTION, mine)
    answers, cards = {}, []
    for name, encoder in runs.follow(ENCODERS.items()):
        if gallery.is_prepared(name):
            answers[name] = search(query, SHOWN, name, is_reranked, crop, gallery)
            cards.append(rows.row(encoder, answers[name], gallery))
        else:
            gallery.check_size(name)
            cards.append(gallery_html.empty_row(encoder, NOT_EMBEDDED))
    known = next((rows.truth(answer, gallery) for answer in answers.values()), "")
    sheet, hint = panel.draw_map(gallery, answers) if is_map_open else (None, "")
    said = f'<p class="verdict" role="status">{known}</p>' if known else ""
    return said + "".join(cards), _draw_parts(answers, gallery, number), answers, sheet, hint


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
    with gr.Accordion("Compare two pictures", open=False):
        with gr.Row():
            a, b = (inputs.picture_input(elem_id=f"vehicles-{name}") for name in ("a", "b"))
        result = html.html_area(260, elem_id="vehicles-compare")
    for picture, label in ((a, "First picture"), (b, "Second picture")):
        picture.label = label
        inputs.viewable(picture)
        picture.change(draw_comparison, [a, b], result, **SHORT, trigger_mode="always_last")


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
    return html.cards(verdict, cards) + html.row(figures)
