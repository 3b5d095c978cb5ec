"""Long work on a page: the last request is answered, Stop ends it, and nothing that comes late replaces anything."""

import threading

import gradio as gr
import pytest
from playwright.sync_api import expect

from demos.shared.ui import events
from tests import serving
from tests.waiting import wait_for

READY = "#work-answer"


class Work:
    """Steps of a run that go on when the test says so, and what was begun."""

    def __init__(self):
        self.begun, self.steps = [], threading.Semaphore(0)

    def run(self, level):
        self.begun.append(level)
        for step in range(3):
            self.steps.acquire(timeout=120)
            yield step


@pytest.fixture
def work():
    work = Work()

    @events.messages(0)
    def answer(level, runs):
        for step in runs.follow(work.run(level)):
            yield f"level {level}: step {step}"
        yield f"level {level} is done"

    with gr.Blocks() as blocks:
        runs = gr.State(events.Cancellation())
        level = gr.Slider(1, 9, 1, step=1, label="Level")
        output = gr.HTML("nothing yet", elem_id="work-answer")
        begin, stop = gr.Button("Begin"), gr.Button("Stop")
        events.run_on([level.input, begin.click], answer, [level, runs], output, runs)
        stop.click(events.Cancellation.stop, runs, None, **events.INSTANT)
    port = serving.free_port()
    blocks.queue().launch(server_port=port, prevent_thread_lock=True, quiet=True, ssr_mode=False)
    work.url = f"http://127.0.0.1:{port}"
    yield work
    work.steps.release(1000)
    blocks.close()


def begin(page, work, count: int) -> None:
    """Wait until so many runs have begun."""
    wait_for(lambda: page.wait_for_timeout(20) or len(work.begun) >= count, 120)


def test_a_run_is_answered_and_the_last_request_takes_the_place_of_it(visit, work):
    page = visit(url=work.url, ready=READY)
    answer, level = page.locator(READY), page.get_by_label("range slider for Level")
    page.get_by_role("button", name="Begin").click()
    begin(page, work, 1)
    work.steps.release()
    expect(answer).to_contain_text("level 1: step 0")
    for _ in range(4):  # 2, 3, 4, 5: none of them begins while the first is in a step
        level.press("ArrowRight")
    page.wait_for_timeout(500)
    work.steps.release()
    begin(page, work, 2)
    work.steps.release(20)
    expect(answer).to_contain_text("level 5 is done")
    assert len(work.begun) <= 3 and work.begun[0] == 1 and work.begun[-1] == 5
    leave(page)


def test_stop_ends_a_run_and_the_next_one_goes_on(visit, work):
    page = visit(url=work.url, ready=READY)
    answer = page.locator(READY)
    page.get_by_role("button", name="Begin").click()
    begin(page, work, 1)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(500)
    work.steps.release(2)
    expect(answer).to_contain_text("Stopped.")
    work.steps.release(20)
    page.get_by_role("button", name="Begin").click()
    expect(answer).to_contain_text("level 1 is done")
    leave(page)


def leave(page) -> None:
    """Close a page while it is still served: one whose server has gone complains."""
    page.close()
