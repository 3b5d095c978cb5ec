"""What tabs that search a gallery share: how they are laid out, and when they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import gradio as gr

from demos.shared import images
from demos.shared.gallery import html, panel, startup
from demos.shared.gallery.gallery import Collection, Gallery
from demos.shared.gallery.query import Answer
from demos.shared.ui import inputs
from demos.shared.ui.events import Cancellation
from demos.shared.ui.html import html_area
from demos.shared.ui.kept import Kept

NOT_EMBEDDED = "Your pictures are not embedded for this network yet."
NOT_PREPARED = "The database is being embedded for this network: ask again in a minute."


@dataclass(frozen=True, eq=False)
class Layout:
    """The components of such a tab.

    mine: a visitor's own gallery. answers: the last ones. crop: the controls of the query `picture`, in the column
    `controls`. matches: where the rows stand. figures: the networks' inputs, in the column `saw`. uploads: where
    visitors bring their own pictures. shelf: the gallery.
    """

    mine: Kept
    answers: Kept
    picture: inputs.PictureInput
    crop: list
    controls: gr.Column
    matches: gr.HTML
    figures: gr.HTML
    saw: gr.Column
    uploads: gr.Column
    shelf: gr.HTML


def lay_out(
    collection: Collection, examples: Mapping, height: int, beneath: Callable[[Kept], gr.HTML] | None = None
) -> Layout:
    """Draw query and answer side by side, and the folds of the gallery below. height: of the answer, in pixels.

    beneath: draws what stands beneath the answer, the shelf among it, which it returns; None: it has a fold.
    """
    name, mine, answers = collection.demo, Kept(says_gone=True), Kept()
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            options = {"longest": images.QUICK_SIDE, "live": inputs.LIVE, "crops": True}
            picture, _ = inputs.picture_and_examples(name, examples, **options)
            with gr.Column(elem_classes="later") as controls:
                crop = inputs.crop_controls()
        with gr.Column(elem_classes="answers"):
            matches = html_area(height, elem_id=f"{name}-answer", js_on_load=html.CHOOSE)
            shelf = beneath(mine) if beneath else None
    with gr.Column(elem_classes="saw") as saw:
        figures = html_area(190, elem_id=f"{name}-inputs")
    uploads = gr.Column()
    shelf = shelf or panel.browse_fold(collection, mine)
    return Layout(mine, answers, picture, crop, controls, matches, figures, saw, uploads, shelf)


def answer_queries(
    collection: Collection, networks: Iterable[str], draw: Callable, layout: Layout, others: list, outputs: list,
    further: Sequence[Callable] = (),
) -> None:  # fmt: skip
    """Answer as the tab opens, and when the picture, its crop or the gallery is another.

    draw: a handler that gets the picture, its crop and the values of `others`, and gives `outputs`, of which the first
    is where its sentences stand. further: events that ask anew.
    """
    picture, crop = layout.picture, layout.crop
    with layout.uploads:
        panel.upload_fold(collection, layout.mine, draw, [picture, *crop, *others], outputs)
    inputs.answer_crops(networks, draw, picture, crop, others, outputs, further)
    startup.prefetch(collection)


def ask_encoders(
    gallery: Gallery, is_mine: bool, ask: Callable[[str], Answer], runs: Cancellation, row: Callable = html.row
) -> tuple[dict[str, Answer], str]:
    """The answers of the encoders that are ready, by name, and the rows of all as HTML.

    is_mine: whether the gallery is the visitor's own. ask: an encoder's name -> its answer. row: draws an answer.
    """
    answers, rows = ask_each(gallery.encoders, gallery, is_mine, ask, runs, row)
    return answers, "".join(rows.values())


def ask_each(
    names: Iterable[str], gallery: Gallery, is_mine: bool, ask: Callable[[str], Answer], runs: Cancellation,
    row: Callable = html.row,
) -> tuple[dict[str, Answer], dict[str, str]]:  # fmt: skip
    """As `ask_encoders`, of these encoders alone, in their order, and each row by name."""
    answers, rows = {}, {}
    for name in runs.follow(names):
        encoder = gallery.encoders[name]
        # The page's own gallery is embedded in the background, a visitor's pictures in the long lane.
        if gallery.is_prepared(name):
            answers[name] = ask(name)
            rows[name] = row(encoder, answers[name], gallery)
        else:
            gallery.check_size(name)
            rows[name] = html.empty_row(encoder, NOT_EMBEDDED if is_mine else NOT_PREPARED)
    return answers, rows
