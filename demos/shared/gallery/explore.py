"""A gallery as the way in: a map under a lens, to whose place the query flies, or its pictures a page at a time."""

from __future__ import annotations

import io
import threading
from contextlib import suppress
from functools import partial
from html import escape
from pathlib import Path
from weakref import WeakKeyDictionary

import gradio as gr
import numpy as np
from gradio.data_classes import FileData
from PIL import Image

import weights
from demos.shared import images
from demos.shared.gallery import files, html, panel, startup
from demos.shared.gallery.gallery import Collection, Gallery
from demos.shared.gallery.map import RATIO, draw_tiles, find_picture, grid, locate
from demos.shared.gallery.query import Answer
from demos.shared.signature import is_number
from demos.shared.ui import events
from demos.shared.ui.events import SHORT
from demos.shared.ui.files import serve_file
from demos.shared.ui.html import html_area

TILE = 48  # pixels of a picture beneath the lens; half of them on the map
QUALITY = 55  # of both, as WebP
THUMBNAIL = 96  # pixels of the query on the map
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
CSS += f".map:not([style]) {{ aspect-ratio: {RATIO}; visibility: hidden }}"  # the place of one that will come
HINT = '<p class="small hint">Look through the lens, then tap to choose. {}</p>'
MAP = """<div class="map" tabindex="0" role="application"
  aria-label="All pictures of the database, like beside like. Arrow keys move the lens, Enter chooses.">
  <div class="lens" hidden></div></div><p class="none"></p>"""
SWITCH = """<div role="group" aria-label="The database"><button type="button" aria-pressed="true">The database as a
map</button><button type="button" aria-pressed="false">Browse the database</button></div>"""
CHOOSE_WAY = """element.addEventListener("click", (event) => {
  const buttons = [...element.querySelectorAll("button")];
  const index = buttons.indexOf(event.target.closest("button"));
  if (index < 0) return;
  buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === index));
  element.closest(".explore").classList.toggle("as-list", index === 1);
  if (index === 1) trigger("select", { index, value: null });
});"""
_sheets: WeakKeyDictionary[Gallery, tuple[bytes, bytes]] = WeakKeyDictionary()
_lock = threading.Lock()


class Map(gr.HTML):
    """The map. Its value: what `draw_map` gives, or one sentence; a tap gives its place, two shares of 1000."""

    def __init__(self, **options):
        super().__init__(html_template=MAP, css_template=CSS, js_on_load=SCRIPT, apply_default_css=False, **options)

    def postprocess(self, value: dict | str | None) -> dict | None:
        """Paths -> files for the browser."""
        if not isinstance(value, dict):
            return value and {"text": value}
        return value | {name: FileData(path=value[name]).model_dump() for name in ("sheet", "large")}


class Explore:
    """The components. map: for what `draw_map` gives. chosen, shelf: where pictures of the gallery can be clicked."""

    def __init__(self, collection: Collection, mine: gr.components.Component):
        demo, start = collection.demo, gr.State(0)
        with gr.Column(elem_classes="explore", elem_id=f"{demo}-explore"):
            switch = gr.HTML(SWITCH, js_on_load=CHOOSE_WAY, elem_classes="switch")
            with gr.Column(elem_classes="as-map"):
                self.map = Map(elem_id=f"{demo}-map")
                self.chosen = html_area(76, elem_id=f"{demo}-chosen", js_on_load=html.CHOOSE)
                self.chosen.value = HINT.format(escape(collection.about_map))
            with gr.Column(elem_classes="as-shelf"):
                self.shelf = html_area(250, elem_id=f"{demo}-shelf", js_on_load=html.CHOOSE)
                with gr.Row():
                    back, more = gr.Button("Back", size="sm"), gr.Button("More", size="sm")
        for event, pages in ((switch.select, 0), (back.click, -1), (more.click, 1)):
            event(partial(panel.turn_pages, collection, pages), [start, mine], [self.shelf, start], **SHORT)
        mine.change(partial(panel.turn_pages, collection, 0, 0), mine, [self.shelf, start], **SHORT)
        self.map.select(_take_tap(collection), [mine, self.chosen], self.chosen, js=html.NUMBER, **events.EACH)
        timer = threading.Timer(startup.SECONDS, _prefetch, [collection])
        timer.daemon = True
        timer.start()


def _prefetch(collection: Collection) -> None:
    """Draw the map of the demo's own gallery before somebody waits for it."""
    with suppress(weights.Unavailable):
        gallery = files.open_gallery(collection)
        if gallery.layout is not None:
            _draw_sheets(gallery)


def _take_tap(collection: Collection):
    @events.messages(0)
    def show(mine: Gallery | None, number, event: gr.SelectData) -> str:
        """The picture at a place of the map, or beneath the lens."""
        gallery = panel.choose_gallery(collection, mine)
        place = event.index
        is_place = isinstance(place, list) and len(place) == 2 and all(map(is_number, place))
        if gallery.layout is None or not is_place:
            return gr.skip()
        picture = html.picture(gallery, find_picture(gallery, place[0] / 1000, place[1] / 1000))
        return html.answer_question(f'<div role="status">{picture}</div>', number)

    return show


def draw_map(gallery: Gallery, answer: Answer | None) -> dict | str:
    """The map, the query and its place on it, and the places of what was found, as shares; or one sentence."""
    if gallery.layout is None:
        return panel.NO_MAP
    sheet, large = (serve_file(sheet, "map.webp") for sheet in _draw_sheets(gallery))
    columns, rows = grid(len(gallery))
    drawn = {"sheet": sheet, "large": large, "columns": columns, "rows": rows, "query": None, "place": None}
    found = [match.id for match in answer.matches if gallery.has(match)] if answer else []
    if not found:
        return drawn | {"found": []}
    thumbnail = Image.fromarray(answer.inputs).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
    place = locate(gallery, found)
    return drawn | {
        "query": html.data_uri(images.jpeg(np.asarray(thumbnail), 80)),
        "place": [round(float(share), 4) for share in place],
        "found": [[round(float(share), 4) for share in gallery.layout[at]] for at in found],
    }


def _draw_sheets(gallery: Gallery) -> tuple[bytes, bytes]:
    """All pictures at their places, small and large; drawn once for all threads."""
    with _lock:
        if gallery not in _sheets:
            large = Image.fromarray(draw_tiles(gallery, TILE))
            _sheets[gallery] = tuple(map(_encode, (large.reduce(2), large)))
        return _sheets[gallery]


def _encode(sheet: Image.Image) -> bytes:
    file = io.BytesIO()
    sheet.save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()
