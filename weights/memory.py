"""Memory that is given back to the system: what the allocator would keep, and what of a mapped file was read once."""

import ctypes
import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from ai_edge_litert.interpreter import Interpreter

Stretch = tuple[int, int]  # of addresses: the first, and the one behind the last

# In bytes: what is larger goes back to the system when it is freed. Left alone the GNU allocator raises this limit to
# 32 MB by and by, and keeps the pictures and answers of visitors who are gone.
GIVEN_BACK = 2**18
ARENAS = 2  # as many cores as a Space has; the allocator makes eight a core, and each keeps what it has freed
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
MADV_DONTNEED = 4
MAPS = Path("/proc/self/maps")


def _call(function: str, *arguments) -> None:
    """Call the C library, or do nothing where it has no such function."""
    with suppress(OSError, AttributeError, TypeError):
        getattr(ctypes.CDLL(None), function)(*arguments)


_call("mallopt", M_MMAP_THRESHOLD, GIVEN_BACK)
_call("mallopt", M_ARENA_MAX, ARENAS)


def trim() -> None:
    """Return to the system what the GNU allocator keeps for a next time."""
    _call("malloc_trim", 0)


class Stored:
    """Bytes for interpreters to map: in a file without a name, which nobody can change, so that they take no memory.

    Where there is no such file, or no room for it, the bytes are kept.
    """

    def __init__(self, content: bytes):
        self._given, self._file, self._lock = {"model_content": content}, None, threading.Lock()
        with suppress(OSError):
            file = tempfile.TemporaryFile()
            file.write(content)
            file.flush()
            if os.path.exists(path := f"/dev/fd/{file.fileno()}"):
                self._given, self._file = {"model_path": path}, file

    def interpret(self, **options) -> tuple[Interpreter, set[Stretch]]:
        """An interpreter with these options, and where in memory it maps the file."""
        with self._lock:
            before = self._find_mapped()
            interpreter = Interpreter(**self._given, **options)
            return interpreter, self._find_mapped() - before

    def _find_mapped(self) -> set[Stretch]:
        """Where in memory the file is mapped by any interpreter; nowhere where only Linux would say."""
        if self._file is None or not MAPS.exists():
            return set()
        number = str(os.fstat(self._file.fileno()).st_ino)
        lines = map(str.split, MAPS.read_text().splitlines())
        # A file of another disk may have this number. Of what is shared nothing can be lost.
        found = (line[0] for line in lines if line[4] == number and line[1].endswith("s"))
        return {tuple(int(address, 16) for address in addresses.split("-")) for addresses in found}


def forget(mapped: set[Stretch]) -> None:
    """Drop what was read of a file where an interpreter that still stands maps it. What is needed is read again."""
    for start, end in mapped:
        _call("madvise", ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_DONTNEED)
