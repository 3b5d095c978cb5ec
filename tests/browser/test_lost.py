"""A connection that is lost while an answer is awaited: the page says so, dims nothing, and answers the next try."""

import signal

import pytest
from playwright.sync_api import expect

from demos import discover
from demos.shared.ui import picture
from tests.browser.conftest import QUESTIONS, SHIFTS, WAIT, choose_example, settled
from tests.house import ROOT
from tests.serving import App, answers, serve
from tests.waiting import wait_for

STALE = "[data-stale]"
DEMOS = [found.name for found in discover()]


@pytest.fixture
def visit_alone(browser):
    """Open a demo in a browser of its own, which may complain in its console."""
    contexts = []

    def visit(url: str, name: str):
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.set_default_timeout(WAIT)
        page.add_init_script(SHIFTS + QUESTIONS)
        page.pending = set()
        page.goto(f"{url}/?demo={name}")
        page.locator(f"#{name}-answer .card").first.wait_for()
        settled(page)
        return page

    yield visit
    for context in contexts:
        context.close()


def say(page) -> None:
    """The page says that the connection was lost, and nothing is dimmed."""
    expect(page.locator(".said:visible").get_by_text(picture.TEXTS["lost"])).to_be_visible()
    expect(page.locator(STALE)).to_have_count(0)


@pytest.mark.parametrize("name", DEMOS)
def test_who_is_offline_while_an_answer_is_awaited_reads_what_to_do_and_is_answered_later(visit_alone, server, name):
    page, held = visit_alone(server.url, name), []
    page.route("**/gradio_api/queue/join**", lambda route: held.append(route))
    choose_example(page, 1)
    expect(page.locator(STALE)).to_have_count(1)
    wait_for(lambda: page.wait_for_timeout(50) or held)
    page.context.set_offline(True)
    for route in held:
        route.abort("internetdisconnected")
    say(page)
    page.unroute("**/gradio_api/queue/join**")
    page.context.set_offline(False)
    page.goto(f"{server.url}/?demo={name}")  # which Gradio does itself, but at a moment of its own
    page.locator(f"#{name}-answer .card").first.wait_for()
    settled(page)
    before = page.locator(f"#{name}-answer").inner_text()
    choose_example(page, 1)
    expect(page.locator(f"#{name}-answer")).not_to_have_text(before, use_inner_text=True)
    expect(page.locator(STALE)).to_have_count(0)
    expect(page.locator(".said:visible")).to_have_count(0)


def test_a_page_whose_server_ends_and_comes_back_says_so_each_time_and_answers_again(visit_alone):
    with serve(LOUPE_WEIGHTS_REPO="") as app:
        page = visit_alone(app.url, "style")
        app.process.send_signal(signal.SIGSTOP)  # so that no answer comes before it ends
        choose_example(page, 1)
        expect(page.locator(STALE)).to_have_count(1)
    say(page)
    choose_example(page, 2)
    say(page)
    again = App(["app.py", "--port", app.url.rpartition(":")[2]], ROOT, {"LOUPE_WEIGHTS_REPO": ""})
    try:
        with page.expect_navigation():  # Gradio loads the page again
            wait_for(lambda: answers(app.url))
        page.locator("#style-answer .card").first.wait_for()
        choose_example(page, 1)
        expect(page.locator("#style-answer")).to_contain_text("Woodcut")
        expect(page.locator(STALE)).to_have_count(0)
    finally:
        again.process.kill()
        again.process.wait()
