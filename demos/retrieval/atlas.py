"""A database as a map: each picture in a cell, like beside like, and where a query belongs."""

from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image, ImageDraw

from demos import images
from demos.retrieval.gallery import Gallery

TILE = 28  # pixels
RATIO = 1.6  # width to height
ACCENT = (224, 123, 0)
_drawn: WeakKeyDictionary[Gallery, np.ndarray] = WeakKeyDictionary()


def grid(count: int) -> tuple[int, int]:
    """Columns and rows that hold so many pictures."""
    columns = int(np.ceil(np.sqrt(RATIO * count)))
    return columns, int(np.ceil(count / columns))


def cells(count: int) -> np.ndarray:
    """The middles of all cells, float (columns * rows, 2), left to right and top to bottom, in [0, 1]."""
    columns, rows = grid(count)
    across, down = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
    return np.stack([across.ravel(), down.ravel()], axis=1)


def mosaic(gallery: Gallery) -> np.ndarray:
    """All pictures, each at its place: uint8 (H, W, 3). Drawn once, since it takes a second, and kept as they are."""
    if gallery not in _drawn:
        _drawn[gallery] = _draw(gallery)
    return _drawn[gallery]


def _draw(gallery: Gallery) -> np.ndarray:
    columns, rows = grid(len(gallery))
    sheet = np.full((rows * TILE, columns * TILE, 3), 255, np.uint8)
    for position, (across, down) in enumerate(gallery.places):
        tile = images.open(gallery.pictures[position], longest=2 * TILE).pixels
        left, top = int(across * columns) * TILE, int(down * rows) * TILE
        sheet[top : top + TILE, left : left + TILE] = np.asarray(
            Image.fromarray(tile).resize((TILE, TILE), Image.Resampling.BOX)
        )
    return sheet


def marked(sheet: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The map with a ring around a place, float (2,) in [0, 1]."""
    image = Image.fromarray(sheet)
    pen, (x, y) = ImageDraw.Draw(image), place * image.size
    for radius, colour, width in ((25, "white", 9), (24, ACCENT, 5)):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=width)
    return np.asarray(image)


def placed(gallery: Gallery, positions: list[int]) -> np.ndarray:
    """Where a query belongs, float (2,): amid the pictures nearest to it. The median, since one may lie far away."""
    return np.median(gallery.places[positions], axis=0)


def at(gallery: Gallery, x: float, y: float) -> int:
    """The position of the picture at a place, each coordinate in [0, 1]."""
    columns, rows = grid(len(gallery))
    apart = (gallery.places - (x, y)) * (columns, rows)
    return int((apart**2).sum(1).argmin())
