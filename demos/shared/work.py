"""Long work that can be given up: whoever computes looks whether anybody still waits, and says how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

NOBODY = "Nobody waited for this answer any more: ask again."


class Abandoned(Exception):
    """Nobody waits for the work any more."""


@dataclass(eq=False)
class Job:
    """One piece of work. is_wanted: whether anybody waits for it. share: of it that is done, from 0 to 1."""

    is_wanted: Callable[[], bool] = lambda: True
    share: float = 0.0

    @contextmanager
    def begin(self) -> Iterator[None]:
        """What runs within, in this thread, is this job."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


_current: ContextVar[Job | None] = ContextVar("job", default=None)


def check(share: float | None = None) -> None:
    """Raise Abandoned if nobody waits for the work of this thread any more; outside of a Job nothing happens.

    To be called for every tile, file or batch. share: of the work that is done, from 0 to 1.
    """
    if (job := _current.get()) is None:
        return
    if share is not None:
        job.share = share
    if not job.is_wanted():
        raise Abandoned(NOBODY)
