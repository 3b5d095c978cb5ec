"""The lanes: short answers, some at a time; long work, one job at a time, in fair turns, with its place and seconds."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from statistics import mean
from typing import Any

import anyio

from demos.shared import work
from demos.shared.ui.visitors import presence, question

MAX_WAITING = 12  # jobs behind the one that runs
MAX_OF_ONE = 3  # of them, of one visitor
BEAT = 0.5  # seconds between two looks at who waits
AT_ONCE, MAX_SHORT = 2, 200  # short answers that are in work, and that may wait
BUSY = "Many visitors ask at the moment: try again in a minute."
FULL = "Many visitors wait for long work at the moment: try again in a minute."
FULL_OF_YOURS = "Your last requests are still waiting: stop them, or wait until they are answered."
_THREADS = 2  # of long work: who is left may still be in its last step


class Full(Exception):
    """No further job may wait. `str(error)` is one sentence for the visitor."""


@dataclass(eq=False)
class Turn:
    """Of a short answer. is_slow: whether it is of those that leave a place for others."""

    is_slow: bool
    future: asyncio.Future


class ShortLane:
    """Short answers: so many at a time, in the order in which they were asked for.

    Slow ones, which take most of a second, leave all places but one to the others. So do frames of a camera that is
    live, which come after all others as well.
    """

    def __init__(self, at_once: int = AT_ONCE, max_waiting: int = MAX_SHORT):
        self.at_once, self.max_waiting = at_once, max_waiting
        self._working: list[Turn] = []
        self._waiting: dict[bool, deque[Turn]] = {False: deque(), True: deque()}  # by whether they are live

    @asynccontextmanager
    async def turn(self, is_slow: bool = False, is_live: bool = False) -> AsyncIterator[None]:
        """Wait for a turn, which lasts within. Raises Full, and work.Abandoned if whoever asked has gone meanwhile."""
        waiting = self._waiting[is_live]
        if len(waiting) >= self.max_waiting:
            raise Full(BUSY)
        since, turn = time.monotonic(), Turn(is_slow or is_live, asyncio.get_running_loop().create_future())
        waiting.append(turn)
        self._begin()
        try:
            await turn.future
            if not presence.is_waiting(question(), since):
                raise work.Abandoned(work.NOBODY)
            yield
        finally:
            (self._working if turn in self._working else waiting).remove(turn)
            self._begin()

    def _begin(self) -> None:
        """Give a turn to whoever comes next, as long as there are places."""
        while len(self._working) < self.at_once and (turn := self._next()):
            self._working.append(turn)
            if not turn.future.done():
                turn.future.set_result(None)

    def _next(self) -> Turn | None:
        """Who comes next, no longer waiting; None where nobody may."""
        is_room = not any(turn.is_slow for turn in self._working)
        for waiting in self._waiting.values():
            for turn in waiting:
                if is_room or not turn.is_slow:
                    waiting.remove(turn)
                    return turn
        return None


@dataclass(eq=False)
class Ticket:
    """A job's place. visitor: whose it is. kind: jobs of a kind take about as long as each other."""

    visitor: str
    kind: str
    job: work.Job = field(default_factory=work.Job)
    began: float | None = None


