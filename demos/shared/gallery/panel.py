"""The tab's folds: bring your own pictures, browse the gallery, see it as a map."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr
import numpy as np

import weights
from demos.shared import keep
from demos.shared.gallery import files, html, upload
from demos.shared.gallery.gallery import Collection, Gallery, GalleryError
from demos.shared.gallery.map import find_pixel, locate, mark, mosaic
from demos.shared.gallery.query import Answer
from demos.shared.text import are, count
from demos.shared.ui import events
from demos.shared.ui.events import INSTANT, LONG, SHORT, Cancellation
from demos.shared.ui.files import serve_file
from demos.shared.ui.html import data_uri, html_area, message
from demos.shared.ui.inputs import FilesInput

SHELF = 24  # pictures of a gallery on a page
FILE_TYPES = ["image", ".heic", ".zip", ".npz"]
GONE = "Your own pictures are not kept any more: bring them again, or go back to the bundled database."
BUNDLED = "The bundled database is searched."
ALONE = "An index holds all pictures that are searched: bring it alone."
STOPPED = "Stopped. Bring the pictures again to search them."
STOPPED_LATER = "Stopped. The first network alone searches your pictures: bring them again for the others."
NO_MAP = "There is a map of the bundled database alone."
SKIP, ON, OFF = gr.skip(), gr.update(interactive=True), gr.update(interactive=False)


def choose_gallery(collection: Collection, mine: Gallery | keep.Gone | None) -> Gallery:
    """What is searched: a visitor's own pictures, else the demo's gallery. Raises GalleryError."""
    if mine is keep.GONE:
        raise GalleryError(GONE)
    return mine or files.open_gallery(collection)


def take_picture(collection: Collection) -> Callable:
    """A handler for a click on a picture of the gallery: a sentence where it is unreadable, and the picture as query.

    The value of the click is the number of the page's question.
    """

    @events.messages(0, SKIP)
    def take(mine: Gallery | None, event: gr.SelectData) -> tuple:
        gallery, position = choose_gallery(collection, mine), event.index
        if not isinstance(position, int) or not 0 <= position < len(gallery):
            return SKIP, SKIP
        return SKIP, {"url": data_uri(gallery.pixels(position)), "number": event.value}

    return take


class Upload(NamedTuple):
    """The components of the fold for uploads, or what a handler gives to each; what is left out stays as it is.

    save and back are on while a visitor's own pictures are searched, and stop while there is work.
    run: the number of the run that made the gallery, and that goes on with the encoders behind the first.
    """

    progress: Any = SKIP
    status: Any = SKIP
    mine: Any = SKIP
    save: Any = SKIP
    stop: Any = SKIP
    back: Any = SKIP
    paths: Any = SKIP
    run: Any = SKIP


def upload_fold(collection: Collection, mine: gr.State, draw: Callable, inputs: list, outputs: list) -> None:
    """Where a visitor brings pictures to search among; `mine` becomes their gallery, then `draw` answers again."""
    runs, demo = gr.State(Cancellation()), collection.demo
    # No State: the page would ask about its change before it has the token of `mine`.
    run = gr.Number(0, visible="hidden", container=False)
    with gr.Accordion("Search your own pictures", open=False):
        gr.HTML(
            f'<p class="small">Up to {collection.max_uploads:,} pictures or a zip of them, or an index that you saved '
            "here. They are yours alone, and gone when you close this page, or "
            f"{keep.IDLE_SECONDS // 60} minutes after you last used them.</p>"
        )
        paths = FilesInput(
            file_count="multiple", file_types=FILE_TYPES, label="Pictures, a zip or an index", height=140,
            elem_id=f"{demo}-files",
        )  # fmt: skip
        with gr.Column(elem_id=f"{demo}-upload"):
            status = gr.HTML(message(BUNDLED))
            progress = html_area(40)
        with gr.Row():
            save = gr.DownloadButton("Save the index", size="sm", interactive=False, elem_id=f"{demo}-save")
            stop = gr.Button("Stop", size="sm", interactive=False, elem_id=f"{demo}-stop")
            back = gr.Button("Back to the bundled database", size="sm", interactive=False)
    fold = list(Upload(progress, status, mine, save, stop, back, paths, run))
    events.run_on([paths.upload], bring_pictures(collection), [paths, runs], fold, runs, stop=stop, stopped=STOPPED)
    # Only a gallery that is new is searched and embedded for the others.
    searched = run.change(draw, inputs, outputs, **SHORT)
    embedded = searched.then(
        events.in_lane(embed_for_others, fold, stop, STOPPED_LATER), [mine, runs, run], fold, **LONG
    )
    embedded.then(draw, inputs, outputs, **SHORT)
    stop.click(Cancellation.stop, runs, None, **INSTANT)
    # In the queue, else the page does not hear that `mine` has changed.
    back.click(leave, runs, fold, **SHORT).then(draw, inputs, outputs, **SHORT)


def bring_pictures(collection: Collection) -> Callable:
    """A handler that makes a visitor's gallery: how far it is, then the gallery."""

    @events.messages(0, *Upload(stop=OFF, paths=None)[1:], stopped=STOPPED)
    def bring(paths: list[str] | None, runs: Cancellation) -> Iterator[Upload]:
        number = runs.begin()
        try:
            yield from runs.follow(_bring(paths or [], collection, number), number)
        except weights.Unavailable as error:
            yield Upload(message(str(error), "error"), stop=OFF, paths=None)

    return bring


