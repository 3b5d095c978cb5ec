""" "Look inside": what every layer of a network gives, as tiles, for as long as its fold is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import gradio as gr
import numpy as np

from demos.shared.text import count
from demos.shared.ui import events, html
from demos.shared.ui.events import SHORT
from weights.inside import Layer

COLUMNS = 16  # tiles of feature maps beside each other, at most
SHADES = 255
OUTLIERS = 0.3, 99.7  # percentiles of a layer's feature maps that are black and white
# Asks when the fold is opened, and when another input of the network is shown while it is open.
FOLLOW = """let wasOpen = false;
const ask = () => element.offsetParent && trigger("change", null);
new ResizeObserver(() => {
  const isOpen = element.offsetParent !== null;
  if (isOpen && !wasOpen) ask();
  wasOpen = isOpen;
}).observe(element);
const inputs = document.getElementById("{inputs}");
new MutationObserver(ask).observe(inputs, { childList: true, subtree: true, characterData: true });"""


def fold(name: str, title: str, look: Callable, given: Sequence, labels: Sequence[str]) -> None:
    """Draw it. name: the demo's, whose networks' inputs stand in the element `<name>-inputs`. title: the network's.

    look: the values of the components `given` -> the layers' values, or None where there is no input. labels: of the
    classes, which the last layer's units stand for.
    """

    @events.messages(0)
    def draw(*values) -> str:
        layers = look(*values)
        return tiles(layers, labels) if layers else ""

    with gr.Accordion("Look inside", open=False):
        gr.HTML(
            f'<p class="small">What each layer of {escape(title)} makes of your picture, from the input to the answer. '
            "The lighter, the stronger.</p>"
        )
        follow = FOLLOW.replace("{inputs}", f"{name}-inputs")
        shown = html.html_area(300, elem_id=f"{name}-inside", elem_classes="inside", js_on_load=follow)
    shown.change(draw, list(given), shown, **SHORT, trigger_mode="always_last")


def tiles(layers: Sequence[Layer], labels: Sequence[str]) -> str:
    """Every layer as HTML: its name and shape in words, and its feature maps or its units."""
    *hidden, last = layers
    parts = [_figure(layer, _sheet(layer.values)) for layer in hidden]
    return "".join(parts) + _answer(last, labels)


def say(layer: Layer) -> str:
    """ "Convolution: 6 feature maps of 28x28"."""
    if layer.values.ndim == 1:
        return f"{layer.kind}: {count(len(layer.values), 'unit')}"
    height, width, maps = layer.values.shape
    return f"{layer.kind}: {count(maps, 'feature map')} of {width}x{height}"


def _figure(layer: Layer, sheet: np.ndarray) -> str:
    text = escape(say(layer))
    kind = "maps" if layer.values.ndim == 3 else "units"
    picture = f'<img class="{kind}" src="{html.data_uri(sheet)}" alt="{text}">'
    return f"<figure><figcaption>{text}</figcaption>{picture}</figure>"


def _answer(layer: Layer, labels: Sequence[str]) -> str:
    """The last layer: a unit for each class, by name."""
    shades = _shade(layer.values)
    units = "".join(
        f'<li><i style="background:rgb({shade},{shade},{shade})"></i>{escape(label)}</li>'
        for label, shade in zip(labels, shades, strict=True)
    )
    caption = f"<figcaption>{escape(say(layer))}, one for each class</figcaption>"
    return f'<figure>{caption}<ul class="classes">{units}</ul></figure>'


def _shade(values: np.ndarray) -> np.ndarray:
    """Values -> uint8 of the same shape: the smallest is black, the largest white, but for a few outliers."""
    low, high = np.percentile(values, OUTLIERS) if values.ndim > 1 else (values.min(), values.max())
    return (SHADES * ((values - low) / max(high - low, 1e-9)).clip(0, 1)).astype(np.uint8)


def _sheet(values: np.ndarray) -> np.ndarray:
    """Feature maps (H, W, C) side by side with a gap, or units (C,) in rows, as uint8 (h, w, 3 or 4), grey."""
    shades = _shade(values)
    if values.ndim == 1:
        columns = next(n for n in range(40, 0, -1) if len(values) % n == 0)
        grey = shades.reshape(-1, columns)
        return np.repeat(grey[..., None], 3, axis=-1)
    height, width, maps = values.shape
    columns = min(maps, COLUMNS if maps > COLUMNS else 8)
    rows = -(-maps // columns)
    sheet = np.zeros((rows * (height + 1) - 1, columns * (width + 1) - 1, 4), np.uint8)
    for number in range(maps):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        tile = sheet[top : top + height, left : left + width]
        tile[..., :3], tile[..., 3] = shades[..., number, None], SHADES
    return sheet
