"""Where a visitor gives a picture: upload, camera, clipboard, crop, examples."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder, is_in_or_equal

from demos.shared import images, jpeg, previews
from demos.shared.examples import example_paths, finish, first_example, is_large
from demos.shared.ui import events
from demos.shared.ui.files import PREVIEW, original, replace, serve_file
from demos.shared.ui.html import html_area
from demos.shared.ui.picture import PictureInput

# Endings of files that browsers do not show, whatever is in them.
HIDDEN_KINDS = {".heic", ".heif", ".tif", ".tiff"}
PREVIEW_SIDE = 2048
LIVE = 256  # pixels of a side of the camera's frames, where a demo needs no more
WHOLE = (1, 0.5, 0.5)  # what the crop controls begin with
# A preview that comes late must not replace a picture that was chosen meanwhile.
SHOW_PREVIEW = f"""(picture, preview) =>
    preview && picture?.path + "{PREVIEW}" === preview.path ? preview : {{__type__: "update"}}"""

# The page has the examples: one that is chosen is the picture at once, whatever the server is busy with.
CHOOSE_EXAMPLE = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  window.loupe.names[element.firstElementChild.dataset.picture].choose({ path: button.dataset.path });
  trigger("select", null);
});"""


class FilesInput(gr.File):
    """gr.File that hands its handler the paths of all files as they were sent, whatever their names end in.

    Gradio's own check raises on a name like "..jpg" or "photo" before a handler can empty the list of files, so that
    every later upload fails as well. `file_types` is only what the browser lets a visitor choose.
    """

    def get_block_name(self) -> str:
        return "file"

    def preprocess(self, payload) -> list[str]:
        files = [file for file in payload or [] if file.path]
        return [file.path for file in files if is_in_or_equal(file.path, get_upload_folder())]


def picture_input(value: str | None = None, **options) -> PictureInput:
    """Where a visitor gives a picture.

    value: the file with which it opens. Of a large one the page shows a preview. options: as PictureInput takes them.
    """
    shown = value and _serve(value)
    picture = PictureInput(shown, size=images.measure(shown) if shown else None, **options)
    picture.keep_in_cache |= {shown, original(shown)} if shown else set()
    return picture


@functools.cache
def _serve(path: str) -> str:
    """The path of what shows a file of the page's own: a copy of it, or of a large one a preview beside the copy."""
    file = serve_file(Path(path).read_bytes(), Path(path).name)
    return _write_preview(file, finish(previews.preview, path)) if is_large(path) else file


def viewable(picture: PictureInput) -> None:
    """Let the page show a preview of files of kinds that browsers do not show; handlers get the files themselves."""
    preview = PictureInput(visible=False)
    made = picture.input(make_preview, picture, preview, **events.SHORT, trigger_mode="always_last")
    show = f"""(picture, preview) => {{
        const shown = ({SHOW_PREVIEW})(picture, preview);
        if (shown.path) window.loupe.names["{picture.props["name"]}"].preview(shown.url);
    }}"""
    made.then(None, [picture, preview], None, js=show, **events.INSTANT)


def make_preview(picture: str | bytes | None):
    """The path of a JPEG of at most 2,048 pixels a side beside a file that browsers do not show, or show otherwise.

    No change for any other picture, and for one that cannot be opened. A notice where the end of a JPEG is missing.
    """
    if not isinstance(picture, str):
        return gr.skip()
    try:
        is_cut = Path(picture).is_file() and jpeg.lacks_end(Path(picture).read_bytes())
        is_shown = Path(picture).suffix.lower() not in HIDDEN_KINDS and images.is_shown_alike(picture)
        if is_shown and not is_cut:
            return gr.skip()
        reduced = images.open(picture, longest=PREVIEW_SIDE, most=images.QUICK_PIXELS)
    except images.PictureError:
        return gr.skip()
    if is_cut:
        gr.Warning(images.CUT)
    return gr.skip() if is_shown else _write_preview(picture, images.jpeg(reduced.pixels, 92))


def _write_preview(file: str, content: bytes) -> str:
    preview = Path(file + PREVIEW)
    replace(preview, content)
    return str(preview)