class Lane:
    """Jobs that wait for their turn: a visitor's second job waits behind the first ones of all others."""

    def __init__(self, max_waiting: int = MAX_WAITING, max_of_one: int = MAX_OF_ONE):
        self.max_waiting, self.max_of_one = max_waiting, max_of_one
        self.running: Ticket | None = None
        self.waiting: list[Ticket] = []
        self.seconds: dict[str, deque[float]] = {}
        self._turns: dict[str, int] = {}  # that each visitor has had, for as long as somebody waits

    def enter(self, ticket: Ticket) -> None:
        """Wait behind the others. Raises Full."""
        if sum(other.visitor == ticket.visitor for other in self.waiting) >= self.max_of_one:
            raise Full(FULL_OF_YOURS)
        if len(self.waiting) >= self.max_waiting:
            raise Full(FULL)
        # Who comes late makes up for no turns that others had before, but for the one that runs.
        running = self.running.visitor if self.running else None
        others = {other.visitor for other in self.waiting}
        least = min((self._turns.get(other, 0) - (other == running) for other in others), default=0)
        self._turns[ticket.visitor] = max(self._turns.get(ticket.visitor, 0), least)
        self.waiting.append(ticket)

    def begin(self, ticket: Ticket) -> bool:
        """Begin a job if it is its turn. Returns whether it is."""
        if self.running is None and self.order()[0] is ticket:
            self.waiting.remove(ticket)
            self.running, ticket.began = ticket, time.monotonic()
            self._turns[ticket.visitor] = self._turns.get(ticket.visitor, 0) + 1
        return self.running is ticket

    def leave(self, ticket: Ticket) -> None:
        """The job is done, or nobody waits for it any more."""
        if ticket in self.waiting:
            self.waiting.remove(ticket)
        elif self.running is ticket:
            self.running = None
            self._turns = self._turns if self.waiting else {}
            if ticket.job.share >= 1:
                self.seconds.setdefault(ticket.kind, deque(maxlen=8)).append(time.monotonic() - ticket.began)

    def order(self) -> list[Ticket]:
        """Who waits, in the order of their turns: by how many the same visitor has had, or has before this one."""
        counts, turns = dict(self._turns), []
        for number, ticket in enumerate(self.waiting):
            turns.append((counts.get(ticket.visitor, 0), number, ticket))
            counts[ticket.visitor] = counts.get(ticket.visitor, 0) + 1
        return [ticket for *_, ticket in sorted(turns, key=lambda turn: turn[:2])]

    def wait_for(self, ticket: Ticket) -> tuple[int, float | None]:
        """How many jobs come before this one, and about how many seconds they take; None where nobody knows."""
        ahead = self.order()[: self.order().index(ticket)]
        seconds = [self._left(self.running)] if self.running else []
        seconds += [self._expected(other.kind) for other in ahead]
        return len(seconds), None if None in seconds else sum(seconds)

    def _expected(self, kind: str) -> float | None:
        return mean(self.seconds[kind]) if self.seconds.get(kind) else None

    def _left(self, ticket: Ticket) -> float | None:
        elapsed = time.monotonic() - ticket.began
        if ticket.job.share > 0:
            return elapsed * (1 - min(1, ticket.job.share)) / ticket.job.share
        expected = self._expected(ticket.kind)
        return expected and max(1, expected - elapsed)


LONG = Lane()


def say_place(before: int, seconds: float | None) -> str:
    """The place of a job that waits, as one sentence."""
    jobs = "one other job" if before == 1 else f"{before} other jobs"
    return f"This waits for {jobs}" + (f", about {max(1, round(seconds))} s." if seconds is not None else ".")


async def follow(
    handler: Callable, values: tuple, is_wanted: Callable[[], bool] = lambda: True, lane: Lane = LONG
) -> AsyncIterator[tuple[str, Any]]:
    """Run a handler, a function or a generator, in a lane: yields ("wait", sentence), then ("step", what it gives).

    It ends within a second or two when `is_wanted` says so, and when whoever asked has gone. Raises Full,
    work.Abandoned, and what the handler raises.
    """
    asked, since = question(), time.monotonic()
    ticket = Ticket(asked.session or asked.event, getattr(handler, "__qualname__", ""))
    ticket.job.is_wanted = lambda: is_wanted() and presence.is_waiting(asked, since)
    step: asyncio.Future | None = None
    lane.enter(ticket)
    try:
        said = ""
        while not lane.begin(ticket):
            if not ticket.job.is_wanted():
                raise work.Abandoned(work.NOBODY)
            if (sentence := say_place(*lane.wait_for(ticket))) != said:
                said = sentence
                yield "wait", sentence
            await asyncio.sleep(BEAT)
        if not inspect.isgeneratorfunction(handler):
            step = asyncio.ensure_future(_in_thread(ticket.job, handler, *values))
            result = await asyncio.shield(step)
            ticket.job.share = 1
            yield "step", result
            return
        steps = handler(*values)
        while True:
            step = asyncio.ensure_future(_in_thread(ticket.job, _next, steps))
            result = await asyncio.shield(step)
            if result is _END:
                ticket.job.share = 1
                return
            yield "step", result
    finally:
        if step is None or step.done():
            lane.leave(ticket)
        else:  # its thread ends with its step; then the next job's turn comes
            ticket.job.is_wanted = lambda: False
            step.add_done_callback(lambda done: (done.cancelled() or done.exception(), lane.leave(ticket)))


_END = object()
_limiter: anyio.CapacityLimiter | None = None


async def _in_thread(job: work.Job, function: Callable, *values) -> Any:
    global _limiter
    if _limiter is None:
        _limiter = anyio.CapacityLimiter(_THREADS)

    def run() -> Any:
        with job.begin():
            return function(*values)

    return await anyio.to_thread.run_sync(run, limiter=_limiter)


def _next(steps) -> Any:
    try:
        return next(steps)
    except StopIteration:
        return _END
    except BaseException:
        with suppress(Exception):
            steps.close()
        raise
