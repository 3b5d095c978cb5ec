"""The pictures that are found, drawn; the database to browse; one's own pictures."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gradio as gr

import weights
from demos import images, parts
from demos.images import Crop
from demos.parts import tapped
from demos.retrieval import atlas, demo, examples, gallery, latent, original, own, shown
from demos.retrieval.encoders import ENCODERS, see
from demos.retrieval.gallery import Gallery
from demos.retrieval.predict import LONGEST, search

SHELF = 24  # pictures of the database on a page
KEPT = 1800  # seconds that a visitor's own pictures are kept after they were last used
FILE_TYPES = ["image", ".heic", ".zip", ".npz"]
PYTHON = """from gradio_client import Client, handle_file

client = Client("{url}")
answer = client.predict(handle_file("cat.jpg"), encoder="mobilenet", k=4, api_name="/retrieval")
for match in answer["matches"]:
    print(match["title"], match["distance"])"""
HTTP = """# upload the picture, ask, and read the answer
FILE=$(curl -s -F files=@cat.jpg {url}/gradio_api/upload | cut -d'"' -f2)
ID=$(curl -s {url}/gradio_api/call/retrieval -H "Content-Type: application/json" \\
  -d '{"data": [{"path": "'$FILE'", "meta": {"_type": "gradio.FileData"}}, "mobilenet", 4]}' | cut -d'"' -f4)
curl -sN {url}/gradio_api/call/retrieval/$ID"""
QUIET = {"show_progress": "hidden", "api_visibility": "private"}
BUSY = {**QUIET, "concurrency_id": "answers"}


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    files = examples.files()
    mine = gr.State(None, time_to_live=KEPT)
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            picture = parts.picture_input(next(iter(files.values())), elem_id="retrieval-picture")
            parts.examples(files, picture)
            with gr.Column(elem_classes="later"):
                crop = parts.crop_controls()
        with gr.Column(elem_classes="answers"):
            answers = parts.space(700, elem_id="retrieval-answer", js_on_load=shown.CHOOSE)
    with gr.Column(elem_classes="saw"):
        seen = parts.space(190, elem_id="retrieval-seen")
    asked = [picture, *crop, mine]
    outputs = [answers, seen]
    parts.answers_first(demo.networks, draw, asked, outputs)
    _yours(mine, asked, outputs)
    chosen = [_browse(mine), _map(asked, mine)]
    _walk(asked, mine)
    _original(asked)
    parts.about("retrieval")
    parts.elsewhere("retrieval", PYTHON, HTTP)

    picture.change(whole, [picture, mine], [*crop, *outputs], **BUSY, trigger_mode="always_last")
    picture.input(parts.viewable, picture, picture, **QUIET, queue=False)
    picture.select(tapped, [picture, crop[0]], crop, **QUIET, queue=False).then(draw, asked, outputs, **BUSY)
    for control in crop:
        control.input(draw, asked, outputs, **BUSY, trigger_mode="always_last")
    for shelf in (answers, *chosen):
        shelf.select(taken, mine, picture, **QUIET, queue=False)


def draw(picture, zoom: float, across: float, down: float, mine: Gallery | None) -> tuple[str, str]:
    """The rows of all encoders, and what they saw; or one sentence."""
    try:
        query = opened(picture, zoom, across, down)
        database = mine or gallery.served()
        said = [search(query, name, database=database) for name in ENCODERS]
        return "".join(shown.answer(answer, database) for answer in said), parts.row(_seen(query), small=True)
    except images.PictureError as error:
        return parts.sentence(str(error), "wait" if picture is None else "error"), ""
    except weights.Unavailable as error:
        return parts.sentence(str(error)), ""


def opened(picture, zoom: float = 1, across: float = 0.5, down: float = 0.5) -> images.Picture:
    """The query: a picture, or the square of it that was chosen. Raises images.PictureError."""
    whole = images.open(picture, longest=LONGEST)
    if zoom <= 1:
        return whole
    left, top, right, bottom = map(round, Crop(zoom, across, down).box(*whole.pixels.shape[1::-1]))
    return images.open(whole.pixels[top:bottom, left:right])


def whole(picture, mine: Gallery | None) -> tuple:
    """A new picture, seen whole: the crop's three values, and what `draw` says."""
    seen_whole = (1, 0.5, 0.5)
    return *seen_whole, *draw(picture, *seen_whole, mine)


def taken(mine: Gallery | None, event: gr.SelectData):
    """A picture of the database as the query."""
    database, position = mine or gallery.served(), event.index
    if not isinstance(position, int) or not 0 <= position < len(database):
        return gr.skip()
    return database.pixels(position)


