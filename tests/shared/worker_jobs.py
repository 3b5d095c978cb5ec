"""What the tests run in a worker's process."""

import os
import time
from pathlib import Path

from weights import Unavailable


def add(a: int, b: int) -> int:
    return a + b


def process_id() -> int:
    return os.getpid()


def count(most: int, seconds: float = 0.0):
    """Yields 1, 2, ..., with a pause before each."""
    for number in range(1, most + 1):
        time.sleep(seconds)
        yield number


def count_into(path: str, seconds: float = 0.05):
    """Counts for ever and writes how far it is into a file; "closed" when it is closed."""
    number = 0
    try:
        while True:
            number += 1
            Path(path).write_text(str(number))
            yield number
            time.sleep(seconds)
    finally:
        Path(path).write_text("closed")


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def sleep_over(inputs) -> None:
    time.sleep(600)


def fail() -> None:
    raise ValueError("a secret path")


def be_unavailable() -> None:
    raise Unavailable("This cannot be had.")


def break_off(after: int):
    yield from range(after)
    os._exit(3)


def fill(bytes_: int) -> int:
    return len(bytearray(bytes_))


def give(bytes_: int):
    """Yields large answers for ever."""
    while True:
        yield bytes(bytes_)
