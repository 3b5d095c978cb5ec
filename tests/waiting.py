"""Waiting for what happens elsewhere."""

import time
from collections.abc import Callable


def wait_for(condition: Callable[[], object], seconds: float = 600.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
