"""Answers as HTML: cards, bars, figures, boxes, rows, messages."""

import base64
import html
import io
from collections.abc import Iterable

import gradio as gr
import numpy as np
from PIL import Image

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
    likeliest = next(iter(confidences.values()))
    if is_sure:
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


def message(text: str, kind: str = "wait") -> str:
    """One sentence where the answer would stand: kind `wait`, `unsure` or `error`."""
    role = "alert" if kind == "error" else "status"
    return f'<p class="sentence {kind}" role="{role}">{html.escape(text)}</p>'


def figure(pixels: np.ndarray, caption: str, evidence: np.ndarray | None = None) -> str:
    """Pixels as they are, enlarged without smoothing; `evidence` float (h, w) in [0, 1] darkens where there is less."""
    layer = "" if evidence is None else f'<img class="spotlight" src="{data_uri(spotlight(evidence))}" alt="">'
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
    most = f"max-width:{size[0]}px;max-height:{size[1]}px"  # as large as the picture is shown, which is not enlarged
    return f'<svg viewBox="0 0 {size[0]} {size[1]}" style="{most}" aria-hidden="true">{"".join(drawn)}</svg>'


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
