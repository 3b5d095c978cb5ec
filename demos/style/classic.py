"""The fold in which a photograph is painted the classic way, beside the fast one, with the losses of both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from html import escape

import gradio as gr
import numpy as np

from demos.shared import images
from demos.shared.ui import events, html
from demos.style import gatys, paint

ABOUT = (
    "The student project optimised the picture itself, by the layers of VGG19 (Gatys, Ecker and Bethge). That takes up "
    f"to {gatys.SECONDS} s here, at {gatys.SIDE} pixels. The losses say how far each picture is from the photograph's "
    "content and from the style: less is better. It needs TensorFlow and, the first time, VGG19's weights."
)
STOPPED = "Stopped. Paint again to begin anew."
OFF = gr.update(interactive=False)


def fold(values: list) -> None:
    """Draw it. values: the components of the photograph, of the style, and of the style's size."""
    runs = gr.State(events.Cancellation())
    with gr.Accordion("Compare with the classic way", open=False), gr.Column(elem_classes=["answers", "classic"]):
        gr.HTML(f'<p class="small">{escape(ABOUT)}</p>')
        with gr.Row():
            ask = gr.Button("Paint the classic way", size="sm", variant="primary", elem_id="style-classic")
            stop = gr.Button("Stop", size="sm", interactive=False, elem_id="style-stop-classic")
        shown = html.html_area(200, elem_id="style-optimized")
    events.run_on([ask.click], optimize, [*values, runs], [shown, stop], runs, stop=stop, stopped=STOPPED)
    stop.click(events.Cancellation.stop, runs, None, **events.INSTANT)
    gr.on([component.change for component in values], forget, runs, [shown, stop], **events.INSTANT)


def forget(runs: events.Cancellation) -> tuple:
    """Empty the fold, and end what is in work: it is of another picture."""
    runs.begin()
    return "", OFF


@events.messages(0, OFF, stopped=STOPPED)
def optimize(image, style, size: float, runs: events.Cancellation) -> Iterator[tuple]:
    """Both pictures and how far the optimisation is, as HTML, and whether it can be stopped."""
    photograph, looked_at = paint.open_photograph(image, paint.QUICK), paint.open_style(style, size)
    pixels = gatys.fit(photograph.pixels)
    small = images.Picture(pixels, None, pixels.shape[1::-1])
    fast = paint.paint(small, paint.codes.find(looked_at))
    yield html.message("VGG19 is being started."), gr.update(interactive=True)
    began, last = 0.0, None
    for step in runs.follow(gatys.optimize(pixels, looked_at, fast.pixels)):
        if step is None:
            yield gr.skip(), gr.skip()
            continue
        began, last = began or time.monotonic(), step
        left = estimate(step.number, time.monotonic() - began)
        said = html.message(f"Step {step.number} of {gatys.STEPS}{left}.") + html.progress(step.number, gatys.STEPS)
        yield said + draw(fast, step), gr.update(interactive=True)
    yield draw(fast, last), OFF


def estimate(number: int, elapsed: float) -> str:
    """The seconds that are left, in words; "" before anybody knows."""
    if not number:
        return ""
    left = min(gatys.SECONDS - elapsed, elapsed * (gatys.STEPS - number) / number)
    return f", about {max(1, round(left))} s left"


def draw(fast: paint.Painting, step: gatys.Step) -> str:
    """Fast and classic beside each other, as HTML."""
    steps = f"{step.number} steps of optimisation"
    cards = [
        _card("Fast", f"one pass, {html.milliseconds(fast.milliseconds)}", fast.pixels, *step.fast),
        _card("Classic", steps, step.pixels, step.content_loss, step.style_loss),
    ]
    return f'<div class="cards">{"".join(cards)}</div>'


def _card(heading: str, note: str, pixels: np.ndarray, content: float, style: float) -> str:
    picture = f'<img src="{html.data_uri_jpeg(pixels)}" alt="{heading}, {note}">'
    return (
        f'<article class="card"><h3>{heading} <small>{note}</small></h3>{picture}'
        f'<p class="small">Content loss {content:.2f}, style loss {style:.2f}</p></article>'
    )
