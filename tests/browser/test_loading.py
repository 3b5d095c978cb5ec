"""How the page arrives: nothing moves, and what it needs is asked for at once."""

import re
from functools import partial

import pytest
from playwright.sync_api import expect

from demos import discover
from tests.browser.conftest import PHONE


@pytest.mark.parametrize("wide", (768, 1024, 1280))
def test_nothing_jumps_while_the_page_loads(visit, wide):
    assert_still(visit(size=(wide, 900), is_first=True))


@pytest.mark.parametrize("found", discover(), ids=lambda found: found.name)
def test_a_demo_arrives_still_on_a_phone_and_keeps_the_place_of_a_picture_that_is_late(visit, found):
    visit = partial(visit, f"/?demo={found.name}", size=PHONE, ready=f"#{found.name}-answer .card", is_first=True)
    places = []
    for page in (visit(), visit(held="**/gradio_api/file=**")):
        assert_still(page)
        places.append(page.locator(f"#{found.name}-picture .over").bounding_box())
    assert places[0] == places[1]


@pytest.mark.parametrize("found", discover(), ids=lambda found: found.name)
def test_a_link_opens_its_demo_still_with_what_it_loads_named_and_an_answer_that_is_known(visit, server, found):
    address, shown = f"/?demo={found.name}", f"#{found.name}-answer .card"
    page = visit(address, size=(390, 900), ready=shown, is_first=True)
    assert_still(page)
    expect(page.get_by_role("tab", name=found.demo.title)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".block.page-header")).to_be_visible()
    expect(page.get_by_role("heading", name=found.demo.question)).to_be_visible()

    text = page.request.get(f"{server.url}{address}").text()
    loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    files = {place.rpartition("/assets/")[2] for place in loaded if "/assets/" in place}
    assert len(files) > 20
    assert files == set(re.findall(r'<(?:script type="module" crossorigin src|link rel="modulepreload" href|'
                                   r'link rel="stylesheet" crossorigin href)="\./assets/([^"]+)"', text))  # fmt: skip
    other = visit(address, ready=shown, held="**/gradio_api/queue/**")
    assert other.locator(f"#{found.name}-answer").inner_text() == page.locator(f"#{found.name}-answer").inner_text()
    assert page.locator(".toast-wrap").inner_text() == ""


def assert_still(page) -> None:
    shifts = page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) <= 0.05, shifts


def test_a_page_is_drawn_alike_whether_its_styles_came_with_it_or_later(visit):
    style = """() => [...document.querySelectorAll(".gradio-container *")].map(element => {
        const {display, color, font, padding, margin, border} = getComputedStyle(element);
        return [element.tagName, display, color, font, padding, margin, border].join();
    })"""
    without = "new MutationObserver(() => document.querySelectorAll('link[disabled]').forEach(link => link.remove()))"
    plain = visit(script=f"{without}.observe(document, {{childList: true, subtree: true}});", is_first=True)
    page, sheets = visit(is_first=True), "link[rel=stylesheet]"
    assert plain.locator(sheets).count() > page.locator(f"{sheets}:not([disabled])").count()
    assert page.evaluate(style) == plain.evaluate(style)
