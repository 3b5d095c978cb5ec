"""The second half of the tab: a photograph painted in a style, before and after."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr
import numpy as np

from demos.shared import images
from demos.shared.ui import events, files, html, inputs
from demos.shared.ui.compare import Compare
from demos.shared.ui.kept import Kept
from demos.style import classic, paint, shelf
from demos.style.paint import Painting

PLACE = "style-painter"  # the id of this half
STYLE = "style-style"  # of the picture whose style it gets
ACT = "Paint like this"
PHOTOGRAPHS = {
    "A cup": ("skimage", "data/coffee.png"),
    "A cat": ("skimage", "data/chelsea.png"),
    "A flower": ("sklearn", "datasets/images/flower.jpg"),
    "An astronaut": ("skimage", "data/astronaut.png"),
}
HEADING = f"""<div class="asked"><h2 id="{PLACE}">Paint a photograph in a style</h2></div>
<p class="known">Any photograph, in the style of any picture: of the shelf, of the search above, or your own.</p>"""
NO_STYLE = "Choose a style: tap a picture of the shelf, or bring your own."
FULL = "Paint in full size"
VIEW_SIDE = 1024  # pixels of a picture that is shown while the rest is painted
SHOW_SECONDS = 1  # between two such pictures
SKIP = gr.skip()


@dataclass(frozen=True, eq=False)
class Result:
    """What was painted, and the painting with the style's colours."""

    photograph: images.Picture
    painting: Painting


def build(looks: list[shelf.Look]) -> None:
    """Draw it. looks: of its shelves."""
    gr.HTML(HEADING)
    with gr.Row(elem_classes=["loupe", "scope", "painter"]):
        with gr.Column(elem_classes="asks"):
            photograph, _ = inputs.picture_and_examples(
                "style", PHOTOGRAPHS, label="Your photograph", live=inputs.LIVE, elem_id="style-photograph"
            )
            with gr.Column(elem_classes="styles"):
                gr.HTML("<h3>The style</h3>")
                shelf.shelf(looks, style := _style_input(looks[0].picture if looks else None, STYLE))
        with gr.Column(elem_classes="answers"):
            answer = html.html_area(112, elem_id="style-painted")
            stop = gr.Button("Stop", size="sm", interactive=False, elem_classes="stop", elem_id="style-stop-painting")
            pictures = Compare(label="Before and after", elem_id="style-compare")
            with gr.Row(elem_classes="levels"):
                strength = gr.Slider(0, 1, 1, step=0.05, label="Strength", info="How much of the style")
                size = gr.Slider(0.5, 2, 1, step=0.25, label="Style size", info="How large its strokes are")
            keep = gr.Checkbox(False, label="Keep my photograph's colours")
            with gr.Accordion("Mix in a second style", open=False):
                share = gr.Slider(0, 1, 0.5, step=0.05, label="Share of the second style")
                shelf.shelf(looks, second := _style_input(None, "style-second"))
            with gr.Row():
                full = gr.Button(FULL, size="sm", visible=False, elem_id="style-full")
                save = gr.DownloadButton("Save as PNG", variant="primary", size="sm", elem_id="style-save-painting")
    classic.fold([photograph, style, size])

    last, runs = Kept(), gr.State(events.Cancellation())
    values, outputs = [photograph, style, second, share, strength, size, keep], [answer, pictures, save, full, last]
    events.answer_first(paint.NETWORKS, draw_first, values, outputs)
    given = [component.change for component in (photograph, style, second)]
    given += [component.input for component in (share, strength, size, keep)]
    changed = gr.on(given, draw, [*values, last, runs], outputs, **events.SLOW)
    changed.then(lambda: gr.update(interactive=False), None, stop, **events.INSTANT)
    events.run_on([full.click], paint_full, [*values, runs], [*outputs, stop], runs, stop=stop)
    stop.click(events.Cancellation.stop, runs, None, **events.INSTANT)
    inputs.viewable(photograph)
    inputs.viewable(style)
    inputs.viewable(second)


def _style_input(value: str | None, elem_id: str) -> inputs.PictureInput:
    return inputs.picture_input(
        value, label="The style", longest=images.QUICK_SIDE, elem_id=elem_id, elem_classes="style"
    )


def draw_first(*values) -> tuple:
    """What `draw` gives a new visitor."""
    return draw(*values, None, events.Cancellation())


