"""Two quick choices: the later one is answered, however late the server hears of the first; so is a removal."""

import re

import pytest
from playwright.sync_api import expect

from demos import discover
from demos.shared import images
from tests.browser.conftest import choose_example, late, settled


def answered(page, name: str) -> str:
    """The answer, without how long it took."""
    return re.sub(r"[\d.]+\s(ms|s)\b", "", page.locator(f"#{name}-answer").inner_text())


@pytest.mark.parametrize("name", [found.name for found in discover()])
def test_of_two_quick_clicks_the_later_example_is_answered_and_one_that_is_removed_at_once_stays_away(visit, name):
    page = visit(f"/?demo={name}", ready=f"#{name}-answer .card")
    choose_example(page, 0)
    settled(page)
    wanted = answered(page, name)
    with late(page, lambda: choose_example(page, 1)):
        choose_example(page, 0)
        page.wait_for_timeout(300)
    assert answered(page, name) == wanted
    for number in (1, 0):
        choose_example(page, number)
    settled(page)
    assert answered(page, name) == wanted
    assert page.locator("[data-stale]").count() == 0
    choose_example(page, 1)
    page.locator(f"#{name}-picture").get_by_label("Remove").click()
    settled(page)
    assert page.locator(f"#{name}-picture img[src]").count() == 0
    expect(page.locator(f"#{name}-answer [role=status]")).to_have_text(images.NOTHING)
