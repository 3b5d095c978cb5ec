"""When a tab answers."""

import gradio as gr
import numpy as np
import pytest
from gradio.state_holder import SessionState

import weights
from demos.shared import images
from demos.shared.ui import events, html
from demos.shared.ui.blocks import Page
from demos.shared.ui.kept import Kept
from tests import house

SKIP = gr.skip()


def test_who_waits_is_told_what_for():
    assert events.waiting([]) == ""
    assert "no/such" in events.waiting(["no/such"])


def test_a_picture_that_the_page_opens_with_is_sent_as_its_component_sends_it():
    with gr.Blocks():
        inputs, outputs = [gr.Number(2)], [gr.HTML(), gr.ImageSlider()]
        pixels = np.zeros((2, 2, 3), np.uint8)
        events.answer_first([], lambda number: (f"{number}", (pixels, pixels)), inputs, outputs)
    assert outputs[0].value == "2" and all(part["path"] for part in outputs[1].value)


def test_the_first_answer_is_the_last_step_of_a_generator_and_may_hold_updates():
    def answer(number):
        yield "step", gr.skip()
        yield f"{number}", gr.update(interactive=False)

    with gr.Blocks():
        outputs = [gr.HTML(), gr.Button("Stop")]
        events.answer_first([], answer, [gr.Number(2)], outputs)
    assert outputs[0].value == "2" and outputs[1].value == "Stop" and outputs[1].interactive is False


def test_the_first_answer_waits_for_weights_by_a_sentence():
    with gr.Blocks() as blocks:
        output = gr.HTML()
        events.answer_first(["no/such"], lambda: "answer", [], [output])
    assert "There are no weights called no/such" in output.value
    (clock,) = (block for block in blocks.blocks.values() if isinstance(block, gr.Timer))
    assert not clock.active  # nothing is awaited from a Hub


def test_who_opens_a_tab_that_was_opened_before_gets_its_answer_with_the_page():
    asked = []

    def answer(number, mine):
        asked.append(number)
        return f"the answer to {number}", {"matches": number}, gr.update(interactive=True)

    with Page(analytics_enabled=False) as page:
        with gr.Tabs():
            with gr.Tab("First"):
                gr.HTML()
            with gr.Tab("Second"):
                number, mine, text, answers, stop = gr.Number(2), Kept(), gr.HTML(), Kept(), gr.Button("Stop")
                events.answer_first([], answer, [number, mine], [text, answers, stop])
    (look,) = page.fns.values()
    assert text.value is None and not asked

    assert look.fn(3, None)[1] == "the answer to 3" and text.value is None
    for _ in range(2):
        state = SessionState(page)
        asking = page.process_api(look, [2, None], state=state, in_event_listener=True)
        clock, said, *_ = house.run(asking)["data"]
        assert said == "the answer to 2" and not clock["active"]
    assert asked == [3, 2]
    sent = {one["id"]: one["props"] for one in page.config["components"]}
    assert sent[text._id]["value"] == "the answer to 2" and sent[stop._id]["interactive"]
    assert answers.preprocess(sent[answers._id]["value"]) == {"matches": 2}
    assert mine.preprocess(sent[answers._id]["value"]) is None


def test_first_answer_is_given_anew_when_other_weights_have_come(monkeypatch):
    origin, asked = ["bundled"], []

    def answer():
        asked.append(origin[0])
        return f"the answer of {origin[0]}"

    monkeypatch.setattr(weights, "status", lambda name: weights.Status(True, "", origin[0]))
    with Page(analytics_enabled=False) as page:
        text = gr.HTML()
        events.answer_first(["x/y"], answer, [], [text])
    for origin[0] in ("bundled", "owner/name@1234567", "owner/name@1234567"):
        page.freshen()
        sent = {one["id"]: one["props"] for one in page.config["components"]}
        assert sent[text._id]["value"] == f"the answer of {origin[0]}"
    assert asked == ["bundled", "owner/name@1234567"]


def test_a_sentence_in_place_of_the_first_answer_goes_once_there_is_one():
    known = []

    def answer():
        return known[0] if known else html.message("The pictures are being indexed: come back in a while.")

    with Page(analytics_enabled=False) as page:
        with gr.Tabs():
            with gr.Tab("First"):
                first = gr.HTML()
                events.answer_first([], answer, [], [first])
            with gr.Tab("Second"):
                second = gr.HTML()
                events.answer_first([], answer, [], [second])
    (look,) = page.fns.values()
    page.freshen()
    assert "indexed" in first.value and "indexed" in look.fn()[1] and second.value is None
    known.append("the answer")
    page.freshen()
    assert look.fn()[1] == "the answer"
    sent = {one["id"]: one["props"]["value"] for one in page.config["components"] if one["type"] == "html"}
    assert sent[first._id] == sent[second._id] == "the answer"


def test_an_answer_that_nobody_waited_for_is_not_what_a_tab_opens_with():
    with Page(analytics_enabled=False) as page:
        with gr.Tabs():
            with gr.Tab("First"):
                gr.HTML()
            with gr.Tab("Second"):
                text = gr.HTML()
                events.answer_first([], lambda: gr.skip(), [], [text])
    (look,) = page.fns.values()
    assert look.fn()[1] == gr.skip() and text.value is None