@events.messages(0, *[SKIP] * 4)
def draw(
    image, style, second, share: float, strength: float, size: float, keep: bool,
    last: events.LastResult | None, runs: events.Cancellation,
) -> tuple:  # fmt: skip
    """The answer's HTML, the pictures before and after, the file, the button for the full size, and the last result.

    A photograph of more than QUICK pixels is painted smaller. Nothing is painted again where only `keep` is another.
    """
    runs.begin()  # in place of a full size that is on its way
    if style is None:
        return html.message(NO_STYLE), *[SKIP] * 4
    key = image, style, second, share, strength, size
    if not (last and last.belongs_to(*key)):
        code = describe(style, second, share, size)
        if last and last.key[0] == image:
            photograph = paint.reduce(last.value.photograph, paint.QUICK)
        else:
            photograph = paint.open_quick(image)
        last = events.LastResult(key, Result(photograph, paint.paint(photograph, code, strength)))
    return *show(last.value, keep, isinstance(image, bytes)), last


@events.messages(0, *[SKIP] * 4, gr.update(interactive=False))
def paint_full(
    image, style, second, share: float, strength: float, size: float, keep: bool, runs: events.Cancellation
) -> Iterator[tuple]:
    """As `draw`, of a photograph in its full size, tile by tile; last of the outputs is the button that stops it."""
    photograph = paint.open_photograph(image)
    code = describe(style, second, share, size * paint.find_scale(photograph))
    before, began, shown = _view(photograph.pixels, photograph.alpha), time.monotonic(), 0.0
    for step in runs.follow(paint.paint_steps(photograph, code, strength)):
        if isinstance(step, Painting):
            break
        done, count, pixels = step
        now = time.monotonic()
        left = max(1, round((now - began) * (count - done) / done))
        text = f"Tile {done} of {count} is painted, about {left} s left."
        pictures = SKIP
        if now - shown > SHOW_SECONDS:
            shown, pictures = now, (before, _view(_shrink(pixels), None))
        yield html.message(text) + html.progress(done, count), pictures, *[SKIP] * 3, gr.update(interactive=True)
    result = Result(photograph, step)
    key = image, style, second, share, strength, size
    yield *show(result, keep), events.LastResult(key, result), gr.update(interactive=False)


def describe(style, second, share: float, size: float) -> np.ndarray:
    """The code of the style, or of two styles mixed. Raises images.PictureError."""
    if style is None:
        raise images.PictureError(NO_STYLE)
    try:
        code = paint.describe_style(style, size)
        return code if second is None else paint.mix(code, paint.describe_style(second, size), share)
    except images.PictureError as error:
        raise images.PictureError(f"The style: {error}") from None


def show(result: Result, keep: bool, is_live: bool = False) -> tuple:
    """The answer's HTML, the pictures before and after, the file, and the button for the full size.

    is_live: whether it is a frame of the camera, of which no file is made.
    """
    photograph, painting = result.photograph, paint.recolour(result.photograph, result.painting, keep)
    if is_live:
        pictures = tuple(map(html.data_uri_jpeg, (photograph.pixels, painting.pixels)))
        return _card(painting), pictures, None, gr.update(visible=False)
    pictures = _view(photograph.pixels, photograph.alpha), _view(painting.pixels, painting.alpha)
    save = files.serve_file(painting.png(), "painted.png")
    return _card(painting), pictures, save, gr.update(visible=_is_reduced(painting))


def _is_reduced(painting: Painting) -> bool:
    """Whether the photograph could be painted larger."""
    largest = min(painting.size[0] * painting.size[1], paint.LARGEST)
    return painting.width * painting.height < 0.95 * largest and max(painting.width, painting.height) < paint.LONGEST


def _view(pixels: np.ndarray, alpha: np.ndarray | None) -> str:
    """A file for the browser."""
    if alpha is None:
        return files.serve_file(images.jpeg(pixels), "picture.jpg")
    return files.serve_file(images.png(pixels, alpha), "picture.png")


def _shrink(pixels: np.ndarray) -> np.ndarray:
    return images.open(pixels, longest=VIEW_SIDE).pixels


def _card(painting: Painting) -> str:
    """What was painted, in words, and how large; the figures of it beneath."""
    width, height = painting.size
    aside = f"{painting.width}x{painting.height} pixels"
    if _is_reduced(painting):
        aside += f" of your {width}x{height}: the button beneath paints more, in finer strokes"
    elif painting.width * painting.height < width * height:
        aside += f", the most that are painted here, of your {width}x{height}"
    return (
        f'<div class="card" role="status"><p class="answer">Your photograph, painted</p><p class="aside">{aside}</p>'
        f'<p class="small">{html.small_print(painting.entry, painting.milliseconds)}</p></div>'
    )
