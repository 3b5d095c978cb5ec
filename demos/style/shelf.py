"""The looks that a visitor can paint in: pictures of the gallery beside each other, to be tapped."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape

import gradio as gr
from PIL import Image

import weights
from demos.shared import images
from demos.shared.gallery import files
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui import words
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


def open_looks() -> tuple[Gallery, list[int]]:
    """The demo's gallery, or the bundled one while that cannot be opened, and the positions of its looks."""
    try:
        gallery = files.open_gallery(COLLECTION)
    except weights.Unavailable:
        gallery = files.read(COLLECTION.bundled, COLLECTION.encoders)
    return gallery, find_looks(gallery)


@dataclass(frozen=True)
class Look:
    """One of the shelf, with the files of its picture and of its thumbnail."""

    name: str
    title: str
    picture: str
    thumbnail: str


def serve_looks() -> list[Look]:
    """The looks of every shelf, whose files are written once."""
    gallery, looks = open_looks()
    return [_serve(gallery, at) for at in looks]


def _serve(gallery: Gallery, at: int) -> Look:
    picture = gallery.pictures[at]
    thumbnail = images.jpeg(images.open(picture, longest=THUMBNAIL).pixels, 80)
    kind = Image.open(io.BytesIO(picture)).format.lower()
    served = serve_file(picture, f"style.{kind}"), serve_file(thumbnail, "look.jpg")
    return Look(_name(gallery, at), gallery.titles[at], *served)


def shelf(looks: list[Look], picture: PictureInput) -> None:
    """Draw the looks; the one that is tapped becomes the picture."""
    buttons = "".join(
        f'<button type="button" data-path="{escape(look.picture)}" title="{escape(look.title)}">'
        f'<img src="gradio_api/file={look.thumbnail}" alt="" width="72" height="72" loading="lazy">'
        f"<span>{escape(look.name)}</span></button>"
        for look in looks
    )
    group = f'role="group" aria-label="Styles" tabindex="0" data-picture="{picture.props["name"]}"'
    row = gr.HTML(f"<div {group}>{buttons}</div>", js_on_load=CHOOSE_EXAMPLE, elem_classes="looks", visible=bool(looks))
    row.keep_in_cache = {file for look in looks for file in (look.picture, look.thumbnail)}


def _name(gallery: Gallery, at: int) -> str:
    """The name of a picture's style, else its title."""
    return words.capitalize(gallery.labels[at] if gallery.labels else gallery.titles[at] or "untitled")
