"""What tabs are made of: picture in, answers with probabilities, what a network saw, what waits or went wrong."""

from __future__ import annotations

import base64
import binascii
import contextlib
import dataclasses
import hashlib
import html
import inspect
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import get_args, get_type_hints

import gradio as gr
import numpy as np
from gradio.context import Context
from gradio.utils import get_upload_folder
from PIL import Image

import weights
from demos import images
from weights import results

_LINKED = re.compile(r"^!\[([^]]+)\]\((\S+)\)\n", re.MULTILINE)
REAR_CAMERA = gr.WebcamOptions(mirror=False, constraints={"video": {"facingMode": {"ideal": "environment"}}})


class PictureInput(gr.Image):
    """gr.Image that hands its handler the raw file, for `demos.images` to open.

    Gradio's own decoding would raise on a damaged file before a handler can say what is wrong with it.
    """

    def get_block_name(self) -> str:
        return "image"

    def preprocess(self, payload) -> str | bytes | None:
        if payload is None:
            return None
        if payload.url and payload.url.startswith("data:"):
            try:
                return base64.b64decode(payload.url.partition(",")[2], validate=True)
            except binascii.Error:
                return b""
        return payload.path


def picture_input(value: str | None = None, **kwargs) -> PictureInput:
    """Where a visitor gives a picture: upload, camera (the rear one, not mirrored) or clipboard."""
    return PictureInput(
        value, type="filepath", sources=["upload", "webcam", "clipboard"], image_mode=None, format="png",
        webcam_options=REAR_CAMERA, buttons=["fullscreen"], label="Your picture", height=340, **kwargs,
    )  # fmt: skip


def viewable(picture: str | bytes | None, exact: bool = False):
    """The picture, uint8 (H, W, 3), if it is a file of a kind that browsers do not show; else no change.

    exact: as a PNG of its full size and depth, where the demo's answer has these.
    """
    if isinstance(picture, str) and Path(picture).suffix.lower() in {".heic", ".heif", ".tif", ".tiff"}:
        with contextlib.suppress(images.PictureError):
            if exact:
                whole = images.open(picture, longest=images.MAX_PIXELS, exact=True)
                return file(images.png(whole.pixels, whole.alpha), "picture.png")
            return images.open(picture, longest=1024).pixels
    return gr.skip()


def space(high: int, **options) -> gr.HTML:
    """Where HTML will stand: at least `high` pixels, also while it is awaited, when Gradio drops its `min_height`."""
    return gr.HTML(css_template=f"& {{ min-height: {high}px }}", **options)


def crop_controls() -> list[gr.Slider]:
    """Zoom, left to right and top to bottom of a `demos.images.Crop`, which begin with the whole picture."""
    return [
        gr.Slider(1, 6, value=1, step=0.1, label="Zoom", info="Or tap the picture where you want to look"),
        gr.Slider(0, 1, value=0.5, step=0.01, label="Left to right"),
        gr.Slider(0, 1, value=0.5, step=0.01, label="Top to bottom"),
    ]


def tapped(picture, zoom: float, event: gr.SelectData) -> tuple[float, float, float]:
    """Zoom, left to right and top to bottom of a crop around the place that was tapped."""
    try:
        width, height = images.open(picture, longest=1024).size
    except images.PictureError:
        return 1, 0.5, 0.5
    zoom = max(zoom, 2)
    side = min(width, height) / zoom
    rooms = zip(event.index, (width - side, height - side), strict=True)
    return zoom, *(min(1, max(0, round((at - side / 2) / room, 2))) for at, room in rooms)


