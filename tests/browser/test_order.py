"""Two quick choices: the later one is answered, however late the server hears of the first."""

import re

import pytest

from demos import discover
from tests.browser.conftest import choose_example, settled
from tests.waiting import wait_for


def answered(page, name: str) -> str:
    """The answer, without how long it took."""
    return re.sub(r"[\d.]+\s(ms|s)\b", "", page.locator(f"#{name}-answer").inner_text())


@pytest.mark.parametrize("name", [found.name for found in discover()])
def test_of_two_quick_clicks_the_later_example_is_answered(visit, name):
    page, held = visit(f"/?demo={name}", ready=f"#{name}-answer .card"), []
    choose_example(page, 0)
    settled(page)
    wanted = answered(page, name)
    page.route("**/gradio_api/queue/join**", lambda route: held.append(route), times=1)
    choose_example(page, 1)
    wait_for(lambda: page.wait_for_timeout(20) or held)
    choose_example(page, 0)
    page.wait_for_timeout(300)
    held.pop().continue_()
    settled(page)
    assert answered(page, name) == wanted
    for number in (1, 0):
        choose_example(page, number)
    settled(page)
    assert answered(page, name) == wanted
    assert page.locator("[data-stale]").count() == 0
