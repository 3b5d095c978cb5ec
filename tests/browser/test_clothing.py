"""The tab of clothes in a real browser."""

import numpy as np
import pytest
from playwright.sync_api import expect

from demos.clothing.drawn import draw
from demos.shared import images
from tests.browser.conftest import DESK, PHONE, answer, choose, serious_violations, settled


def encode(kind: str, number: int) -> bytes:
    return images.png(draw(kind, number)[0])


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_tab_opens_with_an_answer_and_fits_the_screen(opened, size):
    page = opened(size=size)
    assert "Dress" in answer(page, "clothing").title() and page.locator("#clothing-inputs .spotlight").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not serious_violations(page)


def test_a_picture_that_is_brought_is_answered(opened):
    page = opened()
    fold = page.get_by_role("button", name="Adjust the crop")
    place = fold.bounding_box()
    tall = images.png(np.pad(draw("pants", 100)[0], ((400, 400), (0, 0), (0, 0))))
    choose(page, tall, "picture.png", demo="clothing")
    assert page.locator("#clothing-answer .card").count() == 2
    assert fold.bounding_box() == place  # nothing moves, whatever the picture's proportions


def test_several_pictures_stand_in_a_grid(opened):
    page = opened(size=PHONE)
    page.get_by_role("button", name="Several pictures at once").click()
    files = [
        {"name": f"{kind}.png", "mimeType": "image/png", "buffer": encode(kind, 100)} for kind in ("hat", "shorts")
    ]
    page.locator("#clothing-files input[type=file]").set_input_files(files)
    expect(page.locator("#clothing-grid .garments > li")).to_have_count(2)
    settled(page)
    assert not serious_violations(page)
    left, right = (cell.bounding_box() for cell in page.locator("#clothing-grid .garments > li").all())
    assert left["y"] == right["y"] and left["x"] + left["width"] < right["x"]


def test_the_map_shows_the_ring_and_a_garment_that_is_tapped(opened):
    page = opened()
    page.get_by_role("button", name="A map of garments").click()
    sheet = page.locator("#clothing-map img")
    expect(sheet).to_be_visible()
    settled(page)
    sheet.click()
    expect(page.locator("#clothing-chosen [data-position]")).to_have_count(1)


def test_the_confusion_matrix_names_its_cells_and_fits_a_phone(opened):
    page = opened(size=PHONE)
    page.get_by_role("button", name="What is taken for what").click()
    expect(page.locator(".confusion tbody tr")).to_have_count(10)
    assert page.locator(".wide:has(.confusion)").evaluate("area => area.scrollWidth <= area.clientWidth")
    assert not serious_violations(page)