def file(content: bytes, name: str) -> str:
    """The path of a file with this content that the page may hand out; it is deleted as Gradio's own are.

    The same content has the same path, which a browser may be fetching at this moment: the file is replaced whole,
    where Gradio's `save_bytes_to_cache` would empty and fill it again.
    """
    path = Path(get_upload_folder(), hashlib.sha256(content).hexdigest(), name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
        new.write(content)
    Path(new.name).replace(path)
    return str(path.resolve())


def installed(pictures: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Paths by caption of pictures that installed packages carry: captions -> package, and path within it."""
    return {
        caption: str(Path(find_spec(package).origin).parent / file) for caption, (package, file) in pictures.items()
    }


def examples(files: dict[str, str], picture: PictureInput):
    """A row of pictures, path by caption: the one that is chosen becomes the visitor's. Returns that event."""
    paths = list(files.values())

    def chosen(event: gr.SelectData) -> np.ndarray:
        return images.open(paths[event.index]).pixels

    small = [(images.open(path, longest=200).pixels, caption) for caption, path in files.items()]
    row = gr.Gallery(
        small, label="Examples", show_label=False, container=False, columns=len(small), height="auto",
        object_fit="cover", allow_preview=False, interactive=False, buttons=[], elem_classes="examples",
    )  # fmt: skip
    return row.select(chosen, None, picture, show_progress="hidden", api_visibility="private", queue=False)


def endpoint(name: str, predict: Callable) -> None:
    """The API endpoint `/<name>` of a demo: its `predict`, whose first argument is a picture.

    Arguments that are `Literal` choices or numbers are the endpoint's as well; what is richer is left to the page.
    The answer is the dataclass without its arrays, as JSON, or a picture if it has a method `png`.
    """
    hints, inputs, names = get_type_hints(predict), [picture_input(visible=False)], []
    is_picture = hasattr(hints.get("return"), "png")
    for parameter in list(inspect.signature(predict).parameters.values())[1:]:
        if choices := [str(choice) for choice in get_args(hints[parameter.name]) if isinstance(choice, str)]:
            names.append(parameter.name)
            inputs.append(gr.Dropdown(choices, value=parameter.default, label=parameter.name, visible=False))
        elif (kind := hints.get(parameter.name)) in (int, float):
            names.append(parameter.name)
            precision = 0 if kind is int else None
            inputs.append(gr.Number(parameter.default, precision=precision, label=parameter.name, visible=False))

    def call(image, *values):
        try:
            answer = predict(image, **dict(zip(names, values, strict=True)))
            return file(answer.png(), f"{name}.png") if is_picture else plain(answer)
        except (images.PictureError, weights.Unavailable) as error:
            raise gr.Error(str(error), print_exception=False) from None

    parameters = [inspect.Parameter(key, inspect.Parameter.POSITIONAL_OR_KEYWORD) for key in ("image", *names)]
    call.__signature__ = inspect.Signature(parameters)
    call.__doc__ = inspect.getdoc(predict)
    output = gr.Image(visible=False) if is_picture else gr.JSON(visible=False)
    gr.Button(visible=False).click(
        call, inputs, output, api_name=name, api_description=inspect.getdoc(predict), queue=True,
        concurrency_limit=2, concurrency_id="answers",
    )  # fmt: skip


def plain(answer) -> dict:
    """A dataclass as JSON: without its arrays, and with `confidences` as gr.Label gives them."""
    fields = {f.name: _plain(getattr(answer, f.name)) for f in dataclasses.fields(answer)}
    if isinstance(fields.get("confidences"), dict):
        fields["confidences"] = [{"label": k, "confidence": v} for k, v in fields["confidences"].items()]
    return {key: value for key, value in fields.items() if value is not ARRAY}


ARRAY = object()  # in place of an array, or of a dict of arrays


def _plain(value):
    if isinstance(value, np.ndarray):
        return ARRAY
    if isinstance(value, dict) and any(isinstance(item, np.ndarray) for item in value.values()):
        return ARRAY
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return plain(value) if dataclasses.is_dataclass(value) else value


def percent(probability: float) -> str:
    """0.934 -> "93 %"; never 100 % or 0 %, which no network can know."""
    rounded = round(100 * probability)
    if rounded > 99:
        return ">99 %"
    return "<1 %" if rounded < 1 else f"{rounded} %"


def card(
    heading: str, note: str, label: str, confidences: dict[str, float], sure: bool, small: str, doubt: str = "not sure"
) -> str:
    """One network's answer: heading and note, the answer, or `doubt`, as one large line, thin bars, small print."""
    likeliest = next(iter(confidences.values()))
    if sure:
        line = f'<p class="answer">{html.escape(label)}, {html.escape(percent(likeliest))}</p>'
    else:
        line = f'<p class="answer unsure">{html.escape(doubt)}</p><p class="aside">closest: {html.escape(label)}</p>'
    return (
        f'<article class="card"><h3>{html.escape(heading)} <small>{html.escape(note)}</small></h3>{line}'
        f'<ul class="bars" aria-label="Probabilities">{bars(confidences)}</ul><p class="small">{small}</p></article>'
    )


def bars(confidences: dict[str, float], most: int = 4) -> str:
    """The likeliest classes as thin bars."""
    rows = list(confidences.items())[:most]
    return "".join(
        f'<li><span>{html.escape(label)}</span><i style="--share:{p:.4f}"></i><b>{html.escape(percent(p))}</b></li>'
        for label, p in rows
    )


def cards(verdict: str, answers: Iterable[str]) -> str:
    """Equal cards under one line that says whether they agree."""
    return f'<p class="verdict" role="status">{html.escape(verdict)}</p><div class="cards">{"".join(answers)}</div>'


def sentence(text: str, kind: str = "wait") -> str:
    """One sentence where the answer would stand: kind `wait`, `unsure` or `error`."""
    role = "alert" if kind == "error" else "status"
    return f'<p class="sentence {kind}" role="{role}">{html.escape(text)}</p>'


def figure(pixels: np.ndarray, caption: str, heat: np.ndarray | None = None) -> str:
    """Pixels as they are, enlarged without smoothing; `heat` float (h, w) in [0, 1] lights the rest down."""
    layer = "" if heat is None else f'<img class="heat" src="{data_uri(spotlight(heat))}" alt="">'
    return (
        f'<figure class="seen"><div><img src="{data_uri(pixels)}" alt="{html.escape(caption)}">{layer}</div>'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def step(pixels: np.ndarray, caption: str) -> str:
    """One step of what was done to a picture, uint8 (h, w) or (h, w, 3), as high as a `figure` and smooth."""
    image = Image.fromarray(pixels)
    image.thumbnail((480, 320))
    return (
        f'<figure class="seen step"><div><img src="{data_uri(np.asarray(image))}" alt="{html.escape(caption)}"></div>'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def boxes(places: Iterable[tuple[int, int, int, int]], size: tuple[int, int]) -> str:
    """Boxes to lie over a picture of this (width, height), numbered if there are several.

    places: left, top, right and bottom of each, in pixels.
    """
    unit, places = max(size) / 100, list(places)
    drawn = [f'<rect x="{x}" y="{y}" width="{right - x}" height="{bottom - y}"/>' for x, y, right, bottom in places]
    if len(places) > 1:
        drawn += [
            f'<text x="{x}" y="{max(y - unit, 6 * unit):.0f}" font-size="{6 * unit:.0f}">{number}</text>'
            for number, (x, y, _, _) in enumerate(places, 1)
        ]
    return f'<svg viewBox="0 0 {size[0]} {size[1]}" aria-hidden="true">{"".join(drawn)}</svg>'


def row(figures: Iterable[str], small: bool = False) -> str:
    """Figures beside each other."""
    return f'<div class="row{" small" if small else ""}">{"".join(figures)}</div>'


def spotlight(heat: np.ndarray, side: int = 96) -> np.ndarray:
    """float (h, w) in [0, 1] -> uint8 (side, side, 4): black, the more opaque the less evidence."""
    smooth = Image.fromarray((160 * (1 - heat)).astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    return np.dstack([np.zeros((side, side, 3), np.uint8), np.asarray(smooth)])


def data_uri(pixels: np.ndarray) -> str:
    """uint8 (H, W) or (H, W, 3 or 4) -> a PNG as a data URI."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def waiting(names: Iterable[str]) -> str:
    """What a demo waits for before its networks answer, as one sentence; "" when all are ready."""
    return next((state.message for state in map(weights.status, names) if not state.ready), "")


def awaited(names: Iterable[str]) -> bool:
    """Whether weights of these networks may still arrive from the Hub."""
    return any(weights.status(name).awaited for name in names)


def answers_first(names: Iterable[str], answer: Callable, inputs: list, outputs: list) -> None:
    """Put the answer to the example into the page as it is sent, or, while weights are fetched, once they are.

    names: the networks that `answer` asks. A clock looks every second, and stops when all of them are ready.
    In a tab behind the first nothing is computed before a visitor opens it, which starts its clock.
    """

    def look(*values):
        if message := waiting(names):
            return [gr.Timer(1, active=awaited(names)), sentence(message), *[None] * (len(outputs) - 1)]
        return [gr.Timer(active=False), *answer(*values)]

    later = not waiting(names) and _is_behind()
    clock = gr.Timer(0.1, active=True) if later else gr.Timer(1, active=awaited(names))
    clock.tick(look, inputs, [clock, *outputs], show_progress="hidden", api_visibility="private", queue=False)
    if not later:
        for output, value in zip(outputs, look(*map(_held, inputs))[1:], strict=True):
            # As the component would send it; what is text or unseen it sends as it is.
            output.value = value if value is None else type(output)(value=value, render=False).value


def _is_behind() -> bool:
    """Whether what is being drawn lies in a tab that is not the first."""
    block = Context.block
    while not isinstance(block, gr.Tab | None):
        block = block.parent
    return block is not None and block.parent.children[0] is not block


def _held(component):
    """What a component holds as the page opens, in the form in which a handler gets it."""
    return component.value["path"] if isinstance(component.value, dict) else component.value


def about(name: str, plot: Callable[[dict[str, dict]], str] = lambda entries: "") -> None:
    """ "About these networks": a plot, as HTML, and the demo's card, of the figures of the manifest in force.

    The pictures that the card links lie beside it; here they stand beneath it.
    """
    path = Path(__file__).with_name(name) / "CARD.md"

    def card() -> tuple[str, str]:
        entries = results.by_demo(weights.manifest()["networks"]).get(name, {})
        table = results.table(entries).replace(f"`{name}/", "`")
        table = f'<div class="wide" tabindex="0">\n\n{table}\n\n</div>'  # keys can scroll it
        above, _, rest = _LINKED.sub("", path.read_text(encoding="utf-8")).partition(results.BEGIN)
        body = above.partition("\n# ")[2].partition("\n")[2]  # without front matter and title
        return plot(entries), f"{body}{table}{rest.partition(results.END)[2]}"

    with gr.Accordion("About these networks", open=False):
        drawn, text = card()
        shown = [gr.HTML(drawn), gr.Markdown(text, elem_classes="figures")]
        for alt, file in _LINKED.findall(path.read_text(encoding="utf-8")):
            gr.Image(
                str(path.with_name(file)), alt_text=" ".join(alt.split()), label="Picture", show_label=False,
                container=False, interactive=False, buttons=["fullscreen"],
            )  # fmt: skip
    gr.on(None, card, None, shown, show_progress="hidden", api_visibility="private", queue=False)


def elsewhere(name: str, python: str, http: str) -> None:
    """ "Use it elsewhere": the demo's link, its embed snippet, the Python and the HTTP call, each to copy.

    `{url}` in them becomes the address at which the visitor sees the page.
    """
    link = f"{{url}}/?demo={name}"
    frame = f'<iframe src="{link}&embed" width="100%" height="900" style="border:0"'
    snippets = {
        "Link": link,
        "Embed": f'{frame}\n  allow="camera; clipboard-write"></iframe>',
        "Python": python,
        "HTTP": http,
    }
    plain = {"interactive": False, "lines": 1, "wrap_lines": True, "show_line_numbers": False}
    with gr.Accordion("Use it elsewhere", open=False):
        # Without a language: Gradio's colours for code are too pale on paper to be read by everybody.
        codes = [gr.Code(text, label=label, language=None, **plain) for label, text in snippets.items()]
    texts = json.dumps(list(snippets.values()))
    here = "location.origin + location.pathname.replace(/\\/$/, '')"
    gr.on(None, None, None, codes, js=f"() => {texts}.map(text => text.replaceAll('{{url}}', {here}))")