def _bring(paths: list[str], collection: Collection, number: int) -> Iterator[Upload]:
    began = time.perf_counter()
    for step in _read(paths, collection):
        if isinstance(step, int):
            rate = step / (time.perf_counter() - began)
            yield Upload(message(f"{count(step, 'picture')} {are(step)} read, {rate:.0f} a second."), stop=ON)
        else:
            gallery, skipped = step
            # The files are let go, so that what is brought next does not come on top.
            yield Upload("", message(_summarize(gallery, skipped)), gallery, _saved(gallery), OFF, ON, None, number)


def _read(paths: list[str], collection: Collection) -> Iterator[int | tuple[Gallery, list[str]]]:
    """Files of pictures, or an index, as `upload.embed_files` gives them."""
    if len(paths) > 1 and any(Path(path).suffix == ".npz" for path in paths):
        raise GalleryError(ALONE)
    if len(paths) != 1 or Path(paths[0]).suffix != ".npz":
        yield from upload.embed_files(paths, collection)
        return
    for step in upload.restore(paths[0], collection):
        yield step if isinstance(step, int) else (step, [])


def _summarize(gallery: Gallery, skipped: list[str]) -> str:
    text = f"{count(len(gallery), 'picture')} of your own {are(len(gallery))} searched."
    if not skipped:
        return text
    names = ", ".join(skipped[:5]) + (" and others" if len(skipped) > 5 else "")
    return f"{text} {count(len(skipped), 'file')} could not be read: {names}."


def _saved(gallery: Gallery) -> dict:
    """The button that saves a gallery, with the file."""
    buffer = io.BytesIO()
    files.write(gallery, buffer)
    return gr.update(value=serve_file(buffer.getvalue(), "index.npz"), interactive=True)


@events.messages(0, *Upload(stop=OFF)[1:], stopped=STOPPED_LATER)
def embed_for_others(mine: Gallery | None, runs: Cancellation, run: int) -> Iterator[Upload]:
    """Embed a visitor's pictures for the encoders behind the first: how far it is, then the whole index to save.

    run: the number of the run that made the gallery. A later one, or Stop since, ends this as well.
    """
    if mine in (None, keep.GONE) or all(map(mine.is_prepared, mine.encoders)):
        yield Upload()
        return
    yield from runs.follow(_embed(mine), run)


def _embed(gallery: Gallery) -> Iterator[Upload]:
    for name, encoder in gallery.encoders.items():
        if not gallery.is_prepared(name):
            for done in gallery.embed(name):
                text = f"{encoder.title}: {done:,} of {count(len(gallery), 'picture')} {are(done)} embedded."
                yield Upload(message(text), stop=ON)
    yield Upload("", save=_saved(gallery), stop=OFF)


