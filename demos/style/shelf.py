"""The looks that a visitor can paint in: pictures of the gallery beside each other, to be tapped."""

from __future__ import annotations

from html import escape

import gradio as gr
import numpy as np

import weights
from demos.shared import images
from demos.shared.gallery import files
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui import words
from demos.shared.ui.events import SHORT
from demos.shared.ui.files import serve_file
from demos.shared.ui.inputs import CHOOSE_EXAMPLE
from demos.shared.ui.picture import PictureInput
from demos.style.gallery import COLLECTION

# Of the bundled gallery, those that give the best paintings.
TITLES = (
    "Fields, swirling strokes", "Lion, palette knife", "Sunset, watercolour", "Duck, neon", "Dahlia, woodcut",
    "Sunset, mosaic", "Sailing boat, ink wash", "Sailing boat, stained glass", "Guitar, pointillism",
    "Sailing boat, linocut", "Lion, cubist facets", "Photographer, engraving", "Cheetah, pop art",
    "Rocket launch, cyanotype", "Dahlia, knitting", "Duck, ball pen",
)  # fmt: skip
THUMBNAIL = 144  # pixels


def find_looks(gallery: Gallery) -> list[int]:
    """Positions of TITLES in a gallery; where it has none of them, of as many pictures, evenly spread."""
    places = {title: at for at, title in enumerate(gallery.titles)}
    found = [places[title] for title in TITLES if title in places]
    count = min(len(TITLES), len(gallery))
    return found or [at * len(gallery) // count for at in range(count)]


def open_looks() -> tuple[Gallery | None, list[int]]:
    """The demo's gallery and the positions of its looks; none where it cannot be opened."""
    try:
        gallery = files.open_gallery(COLLECTION)
    except weights.Unavailable:
        return None, []
    return gallery, find_looks(gallery)


def first_look() -> str | None:
    """The file of the look with which the tab opens."""
    gallery, looks = open_looks()
    return serve_file(images.png(gallery.pixels(looks[0])), "style.png") if looks else None


def shelf(picture: PictureInput) -> None:
    """Draw the looks; the one that is tapped becomes the picture."""
    gallery, looks = open_looks()

    def choose(event: gr.SelectData) -> np.ndarray:
        return gallery.pixels(looks[event.index])

    thumbnails = [images.open(gallery.pixels(at), longest=THUMBNAIL).pixels for at in looks]
    paths = [serve_file(images.jpeg(pixels, 80), "look.jpg") for pixels in thumbnails]
    buttons = "".join(
        f'<button type="button" title="{escape(gallery.titles[at])}"><img src="gradio_api/file={path}" alt="" '
        f'width="72" height="72" loading="lazy"><span>{escape(_name(gallery, at))}</span></button>'
        for at, path in zip(looks, paths, strict=True)
    )
    drawn = f'<div role="group" aria-label="Styles" tabindex="0">{buttons}</div>'
    row = gr.HTML(drawn, js_on_load=CHOOSE_EXAMPLE, elem_classes="looks", visible=bool(looks))
    row.keep_in_cache = set(paths)
    row.select(choose, None, picture, **SHORT)


def _name(gallery: Gallery, at: int) -> str:
    """The name of a picture's style, else its title."""
    return words.capitalize(gallery.labels[at] if gallery.labels else gallery.titles[at] or "untitled")
