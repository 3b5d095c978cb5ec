"""Answers as HTML: cards, bars, figures, boxes, rows, messages."""

import base64
import html
import io
import json
from collections.abc import Iterable, Mapping

import gradio as gr
import numpy as np
from PIL import Image

from demos.shared import images
from weights import Entry, results


def html_area(high: int, **options) -> gr.HTML:
    """Where HTML will stand: at least `high` pixels, also while it is awaited, when Gradio drops its `min_height`."""
    return gr.HTML(css_template=f"& {{ min-height: {high}px }}", **options)


def percent(probability: float) -> str:
    """0.934 -> "93 %"; never 100 % or 0 %, which no network can know."""
    rounded = round(100 * probability)
    if rounded > 99:
        return ">99 %"
    return "<1 %" if rounded < 1 else f"{rounded} %"


def escape(text: str) -> str:
    """A text as HTML, in which no number stands on another line than its percent sign."""
    return html.escape(text).replace(" %", "&nbsp;%")


def milliseconds(time: float) -> str:
    """3.14 -> "3.1 ms", 250.4 -> "250 ms", 1250 -> "1.2 s"."""
    if time >= 1000:
        return f"{time / 1000:.1f} s"
    return f"{time:.0f} ms" if time >= 100 else f"{time:.1f} ms"


def small_print(entry: Entry, time: float, metric: str | None = None, of: str = "of the test pictures") -> str:
    """ "3.1 ms, 1,973,944 parameters, right on 92.08 % of the test pictures", without what the manifest does not say.

    entry: of the network in the manifest. time: milliseconds. metric: the name of the figure, a share of 1.
    """
    parts = [milliseconds(time)]
    if entry.parameters:
        parts.append(f"{entry.parameters:,} parameters")
    if (share := entry.metrics.get(metric)) is not None:
        parts.append(f"right on {results.format_figure(metric, share)} {of}")
    return ", ".join(parts)


def card(
    heading: str,
    note: str,
    label: str,
    confidences: dict[str, float],
    is_sure: bool,
    small: str,
    doubt: str = "not sure",
) -> str:
    """One network's answer: heading and note, the answer, or `doubt`, as one large line, thin bars, small print."""
    if is_sure:
        likeliest = percent(next(iter(confidences.values())))
        line = f'<p class="answer">{escape(f"{label}, {likeliest}")}</p>'
    else:
        line = f'<p class="answer unsure">{html.escape(doubt)}</p><p class="aside">closest: {html.escape(label)}</p>'
    drawn = f'<ul class="bars" aria-label="Probabilities">{bars(confidences)}</ul>' if confidences else ""
    return (
        f'<article class="card"><h3>{html.escape(heading)} <small>{html.escape(note)}</small></h3>{line}'
        f'{drawn}<p class="small">{small}</p></article>'
    )


def bars(confidences: dict[str, float], most: int = 4) -> str:
    """The likeliest classes as thin bars."""
    rows = list(confidences.items())[:most]
    return "".join(
        f'<li><span>{html.escape(label)}</span><i style="--share:{p:.4f}"></i><b>{html.escape(percent(p))}</b></li>'
        for label, p in rows
    )


def cards(verdict: str, answers: Iterable[str], warning: str = "", judged: str = "") -> str:
    """Equal cards under one line. warning: how often such answers are wrong. judged: HTML, what `judge` gives."""
    note = f'<p class="small warning">{escape(warning)}</p>' if warning else ""
    return f'{say(verdict)}<div class="cards">{"".join(answers)}</div>{judged}{note}'


def judge(said: Mapping[str, str], is_either: bool = False) -> str:
    """ "Was it right?", whose answers are counted in the visitor's browser alone.

    said: what each network says, by its name, first the one that counts. is_either: whether one of two things that
    networks can say must be right.
    """
    (_, first), *others = said.items()
    numbers = {thing: [at for at, other in enumerate(said.values()) if other == thing] for thing in said.values()}
    labels = {thing: f"It was {thing}" for _, thing in others} | {first: "Yes"}
    choices = {labels[thing]: right for thing, right in numbers.items()}
    if len(numbers) == 1 or not is_either:
        choices["No" if len(numbers) == 1 else "Neither"] = []
    buttons = "".join(
        f'<button type="button" data-right="{right}" aria-pressed="false">{html.escape(label)}</button>'
        for label, right in choices.items()
    )
    names = html.escape(json.dumps(list(said)))
    return f'<div class="judge" data-names="{names}"><span>Was it right?</span>{buttons}<output></output></div>'


