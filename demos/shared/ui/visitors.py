"""Who is here: whose question is answered, whether they still wait, and what they keep."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from demos.shared import keep

ARRIVE_SECONDS = 10  # in which whoever asked must begin to listen for the answer
LEAVE_SECONDS = 1  # that somebody may be away, between two connections

store = keep.Store()


@dataclass(frozen=True)
class Question:
    """What is answered now. session: of the visitor, "" where there is none. event: in Gradio's queue."""

    session: str = ""
    event: str = ""


current: ContextVar[Question] = ContextVar("question")


def question() -> Question:
    """What this thread or task answers."""
    return current.get(Question())


class Presence:
    """Who listens: sessions with an open page, and sessions or events whose answer somebody waits for."""

    def __init__(self):
        self._open: Counter[str] = Counter()
        self._left: dict[str, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def listen(self, key: str) -> Iterator[None]:
        """Within, somebody listens under this name of a session or an event."""
        with self._lock:
            self._open[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[key] -= 1
                if not self._open[key]:
                    del self._open[key]
                    self._left[key] = time.monotonic()

    def is_here(self, key: str) -> bool:
        """Whether somebody listens now."""
        return key in self._open

    def is_waiting(self, question: Question, since: float) -> bool:
        """Whether the answer to a question is waited for that came at `since`, in seconds of `time.monotonic`."""
        keys = (question.session, question.event)
        if not any(keys) or any(map(self.is_here, keys)):
            return True
        now, left = time.monotonic(), [self._left[key] for key in keys if key in self._left]
        if any(at >= since for at in left):
            return now - max(left) < LEAVE_SECONDS
        return now - since < ARRIVE_SECONDS

    def forget(self, seconds: float) -> None:
        """Forget who left so many seconds ago."""
        now = time.monotonic()
        with self._lock:
            self._left = {key: at for key, at in self._left.items() if now - at < seconds}


presence = Presence()
