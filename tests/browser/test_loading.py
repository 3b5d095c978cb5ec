"""How the page arrives: nothing moves, and what it needs is asked for at once."""

import re

import pytest

from demos import discover


@pytest.mark.parametrize(
    "name, wide",
    [("cifar10", wide) for wide in (768, 1024, 1280)] + [(one.name, 390) for one in discover()],
)
def test_nothing_jumps_while_the_page_loads(visit, name, wide):
    page = visit(f"/?demo={name}", size=(wide, 900), ready=f"#{name}-answer .card", is_first=True)
    shifts = page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) <= 0.05, shifts


@pytest.mark.parametrize("name", [one.name for one in discover()])
def test_page_names_what_it_loads_and_comes_with_an_answer_that_is_known(visit, server, name):
    shown = f"#{name}-answer .card"
    page = visit(f"/?demo={name}", ready=shown)
    text = page.request.get(f"{server.url}/?demo={name}").text()
    loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    files = {place.rpartition("/assets/")[2] for place in loaded if "/assets/" in place}
    assert len(files) > 20
    assert files == set(re.findall(r'<(?:script type="module" crossorigin src|link rel="modulepreload" href|'
                                   r'link rel="stylesheet" crossorigin href)="\./assets/([^"]+)"', text))  # fmt: skip
    other = visit(f"/?demo={name}", ready=shown, held="**/gradio_api/queue/**")
    assert other.locator(f"#{name}-answer").inner_text() == page.locator(f"#{name}-answer").inner_text()
    assert page.locator(".toast-wrap").inner_text() == ""


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
