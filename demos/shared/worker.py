"""Run a function in a process of its own: progress, cancel, idle end, limits of time and memory."""

from __future__ import annotations

import inspect
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from typing import Any

from weights import Unavailable

BEAT = 1.0  # seconds between looks at a process that is silent
BROKEN = "The computation broke off or took too long: try again."
NO_PROCESS = "The server has no room for another computation at the moment: try again in a minute."
ITEM, SENTENCE, END, FAILED = "item", "sentence", ("end",), ("failed",)  # messages, or how they begin


class Worker:
    """One process that runs functions, one at a time, for many threads. It ends when it is idle or this one ends.

    start_seconds: in which a new process must give its first result. step_seconds: in which it must give each other.
    idle_seconds: after which a process without work ends. memory_bytes: of data that it may have, where the system can
    limit that. broken: the sentence to the visitor where a function fails, takes too long or too much memory.
    """

    def __init__(
        self, start_seconds: float, step_seconds: float, idle_seconds: float, memory_bytes: int, broken: str = BROKEN
    ):
        self.start_seconds, self.step_seconds, self.idle_seconds = start_seconds, step_seconds, idle_seconds
        self.memory_bytes, self.broken = memory_bytes, broken
        # Not reentrant: an iterator may be closed by another thread than the one that began it.
        self._lock = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection | None = None
        self._is_cancelled = False  # whether the process may still be at work that nobody wants
        self._generation = 0
        self._timer: threading.Timer | None = None

    def run(self, function: Callable, *args) -> Iterator[Any]:
        """Run a function of a module: yields what it yields if it is a generator, else its result alone.

        While others are served or the process is silent, None is yielded every BEAT, so that whoever iterates can
        stop. Closing the iterator cancels: a generator is closed at its next step; another function ends unheard.
        Arguments and results are pickled; heavy state lies in the process, for example behind functools.cache.
        Raises Unavailable, with the function's own text if it raises that, else with `broken`, or with NO_PROCESS where
        the system begins none. After any exception the process is ended.
        """
        while not self._lock.acquire(timeout=BEAT):
            yield None
        try:
            self._generation += 1
            yield from self._run(function, args)
        finally:
            self._end_when_idle()
            self._lock.release()

    def call(self, function: Callable, *args) -> Any:
        """The last result of `run`."""
        result = None
        for item in self.run(function, *args):
            result = item if item is not None else result
        return result

    def stop(self) -> None:
        """End the process, if there is one, once it has done its work."""
        with self._lock:
            self._end()

    def _run(self, function: Callable, args: tuple) -> Iterator[Any]:
        yield from self._drain()
        seconds = self.step_seconds
        if not self._is_alive():
            self._start()
            seconds = self.start_seconds
        try:
            self._connection.send((function, args))
        except OSError:  # it is gone
            raise self._fail() from None
        self._is_cancelled = True  # unless it is heard to its end
        try:
            while True:
                for message in self._receive(seconds):
                    if message is None:
                        yield None
                if message == END:
                    self._is_cancelled = False
                    return
                yield message[1]
                seconds = self.step_seconds
        finally:
            if self._is_cancelled:
                with suppress(OSError):
                    self._connection.send(None)

    def _drain(self) -> Iterator[None]:
        """Let the process end what was cancelled; one that does not in time is ended itself."""
        with suppress(Unavailable):
            while self._is_cancelled:
                for message in self._receive(self.step_seconds):
                    if message is None:
                        yield None
                self._is_cancelled = message != END

    def _receive(self, seconds: float) -> Iterator[tuple | None]:
        """None for each BEAT without a message; last, the message. Raises Unavailable."""
        end = time.monotonic() + seconds
        try:
            while not self._connection.poll(min(BEAT, max(0.0, end - time.monotonic()))):
                if time.monotonic() >= end:
                    raise self._fail()
                yield None
            message = self._connection.recv()
        except (OSError, EOFError):  # it is gone
            raise self._fail() from None
        if message[0] == SENTENCE:
            self._end()
            raise Unavailable(message[1])
        if message == FAILED:
            raise self._fail()
        yield message

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def _start(self) -> None:
        self._end()
        context = multiprocessing.get_context("spawn")
        with ExitStack() as ends:
            try:
                connection, theirs = map(ends.enter_context, context.Pipe())
                process = context.Process(target=_serve, args=(theirs, os.getpid(), self.memory_bytes), daemon=True)
                process.start()
            except OSError:  # too many processes or open files, or too little memory
                raise Unavailable(NO_PROCESS) from None
            theirs.close()  # else its end would not be noticed
            ends.pop_all()
        self._process, self._connection = process, connection

    def _fail(self) -> Unavailable:
        self._end()
        return Unavailable(self.broken)

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()
        self._process, self._is_cancelled = None, False

    def _end_when_idle(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if sys.is_finalizing():  # nothing ends a thread that is begun now
            return
        self._timer = threading.Timer(self.idle_seconds, self._end_idle, [self._generation])
        self._timer.daemon = True
        with suppress(RuntimeError):  # no thread can be begun: the process stays until something is run again
            self._timer.start()

    def _end_idle(self, generation: int) -> None:
        """End the process, unless something was run since the timer of this generation was set."""
        with self._lock:
            if generation == self._generation:
                self._end()


def _serve(connection: Connection, parent: int, memory_bytes: int) -> None:
    """The process: run what comes until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with suppress(ImportError, ValueError):  # Windows; limited already
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    with suppress(EOFError, ConnectionError):
        while True:
            if (job := connection.recv()) is not None:  # None comes late: what it cancels has ended
                _work(connection, *job)


def _work(connection: Connection, function: Callable, args: tuple) -> None:
    try:
        items = function(*args) if inspect.isgeneratorfunction(function) else iter([function(*args)])
        for item in items:
            connection.send((ITEM, item))
            if connection.poll():  # a None: cancelled
                connection.recv()
                break
        connection.send(END)
    except (EOFError, ConnectionError):
        raise
    except Unavailable as error:
        connection.send((SENTENCE, str(error)))
    except Exception:
        traceback.print_exc()
        connection.send(FAILED)


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, even where a copy of the parent holds the pipe open."""
    while os.getppid() == parent and multiprocessing.parent_process().is_alive():
        time.sleep(BEAT)
    os._exit(1)
