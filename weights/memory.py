"""Memory that is given back to the system: what the allocator would keep, and what of a mapped file was read once."""

import ctypes
import os
import tempfile
from contextlib import suppress
from pathlib import Path

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

    options: with what an `Interpreter` gets them. Where there is no such file, or no room for it, the bytes are kept.
    """

    def __init__(self, content: bytes):
        self.options = {"model_content": content}
        self._file = None
        with suppress(OSError):
            file = tempfile.TemporaryFile()
            file.write(content)
            file.flush()
            if os.path.exists(path := f"/dev/fd/{file.fileno()}"):
                self._file, self.options = file, {"model_path": path}

    def forget(self) -> None:
        """Drop the pages that interpreters have read. What of them is needed again is read again."""
        if self._file is None or not MAPS.exists():
            return
        number = str(os.fstat(self._file.fileno()).st_ino)
        for line in MAPS.read_text().splitlines():
            addresses, _, _, _, inode, *_ = line.split()
            if inode == number:
                start, end = (int(address, 16) for address in addresses.split("-"))
                _call("madvise", ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_DONTNEED)
