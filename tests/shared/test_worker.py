"""A worker: results, progress, cancellation, limits of time and memory, and when its process ends."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.context import SpawnContext, SpawnProcess

import numpy as np
import pytest

from demos.shared import worker as worker_module
from demos.shared.worker import BROKEN, Worker
from tests.house import ROOT
from tests.shared import worker_jobs as jobs
from tests.waiting import wait_for
from weights import Unavailable


@pytest.fixture
def create():
    """Make workers that are patient, but for what is given."""
    made = []

    def create(**options) -> Worker:
        patient = {"start_seconds": 600, "step_seconds": 600, "idle_seconds": 600, "memory_bytes": 6 * 2**30}
        made.append(Worker(**{**patient, **options}))
        return made[-1]

    yield create
    for one in made:
        one.stop()


def steps(iterator) -> list:
    return [item for item in iterator if item is not None]


def test_function_gives_result_and_generator_gives_progress(create):
    worker = create()
    assert steps(worker.run(jobs.add, 2, 3)) == [5] and worker.call(jobs.add, 4, 5) == 9
    assert steps(worker.run(jobs.count, 4)) == [1, 2, 3, 4]
    assert np.array_equal(worker.call(np.cumsum, np.arange(10**6)), np.cumsum(np.arange(10**6)))


def test_process_is_another_one_and_stays(create):
    worker = create()
    first = worker.call(jobs.process_id)
    assert first != os.getpid() and worker.call(jobs.process_id) == first


def test_silent_process_gives_beats(create, monkeypatch):
    monkeypatch.setattr(worker_module, "BEAT", 0.05)
    items = list(create().run(jobs.sleep, 1))
    assert items[-1] == "slept" and len(items) > 3 and set(items[:-1]) == {None}


def test_closed_iterator_cancels_and_process_serves_on(create, tmp_path):
    worker, path = create(), tmp_path / "count"
    running = worker.run(jobs.count_into, str(path))
    assert next(item for item in running if item is not None) == 1
    process = worker._process.pid
    running.close()
    assert worker.call(jobs.process_id) == process and path.read_text() == "closed"


def test_cancelled_function_with_large_results_does_not_block_the_next(create):
    worker = create()
    running = worker.run(jobs.give, 10**7)
    next(item for item in running if item is not None)
    running.close()
    assert worker.call(len, bytes(10**7)) == 10**7


def test_cancelled_function_that_does_not_end_is_ended(create):
    worker = create(step_seconds=0.3)
    worker.call(jobs.add, 1, 1)
    before = worker._process.pid
    running = worker.run(jobs.sleep, 600)
    thread = threading.Thread(target=lambda: next(running, None))
    worker_beat, worker_module.BEAT = worker_module.BEAT, 0.05
    try:
        thread.start()
        thread.join()
    finally:
        worker_module.BEAT = worker_beat
    running.close()
    assert worker.call(jobs.process_id) != before


def test_iterator_may_be_closed_by_another_thread(create):
    worker = create()
    running = worker.run(jobs.count, 10**9)
    next(item for item in running if item is not None)
    thread = threading.Thread(target=running.close)
    thread.start()
    thread.join()
    assert worker.call(jobs.add, 1, 1) == 2


def test_several_threads_ask_one_at_a_time(create):
    worker, results = create(), {}

    def ask(number: int) -> None:
        results[number] = steps(worker.run(jobs.count, number, 0.01))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: list(range(1, number + 1)) for number in range(1, 7)}


def test_one_that_breaks_off_amid_a_batch_says_so_and_is_begun_again(create):
    worker = create(broken="It broke off: try again.")
    for _ in range(2):
        running, seen = worker.run(jobs.break_off, 2), []
        with pytest.raises(Unavailable, match="try again"):
            seen.extend(item for item in running if item is not None)
        assert worker._process is None
    assert worker.call(jobs.add, 1, 1) == 2


def test_failing_function_is_one_sentence_without_its_text(create):
    worker = create()
    with pytest.raises(Unavailable) as error:
        worker.call(jobs.fail)
    assert str(error.value) == BROKEN and worker._process is None


def test_function_s_own_sentence_is_given(create):
    with pytest.raises(Unavailable) as error:
        create().call(jobs.be_unavailable)
    assert str(error.value) == "This cannot be had."


def test_killed_process_is_begun_again(create):
    worker = create()
    before = worker.call(jobs.process_id)
    worker._process.kill()
    worker._process.join()
    assert worker.call(jobs.process_id) != before


def count_open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0


def refuse(error: Exception) -> Callable:
    """What raises it in place of any method."""

    def raise_it(*_):
        raise error

    return raise_it


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM])
def test_process_that_the_system_does_not_begin_is_a_sentence_and_the_next_one_serves(create, monkeypatch, number):
    worker, opened = create(), count_open_files()
    with monkeypatch.context() as full:
        full.setattr(SpawnProcess, "start", refuse(OSError(number, os.strerror(number))))
        for _ in range(2):
            with pytest.raises(Unavailable) as error:
                worker.call(jobs.add, 1, 1)
            assert str(error.value) == worker_module.NO_PROCESS
        worker._timer.function(*worker._timer.args)  # as when it was idle for so long
        worker.stop()
    assert count_open_files() <= opened
    assert worker.call(jobs.add, 1, 1) == 2


def test_pipe_that_cannot_be_had_is_a_sentence_and_the_next_one_serves(create, monkeypatch):
    worker = create()
    with monkeypatch.context() as full, pytest.raises(Unavailable) as error:
        full.setattr(SpawnContext, "Pipe", refuse(OSError(errno.EMFILE, "")))
        worker.call(jobs.add, 1, 1)
    assert str(error.value) == worker_module.NO_PROCESS and worker.call(jobs.add, 1, 1) == 2


def test_idle_timer_that_cannot_be_begun_leaves_the_worker_to_others(create, monkeypatch):
    worker = create()
    with monkeypatch.context() as full:
        full.setattr(threading.Timer, "start", refuse(RuntimeError("can't start new thread")))
        assert worker.call(jobs.add, 1, 1) == 2
    assert worker.call(jobs.add, 2, 2) == 4


@pytest.mark.parametrize("late", ["start", "step"])
def test_one_that_takes_too_long_is_killed(create, late):
    worker = create(**{f"{late}_seconds": 0.3})
    if late == "step":
        worker.call(jobs.add, 1, 1)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="took too long: try again"):
        worker.call(jobs.sleep, 600)
    assert time.monotonic() - began < 20 and worker._process is None


def test_progress_has_the_time_of_a_step_each(create):
    worker = create(step_seconds=30)
    assert steps(worker.run(jobs.count, 5, 0.1)) == [1, 2, 3, 4, 5]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the memory")
def test_one_that_takes_too_much_memory_is_a_sentence(create):
    worker = create(memory_bytes=2 * 2**30)
    assert worker.call(jobs.fill, 2**20) == 2**20
    with pytest.raises(Unavailable, match="try again"):
        worker.call(jobs.fill, 3 * 2**30)
    assert worker.call(jobs.fill, 2**20) == 2**20


def test_an_idle_worker_ends(create):
    worker = create(idle_seconds=0.2)
    assert worker.call(jobs.add, 1, 2) == 3
    wait_for(lambda: worker._process is None, 20)


def test_stale_timer_does_not_end_a_fresh_worker(create):
    worker = create()
    process = worker.call(jobs.process_id)
    stale = worker._timer
    assert worker.call(jobs.process_id) == process
    stale.function(*stale.args)  # as one that went off while the second call waited for the lock
    assert worker._process.is_alive() and worker.call(jobs.process_id) == process
    worker._timer.function(*worker._timer.args)
    assert worker._process is None


PAGE = """
import os, sys
print("imported", flush=True)
if __name__ == "__main__":
    from demos.shared.worker import Worker
    from tests.shared import worker_jobs as jobs
    worker = Worker(600, 600, 600, 6 * 2**30)
    running = worker.run(jobs.count, 10**9, 0.1)
    print(next(item for item in running if item is not None), flush=True)
    {end}
"""


@pytest.mark.parametrize("end", ["sys.exit()", "os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_worker_ends_with_the_page(tmp_path, end):
    script = tmp_path / "page.py"
    script.write_text(PAGE.format(end=end))
    reading, writing = os.pipe()  # its input stays open, as where a copy of the page's process holds it
    try:
        # Returns when the worker, which has the same output, has ended too.
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        ran = subprocess.run([sys.executable, script], cwd=ROOT, env=environment, stdin=reading, stdout=subprocess.PIPE,
                             text=True, timeout=300)  # fmt: skip
    finally:
        os.close(reading)
        os.close(writing)
    # The process imports the page's file, as one that is not the main one.
    assert ran.stdout.splitlines() == ["imported", "imported", "1"]


def test_page_s_file_does_nothing_when_the_process_imports_it():
    """The process of a worker runs app.py under another name: it must not build or serve a second page."""
    code = "import runpy, sys; runpy.run_path('app.py', run_name='__mp_main__'); print(sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert not ran.returncode and "gradio" not in ran.stdout
