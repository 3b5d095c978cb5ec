"""The pictures of a gallery that stay on the disk until they are asked for."""

import os
import tempfile
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np

from demos.shared.gallery.gallery import GalleryError

CHANGED = "The gallery was indexed again since the page started: start the page again."


class InFiles(Sequence):
    """The pictures in the files of a folder."""

    def __init__(self, paths: Sequence[Path], counts: Sequence[int]):
        self._paths, self._ends = list(paths), list(accumulate(counts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, position: int) -> bytes:
        if not 0 <= position < len(self):
            raise IndexError(position)
        part = bisect_right(self._ends, position)
        row = position - (self._ends[part - 1] if part else 0)
        try:
            return _read_pictures(self._paths[part])[row]
        except OSError:
            raise GalleryError(CHANGED) from None


@lru_cache(maxsize=4)
def _read_pictures(path: Path) -> list[bytes]:
    with np.load(path) as stored:
        return split(stored["pictures"], stored["ends"])


def split(pictures: np.ndarray, ends: np.ndarray) -> list[bytes]:
    """uint8 (bytes of all) and int64 (N,), where each ends -> the bytes of each."""
    return [pictures[start:end].tobytes() for start, end in zip([0, *ends[:-1]], ends, strict=True)]


class SetAside(Sequence):
    """Pictures in a file without a name, which nobody can change. Raises OSError where there is no room for it."""

    def __init__(self, pictures: Sequence[bytes]):
        self._ends = list(accumulate(map(len, pictures), initial=0))
        self._file = tempfile.TemporaryFile()
        self._file.writelines(pictures)
        self._file.flush()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, position):
        if isinstance(position, slice):
            return [self[at] for at in range(len(self))[position]]
        at = range(len(self))[position]
        start, end = self._ends[at : at + 2]
        return os.pread(self._file.fileno(), end - start, start)


def set_aside(pictures: Sequence[bytes]) -> Sequence[bytes]:
    """The same pictures, on the disk if that can be done."""
    if not hasattr(os, "pread"):
        return pictures
    try:
        return SetAside(pictures)
    except OSError:
        return pictures
