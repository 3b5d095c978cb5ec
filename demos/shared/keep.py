"""What visitors keep between two questions: by token, bounded in bytes over all, the least recently used goes first."""

from __future__ import annotations

import dataclasses
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL.Image import Image

MAX_BYTES = 512_000_000
IDLE_SECONDS = 1800  # that a value is kept after it was last used
LEFT_SECONDS = 60  # that it is kept while its page is closed: a phone closes connections when it shows another app


class Gone:
    """In place of a value that is not kept any more."""


GONE = Gone()


@dataclass(eq=False)
class _Kept:
    value: Any
    size: int
    slot: Hashable
    used: float
    left: float | None = None


class Store:
    """Values by token. max_bytes: of all values together. idle_seconds, left_seconds: how long each is kept."""

    def __init__(
        self, max_bytes: int = MAX_BYTES, idle_seconds: float = IDLE_SECONDS, left_seconds: float = LEFT_SECONDS
    ):
        self.max_bytes, self.idle_seconds, self.left_seconds = max_bytes, idle_seconds, left_seconds
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """Of all values together."""
        return sum(kept.size for kept in list(self._kept.values()))

    def put(self, value: Any, visitor: str, name: Hashable) -> str:
        """Keep a value, in place of what the visitor had under this name. Returns the token for `get`.

        A visitor of "" is the page itself, whose values do not grow old.
        What was used least recently goes until all fit; a value that is too large alone is not kept.
        """
        token, slot, size = secrets.token_urlsafe(16), (visitor, name), measure(value)
        with self._lock:
            self._drop(lambda kept: visitor and kept.slot == slot)
            if size <= self.max_bytes:
                self._kept[token] = _Kept(value, size, slot, time.monotonic())
            while self.bytes > self.max_bytes:
                self._kept.popitem(last=False)
        return token

    def get(self, token: str | None) -> Any:
        """The value of a token, GONE if it is not kept any more; None for no token."""
        if not token:
            return None
        with self._lock:
            if (kept := self._kept.get(token)) is None:
                return GONE
            kept.used = time.monotonic()
            self._kept.move_to_end(token)
            return kept.value

    def sweep(self, is_here: Callable[[str], bool]) -> None:
        """Let go what was kept long enough. is_here: whether the page of a visitor is open."""
        now = time.monotonic()

        def is_over(kept: _Kept) -> bool:
            visitor = kept.slot[0]
            if not visitor:
                return False
            kept.left = None if is_here(visitor) else kept.left or now
            return now - kept.used > self.idle_seconds or now - (kept.left or now) > self.left_seconds

        with self._lock:
            self._drop(is_over)

    def _drop(self, is_over: Callable[[_Kept], bool]) -> None:
        for token in [token for token, kept in self._kept.items() if is_over(kept)]:
            del self._kept[token]


def measure(value: Any) -> int:
    """About how many bytes a value takes: arrays, pictures, texts and files, in containers and dataclasses too."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, bytes | str):
        return len(value)
    if isinstance(value, Image):
        return 4 * value.width * value.height  # Pillow takes four bytes for three channels
    if isinstance(value, dict):
        return sum(map(measure, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(measure, value))
    if dataclasses.is_dataclass(value):
        return sum(map(measure, vars(value).values()))  # what is cached in it as well
    return 64
