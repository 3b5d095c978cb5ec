"""The pictures of like style, drawn, with the style's name as a guess; the gallery to browse and as a map."""

from __future__ import annotations

import gradio as gr

from demos.shared.gallery import files, panel
from demos.shared.gallery import html as rows
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import open_picture
from demos.shared.ui import events, html, inputs, sections
from demos.shared.ui.events import SHORT, Cancellation
from demos.shared.ui.kept import Kept
from demos.style import demo, map, original
from demos.style.encoders import ENCODERS
from demos.style.gallery import COLLECTION
from demos.style.predict import Answer, search

WHOLE = (1, 0.5, 0.5)  # what the crop controls begin with
NOWHERE = "Nothing here is in this style"
NOT_EMBEDDED = "Your pictures are not embedded for this network yet."
NOT_PREPARED = "The gallery is being embedded for this network: ask again in a minute."
READ = """print(answer["confidences"])
for match in answer["matches"]:
    print(match["title"], match["distance"])"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    mine, answers = Kept(says_gone=True), Kept()
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            picture, _ = inputs.picture_and_examples("style", demo.examples)
            with gr.Column(elem_classes="later"):
                crop = inputs.crop_controls()
        with gr.Column(elem_classes="answers"):
            matches = html.html_area(620, elem_id="style-answer", js_on_load=rows.CHOOSE)
    with gr.Column(elem_classes="saw"):
        figures = html.html_area(190, elem_id="style-inputs")
    place_of_uploads = gr.Column()
    shelf = panel.browse_fold(COLLECTION, mine)
    chart = map.Fold(COLLECTION)
    chart.listen(COLLECTION, mine, answers)
    original.fold(picture, crop, mine)
    sections.about("style")
    sections.elsewhere("style", READ, encoder="encoder", k=4)

    others = [mine, chart.is_open, chart.kind, gr.State(Cancellation())]
    given, outputs = [picture, *crop, *others], [matches, figures, answers, chart.drawing]
    with place_of_uploads:
        panel.upload_fold(COLLECTION, mine, draw, given, outputs)
    events.answer_first(demo.networks, draw, given, outputs)
    inputs.viewable(picture)
    short = {**SHORT, "trigger_mode": "always_last"}
    picture.change(draw_whole, [picture, *others], [*crop, *outputs], **short)
    tap = picture.select(inputs.tap_to_crop, [picture, crop[0]], crop, **SHORT)
    for event in (tap.then, *(control.input for control in crop)):
        event(draw, given, outputs, **short)
    for pictures in (matches, shelf, chart.drawing):
        pictures.select(panel.take_picture(COLLECTION), mine, [matches, picture], **SHORT)
    files.prefetch(COLLECTION)


def draw_whole(picture, *others) -> tuple:
    """A new picture is shown whole: the crop's three values, and what `draw` gives."""
    return *WHOLE, *draw(picture, *WHOLE, *others)


@events.messages(3)
def draw(
    picture, zoom: float, x: float, y: float,
    mine: Gallery | None, is_map_open: bool, kind: str, runs: Cancellation,
) -> tuple:  # fmt: skip
    """The guess and the rows of both encoders, what they see, their answers, and the open map; or one sentence."""
    query = open_picture(picture, inputs.crop(zoom, x, y))
    gallery = panel.choose_gallery(COLLECTION, mine)
    answers, cards = {}, []
    for name, encoder in runs.follow(ENCODERS.items()):
        # The page's own gallery is embedded in the background, a visitor's pictures in the long lane.
        if gallery.is_prepared(name):
            answers[name] = search(query, encoder=name, gallery=gallery)
            cards.append(rows.row(encoder, answers[name], gallery))
        else:
            gallery.check_size(name)
            cards.append(rows.empty_row(encoder, NOT_EMBEDDED if mine else NOT_PREPARED))
    drawn = map.draw_map(gallery, answers, kind) if is_map_open else ""
    return describe(answers.get("encoder")) + "".join(cards), html.row(see(answers), small=True), answers, drawn


def describe(answer: Answer | None) -> str:
    """The style's name as a guess, a card; empty where the gallery knows no styles."""
    if answer is None or not answer.confidences:
        return ""
    label = next(iter(answer.confidences))
    doubt = "Not sure" if answer.is_match else NOWHERE
    small = "A guess from the pictures of the gallery that are nearest, if its style is among theirs."
    card = html.card("Style", "", label.capitalize(), answer.confidences, answer.is_sure, small, doubt)
    return f'<div class="found">{card}</div>'


def see(answers: dict[str, Answer]) -> list[str]:
    """What the networks get of the query."""
    answer = next(iter(answers.values()), None)
    if answer is None:
        return []
    side = ENCODERS[answer.encoder].side
    return [html.figure(answer.inputs, f"What both networks see: {side}x{side} pixels")]