def say(verdict: str, more: str = "") -> str:
    """The answer in words, which stands above all else of it. more: what is known besides, smaller."""
    small = f" <small>{html.escape(more)}</small>" if more else ""
    return f'<p class="verdict" role="status">{html.escape(verdict)}{small}</p>'


def known(sentence: str) -> str:
    """What the networks can know, beneath the question."""
    return f'<p class="known">{html.escape(sentence)}</p>'


def message(text: str, kind: str = "wait") -> str:
    """One sentence where the answer would stand: kind `wait`, `unsure` or `error`."""
    role = "alert" if kind == "error" else "status"
    return f'<p class="sentence {kind}" role="{role}">{html.escape(text)}</p>'


def progress(done: int, count: int) -> str:
    """A bar that says how many parts of how many are done."""
    return f'<progress value="{done}" max="{count}" aria-label="Done">{done} of {count}</progress>'


def sign(answer, pictures: Iterable[int | str | None]):
    """An answer, HTML or an update, that says of which pictures it is; anything else as it is."""
    if isinstance(answer, dict) and isinstance(answer.get("value"), str):
        return {**answer, "value": sign(answer["value"], pictures)}
    if not isinstance(answer, str):
        return answer
    return f'{answer}<i hidden data-pictures="{html.escape(json.dumps(list(pictures)))}"></i>'


def figure(pixels: np.ndarray, caption: str, evidence: np.ndarray | None = None, place: str = "") -> str:
    """Pixels as they are, enlarged without smoothing; `evidence` float (h, w) in [0, 1] darkens where there is less.

    place: of the evidence, from `lie_over`, where it also lies over the picture at once.
    """
    shown = f"{place} data-shown" if place else ""
    layer = "" if evidence is None else f'<img class="spotlight" src="{data_uri(spotlight(evidence))}" alt=""{shown}>'
    return (
        f'<figure class="inputs"><div><img src="{data_uri(pixels)}" alt="{html.escape(caption)}">{layer}</div>'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def step(pixels: np.ndarray, caption: str) -> str:
    """One step of what was done to a picture, uint8 (h, w) or (h, w, 3), as high as a `figure` and smooth."""
    image = Image.fromarray(pixels)
    image.thumbnail((480, 320))
    return (
        f'<figure class="inputs step"><div><img src="{data_uri(np.asarray(image))}" alt="{html.escape(caption)}"></div>'
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
    return _layer(size, "".join(drawn))


def _layer(size: tuple[int, int], drawn: str) -> str:
    """SVG to lie over a picture of this (width, height) wherever it is shown."""
    return f'<svg viewBox="0 0 {size[0]} {size[1]}" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'


def lie_over(box: tuple[float, float, float, float], size: tuple[int, int]) -> str:
    """The attribute of an image that lies over a box of the visitor's picture, of this (width, height), at a toggle.

    box: left, top, right and bottom, in pixels.
    """
    left, top, right, bottom = (edge / size[at % 2] for at, edge in enumerate(box))
    return f' data-over="{left:.4f} {top:.4f} {right - left:.4f} {bottom - top:.4f}"'


def row(figures: Iterable[str], small: bool = False) -> str:
    """Figures beside each other."""
    return f'<div class="row{" small" if small else ""}">{"".join(figures)}</div>'


def spotlight(evidence: np.ndarray, side: int = 96) -> np.ndarray:
    """float (h, w) in [0, 1] -> uint8 (side, side, 4): black, the more opaque the less evidence."""
    smooth = Image.fromarray((160 * (1 - evidence)).astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    return np.dstack([np.zeros((side, side, 3), np.uint8), np.asarray(smooth)])


def data_uri(pixels: np.ndarray) -> str:
    """uint8 (H, W) or (H, W, 3 or 4) -> a PNG as a data URI."""
    buffer = io.BytesIO()
    # Three times as fast as by default, and a twentieth larger.
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def data_uri_jpeg(pixels: np.ndarray) -> str:
    """uint8 (H, W, 3) -> a JPEG as a data URI."""
    return "data:image/jpeg;base64," + base64.b64encode(images.jpeg(pixels, 85)).decode()