def _seen(query: images.Picture) -> list[str]:
    """What the encoders see of a query, and what the autoencoders make of it."""
    figures = [parts.figure(see(query.pixels, "mobilenet"), "What our MobileNetV2 sees: 192x192 pixels")]
    for name in ("vae", "autoencoder"):
        title, side = ENCODERS[name].title, ENCODERS[name].side
        figures.append(parts.figure(see(query.pixels, name), f"{title}: sees {side}x{side}"))
        figures.append(parts.figure(latent.reconstruction(query, name), f"{title}: gives back"))
    return figures


def _yours(mine: gr.State, asked: list, outputs: list) -> None:
    """Where a visitor brings pictures of their own to search among."""
    with gr.Accordion("Search your own pictures", open=False):
        gr.HTML(
            f'<p class="small">Up to {own.MOST:,} pictures or a zip of them, or an index that you saved here. They are '
            f"yours alone, and gone {KEPT // 60} minutes after you last used them.</p>"
        )
        files = gr.File(
            file_count="multiple", file_types=FILE_TYPES, label="Pictures, a zip or an index", height=140,
            elem_id="retrieval-files",
        )  # fmt: skip
        said = gr.HTML(parts.sentence("The bundled database is searched."), elem_id="retrieval-own")
        with gr.Row():
            save = gr.DownloadButton("Save the index", size="sm", interactive=False, elem_id="retrieval-save")
            stop = gr.Button("Stop", size="sm", interactive=False)
            back = gr.Button("Back to the bundled database", size="sm", interactive=False)
    buttons = [save, stop, back]
    working = files.upload(bring, files, [mine, said, *buttons], **QUIET, concurrency_limit=1, concurrency_id="bring")
    # Emptied, so that what is brought next does not come on top.
    working.then(lambda: None, None, files, **QUIET, queue=False).then(draw, asked, outputs, **BUSY)
    stop.click(
        lambda: (parts.sentence("Stopped."), gr.update(interactive=False)),
        None,
        [said, stop],
        cancels=working,
        **QUIET,
        queue=False,
    )
    back.click(leave, None, [mine, said, *buttons], **QUIET, queue=False).then(draw, asked, outputs, **BUSY)


def bring(paths: list[str] | None) -> Iterator[tuple]:
    """A visitor's database, what is said of it, and the buttons, as pictures are embedded."""
    off, on = gr.update(interactive=False), gr.update(interactive=True)
    try:
        began, skipped = time.perf_counter(), []
        if paths and len(paths) == 1 and Path(paths[0]).suffix == ".npz":
            found = own.restored(paths[0])
        else:
            for step in own.embedded(paths or []):
                if isinstance(step, int):
                    rate = step / (time.perf_counter() - began)
                    said = parts.sentence(f"{step:,} pictures are read, {rate:.0f} a second.")
                    yield gr.skip(), said, off, on, off
                else:
                    found, skipped = step
        text = f"{len(found):,} pictures of your own are searched."
        if skipped:
            names = ", ".join(skipped[:5]) + (" and others" if len(skipped) > 5 else "")
            text += f" {len(skipped):,} files could not be read: {names}."
        yield found, parts.sentence(text), gr.update(value=saved(found), interactive=True), off, on
    except weights.Unavailable as error:
        yield gr.skip(), parts.sentence(str(error), "error"), off, off, off


def saved(database: Gallery) -> str:
    """The path of a file with a database, for whoever brought it."""
    buffer = io.BytesIO()
    gallery.write(database, buffer)
    return parts.file(buffer.getvalue(), "index.npz")


def leave() -> tuple:
    """Back to the bundled database."""
    off = gr.update(interactive=False)
    return None, parts.sentence("The bundled database is searched."), off, off, off


def _browse(mine: gr.State) -> gr.HTML:
    """The database, a page at a time."""
    start = gr.State(0)
    with gr.Accordion("Browse the database", open=False) as folded:
        shelf = parts.space(250, elem_id="retrieval-shelf", js_on_load=shown.CHOOSE)
        with gr.Row():
            back, on = gr.Button("Back", size="sm"), gr.Button("More", size="sm")

    def turned(start: int, mine: Gallery | None, pages: int) -> tuple[int, str]:
        database = mine or gallery.served()
        last = (len(database) - 1) // SHELF * SHELF
        start = min(max(0, start + pages * SHELF), last)
        return start, shown.page(database, start, SHELF)

    for event, pages in ((folded.expand, 0), (back.click, -1), (on.click, 1)):
        event(
            lambda start, mine, pages=pages: turned(start, mine, pages),
            [start, mine],
            [start, shelf],
            **QUIET,
            queue=False,
        )
    mine.change(lambda mine: turned(0, mine, 0), mine, [start, shelf], **QUIET, queue=False)
    return shelf


