"""The map: each picture in a cell of its own, the ring of a query, and rows of matches."""

import threading

import numpy as np
import pytest

from demos.retrieval.gallery import COLLECTION
from demos.shared.gallery import files, html, map
from demos.shared.gallery.gallery import Gallery


def test_the_map_has_each_picture_in_a_cell_of_its_own():
    bundled = files.open_gallery(COLLECTION)
    for position in (0, 77, 1000):
        assert map.find_picture(bundled, *bundled.layout[position]) == position
    columns, rows = map.grid(len(bundled))
    sheet = map.mosaic(bundled)
    x, y = (np.array(bundled.layout[77]) * (columns * map.TILE, rows * map.TILE)).astype(int)
    assert map.find_pixel(bundled, x, y) == 77
    assert sheet.shape == (rows * map.TILE, columns * map.TILE, 3)
    place = map.locate(bundled, [3, 3, 5])
    assert np.array_equal(place, bundled.layout[3]) and (map.mark(sheet, place) != sheet).any()


def test_cells_fill_the_map_row_by_row():
    columns, rows = map.grid(1000)
    assert (columns - 1) * rows < 1000 <= columns * rows and columns / rows == pytest.approx(map.RATIO, rel=0.1)
    across, down = (map.cell_centers(1000) * (columns, rows) - 0.5).T
    assert np.allclose(across + columns * down, np.arange(columns * rows))


def test_bar_is_full_where_all_else_is_further_away():
    assert np.allclose([html.scale(value) for value in (0, 90, 99, 99.9, 100)], [0, 1 / 3, 2 / 3, 1, 1])


def test_mosaic_is_drawn_once_for_all_threads(monkeypatch):
    bundled = files.open_gallery(COLLECTION)
    some = Gallery({}, bundled.pictures[:3], list("abc"), [""] * 3, layout=bundled.layout[:3])
    drawn, known, barrier = [], map.draw_tiles, threading.Barrier(4)
    monkeypatch.setattr(map, "draw_tiles", lambda gallery: drawn.append(1) or known(gallery))

    def draw():
        barrier.wait()
        map.mosaic(some)

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 1
