"""The answers of both networks, drawn; where the evidence lies; many pictures at once; the map."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import gradio as gr

import weights
from demos.clothing import confusion, demo, grid
from demos.clothing.gallery import COLLECTION
from demos.clothing.predict import LABELS, Answer, predict
from demos.shared import images
from demos.shared.crop import scale_box
from demos.shared.gallery import files, panel, query, startup
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui import events, html, inputs, sections, words
from demos.shared.ui.events import INSTANT, LONG, Cancellation
from demos.shared.ui.kept import Kept

NETWORKS = {"efficientnet": "Ours", "baseline": "The student project's"}
READ = 'print(answer["label"], answer["confidences"][0])'
SHOWN = 640  # pixels of the longer side of the picture beneath the map
NEIGHBOURS = 4  # garments of the gallery amid which a picture lies on the map
KNOWN = words.know(LABELS["efficientnet"])
UNCOUNTED = ("outwear",)
DOUBT = "this may be none of the ten garments"
WARNING = (
    "On photographs that strangers sent, ours is right on {right}. Of a garment that it does not know, such as a "
    "blouse, it is sure, and wrong, {wrong} of the time."
)
CONFUSION = (
    "Pictures by people of whom the network saw none in training. A row is what a picture shows, a column what it is "
    "taken for."
)
BRING = "Choose up to {} pictures of clothes to see them side by side."


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    gr.HTML(html.known(KNOWN))
    picture, answers = inputs.picture_and_answer("clothing", demo.examples)
    with gr.Column(elem_classes="saw"):
        figures = html.html_area(380, elem_id="clothing-inputs")  # the figure at its highest
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

    others, outputs = [chart.is_open, gr.State(Cancellation())], [answers, figures, found, *chart.outputs]
    inputs.answer_crops(demo.networks, draw, picture, crop, others, outputs)
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


@events.messages(4)
def draw(picture, zoom: float, x: float, y: float, is_map_open: bool, runs: Cancellation) -> tuple:
    """The answers, the evidence over the picture, what lies near on the map, and the open map; or one sentence."""
    opened, crop = images.open_quick(picture), inputs.crop(zoom, x, y)
    answers = [predict(opened, network, crop) for network in runs.follow(NETWORKS)]
    found, *chart = look_near(answers[0], is_map_open)
    rates = {"right": "accuracy", "wrong": "false_positive_rate_unseen_garments"}
    judged = html.judge({NETWORKS[one.network].lower(): _thing(one) for one in answers})
    cards = html.cards(verdict(*answers), map(_card, answers), words.warn(answers[0].entry, WARNING, **rates), judged)
    return cards, draw_evidence(opened, answers[0]), found, *chart


def _thing(answer: Answer) -> str:
    return words.with_article(answer.label, UNCOUNTED) if answer.is_sure else "none of the ten"


def verdict(ours: Answer, other: Answer) -> str:
    """What the networks say, in words."""
    is_known = ours.label in LABELS[other.network] or not ours.is_sure
    one, two = (words.with_article(answer.label, UNCOUNTED) for answer in (ours, other))
    said = words.Says("ours", one, ours.is_sure), words.Says("the student's network", two, other.is_sure, is_known)
    return words.verdict(*said, DOUBT)


def _card(answer: Answer) -> str:
    small = html.small_print(answer.entry, answer.milliseconds, "accuracy")
    title = NETWORKS[answer.network]
    return html.card(title, answer.network, answer.label, answer.confidences, answer.is_sure, small)


def draw_evidence(picture: images.Picture, answer: Answer) -> str:
    """The class activation map over what the network got of a picture, at the picture's own proportions."""
    left, top, right, bottom = scale_box(answer.box, picture.size, picture.pixels.shape[1::-1])
    part = images.open(picture.pixels[top:bottom, left:right])
    caption = f"Where our network found its evidence for {answer.label}"
    layer = html.data_uri(html.spotlight(answer.class_activation_map))
    place = html.lie_over(answer.box, picture.size)
    return (
        f'<figure class="evidence"><div><img src="{grid.thumbnail(part, SHOWN)}" alt="{escape(caption)}">'
        f'<img class="spotlight" src="{layer}" alt=""{place}></div><figcaption>{escape(caption)}</figcaption></figure>'
    )


def look_near(answer: Answer, is_map_open: bool) -> tuple:
    """What `find_near` finds, and the map if it is open; a sentence in its place where there is no gallery."""
    try:
        gallery = files.open_gallery(COLLECTION)
        found = find_near(gallery, answer)
        return found, *(panel.draw_map(gallery, found) if is_map_open else (None, None))
    except weights.Unavailable as error:  # without other garments a picture is classified all the same
        return None, None, html.message(str(error), "wait")


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
