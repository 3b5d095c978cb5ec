"""The answers of both networks, drawn; where the evidence lies; many pictures at once; the map."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import gradio as gr

import weights
from demos.clothing import confusion, demo, grid
from demos.clothing.gallery import COLLECTION
from demos.clothing.predict import LABELS, LONGEST, Answer, open_picture, predict
from demos.shared import images
from demos.shared.gallery import files, panel, query, startup
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui import events, html, inputs, sections
from demos.shared.ui.events import INSTANT, LONG, SHORT, Cancellation
from demos.shared.ui.kept import Kept

NETWORKS = {"efficientnet": "Ours", "baseline": "The student project's"}
READ = 'print(answer["label"], answer["confidences"][0])'
LIVE = 256  # pixels of a side of the camera's frames
WHOLE = (1, 0.5, 0.5)  # what the crop controls begin with
SHOWN = 640  # pixels of the longer side of the picture beneath the map
NEIGHBOURS = 4  # garments of the gallery amid which a picture lies on the map
KNOWN = f"The networks know {', '.join(LABELS['efficientnet'][:-1])} and {LABELS['efficientnet'][-1]}."
CONFUSION = (
    "Pictures by people of whom the network saw none in training. A row is what a picture shows, a column what it is "
    "taken for."
)
BRING = "Choose up to {} pictures of clothes to see them side by side."


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    gr.HTML(f'<p class="small">{KNOWN}</p>')
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            picture, _ = inputs.picture_and_examples("clothing", demo.examples, longest=LONGEST, live=LIVE, crops=True)
        with gr.Column(elem_classes="answers"):
            answers = html.html_area(300, elem_id="clothing-answer")
    with gr.Column(elem_classes="saw"):
        figures = html.html_area(300, elem_id="clothing-inputs")
    with gr.Accordion("Adjust the crop", open=False):
        crop = inputs.crop_controls()
    _several_fold()
    mine, found = Kept(), Kept()
    chart = panel.map_fold(COLLECTION, mine, found, "A map of garments")
    with gr.Accordion("What is taken for what", open=False) as fold:
        matrix = html.html_area(300, elem_classes="figures")
    fold.expand(draw_confusion, None, matrix, **INSTANT)
    sections.about("clothing")
    sections.elsewhere("clothing", READ, network="efficientnet")

    runs = gr.State(Cancellation())
    given, outputs = [picture, *crop, chart.is_open, runs], [answers, figures, found, *chart.outputs]
    events.answer_first(demo.networks, draw, given, outputs)
    inputs.viewable(picture)
    short = {**SHORT, "trigger_mode": "always_last"}
    picture.change(draw_whole, [picture, chart.is_open, runs], [*crop, *outputs], **short)
    moved = inputs.follow_lens(picture, crop)
    for event in (moved.then, *(control.input for control in crop)):
        event(draw, given, outputs, **short)
    chart.picture.select(panel.take_picture(COLLECTION), mine, [answers, picture], **SHORT)
    startup.prefetch(COLLECTION)


def _several_fold() -> None:
    """Where a visitor brings several pictures."""
    runs = gr.State(Cancellation())
    with gr.Accordion("Several pictures at once", open=False):
        paths = inputs.FilesInput(
            file_count="multiple", file_types=["image", ".heic"], label="Pictures", height=140,
            elem_id="clothing-files",
        )  # fmt: skip
        area = html.html_area(60, value=html.message(BRING.format(grid.MOST)), elem_id="clothing-grid")
    events.run_on([paths.upload], draw_grid, [paths, runs], [area, paths], runs, LONG)


@events.messages(1)
def draw_grid(paths: list[str] | None, runs: Cancellation) -> Iterator[tuple]:
    """The grid after each picture; the files are let go with the last."""
    drawn = html.message(BRING.format(grid.MOST))
    for drawn in runs.follow(grid.classify(paths or [])):
        yield drawn, gr.skip()
    yield drawn, None


def draw_whole(picture, is_map_open: bool, runs: Cancellation) -> tuple:
    """A new picture is shown whole: the crop's three values, and what `draw` gives."""
    return *WHOLE, *draw(picture, *WHOLE, is_map_open, runs)


@events.messages(4)
def draw(picture, zoom: float, x: float, y: float, is_map_open: bool, runs: Cancellation) -> tuple:
    """The answers, the evidence over the picture, what lies near on the map, and the open map; or one sentence."""
    opened, crop = open_picture(picture), inputs.crop(zoom, x, y)
    answers = [predict(opened, network, crop) for network in runs.follow(NETWORKS)]
    gallery = files.open_gallery(COLLECTION)
    found = find_near(gallery, answers[0])
    chart = panel.draw_map(gallery, found) if is_map_open else (None, None)
    return html.cards(verdict(*answers), map(_card, answers)), draw_evidence(opened, answers[0]), found, *chart


def verdict(ours: Answer, other: Answer) -> str:
    """One line: whether the networks agree."""
    if not ours.is_sure:
        return "Not sure: this may be none of the ten garments."
    if ours.label not in LABELS[other.network]:
        return f"The student project's network does not know {ours.label}."
    if not other.is_sure:
        return "Only our network is sure."
    return f"Both networks say {ours.label}." if ours.label == other.label else "The networks disagree."


def _card(answer: Answer) -> str:
    small = html.small_print(answer.entry, answer.milliseconds, "accuracy")
    title = NETWORKS[answer.network]
    return html.card(title, answer.network, answer.label, answer.confidences, answer.is_sure, small)


def draw_evidence(picture: images.Picture, answer: Answer) -> str:
    """The class activation map over what the network got of a picture, at the picture's own proportions."""
    height, width = picture.pixels.shape[:2]
    scale = width / picture.size[0], height / picture.size[1]
    left, top, right, bottom = (round(edge * scale[at % 2]) for at, edge in enumerate(answer.box))
    part = images.open(picture.pixels[top : max(bottom, top + 1), left : max(right, left + 1)])
    caption = f"Where our network found its evidence for {answer.label}"
    layer = html.data_uri(html.spotlight(answer.class_activation_map))
    place = html.lie_over(answer.box, picture.size)
    return (
        f'<figure class="evidence"><div><img src="{grid.thumbnail(part, SHOWN)}" alt="{escape(caption)}">'
        f'<img class="spotlight" src="{layer}" alt=""{place}></div><figcaption>{escape(caption)}</figcaption></figure>'
    )


def find_near(gallery: Gallery, answer: Answer) -> dict[str, query.Answer] | None:
    """The garments of the gallery that are nearest to a picture; None while the gallery is not ready."""
    name = gallery.indexed
    if not gallery.is_prepared(name):
        return None
    positions, similarities, percentiles = gallery.nearest(name, answer.embedding, NEIGHBOURS)
    matches = gallery.matches(positions, gallery.encoders[name].to_distances(similarities), percentiles)
    outputs = {"embedding": answer.embedding}
    return {name: query.Answer(name, matches, True, answer.milliseconds, answer.inputs, outputs, answer.entry)}


def draw_confusion() -> str:
    """How often one garment is taken for another, of the network that answers now."""
    entry = weights.manifest().networks.get(f"clothing/{next(iter(NETWORKS))}")
    shown = confusion.to_html(entry, LABELS["efficientnet"]) if entry else ""
    if not shown:
        return html.message("The manifest of these weights has no confusion matrix.")
    return f'<p class="small">{CONFUSION}</p>{shown}'
