"""The page's own gr.Blocks on a real server: turns of short answers, and what visitors keep."""

import threading

import gradio as gr
import httpx
import pytest
from starlette.middleware import Middleware

from demos.shared import keep
from demos.shared.ui import blocks, events, kept, lanes
from demos.shared.ui.blocks import Page
from demos.shared.ui.gate import Gate
from demos.shared.ui.visitors import presence
from tests import serving
from tests.security.conftest import Visitor
from tests.waiting import wait_for


def launch(page: Page) -> tuple:
    middleware = {"middleware": [Middleware(Gate)]}
    return page.launch(
        prevent_thread_lock=True, quiet=True, ssr_mode=False, server_port=serving.free_port(), app_kwargs=middleware
    )


@pytest.fixture
def held(monkeypatch):
    """A page with one short answer that waits for `free`; `most` is how many were in work at once."""

    class Held:
        free, lock, now, most = threading.Event(), threading.Lock(), 0, 0

    def answer(name: str) -> tuple[int, str]:
        with Held.lock:
            Held.now += 1
            Held.most = max(Held.most, Held.now)
        Held.free.wait(60)
        with Held.lock:
            Held.now -= 1
        return 1, f"Hello {name}"

    monkeypatch.setattr(blocks, "MAX_SESSIONS", 9)
    with Page() as page:
        name, count, greeting = gr.Textbox(), gr.Number(), gr.HTML()
        name.change(answer, name, [count, greeting], **events.SHORT)
        name.input(answer, name, [count, gr.Number()], **events.SHORT)
    page.short = lanes.ShortLane(at_once=2, max_waiting=3)
    page.queue(api_open=False)
    _, Held.url, _ = launch(page)
    Held.url = Held.url.rstrip("/")
    yield Held
    Held.free.set()
    page.close()


def test_two_short_answers_are_in_work_at_once_and_too_many_get_a_sentence_in_their_place(held):
    early = [Visitor(held.url) for _ in range(5)]
    for visitor in early:
        assert visitor.join(0, ["you"]).is_success
    late, other = Visitor(held.url), Visitor(held.url)
    count, greeting = late.ask(0, ["you"])["output"]["data"]
    assert lanes.BUSY in greeting and count == {"__type__": "update"}
    assert other.ask(1, ["you"])["output"]["error"] == lanes.BUSY  # nowhere to say it but in a message
    held.free.set()
    for visitor in early:
        (last,) = (message for message in visitor.messages() if message["msg"] == "process_completed")
        assert last["output"]["data"] == [1, "Hello you"]
    assert held.most == 2


def test_answer_that_somebody_waits_for_is_not_dropped_for_sessions_that_nobody_reads(held, capfd):
    visitor, heard = Visitor(held.url), []
    visitor.join(0, ["you"])
    with visitor.here():
        listener = threading.Thread(target=lambda: heard.extend(visitor.messages()))
        listener.start()
        for _ in range(20):
            Visitor(held.url).join(0, ["nobody"])
        held.free.set()
        listener.join(30)
    assert heard[-2]["output"]["data"] == [1, "Hello you"]
    answer = httpx.get(f"{held.url}/gradio_api/queue/data?session_hash=dropped")
    assert "session_not_found" in answer.text
    assert "Traceback" not in capfd.readouterr().err


def test_what_a_visitor_keeps_goes_when_their_page_is_closed(monkeypatch):
    monkeypatch.setattr(kept, "store", store := keep.Store(left_seconds=0))
    with Page() as page:
        name, mine = gr.Textbox(), kept.Kept()
        name.change(lambda name: f"all of {name}", name, mine, **events.SHORT)
    page.queue(api_open=False)
    _, url, _ = launch(page)
    visitor = Visitor(url.rstrip("/"))
    with visitor.here():
        (token,) = visitor.ask(0, ["mine"])["output"]["data"]
        store.sweep(presence.is_here)
        assert store.get(token) == "all of mine"
    wait_for(lambda: store.sweep(presence.is_here) or store.get(token) is keep.GONE, 30)
    page.close()