def crop_controls() -> list[gr.Slider]:
    """Zoom, left to right and top to bottom of an `images.Crop`, in one line, which begin with the whole picture."""
    options = {"elem_classes": "crop", "min_width": 80}
    zoom, x, y = WHOLE
    return [
        gr.Slider(1, 6, value=zoom, step=0.1, label="Zoom", **options),
        gr.Slider(0, 1, value=x, step=0.01, label="Left to right", **options),
        gr.Slider(0, 1, value=y, step=0.01, label="Top to bottom", **options),
    ]


def crop(zoom: float, x: float, y: float) -> images.Crop | None:
    """What the three crop controls stand for; None for the whole picture."""
    return images.Crop(zoom, x, y) if zoom > 1 else None


def answer_crops(
    networks: Iterable[str], draw: Callable, picture: PictureInput, crop: list[gr.Slider], others: list, outputs: list,
    further: Iterable[Callable] = (),
) -> None:  # fmt: skip
    """Answer as the tab opens, when the picture is another, which is shown whole, and when its crop is.

    draw: a handler that gets the picture, its crop and the values of `others`, and gives `outputs`.
    further: events that ask anew.
    """
    given = [picture, *crop, *others]

    def draw_whole(picture, *others) -> tuple:
        return *WHOLE, *draw(picture, *WHOLE, *others)

    events.answer_first(networks, draw, given, outputs)
    viewable(picture)
    picture.change(draw_whole, [picture, *others], [*crop, *outputs], **events.LATEST)
    moved = _follow_lens(picture, crop)
    for event in (moved.then, *(control.input for control in crop), *further):
        event(draw, given, outputs, **events.LATEST)


def _follow_lens(picture: PictureInput, crop: list[gr.Slider]):
    """Let the lens on a picture and the three crop controls follow each other. Returns the event of a moved lens."""
    place = f'(...crop) => window.loupe.names["{picture.props["name"]}"].place(...crop)'
    gr.on([control.change for control in crop], None, crop, None, js=place, **events.INSTANT)
    return picture.select(None, None, crop, js="() => window.loupe.crop", **events.INSTANT)


def examples(name: str, pictures: Mapping[str, tuple[str, str] | str], picture: PictureInput):
    """A row of a demo's examples: the one that is chosen becomes the visitor's picture. Returns that event."""
    paths = example_paths(name, pictures)
    shown = [_serve(path) for path in paths.values()]
    thumbnails = [_serve_thumbnail(path) for path in paths.values()]
    buttons = "".join(
        f'<button type="button" data-path="{escape(path)}"><img src="gradio_api/file={thumbnail}" alt="">'
        f"<span>{escape(caption)}</span></button>"
        for caption, path, thumbnail in zip(paths, shown, thumbnails, strict=True)
    )
    drawn = f'<div data-picture="{picture.props["name"]}" style="--count:{len(paths)}">{buttons}</div>'
    row = gr.HTML(drawn, js_on_load=CHOOSE_EXAMPLE, elem_classes="examples", visible=bool(paths))
    row.keep_in_cache = {*thumbnails, *shown, *map(original, shown)}
    return row.select(None, None, None, js="() => {}", **events.INSTANT)


@functools.cache
def _serve_thumbnail(path: str) -> str:
    return serve_file(finish(previews.thumbnail, path), "example.jpg")


def picture_and_examples(name: str, pictures: Mapping[str, tuple[str, str] | str], **options) -> tuple:
    """Where a visitor gives a picture, with a demo's first example in it, and the row of its examples.

    Returns the picture, and the event of an example that is chosen. options: of the picture.
    """
    options = {"elem_id": f"{name}-picture", **options}
    picture = picture_input(first_example(name, pictures), **options)
    return picture, examples(name, pictures, picture)


def picture_and_answer(name: str, pictures: Mapping[str, tuple[str, str] | str]) -> tuple[PictureInput, gr.HTML]:
    """A picture that can be cropped, with the row of examples beneath it, and beside it where the answer stands."""
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            picture, _ = picture_and_examples(name, pictures, longest=images.QUICK_SIDE, live=LIVE, crops=True)
        with gr.Column(elem_classes="answers"):
            return picture, html_area(300, elem_id=f"{name}-answer")
