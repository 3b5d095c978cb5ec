"""A sketch pad for finger, pen and mouse, and the picture that its strokes make.

Gradio's own asks for a tool before the first stroke, brings half a megabyte of WebGL, and cannot open with a drawing.
Strokes are lists of points [x, y] in thousandths of the pad's height, from its left and top.
"""

import html
from pathlib import Path

import gradio as gr
import numpy as np
from PIL import Image, ImageDraw

from demos.digits.curves import CURVES, smooth
from demos.shared import images

SIZE = WIDTH, HEIGHT = 480, 320
INK, THICK = 28, 60  # of a stroke: its grey, and its width in thousandths of the height, as in sketch.js
MAX_POINTS = 20_000
# A 2, for the pad to open with.
EXAMPLE = [((430, 180) + 640 * smooth(curve)).round().astype(int).tolist() for curve in CURVES["2"]]
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def pad(strokes: list, label: str, **kwargs) -> gr.HTML:
    """Paper to draw on, which opens with `strokes` as an example. Its value is the strokes; `input` follows each."""
    label = html.escape(label)
    template = (
        f'<div class="paper"><canvas role="img" tabindex="-1" aria-label="{label}"></canvas></div><div class="tools">'
        f'<span>{label}</span><button type="button">Undo</button><button type="button">Clear</button></div>'
    )
    return gr.HTML(
        strokes, html_template=template, js_on_load=SCRIPT, label=label, apply_default_css=False,
        elem_classes="pad", **kwargs,
    )  # fmt: skip


def pixels(strokes: list | None) -> np.ndarray | None:
    """The drawing, uint8 (320, 480), ink on white; None for an empty pad.

    Raises images.PictureError for what no pad would send.
    """
    if not strokes:
        return None
    scale = 2 * HEIGHT / 1000
    radius = scale * THICK / 2
    sheet = Image.new("L", (2 * WIDTH, 2 * HEIGHT), 255)
    pen = ImageDraw.Draw(sheet)
    for points in _check(strokes):
        at = [(x * scale, y * scale) for x, y in points]
        pen.line(at, INK, round(2 * radius))
        for x, y in at:  # round joints and ends
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), INK)
    return np.asarray(sheet.reduce(2))


def _check(strokes) -> list[np.ndarray]:
    try:
        lines = [np.clip(np.array(points, np.float64).reshape(-1, 2), 0, (1500, 1000)) for points in strokes]
    except (TypeError, ValueError):
        raise images.PictureError(images.UNREADABLE) from None
    if sum(map(len, lines)) > MAX_POINTS or any(np.isnan(line).any() for line in lines):
        raise images.PictureError("This drawing has too many strokes: clear it, then draw again.")
    return lines
