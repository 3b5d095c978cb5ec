"""Answers and databases as HTML: rows of pictures that can be clicked."""

import base64
import html

import numpy as np

import weights
from demos import parts
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import Gallery
from demos.retrieval.predict import Answer, Match

# A click on a picture says its position. What is shown changes, so the listener is the element's.
CHOOSE = """element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-position]");
  if (button) trigger("select", { index: Number(button.dataset.position), value: null });
});"""
WEAK = {
    "autoencoder": "It keeps colours and their places at 32 pixels, not what a thing is.",
    "vae": "It keeps rough forms and colours, since it was only ever asked to draw the picture again.",
}
ORIGINAL = "The original InceptionV3"


def answer(found: Answer, database: Gallery) -> str:
    """One encoder's row: its name, whether anything is like the query, and the pictures it found."""
    small = f"{found.milliseconds:.1f} ms"
    if found.encoder in ENCODERS:
        title = ENCODERS[found.encoder].title
        figures = weights.load(f"retrieval/{found.encoder}").entry.get("metrics", {})
        if "precision_at_4" in figures:
            small += f"; of its first four, {100 * figures['precision_at_4']:.0f} % are of one kind with the picture"
    else:
        title = ORIGINAL
    doubt = (
        "" if found.like else '<p class="doubt">Nothing in the database is like your picture; these are nearest.</p>'
    )
    weak = f'<p class="small">{WEAK[found.encoder]}</p>' if found.encoder in WEAK else ""
    row = "".join(_match(match, database) for match in found.matches)
    return (
        f'<article class="card found"><h3>{html.escape(title)} <small>{html.escape(small)}</small></h3>{doubt}'
        f'<div class="matches">{row}</div>{weak}</article>'
    )


def _match(match: Match, database: Gallery) -> str:
    title = match.title or "untitled"
    said = f"{title}, distance {match.distance:.2f}, nearer than {match.percentile:.1f} % of the database"
    return (
        f"{_button(database, match.id, said)}<span>{html.escape(title)}</span>"
        f'<i style="--share:{scale(match.percentile):.3f}"></i><small>{match.distance:.2f}</small></button>'
    )


def scale(percentile: float) -> float:
    """How full a bar is, in [0, 1]: a third where 90 % of the database are further away, two thirds at 99 %, and full
    at 99.9 %."""
    return float(np.clip(-np.log10(max(1 - percentile / 100, 1e-3)) / 3, 0, 1))


def _button(database: Gallery, position: int, said: str) -> str:
    """A picture to click on, still open: whoever calls ends the button."""
    picture = f'<img src="{data_uri(database.pictures[position])}" alt="{html.escape(said)}">'
    return f'<button type="button" data-position="{position}" title="Look for pictures like this one">{picture}'


def page(database: Gallery, start: int, count: int) -> str:
    """Pictures of a database in their order, from `start` on."""
    positions = range(start, min(start + count, len(database)))
    tiles = "".join(f"{_button(database, at, database.titles[at] or 'untitled')}</button>" for at in positions)
    where = f"{positions.start + 1} to {positions.stop} of {len(database):,}"
    return f'<div class="shelf">{tiles}</div><p class="small">{where}</p>'


def chosen(database: Gallery, position: int) -> str:
    """One picture and what is known of it."""
    title, credit = database.titles[position] or "untitled", database.credits[position]
    said = html.escape(title) + (f". {html.escape(credit)}." if credit else "")
    button = f"{_button(database, position, title)}</button>"
    return f'<figure class="one">{button}<figcaption>{said}</figcaption></figure>'


def data_uri(picture: bytes) -> str:
    """An encoded picture as a data URI."""
    kind = "webp" if picture[8:12] == b"WEBP" else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def walk(steps: np.ndarray, title: str) -> str:
    """uint8 (N, 64, 64, 3), from the query to a picture of this title."""
    captions = ["Your picture", *[""] * (len(steps) - 2), title]
    figures = [parts.figure(pixels, caption) for pixels, caption in zip(steps, captions, strict=True)]
    return f'<div class="walk">{parts.row(figures, small=True)}</div>'
