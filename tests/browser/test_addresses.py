"""Links to one demo, and the page inside somebody else's."""

import pytest
from playwright.sync_api import expect

from demos import discover
from demos.cifar10 import demo
from tests.browser.conftest import DESK, PHONE, changing, serious_violations
from tests.house import DEMOS

# Whether the header was ever drawn.
WATCH = """
(function watch() {
    window.flashed ||= document.querySelector(".page-header")?.offsetHeight > 0;
    requestAnimationFrame(watch);
})();
"""


@pytest.mark.parametrize("path, size", [("/", DESK), ("/?demo=%22%5D<script>&__theme=light", PHONE)])
def test_any_other_link_opens_the_start(visit, path, size):
    page = visit(path, size=size, ready=".tile q:not(:empty)")
    expect(page.get_by_role("tab", name="Start")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".block.tile")).to_have_count(len(DEMOS))
    for width in (size[0], 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not serious_violations(page)


def test_a_tile_and_a_tab_open_a_demo_and_back_goes_to_the_one_before(visit):
    page, (first, *_, last) = visit("/", size=PHONE, ready=".tile q:not(:empty)"), discover()
    for label in page.get_by_role("tab").all():
        box = label.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0] and min(box["width"], box["height"]) >= 44
    for found in discover():
        tile = page.locator(f".tile a[data-demo={found.name}]")
        expect(tile).to_contain_text(found.demo.question)
        tile.scroll_into_view_if_needed()
        expect(tile.locator("q")).not_to_be_empty()
    shifts = page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) <= 0.05, shifts
    page.locator(f".tile a[data-demo={last.name}]").click()
    page.wait_for_url(f"**/?demo={last.name}")
    expect(page).to_have_title(f"{last.demo.title}, Loupe")
    page.get_by_role("tab", name=first.demo.title).click()
    page.wait_for_url(f"**/?demo={first.name}")
    page.go_back()
    expect(page.get_by_role("heading", name=last.demo.question)).to_be_visible()
    page.go_back()
    expect(page.locator(".tile").first).to_be_visible()
    expect(page).to_have_title("Loupe")
    page.go_forward()
    expect(page.get_by_role("heading", name=last.demo.question)).to_be_visible()


def test_an_embedded_demo_stands_alone_from_the_first_moment_on(visit):
    page = visit("/?demo=cifar10&embed", script=WATCH, is_first=True)
    expect(page.get_by_role("heading", name=demo.question)).to_be_visible()
    for part in (".page-header", ".page-footer", "footer", "[role=tab]"):
        assert not any(element.is_visible() for element in page.locator(part).all()), part
    assert page.evaluate("window.flashed") is False
    page = visit("/", script=WATCH, ready=".tile", is_first=True)
    assert page.evaluate("window.flashed") is True  # the watch does see it


def test_the_snippets_name_this_page_and_the_frame_answers_in_another_one(visit, server, elsewhere):
    page = visit()
    page.get_by_role("button", name="Use it elsewhere").click()
    expect(page.locator("#cifar10-snippets code")).to_have_count(4)
    link, frame, python, http = (code.inner_text() for code in page.locator("#cifar10-snippets code").all())
    assert link == f"{server.url}/?demo=cifar10"
    assert server.url in python and server.url in http and "{url}" not in python + http
    assert 'allow="camera; clipboard-write; web-share"' in frame

    elsewhere.html = f"<!doctype html><title>An article</title><p>Try it:</p>{frame}"
    article = visit("/", url=elsewhere.url, ready="iframe")
    inside = article.locator("iframe").element_handle().content_frame()
    inside.locator(".card").first.wait_for()
    expect(inside.locator(".block.page-header")).to_be_hidden()
    with changing(article, inside):
        inside.locator(".examples button").nth(1).click()
    expect(inside.locator(".card")).to_have_count(2)
