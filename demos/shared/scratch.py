"""A temporary folder of this process's own, so that nothing that visitors send outlives what it is needed for."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "loupe-"
SECONDS = 1800  # that a file stays after it was last used, as long as what visitors keep
NO_FOLDER = "No temporary file can be written: make room on the disk, or set GRADIO_TEMP_DIR to a writable folder."
_claimed: tuple[Path, FileLock] | None = None


class NoFolder(OSError):
    """No temporary folder can be made. `str(error)` is one sentence that names the remedy."""


def claim() -> Path:
    """Make the folder, in which Gradio and `tempfile` put all they write from then on, and return its path.

    To be called before Gradio is imported. It lies in $GRADIO_TEMP_DIR, else where the system has such files. Folders
    of processes that have ended without removing theirs are removed. Raises NoFolder where nothing can be written.
    """
    try:
        folder, files = _make(Path(os.environ.get("GRADIO_TEMP_DIR") or tempfile.gettempdir()))
    except (OSError, ValueError, NotImplementedError):  # ValueError: no path can look so
        raise NoFolder(NO_FOLDER) from None
    os.environ["GRADIO_TEMP_DIR"], os.environ["TMPDIR"], tempfile.tempdir = str(files), str(folder), str(folder)
    return files


def _make(parent: Path) -> tuple[Path, Path]:
    """A new folder in `parent`, locked, and the folder of Gradio's files in it."""
    global _claimed
    parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(parent)
    folder = parent.resolve() / f"{PREFIX}{secrets.token_hex(6)}"
    lock = FileLock(folder.with_suffix(".lock"))
    lock.acquire()
    _claimed = folder, lock
    files = folder / "files"
    files.mkdir(mode=0o700, parents=True)
    (files / "room").write_bytes(bytes(1 << 16))  # a full disk is noticed now
    (files / "room").unlink()
    return folder, files


def discard() -> None:
    """Remove the folder and all in it."""
    global _claimed
    if _claimed is None:
        return
    (folder, lock), _claimed = _claimed, None
    for _ in range(3):  # a thread may just be writing
        shutil.rmtree(folder, ignore_errors=True)
    lock.release()
    with suppress(OSError):
        Path(lock.lock_file).unlink()


def end_within(seconds: float, code: int) -> None:
    """Remove the folder and end this process after so many seconds, whatever still runs."""

    def end() -> None:
        discard()
        os._exit(code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def sweep(kept: Collection[str] = (), seconds: float = SECONDS) -> None:
    """Remove files that nobody has used for so many seconds, but those `kept`, and the folders that are empty then."""
    if _claimed is None:
        return
    before = time.time() - seconds
    for root, _, names in os.walk(_claimed[0], topdown=False):
        for path in (os.path.join(root, name) for name in names):
            with suppress(OSError):
                if path not in kept and _last_used(path) < before:
                    os.remove(path)
        with suppress(OSError):  # it is not empty
            if root not in (str(_claimed[0]), os.environ.get("GRADIO_TEMP_DIR")) and _last_used(root) < before:
                os.rmdir(root)


def use(path: str | Path) -> None:
    """Note that a file is used now."""
    with suppress(OSError):
        os.utime(path)


def _last_used(path: str) -> float:
    state = os.lstat(path)
    return max(state.st_mtime, state.st_ctime) if not os.path.isdir(path) else state.st_mtime


def _remove_abandoned(parent: Path) -> None:
    for path in parent.glob(f"{PREFIX}*.lock"):
        with suppress(OSError, Timeout), FileLock(path, timeout=0):
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            path.unlink()
