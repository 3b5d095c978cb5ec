"""Several pictures at once: each with its probabilities, as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from demos.clothing.predict import Answer, predict
from demos.shared import images, work
from demos.shared.text import clean
from demos.shared.ui import html

MOST = 48  # pictures at once
SIDE = 240  # pixels of the longer side of a picture as it is shown
TOO_MANY = "These are {:,} pictures: bring at most {} at once."


def classify(paths: Sequence[str]) -> Iterator[str]:
    """The grid after each picture. Raises images.PictureError for too many, and weights.Unavailable."""
    if len(paths) > MOST:
        raise images.PictureError(TOO_MANY.format(len(paths), MOST))
    cells = []
    for number, path in enumerate(paths):
        work.check(number / len(paths))
        cells.append(_cell(path))
        yield draw(cells)


def draw(cells: Sequence[str]) -> str:
    """Cells side by side. A browser closes the list: left open, only what is appended to it has to be sent."""
    return f'<ul class="garments">{"".join(cells)}'


def _cell(path: str) -> str:
    name = escape(clean(Path(path).name, 60))
    try:
        picture = images.open_quick(path)
        return describe(picture, predict(picture), name)
    except images.PictureError as error:
        return f"<li>{html.message(str(error), 'error')}<small>{name}</small></li>"


def describe(picture: images.Picture, answer: Answer, name: str) -> str:
    """One picture, what it shows, and the likeliest classes. name: of the file, as HTML."""
    line = escape(answer.label if answer.is_sure else "not sure")
    kind = "" if answer.is_sure else ' class="unsure"'
    return (
        f'<li><img src="{thumbnail(picture)}" alt="{name}"><strong{kind}>{line}</strong>'
        f'<ul class="bars" aria-label="Probabilities">{html.bars(answer.confidences, 3)}</ul></li>'
    )


def thumbnail(picture: images.Picture, side: int = SIDE) -> str:
    """A small picture of the same proportions, a JPEG as a data URI."""
    return html.data_uri_jpeg(images.open(picture.pixels, longest=side).pixels)
