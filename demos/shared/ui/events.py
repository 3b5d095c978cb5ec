"""When a tab answers: lanes, the first answer, errors as messages, and runs that can be stopped."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing, closing, nullcontext
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.context import Context

import weights
from demos.shared import images, work
from demos.shared.ui import html, lanes, opening

# Options of an event. Short answers and long work have lanes of their own, so that long work never takes a place from
# short answers; what is instant waits in no lane.
_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
INSTANT = {**_QUIET, "queue": False}
# In which turn, `lanes` says: Gradio's own queue has no sentence for a page when it is full.
SHORT = {**_QUIET, "concurrency_id": "short", "concurrency_limit": None}
LATEST = {**SHORT, "trigger_mode": "always_last"}  # of several that come meanwhile, the last is answered
SLOW = {**LATEST, "concurrency_id": "slow"}  # short answers that take most of a second: one at a time
# For clicks on one of many: of those that come meanwhile Gradio would forget where they were, or that they were.
EACH = {**SHORT, "trigger_mode": "multiple"}
LONG = {**_QUIET, "concurrency_id": "long", "concurrency_limit": None}
# Gradio tells the page that a State has changed only of events of the queue: this lane lets all of them through.
_AT_ONCE = {**_QUIET, "concurrency_id": "at once", "concurrency_limit": None}
LANES = {"short": SHORT, "long": LONG}
STOPPED = "Stopped. Change anything to start again."


class Superseded(Exception):
    """A later run of the same visitor has taken the place of this one."""


class Stopped(Exception):
    """The visitor stopped the run."""


# What ends a handler with a sentence to the visitor, or without one.
_ENDS = (images.PictureError, weights.Unavailable, Superseded, Stopped, work.Abandoned)


class Cancellation:
    """The runs of one visitor, for a `gr.State`: the last one answers, until it is stopped.

    number: of the last run. is_stopped: whether that one was stopped.
    """

    def __init__(self):
        self.number, self.is_stopped = 0, False

    def begin(self) -> int:
        """A new run, which takes the place of the one before. Returns its number."""
        self.number, self.is_stopped = self.number + 1, False
        return self.number

    def stop(self) -> None:
        """End the last run."""
        self.is_stopped = True

    def is_current(self, number: int) -> bool:
        """Whether the run of this number is the last one."""
        return number == self.number

    def follow(self, steps: Iterable, number: int | None = None) -> Iterator:
        """Yield the steps of a run: of the one of this number, else of a new one.

        Before each, after the last and in place of what they raise, it raises Superseded or Stopped if the run is.
        """
        number = self.begin() if number is None else number
        with closing(steps) if hasattr(steps, "close") else nullcontext():
            self._check(number)
            try:
                for step in steps:
                    self._check(number)
                    yield step
            except Exception:
                self._check(number)
                raise
            self._check(number)

    def _check(self, number: int) -> None:
        if not self.is_current(number):
            raise Superseded
        if self.is_stopped:
            raise Stopped


@dataclass(frozen=True, eq=False)
class LastResult:
    """The last answer of a visitor, for a `gr.State`, so that a control can change it without running a network.

    key: the inputs that `value` belongs to.
    """

    key: tuple
    value: Any

    def belongs_to(self, *key) -> bool:
        """Whether it is the answer to these inputs."""
        return self.key == key


def messages(blanks: int, *rest, stopped: str = STOPPED) -> Callable:
    """Decorate a handler, a function or a generator: what it raises becomes a message in its first output.

    images.PictureError and weights.Unavailable leave the next `blanks` outputs empty, Stopped leaves them as they are;
    the outputs behind these get `rest`. Superseded and work.Abandoned change no output.
    """

    def say(error: Exception):
        if isinstance(error, Superseded | work.Abandoned):
            outputs = [gr.skip()] * (1 + blanks + len(rest))
        elif isinstance(error, Stopped):
            outputs = [html.message(stopped), *[gr.skip()] * blanks, *rest]
        else:
            is_wrong = isinstance(error, images.PictureError) and str(error) != images.NOTHING
            outputs = [html.message(str(error), "error" if is_wrong else "wait"), *[None] * blanks, *rest]
        return tuple(outputs) if len(outputs) > 1 else outputs[0]

    def decorate(handler: Callable) -> Callable:
        @functools.wraps(handler)
        def answer(*values):
            try:
                return handler(*values)
            except _ENDS as error:
                return say(error)

        @functools.wraps(handler)
        def generate(*values):
            try:
                yield from handler(*values)
            except _ENDS as error:
                yield say(error)

        return generate if inspect.isgeneratorfunction(handler) else answer

    return decorate


def in_lane(handler: Callable, outputs: list, stop: gr.Button | None = None, stopped: str = STOPPED) -> Callable:
    """A handler of an event of LONG, which waits for its turn and says so in its first output.

    It ends within a second or two after its visitor stopped it, asked anew or left, whether it waits or works. stop:
    the button among `outputs` that is on while there is something to stop.
    """

    def say(text: str, is_on: bool = False):
        said = [gr.update(interactive=is_on) if output is stop else gr.skip() for output in outputs[1:]]
        first = html.message(text) if text else gr.skip()
        return (first, *said) if said else first

    @functools.wraps(handler)
    async def wait_and_answer(*values):
        runs = next((value for value in values if isinstance(value, Cancellation)), Cancellation())
        last = runs.number

        def is_wanted() -> bool:
            return not runs.is_stopped and runs.number <= last

        def begin() -> None:  # now the handler may begin a run
            nonlocal last
            last += 1

        try:
            async with aclosing(lanes.follow(_after(begin, handler), values, is_wanted)) as steps:
                async for kind, value in steps:
                    if runs.number > last:
                        raise work.Abandoned(work.NOBODY)
                    yield say(value, True) if kind == "wait" else value
        except lanes.Full as error:
            yield say(str(error))
        except work.Abandoned:
            yield say(stopped) if runs.is_stopped and runs.number <= last else say("")

    return wait_and_answer


def _after(begin: Callable[[], None], handler: Callable) -> Callable:
    """A handler, a function or a generator, that calls `begin` first."""

    @functools.wraps(handler)
    def answer(*values):
        begin()
        return handler(*values)

    @functools.wraps(handler)
    def generate(*values):
        begin()
        yield from handler(*values)

    return generate if inspect.isgeneratorfunction(handler) else answer


def run_on(
    triggers: Iterable[Callable], handler: Callable, inputs: list, outputs: list, runs: gr.State, lane: dict = LONG,
    stop: gr.Button | None = None, stopped: str = STOPPED,
):  # fmt: skip
    """Run a handler anew after each of several events, for example `[level.input, picture.clear, chosen.then]`.

    runs: a State with the visitor's Cancellation. What runs for the visitor is superseded at once, before the new run
    has a place in its lane; of several requests that come meanwhile the last is answered. Returns the run's event.
    stop, stopped: as `in_lane` takes them.
    """
    outputs = outputs if isinstance(outputs, list) else [outputs]
    handler = in_lane(handler, outputs, stop, stopped) if lane is LONG else handler
    request = gr.State(0)
    for trigger in triggers:
        trigger(Cancellation.begin, runs, request, **_AT_ONCE, trigger_mode="always_last")
    return request.change(handler, inputs, outputs, **lane, trigger_mode="always_last")


def waiting(names: Iterable[str]) -> str:
    """What a demo waits for before its networks answer, as one sentence; "" when all are ready."""
    return next((state.message for state in map(weights.status, names) if not state.ready), "")


def _origins(names: Iterable[str]) -> list[str]:
    return [weights.status(name).origin for name in names]


def is_awaited(names: Iterable[str]) -> bool:
    """Whether weights of these networks may still arrive from the Hub."""
    return any(weights.status(name).awaited for name in names)


def answer_first(
    names: Iterable[str], answer: Callable, inputs: list, outputs: list, lane: dict = SHORT, of: Any = None
) -> None:
    """Put the answer to the example into the page as it is sent, or, while weights are fetched, once they are.

    names: the networks that `answer` asks. answer: a handler; of a generator the last step counts.
    of: the picture that is answered, whatever `images.open` takes, where it is not the demo's first example.
    A clock looks every second, and stops when all networks are ready. In a tab behind the first demo's nothing is
    computed before a visitor opens it, which starts its clock. Whoever comes later gets the answer with the page. It is
    given anew when other weights have come, or where a sentence stands in its place: a Page asks for that now and then.
    """
    page, kept, lock, clock = Context.root_block, [], threading.Lock(), None
    is_behind = opening.is_behind()
    answering: list[str] = []  # the weights that gave `kept`
    shown = [at for at, component in enumerate(inputs) if not isinstance(component, gr.State)]

    def first(*values) -> list:
        if text := waiting(names):
            return [html.message(text), *[None] * (len(outputs) - 1)]
        return list(opening.finish(answer, values, len(outputs)))

    def keep(results: list) -> bool:
        """Whether the answer stays the one that the page opens with; a sentence in its place does not."""
        if waiting(names) or is_awaited(names) or opening.is_skipped(results[0]) or opening.is_message(results[0]):
            return False
        for output, value in zip(outputs, results, strict=True):
            opening.set_opening(output, value)
        kept[:], answering[:] = results, _origins(names)
        return True

    def open_with_answer() -> list:
        with lock:
            if kept and answering == _origins(names):
                return kept
            results = first(*map(opening.read, inputs))
            if keep(results):
                if clock:
                    clock.active = False
                opening.renew(page)
            return results

    def look(*values) -> list:
        is_active = bool(waiting(names)) and is_awaited(names)
        is_as_sent = all(values[at] == opening.read(inputs[at]) for at in shown)
        return [gr.Timer(1, active=is_active), *(open_with_answer() if is_as_sent else first(*values))]

    def freshen() -> None:
        is_due = answering != _origins(names) if kept else not is_behind
        if is_due and not waiting(names):
            open_with_answer()

    if hasattr(page, "freshens"):
        page.freshens.append(freshen)
    part = opening.find_part()
    if part and part.opening is None:
        part.opening, part.picture = open_with_answer, of
    later = not waiting(names) and is_behind
    if later or waiting(names) or is_awaited(names):
        clock = gr.Timer(0.1, active=True) if later else gr.Timer(1, active=is_awaited(names))
        clock.tick(look, inputs, [clock, *outputs], **lane)
    if not later:
        results = first(*map(opening.read, inputs))
        if not keep(results):
            for output, value in zip(outputs, results, strict=True):
                opening.set_opening(output, value)
