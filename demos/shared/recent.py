"""Pictures that were decoded a moment ago: who moves a crop asks about the same file again and again."""

from __future__ import annotations

import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Recent:
    """A few small pictures, each for so many seconds after it was last asked for.

    most_bytes: of the pixels of all; a picture that takes more than a quarter of them is not kept.
    """

    def __init__(self, most_bytes: int = 16_000_000, seconds: float = 20):
        self.most_bytes, self.seconds = most_bytes, seconds
        self._kept: OrderedDict[Hashable, tuple[Any, float]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, source: Any, options: tuple, decode: Callable[[], Any]) -> Any:
        """A picture of its own of the file `source` as it is decoded with these options. Raises what `decode` raises.

        A file counts whose folder is named by its digest, as those are that visitors send.
        """
        path = Path(source) if isinstance(source, str | Path) else None
        if path is None or not _DIGEST.fullmatch(path.parent.name) or not os.path.isfile(path):
            return decode()
        key = str(path), options
        self.forget()
        with self._lock:
            kept, _ = self._kept.pop(key, (None, 0))
        picture = decode() if kept is None else kept
        if 4 * _weigh(picture) > self.most_bytes:
            return picture
        with self._lock:
            self._kept[key] = picture, time.monotonic()
            while sum(_weigh(one) for one, _ in self._kept.values()) > self.most_bytes:
                self._kept.popitem(last=False)
        alpha = None if picture.alpha is None else picture.alpha.copy()
        own = replace(picture, pixels=picture.pixels.copy(), alpha=alpha)
        if image := vars(picture).pop("image", None):  # Pillow's own is for who has it decoded, and not kept
            vars(own)["image"] = image
        return own

    def forget(self) -> None:
        """Let go what was not asked for of late."""
        before = time.monotonic() - self.seconds
        with self._lock:
            for key in [key for key, (_, at) in self._kept.items() if at < before]:
                del self._kept[key]

    def __len__(self) -> int:
        return len(self._kept)


def _weigh(picture: Any) -> int:
    """Bytes of a picture."""
    return picture.pixels.nbytes + (0 if picture.alpha is None else picture.alpha.nbytes)
