"""Links to one demo, and the page inside somebody else's."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from demos import discover
from demos.cifar10 import demo
from tests.browser.conftest import changing
from tests.house import DEMOS

# Whether the header was ever drawn.
WATCH = """
(function watch() {
    window.flashed ||= document.querySelector(".page-header")?.offsetHeight > 0;
    requestAnimationFrame(watch);
})();
"""


LINKS = [("/", 0), ("/?demo=nonsense", 0), ("/?demo=<script>&__theme=light", 0)]
LINKS += [(f"/?demo={name}", place) for place, name in enumerate(DEMOS)]


@pytest.mark.parametrize("path, place", LINKS)
def test_a_link_opens_its_demo_and_any_other_the_first(visit, path, place):
    found = discover()[place]
    page = visit(path, ready=f"#{found.name}-answer")
    expect(page.get_by_role("tab", name=found.demo.title)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".block.page-header")).to_be_visible()
    expect(page.get_by_role("heading", name=found.demo.question)).to_be_visible()


def test_a_tab_that_is_opened_stands_in_the_address(visit):
    page = visit()
    last = discover()[-1]
    page.get_by_role("tab", name=last.demo.title).click()
    page.wait_for_url(f"**/?demo={last.name}")


def test_an_embedded_demo_stands_alone_from_the_first_moment_on(visit):
    page = visit("/?demo=cifar10&embed", script=WATCH)
    expect(page.get_by_role("heading", name=demo.question)).to_be_visible()
    for part in (".page-header", ".page-footer", "footer", "[role=tab]"):
        assert not any(element.is_visible() for element in page.locator(part).all()), part
    assert page.evaluate("window.flashed") is False
    assert visit("/", script=WATCH).evaluate("window.flashed") is True  # the watch does see it


@pytest.fixture
def elsewhere():
    """Serves `elsewhere.html` as the page of another host; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            content = server.html.encode() if self.path == "/" else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://localhost:{server.server_address[1]}"  # by this name it is another site than 127.0.0.1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_snippets_name_this_page_and_the_frame_answers_in_another_one(visit, server, elsewhere):
    page = visit()
    page.get_by_role("button", name="Use it elsewhere").click()
    expect(page.locator("#cifar10-snippets code")).to_have_count(4)
    link, frame, python, http = (code.inner_text() for code in page.locator("#cifar10-snippets code").all())
    assert link == f"{server.url}/?demo=cifar10"
    assert server.url in python and server.url in http and "{url}" not in python + http
    assert 'allow="camera; clipboard-write"' in frame

    elsewhere.html = f"<!doctype html><title>An article</title><p>Try it:</p>{frame}"
    article = visit(url=elsewhere.url, ready="iframe")
    inside = next(frame for frame in article.frames if frame.url.startswith(server.url))
    inside.locator(".card").first.wait_for()
    expect(inside.locator(".block.page-header")).to_be_hidden()
    with changing(article, inside):
        inside.locator(".examples button").nth(1).click()
    expect(inside.locator(".card")).to_have_count(2)