def test_lanes_are_apart_private_and_quiet():
    assert len({lane["concurrency_id"] for lane in (events.SHORT, events.SLOW, events.LONG)}) == 3
    # Two and one at a time, in turns that `lanes` gives: see test_lanes.py and test_blocks.py.
    assert not any(lane["concurrency_limit"] for lane in (events.SHORT, events.SLOW, events.LONG))
    for lane in (events.INSTANT, events.SHORT, events.SLOW, events.LONG):
        assert lane["api_visibility"] == "private" and lane["show_progress"] == "hidden"
    assert events.INSTANT["queue"] is False


@events.messages(1, "rest")
def handler(error):
    """Answer, or raise."""
    if error:
        raise error
    return "answer", "more", "other"


@pytest.mark.parametrize(
    "error, kind",
    [
        (images.PictureError("This picture is damaged."), "alert"),
        (images.PictureError(images.NOTHING), "status"),
        (weights.Unavailable("Not yet."), "status"),
    ],
)
def test_what_a_handler_raises_is_a_message_and_blanks(error, kind):
    message, blank, rest = handler(error)
    assert str(error) in message and f'role="{kind}"' in message and blank is None and rest == "rest"


def test_a_handler_that_raises_nothing_answers_as_it_does():
    assert handler(None) == ("answer", "more", "other") and handler.__doc__ == "Answer, or raise."


def test_a_fault_in_a_handler_is_no_message():
    with pytest.raises(ZeroDivisionError):
        handler(ZeroDivisionError())


def test_a_handler_of_one_output_gives_the_message_alone():
    @events.messages(0)
    def lone():
        raise weights.Unavailable("Not yet.")

    assert "Not yet." in lone()


@events.messages(1, "idle", stopped="It was stopped.")
def run(steps, runs):
    """Say each step, then the answer."""
    for step in runs.follow(steps):
        yield f"step {step}", gr.skip(), "busy"
    yield "answer", "pixels", "idle"


def test_a_run_goes_through_its_steps_to_the_answer():
    runs = events.Cancellation()
    assert [first for first, *_ in run(range(2), runs)] == ["step 0", "step 1", "answer"]


def test_a_run_that_is_stopped_says_so_and_leaves_the_rest():
    runs = events.Cancellation()
    running = run(range(9), runs)
    next(running)
    runs.stop()
    message, kept, button = next(running)
    assert "It was stopped." in message and kept == SKIP and button == "idle"
    assert next(running, None) is None
    assert [first for first, *_ in run(range(1), runs)] == ["step 0", "answer"]  # the next one is not stopped


def test_a_late_run_changes_nothing_and_ends_with_a_word():
    runs = events.Cancellation()
    late, wanted = run(range(9), runs), run(range(1), runs)
    next(late)
    assert next(wanted)[0] == "step 0"
    assert next(late) == (SKIP, SKIP, SKIP) and next(late, None) is None
    assert next(wanted)[0] == "answer"


def test_a_run_that_is_superseded_in_its_last_step_gives_no_answer():
    runs = events.Cancellation()

    def last():
        yield 0
        runs.begin()

    late = run(last(), runs)
    next(late)
    assert next(late) == (SKIP, SKIP, SKIP)


def test_a_run_that_was_stopped_and_superseded_says_nothing():
    runs = events.Cancellation()
    late = run(range(9), runs)
    next(late)
    runs.stop()
    runs.begin()
    assert next(late) == (SKIP, SKIP, SKIP)


def test_steps_are_closed_when_their_run_ends_early():
    runs, closed = events.Cancellation(), []

    def work():
        try:
            yield from range(9)
        finally:
            closed.append(True)

    late = run(work(), runs)
    next(late)
    runs.begin()
    next(late)
    assert closed == [True]


def test_a_last_result_belongs_to_its_inputs_alone():
    result = events.LastResult(("a.png", 25), "answer")
    assert result.belongs_to("a.png", 25) and not result.belongs_to("a.png", 26) and result.value == "answer"


def test_runs_begin_anew_in_their_lane_after_a_word_that_waits_for_nothing():
    with gr.Blocks() as blocks:
        runs, level, output = gr.State(events.Cancellation()), gr.Slider(), gr.HTML()
        button = gr.Button()
        work = events.run_on([level.input, button.click], lambda runs: "", [runs], [output], runs)
    instant, other, queued = blocks.fns.values()
    assert instant.concurrency_limit is other.concurrency_limit is None and instant.outputs == other.outputs
    assert instant.concurrency_id == other.concurrency_id not in ("short", "long")
    assert queued.concurrency_id == "long" and queued.trigger_mode == "always_last"
    assert queued.targets == [(instant.outputs[0]._id, "change")] and callable(work.then)


def test_run_that_goes_on_is_not_a_new_one():
    runs = events.Cancellation()
    number = runs.begin()
    assert list(runs.follow("ab", number)) == ["a", "b"] and runs.number == number
    runs.begin()
    with pytest.raises(events.Superseded):
        next(runs.follow("ab", number))


@pytest.mark.parametrize(("end", "expected"), [("begin", events.Superseded), ("stop", events.Stopped)])
def test_error_of_a_run_that_is_not_wanted_any_more_is_not_raised(end, expected):
    def fail():
        yield 1
        raise weights.Unavailable("This is too late.")

    runs = events.Cancellation()
    steps = runs.follow(fail())
    next(steps)
    getattr(runs, end)()
    with pytest.raises(expected):
        next(steps)
