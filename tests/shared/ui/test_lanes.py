"""The lane of long work: whose turn it is, where one stands, and when work ends."""

import asyncio
import threading

import pytest

from demos.shared import work
from demos.shared.ui import events, lanes
from demos.shared.ui.events import Cancellation
from demos.shared.ui.lanes import Lane, Ticket
from demos.shared.ui.visitors import Presence, Question, current
from tests import house


def test_second_job_of_a_visitor_waits_behind_the_first_of_another():
    lane, tickets = Lane(max_of_one=9), [Ticket(visitor, "job") for visitor in "aaabab"]
    for ticket in tickets:
        lane.enter(ticket)
    assert lane.begin(tickets[0]) and not lane.begin(tickets[3])
    assert [tickets.index(ticket) for ticket in lane.order()] == [3, 1, 5, 2, 4]
    lane.leave(tickets[0])
    assert lane.begin(tickets[3]) and lane.running is tickets[3]


def test_full_lane_says_so_and_one_visitor_cannot_fill_it():
    lane = Lane(max_waiting=4, max_of_one=2)
    for visitor in "aab":
        lane.enter(Ticket(visitor, "job"))
    with pytest.raises(lanes.Full, match="Your last requests"):
        lane.enter(Ticket("a", "job"))
    lane.enter(Ticket("c", "job"))
    with pytest.raises(lanes.Full, match="Many visitors"):
        lane.enter(Ticket("d", "job"))


def test_place_and_seconds_come_from_the_share_that_is_done(monkeypatch):
    lane, first, second, third = Lane(), *(Ticket(visitor, "job") for visitor in "abc")
    for ticket in (first, second, third):
        lane.enter(ticket)
    lane.begin(first)
    assert lane.wait_for(second) == (1, None) and lanes.say_place(1, None) == "This waits for one other job."
    first.began, first.job.share = lanes.time.monotonic() - 10, 0.25
    assert lane.wait_for(second) == (1, pytest.approx(30, abs=1))
    first.job.share = 1
    lane.leave(first)
    lane.begin(second)
    assert lane.wait_for(third) == (1, pytest.approx(10, abs=1))
    assert lanes.say_place(2, 39.6) == "This waits for 2 other jobs, about 40 s."


def run(*coroutines):
    async def together():
        return await asyncio.gather(*coroutines, return_exceptions=True)

    return house.run(together())


@pytest.fixture
def lane(monkeypatch):
    monkeypatch.setattr(lanes, "_limiter", None)
    return Lane()


async def listen(handler, lane, is_wanted=lambda: True, visitor="a"):
    current.set(Question(visitor))
    return [pair async for pair in lanes.follow(handler, (), is_wanted, lane)]


@pytest.fixture(autouse=True)
def present(monkeypatch):
    """Everybody is here."""
    presence = Presence()
    monkeypatch.setattr(presence, "is_waiting", lambda question, since: True)
    monkeypatch.setattr(lanes, "presence", presence)


def test_jobs_run_one_at_a_time_and_the_others_hear_their_place(lane):
    running = []

    def job():
        running.append(1)
        assert len(running) == 1
        yield 1
        running.pop()

    first, second = run(listen(job, lane, visitor="a"), listen(lambda: 7, lane, visitor="b"))
    assert first == [("step", 1)] and second == [("wait", "This waits for one other job."), ("step", 7)]
    assert lane.running is None and not lane.waiting


def test_work_that_nobody_wants_ends_in_its_step_and_frees_the_lane(lane):
    wanted, ended = threading.Event(), threading.Event()
    wanted.set()

    def job():
        yield "begun"
        wanted.clear()
        for _ in range(10**9):
            try:
                work.check()
            except work.Abandoned:
                ended.set()
                raise

    (error,) = run(listen(job, lane, wanted.is_set))
    assert isinstance(error, work.Abandoned) and ended.is_set() and lane.running is None


def test_who_waits_and_is_not_wanted_any_more_leaves_the_lane(lane):
    blocked = Ticket("x", "job")
    lane.enter(blocked)
    lane.begin(blocked)
    wanted = iter([True, True, False])
    (error,) = run(listen(lambda: 1, lane, lambda: next(wanted, False)))
    assert isinstance(error, work.Abandoned) and not lane.waiting


def test_somebody_waits_while_they_listen_and_a_moment_after():
    presence, asked = Presence(), Question("session", "event")
    now = lanes.time.monotonic()
    assert presence.is_waiting(asked, now) and not presence.is_waiting(asked, now - 60)
    with presence.listen("event"):
        assert presence.is_waiting(asked, now - 60)
    assert presence.is_waiting(asked, now - 60)  # between two connections
    presence._left["event"] -= 5
    assert not presence.is_waiting(asked, now - 60)
    presence.forget(1)
    assert not presence._left


