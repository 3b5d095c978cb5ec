"""A bound on what all threads together may have in work: who does not fit waits, then is told so."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from demos.shared import work


class Budget:
    """So much of something for the whole process. seconds: that somebody waits for a share of it."""

    def __init__(self, size: int, seconds: float):
        self.size, self.seconds, self.held = size, seconds, 0
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, amount: int) -> Iterator[None]:
        """Within, so much is taken; who wants more than there is gets all. Raises TimeoutError and work.Abandoned."""
        amount, end = min(amount, self.size), time.monotonic() + self.seconds
        with self._changed:
            while self.held + amount > self.size:
                work.check()
                if time.monotonic() > end:
                    raise TimeoutError
                self._changed.wait(0.5)
            self.held += amount
        try:
            yield
        finally:
            with self._changed:
                self.held -= amount
                self._changed.notify_all()