def leave(runs: Cancellation) -> Upload:
    """Back to the demo's gallery."""
    runs.begin()  # what is in work is not wanted any more
    return Upload("", message(BUNDLED), None, OFF, OFF, OFF, None)


def browse_fold(collection: Collection, mine: gr.State) -> gr.HTML:
    """The gallery, a page at a time. Returns where its pictures can be clicked."""
    start = gr.State(0)
    with gr.Accordion("Browse the database", open=False) as fold:
        shelf = html_area(250, elem_id=f"{collection.demo}-shelf", js_on_load=html.CHOOSE)
        with gr.Row():
            back, more = gr.Button("Back", size="sm"), gr.Button("More", size="sm")
    for event, pages in ((fold.expand, 0), (back.click, -1), (more.click, 1)):
        event(partial(turn_pages, collection, pages), [start, mine], [shelf, start], **SHORT)
    mine.change(partial(turn_pages, collection, 0, 0), mine, [shelf, start], **SHORT)
    return shelf


@events.messages(0, SKIP)
def turn_pages(collection: Collection, pages: int, start: int, mine: Gallery | None) -> tuple[str, int]:
    """So many pages on from the picture at `start`, within the gallery: the page, and where it starts."""
    gallery = choose_gallery(collection, mine)
    last = (len(gallery) - 1) // SHELF * SHELF
    start = min(max(0, start + pages * SHELF), last)
    return html.shelf(gallery, start, SHELF), start


@dataclass(frozen=True)
class MapFold:
    """The components of the map. is_open: a State. outputs: what `draw_map` gives, the map and what is said of it."""

    is_open: gr.State
    outputs: list


def map_fold(
    collection: Collection, mine: gr.State, answers: gr.State, title: str = "The database as a map"
) -> MapFold:
    """The gallery as a map, with the query on it.

    answers: a State with the last answers by encoder, or None. Whoever answers anew draws the map anew as well, for as
    long as it is open.
    """
    is_open = gr.State(False)
    with gr.Accordion(title, open=False) as fold:
        gr.HTML(
            f'<p class="small">{collection.about_map} The ring is your picture, amid those that are most like it.</p>'
        )
        sheet = gr.Image(
            interactive=False, show_label=False, container=False, buttons=["fullscreen"], format="webp",
            alt_text="All pictures of the database, like beside like", elem_id=f"{collection.demo}-map",
        )  # fmt: skip
        chosen = html_area(180, elem_id=f"{collection.demo}-chosen", js_on_load=html.CHOOSE)

    def tap(mine: Gallery | None, number, event: gr.SelectData):
        return html.answer_question(show_pixel(collection, mine, *event.index), number)

    fold.expand(partial(open_map, collection), [mine, answers], [chosen, sheet, is_open], **SHORT)
    fold.collapse(lambda: False, None, is_open, **INSTANT)
    sheet.select(tap, [mine, chosen], chosen, js=html.NUMBER, **events.EACH)
    return MapFold(is_open, [sheet, chosen])


@events.messages(0)
def show_pixel(collection: Collection, mine: Gallery | None, x: int, y: int) -> str:
    """The picture at a pixel of the map."""
    gallery = choose_gallery(collection, mine)
    return gr.skip() if gallery.layout is None else html.picture(gallery, find_pixel(gallery, x, y))


@events.messages(1, True)
def open_map(collection: Collection, mine: Gallery | None, answers: dict[str, Answer] | None) -> tuple:
    """What is said beneath the map, the map, and that it is open."""
    picture, sentence = draw_map(choose_gallery(collection, mine), answers)
    return sentence, picture, True


def draw_map(gallery: Gallery, answers: dict[str, Answer] | None) -> tuple[np.ndarray | None, str]:
    """The map with the ring of the query, where there is one, and what is said beneath it."""
    if gallery.layout is None:
        return None, message(NO_MAP)
    sheet, hint = mosaic(gallery), message("Tap the map to see a picture.")
    answer = answers and answers.get(gallery.indexed)
    matches = [match for match in answer.matches if gallery.has(match)] if answer else []
    if not matches:
        return sheet, hint
    return mark(sheet, locate(gallery, [match.id for match in matches])), hint