def test_who_comes_late_does_not_make_up_for_turns_of_others():
    lane = Lane(max_of_one=9)
    for _ in range(5):
        for visitor in "ab":
            lane.enter(Ticket(visitor, "job"))
    for _ in range(4):
        lane.begin(ticket := lane.order()[0])
        lane.leave(ticket)
    for _ in range(4):
        lane.enter(Ticket("c", "job"))
    assert [ticket.visitor for ticket in lane.order()[:6]] == list("abcabc")


def test_live_frames_come_after_photos_and_leave_them_a_place(present):
    lane, order, gate = lanes.ShortLane(at_once=2, max_waiting=4), [], asyncio.Event()

    async def ask(name: str, is_live: bool):
        async with lane.turn(is_live=is_live):
            order.append(name)
            await gate.wait()

    async def visit():
        tasks = [asyncio.create_task(ask(f"live {number}", True)) for number in range(4)]
        await asyncio.sleep(0)
        assert order == ["live 0"]
        tasks += [asyncio.create_task(ask(f"photo {number}", False)) for number in range(3)]
        await asyncio.sleep(0.01)
        assert order == ["live 0", "photo 0"]
        tasks[3].cancel()
        with pytest.raises(lanes.Full):
            for _ in range(4):
                tasks.append(asyncio.create_task(ask("more", True)))
                await asyncio.sleep(0)
            await tasks[-1]
        gate.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(visit())
    assert order[:4] == ["live 0", "photo 0", "photo 1", "photo 2"] and order[4:6] == ["live 1", "live 2"]
    assert "live 3" not in order


def test_slow_answers_leave_a_place_and_keep_their_turn_among_the_others(present):
    lane, order, gates = lanes.ShortLane(at_once=2), [], {}

    async def ask(name: str):
        async with lane.turn(is_slow=name.startswith("slow")):
            order.append(name)
            await gates.setdefault(name, asyncio.Event()).wait()

    async def end(name: str):
        gates[name].set()
        await asyncio.sleep(0.01)

    async def visit():
        names = ("slow 0", "slow 1", "quick 0", "quick 1", "slow 2", "quick 2")
        tasks = [asyncio.create_task(ask(name)) for name in names]
        await asyncio.sleep(0.01)
        assert order == ["slow 0", "quick 0"]
        await end("quick 0")
        assert order[2:] == ["quick 1"]
        await end("slow 0")
        assert order[3:] == ["slow 1"]
        await end("quick 1")
        assert order[4:] == ["quick 2"]
        tasks[4].cancel()  # who waits no longer takes no turn
        await end("slow 1")
        await end("quick 2")
        await asyncio.gather(*tasks, return_exceptions=True)

    run(visit())
    assert order == ["slow 0", "quick 0", "quick 1", "slow 1", "quick 2"]


def ask(runs: Cancellation, handler, meanwhile):
    """What a handler of long work says to its visitor while `meanwhile` happens."""

    async def follow():
        current.set(Question("a"))
        said, happens = [], asyncio.create_task(meanwhile())
        async for one in events.in_lane(handler, ["row"])(runs):
            said.append(one)
        await happens
        return said

    (said,) = run(follow())
    return said


def test_a_question_that_waits_is_dropped_once_its_visitor_asks_something_else(monkeypatch):
    monkeypatch.setattr(lanes, "_limiter", None)
    other, runs, asked = Ticket("b", "job"), Cancellation(), []
    lanes.LONG.enter(other)
    assert lanes.LONG.begin(other)

    async def go_on():
        await asyncio.sleep(0)
        runs.begin()
        await asyncio.sleep(1.5)
        lanes.LONG.leave(other)

    said = ask(runs, lambda runs: asked.append(runs.begin()), go_on)
    assert not asked and "This waits for one other job" in said[0] and not lanes.LONG.waiting


def test_a_run_that_was_superseded_before_it_began_shows_nothing(monkeypatch):
    monkeypatch.setattr(lanes, "_limiter", None)
    runs, is_here, may_begin = Cancellation(), threading.Event(), threading.Event()

    def handler(runs):
        is_here.set()  # it decodes, say
        may_begin.wait(20)
        yield from runs.follow(["of the old picture"])

    async def go_on():
        await asyncio.to_thread(is_here.wait, 20)
        runs.begin()
        may_begin.set()

    assert "of the old picture" not in ask(runs, handler, go_on) and lanes.LONG.running is None
