"""A gallery as a map: each picture in a cell of a grid, similar ones beside each other, and where a query belongs."""

import threading
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image, ImageDraw

from demos.shared import images
from demos.shared.gallery.gallery import Gallery

TILE = 28  # pixels
RATIO = 1.6  # width to height
ACCENT = (224, 123, 0)
_mosaics: WeakKeyDictionary[Gallery, np.ndarray] = WeakKeyDictionary()
_lock = threading.Lock()


def grid(count: int) -> tuple[int, int]:
    """Columns and rows that hold so many pictures."""
    columns = int(np.ceil(np.sqrt(RATIO * count)))
    return columns, int(np.ceil(count / columns))


def cell_centers(count: int) -> np.ndarray:
    """The centers of all cells, float (columns * rows, 2), left to right and top to bottom, in [0, 1]."""
    columns, rows = grid(count)
    x, y = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
    return np.stack([x.ravel(), y.ravel()], axis=1)


def compute_layout(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1, float32 (N, D) -> a place for each, float32 (N, 2) in [0, 1], no two in the same cell.

    By t-SNE (van der Maaten and Hinton, 2008), then each to a cell of the grid, as near as can be. Needs scikit-learn.
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.manifold import TSNE

    flat = TSNE(metric="cosine", init="pca", perplexity=20, random_state=0).fit_transform(vectors.astype(np.float64))
    flat = flat.argsort(0).argsort(0) / (len(flat) - 1)  # as dense everywhere
    cells = cell_centers(len(flat))
    squared_distances = ((flat[:, None] - cells[None]) ** 2).sum(-1)
    return cells[linear_sum_assignment(squared_distances)[1]].astype(np.float32)


def mosaic(gallery: Gallery) -> np.ndarray:
    """All pictures, each at its place: uint8 (H, W, 3). Drawn once for all threads, since it takes a second."""
    with _lock:
        if gallery not in _mosaics:
            _mosaics[gallery] = draw_tiles(gallery)
        return _mosaics[gallery]


def draw_tiles(gallery: Gallery, tile: int = TILE) -> np.ndarray:
    """All pictures, each at its place and of `tile` pixels a side: uint8 (H, W, 3). It takes a second."""
    columns, rows = grid(len(gallery))
    sheet = np.full((rows * tile, columns * tile, 3), 255, np.uint8)
    for position, (x, y) in enumerate(gallery.layout):
        picture = images.open(gallery.pictures[position], longest=2 * tile).pixels
        left, top = int(x * columns) * tile, int(y * rows) * tile
        sheet[top : top + tile, left : left + tile] = np.asarray(
            Image.fromarray(picture).resize((tile, tile), Image.Resampling.BOX)
        )
    return sheet


def mark(sheet: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The map with a ring around a place, float (2,) in [0, 1]."""
    image = Image.fromarray(sheet)
    pen, (x, y) = ImageDraw.Draw(image), place * image.size
    for radius, colour, width in ((25, "white", 9), (24, ACCENT, 5)):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=width)
    return np.asarray(image)


def locate(gallery: Gallery, positions: list[int]) -> np.ndarray:
    """Where a query belongs, float (2,): amid the pictures nearest to it. The median, since one may lie far away."""
    return np.median(gallery.layout[positions], axis=0)


def find_picture(gallery: Gallery, x: float, y: float) -> int:
    """The position of the picture at a place of the map, each coordinate in [0, 1]."""
    distances = (gallery.layout - (x, y)) * grid(len(gallery))
    return int((distances**2).sum(1).argmin())


def find_pixel(gallery: Gallery, x: int, y: int) -> int:
    """The position of the picture at a pixel of the mosaic."""
    columns, rows = grid(len(gallery))
    return find_picture(gallery, x / (columns * TILE), y / (rows * TILE))
