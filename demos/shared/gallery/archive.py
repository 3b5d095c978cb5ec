"""Zip files from outside, opened within limits: entries, bytes unpacked, ways of packing, and no entry in another."""

from __future__ import annotations

import struct
import zipfile
from itertools import pairwise
from pathlib import Path

MAX_ENTRIES = 5000
MAX_UNPACKED = 500_000_000  # bytes of all entries together
_MAX_DIRECTORY = 2_000_000  # bytes of the list of entries; more would be read before their number is known
_END, _LOCATOR_64 = b"PK\5\6", b"PK\6\7"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack to a million times their size, or slowly


class ArchiveError(ValueError):
    """A zip file beyond the limits. `str(error)` is one sentence for the visitor."""


def open_archive(path: Path) -> zipfile.ZipFile:
    """A zip file whose entries fit the limits. Raises ArchiveError, and zipfile's errors for an unusual one as well."""
    _check_directory(path)
    archive = zipfile.ZipFile(path)
    try:
        _check_entries(archive.infolist())
    except (ArchiveError, zipfile.BadZipFile):
        archive.close()
        raise
    return archive


def _check_directory(path: Path) -> None:
    """Look at the end of the file, where the size of its list of entries stands."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - (1 << 16) - 42))
        tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise zipfile.BadZipFile
    (size,) = struct.unpack_from("<L", tail, end + 12)
    if size > _MAX_DIRECTORY or _LOCATOR_64 in tail[max(0, end - 20) : end]:
        raise ArchiveError(f"This zip file has more than {MAX_ENTRIES:,} entries: bring a smaller one.")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise ArchiveError(f"This zip file has more than {MAX_ENTRIES:,} entries: bring a smaller one.")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ArchiveError(f"This zip file unpacks to more than {MAX_UNPACKED // 1_000_000} MB: bring a smaller one.")
    places = sorted((entry.header_offset, entry.header_offset + 30 + entry.compress_size) for entry in entries)
    is_overlapping = any(end > start for (_, end), (start, _) in pairwise(places))
    if is_overlapping or any(entry.compress_type not in _METHODS for entry in entries):
        raise zipfile.BadZipFile
