"""The gallery as a map: pictures, or points in the classic way, framed by the colours of their styles."""

from __future__ import annotations

import threading
from html import escape
from pathlib import Path
from weakref import WeakKeyDictionary

import gradio as gr
import numpy as np

from demos.shared import images
from demos.shared.gallery import map as tiles
from demos.shared.gallery.gallery import Collection, Gallery
from demos.shared.gallery.panel import NO_MAP, choose_gallery
from demos.shared.gallery.query import Answer
from demos.shared.ui import events, html
from demos.shared.ui.events import INSTANT, SHORT
from demos.shared.ui.files import serve_file

WIDTH = 1000  # units of the drawing
TILE = 64  # pixels of a picture on the sheet
QUALITY = 75  # of the sheet, a JPEG
MAP, SCATTER = "Map", "Classic scatter"
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_sheets: WeakKeyDictionary[Gallery, bytes] = WeakKeyDictionary()
_axes: WeakKeyDictionary[Gallery, tuple] = WeakKeyDictionary()
_lock = threading.Lock()


class Fold:
    """The components of the map. is_open: a State. kind: MAP or SCATTER. drawing: where it stands and is clicked."""

    def __init__(self, collection: Collection):
        self.is_open = gr.State(False)
        with gr.Accordion("The gallery as a map", open=False) as self.fold:
            gr.HTML(
                f'<p class="small">{collection.about_map} The colour is the style, the ring your picture. Click a '
                "picture to search for its style. The classic scatter shows two principal components.</p>"
            )
            self.kind = gr.Radio(
                [MAP, SCATTER], value=MAP, label="Kind", show_label=False, container=False, elem_id="style-kind"
            )
            self.drawing = gr.HTML(css_template=CSS, js_on_load=SCRIPT, elem_id=f"{collection.demo}-map")

    def listen(self, collection: Collection, mine: gr.components.Component, answers: gr.components.Component) -> None:
        """Draw when the fold is opened and when another kind is chosen."""

        @events.messages(0, True)
        def open_map(mine: Gallery | None, answers: dict[str, Answer] | None, kind: str) -> tuple:
            return draw_map(choose_gallery(collection, mine), answers, kind), True

        given = [mine, answers, self.kind]
        self.fold.expand(open_map, given, [self.drawing, self.is_open], **SHORT)
        self.kind.input(open_map, given, [self.drawing, self.is_open], **events.LATEST)
        self.fold.collapse(lambda: False, None, self.is_open, **INSTANT)


def draw_map(gallery: Gallery, answers: dict[str, Answer] | None, kind: str = MAP) -> str:
    """All pictures of a gallery at their places, and the ring of the query; or one sentence where there is no map."""
    if gallery.layout is None or not gallery.is_prepared(gallery.indexed):
        return html.message(NO_MAP)
    answer = answers and answers.get(gallery.indexed)
    is_map = kind == MAP
    places, ring = _on_map(gallery, answer) if is_map else _on_axes(gallery, answer)
    columns, rows = tiles.grid(len(gallery))
    height = WIDTH * rows // columns
    sheet = f"gradio_api/file={serve_file(_sheet(gallery), 'map.jpg')}"
    names = sorted(set(gallery.labels))
    colours = {name: f"hsl({137.5 * number % 360:.0f} 70% 50%)" for number, name in enumerate(names)}
    points = [_point(gallery, at, place, colours, (WIDTH, height), is_map) for at, place in enumerate(places)]
    image = f'<image href="{sheet}" width="{WIDTH}" height="{height}" preserveAspectRatio="none"/>' if is_map else ""
    about = f'data-picture="{sheet}" data-columns="{columns}" data-rows="{rows}"'
    return (
        f'<div class="map" {about}><svg viewBox="0 0 {WIDTH} {height}" data-size="0 0 {WIDTH} {height}" '
        f'data-kind="{kind}" role="img" '
        f'aria-label="All pictures of the gallery, like styles beside each other">{image}{"".join(points)}'
        f"{_ring(ring, (WIDTH, height))}</svg>"
        '<div class="tools"><button type="button" data-zoom="0.6" aria-label="Enlarge">+</button>'
        '<button type="button" data-zoom="1.7" aria-label="Reduce">−</button></div>'
        f'<div class="peek" hidden><i></i><span></span></div><ul class="key">{_key(colours)}</ul></div>'
    )


def _on_map(gallery: Gallery, answer: Answer | None) -> tuple[np.ndarray, np.ndarray | None]:
    """The places of the layout, float (N, 2) in [0, 1], and that of the query, amid what it found."""
    found = [match.id for match in answer.matches if gallery.has(match)] if answer else []
    return gallery.layout, tiles.locate(gallery, found) if found else None


def _on_axes(gallery: Gallery, answer: Answer | None) -> tuple[np.ndarray, np.ndarray | None]:
    """The first two principal components of the embeddings, float (N, 2) in [0, 1], and those of the query."""
    with _lock:
        if gallery not in _axes:
            vectors = gallery.vectors[gallery.indexed]
            mean = vectors.mean(0)
            axes = np.linalg.svd(vectors - mean, full_matrices=False)[2][:2].T
            flat = (vectors - mean) @ axes
            _axes[gallery] = mean, axes, flat.min(0), np.ptp(flat, 0)
        mean, axes, least, extent = _axes[gallery]

    def place(vectors: np.ndarray) -> np.ndarray:
        return 0.04 + 0.92 * (((vectors - mean) @ axes - least) / np.maximum(extent, 1e-9)).clip(0, 1)

    return place(gallery.vectors[gallery.indexed]), place(answer.outputs["embedding"]) if answer else None


def _point(gallery: Gallery, at: int, place, colours: dict[str, str], size: tuple[int, int], is_map: bool) -> str:
    columns, rows = tiles.grid(len(gallery))
    column, row = (int(share * cells) for share, cells in zip(gallery.layout[at], (columns, rows), strict=True))
    colour = colours.get(gallery.labels[at] if gallery.labels else "", "var(--soft)")
    known = f'data-position="{at}" data-column="{column}" data-row="{row}" data-title="{escape(gallery.titles[at])}"'
    if not is_map:
        return f'<circle cx="{place[0] * size[0]:.0f}" cy="{place[1] * size[1]:.0f}" r="7" fill="{colour}" {known}/>'
    wide, high = size[0] / columns, size[1] / rows
    where = f'x="{column * wide + 1:.1f}" y="{row * high + 1:.1f}" width="{wide - 2:.1f}" height="{high - 2:.1f}"'
    return f'<rect {where} stroke="{colour}" {known}/>'


def _ring(place: np.ndarray | None, size: tuple[int, int]) -> str:
    if place is None:
        return ""
    x, y = (share * length for share, length in zip(place, size, strict=True))
    circles = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="26"{halo}/>' for halo in (' class="halo"', ""))
    return f'<g class="query" data-x="{x:.0f}" data-y="{y:.0f}">{circles}</g>'


def _key(colours: dict[str, str]) -> str:
    return "".join(f'<li><i style="background:{c}"></i>{escape(name)}</li>' for name, c in colours.items() if name)


def _sheet(gallery: Gallery) -> bytes:
    """All pictures at their places, as JPEG; drawn once for all threads."""
    with _lock:
        if gallery not in _sheets:
            _sheets[gallery] = images.jpeg(tiles.draw_tiles(gallery, TILE), QUALITY)
        return _sheets[gallery]