def _map(asked: list, mine: gr.State) -> gr.HTML:
    """The database as a map, with the query on it."""
    with gr.Accordion("The database as a map", open=False) as folded:
        gr.HTML(
            '<p class="small">Like lies beside like, by t-SNE of what our MobileNetV2 sees. The ring is your picture, '
            "amid those that are most like it.</p>"
        )
        sheet = gr.Image(
            interactive=False, show_label=False, container=False, buttons=["fullscreen"], elem_id="retrieval-map",
            format="webp", alt_text="All pictures of the database, like beside like",
        )  # fmt: skip
        one = parts.space(180, elem_id="retrieval-chosen", js_on_load=shown.CHOOSE)
    _while_open(folded, chart, asked, [sheet, one])
    sheet.select(point, mine, one, **QUIET, queue=False)
    return one


def _while_open(fold: gr.Accordion, answer: Callable, asked: list, outputs: list) -> None:
    """Answer as the fold is opened, and to each new picture for as long as it is; in one that is closed, nothing."""
    is_open = gr.State(False)

    def again(is_open: bool, *values):
        return answer(*values) if is_open else gr.skip()

    fold.expand(lambda: True, None, is_open, **QUIET, queue=False).then(answer, asked, outputs, **BUSY)
    fold.collapse(lambda: False, None, is_open, **QUIET, queue=False)
    asked[0].change(again, [is_open, *asked], outputs, **BUSY, trigger_mode="always_last")


def chart(picture, zoom: float, across: float, down: float, mine: Gallery | None) -> tuple:
    """The map, with the query's ring, and what is said beneath it."""
    database = mine or gallery.served()
    if database.places is None:
        return None, parts.sentence("There is a map of the bundled database alone.")
    hint = parts.sentence("Tap the map to see a picture.")
    sheet = atlas.mosaic(database)
    try:
        found = search(opened(picture, zoom, across, down), database=database).matches
    except (images.PictureError, weights.Unavailable):
        return sheet, hint
    return atlas.marked(sheet, atlas.placed(database, [match.id for match in found])), hint


def point(mine: Gallery | None, event: gr.SelectData):
    """The picture at the place on the map that was tapped."""
    database = mine or gallery.served()
    if database.places is None:
        return gr.skip()
    columns, rows = atlas.grid(len(database))
    x, y = event.index[0] / (columns * atlas.TILE), event.index[1] / (rows * atlas.TILE)
    return shown.chosen(database, atlas.at(database, x, y))


def _walk(asked: list, mine: gr.State) -> None:
    """The way from the query to what the variational autoencoder found, through its latent space."""
    with gr.Accordion("A walk through the latent space", open=False) as folded:
        gr.HTML(
            '<p class="small">From your picture to one of the database along a straight line: what the variational '
            "autoencoder draws on the way.</p>"
        )
        number = gr.Slider(1, 4, 1, step=1, label="To which of the four that it found")
        steps = parts.space(140, elem_id="retrieval-walk")
    _while_open(folded, walked, [*asked, number], [steps])
    number.input(walked, [*asked, number], steps, **BUSY)


def walked(picture, zoom: float, across: float, down: float, mine: Gallery | None, number: int) -> str:
    """The steps of the walk, or one sentence."""
    try:
        query, database = opened(picture, zoom, across, down), mine or gallery.served()
        match = search(query, "vae", database=database).matches[int(number) - 1 :][:1]
        if not match:
            return parts.sentence("The database has no so many pictures.")
        steps = latent.walk(query, images.open(database.pictures[match[0].id]))
        return shown.walk(steps, match[0].title or "untitled")
    except (images.PictureError, weights.Unavailable) as error:
        return parts.sentence(str(error))


def _original(asked: list) -> None:
    """The network that taught the student, where it can be had."""
    with gr.Accordion("Ask the original InceptionV3", open=False):
        gr.HTML(
            '<p class="small">It runs in a process of its own, and needs TensorFlow and, the first time, the network. '
            "It first looks at the whole database, which takes a minute.</p>"
        )
        with gr.Row():
            ask, stop = gr.Button("Ask", size="sm", variant="primary"), gr.Button("Stop", size="sm")
        row = parts.space(200, elem_id="retrieval-original")
    working = ask.click(asked_original, asked, row, **QUIET, concurrency_limit=1, concurrency_id="original")
    stop.click(lambda: parts.sentence("Stopped."), None, row, cancels=working, **QUIET, queue=False)


def asked_original(picture, zoom: float, across: float, down: float, mine: Gallery | None) -> Iterator[str]:
    """The original's row, or how far it is, or one sentence."""
    try:
        query, database = opened(picture, zoom, across, down), mine or gallery.served()
        yield parts.sentence("The original is being started.")
        for step in original.search(query, database):
            if isinstance(step, int):
                yield parts.sentence(f"It has seen {step:,} of {len(database):,} pictures.")
            else:
                yield shown.answer(step, database)
    except (images.PictureError, weights.Unavailable) as error:
        yield parts.sentence(str(error), "error")
