"""The pictures that are found, drawn; the database to browse; a visitor's own pictures."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from demos.retrieval import demo, interpolate, reference
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.retrieval.predict import search
from demos.shared import images
from demos.shared.gallery import files, panel
from demos.shared.gallery import html as rows
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.query import Answer, open_picture
from demos.shared.ui import events, html, inputs, sections
from demos.shared.ui.events import INSTANT, SHORT, Cancellation
from demos.shared.ui.kept import Kept

WHOLE = (1, 0.5, 0.5)  # what the crop controls begin with
NOT_EMBEDDED = "Your pictures are not embedded for this network yet."
NOT_PREPARED = "The database is being embedded for this network: ask again in a minute."
TOO_FEW = "The database does not have that many pictures."
OTHER_GALLERY = "Other pictures are searched now: wait for the answer."
NO_ANSWER = "Choose a picture first."
STOPPED = "Stopped. Ask again to go on."
READ = """for match in answer["matches"]:
    print(match["title"], match["distance"])"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    mine, answers = Kept(says_gone=True), Kept()
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            example = inputs.first_example("retrieval", demo.examples)
            picture = inputs.picture_input(example, elem_id="retrieval-picture")
            inputs.examples("retrieval", demo.examples, picture)
            with gr.Column(elem_classes="later"):
                crop = inputs.crop_controls()
        with gr.Column(elem_classes="answers"):
            matches = html.html_area(700, elem_id="retrieval-answer", js_on_load=rows.CHOOSE)
    with gr.Column(elem_classes="saw"):
        figures = html.html_area(190, elem_id="retrieval-inputs")
    place_of_uploads = gr.Column()
    shelf = panel.browse_fold(COLLECTION, mine)
    map_fold = panel.map_fold(COLLECTION, mine, answers)
    is_open, number, steps = interpolation_fold(mine, answers)
    reference_fold(picture, crop, mine)
    sections.about("retrieval")
    sections.elsewhere("retrieval", READ, encoder="mobilenet", k=4)

    folds = [mine, map_fold.is_open, is_open, number, gr.State(Cancellation())]
    given, outputs = [picture, *crop, *folds], [matches, figures, answers, *map_fold.outputs, steps]
    with place_of_uploads:
        panel.upload_fold(COLLECTION, mine, draw, given, outputs)
    events.answer_first(demo.networks, draw, given, outputs)
    inputs.viewable(picture)
    short = {**SHORT, "trigger_mode": "always_last"}
    picture.change(draw_whole, [picture, *folds], [*crop, *outputs], **short)
    tap = picture.select(inputs.tap_to_crop, [picture, crop[0]], crop, **SHORT)
    for event in (tap.then, *(control.input for control in crop)):
        event(draw, given, outputs, **short)
    for pictures in (matches, shelf, map_fold.picture):
        pictures.select(panel.take_picture(COLLECTION), mine, [matches, picture], **SHORT)
    files.prefetch(COLLECTION)


def draw_whole(picture, *folds) -> tuple:
    """A new picture is shown whole: the crop's three values, and what `draw` gives."""
    return *WHOLE, *draw(picture, *WHOLE, *folds)


@events.messages(5)
def draw(
    picture, zoom: float, x: float, y: float,
    mine: Gallery | None, is_map_open: bool, is_interpolation_open: bool, number: int, runs: Cancellation,
) -> tuple:  # fmt: skip
    """The rows of all encoders, what they see, their answers, and what the open folds show of them; or one sentence."""
    query = open_picture(picture, inputs.crop(zoom, x, y))
    gallery = panel.choose_gallery(COLLECTION, mine)
    answers, cards = {}, []
    for name, encoder in runs.follow(ENCODERS.items()):
        # The page's own database is embedded in the background, a visitor's pictures in the long lane.
        if gallery.is_prepared(name):
            answers[name] = search(query, name, gallery=gallery)
            cards.append(rows.row(encoder, answers[name], gallery))
        else:
            gallery.check_size(name)
            cards.append(rows.empty_row(encoder, NOT_EMBEDDED if mine else NOT_PREPARED))
    sheet, hint = panel.draw_map(gallery, answers) if is_map_open else (None, "")
    steps = draw_interpolation(mine, answers, number) if is_interpolation_open else ""
    return "".join(cards), html.row(_figures(answers), small=True), answers, sheet, hint, steps


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


def reference_fold(picture: gr.Image, crop: list, mine: gr.State) -> None:
    """The network that taught the student, where it can be had."""
    runs = gr.State(Cancellation())
    with gr.Accordion("Ask the original InceptionV3", open=False):
        gr.HTML(
            '<p class="small">It runs in a process of its own, and needs TensorFlow and, the first time, the network. '
            "It first looks at the whole database, which takes a minute.</p>"
        )
        with gr.Row():
            ask = gr.Button("Ask", size="sm", variant="primary", elem_id="retrieval-ask")
            stop = gr.Button("Stop", size="sm", interactive=False, elem_id="retrieval-stop-reference")
        row = html.html_area(200, elem_id="retrieval-reference")
    events.run_on(
        [ask.click], ask_reference, [picture, *crop, mine, runs], [row, stop], runs, stop=stop, stopped=STOPPED
    )
    stop.click(Cancellation.stop, runs, None, **INSTANT)
    # What is said of another picture, or of another part of it, is not wanted any more.
    changes = [component.change for component in (picture, *crop, mine)]
    gr.on(changes, forget_reference, runs, [row, stop], **INSTANT)


@events.messages(0, gr.update(interactive=False), stopped=STOPPED)
def ask_reference(
    picture, zoom: float, x: float, y: float, mine: Gallery | None, runs: Cancellation
) -> Iterator[tuple]:
    """The reference's row, or how far it is, or one sentence; and whether it can be stopped."""
    query = open_picture(picture, inputs.crop(zoom, x, y))
    gallery = panel.choose_gallery(COLLECTION, mine)
    yield html.message("The original is being started."), gr.update(interactive=True)
    for step in runs.follow(reference.search(query, gallery)):
        if step is None:
            yield gr.skip(), gr.skip()
        elif isinstance(step, int):
            yield html.message(f"{step:,} of {len(gallery):,} pictures are embedded."), gr.skip()
        else:
            yield rows.row(reference.ENCODER, step, gallery), gr.update(interactive=False)


def forget_reference(runs: Cancellation) -> tuple:
    """Empty the reference's row, and end what is in work."""
    runs.begin()
    return "", gr.update(interactive=False)
