"""Zip files from outside, opened within limits: entries, bytes unpacked, ways of packing, and no entry in another."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath

MAX_ENTRIES = 5000
MAX_UNPACKED = 500_000_000  # bytes of all entries together
_MAX_DIRECTORY = 2_000_000  # bytes of the list of entries; more would be read before their number is known
_END, _LOCATOR_64 = b"PK\5\6", b"PK\6\7"
_BEGIN, _IS_UTF_8 = b"PK\3\4", 1 << 11
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]{2}")
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


def is_cut(path: Path) -> bool:
    """Whether a file begins as a zip file does, but lacks its end."""
    try:
        with path.open("rb") as file:
            return file.read(4) == _BEGIN and not zipfile.is_zipfile(path)
    except OSError:
        return False


def read_members(archive: zipfile.ZipFile, most: int) -> Iterator[tuple[str, bytes]]:
    """Names without folders and contents of the files in an archive, of each at most so many bytes.

    A member that is damaged is empty. What file managers add is left out. Raises BadZipFile where all are damaged.
    """
    is_damaged, is_any_whole = False, False
    for member in archive.infolist():
        name = PurePosixPath(read_name(member))
        if member.is_dir() or "__MACOSX" in name.parts or name.name.startswith("."):
            continue
        try:
            with archive.open(member) as file:
                content, is_any_whole = file.read(most), True
        except (zipfile.BadZipFile, zlib.error, EOFError):
            content, is_damaged = b"", True
        yield name.name, content
    if is_damaged and not is_any_whole:
        raise zipfile.BadZipFile


def read_name(member: zipfile.ZipInfo) -> str:
    """The path of a member, its folders separated by /.

    Where it does not say that it is UTF-8, as many programs forget, Python reads it as code page 437. It may be UTF-8
    all the same, or Shift-JIS, which is recognized by two Japanese characters in succession.
    """
    name = member.orig_filename
    if not member.flag_bits & _IS_UTF_8:
        raw = name.encode("cp437")
        japanese = _decode(raw, "cp932")
        name = _decode(raw, "utf-8") or (japanese if _JAPANESE.search(japanese) else name)
    return name.replace("\\", "/")


def _decode(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return ""


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
