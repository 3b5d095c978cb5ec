"""The parts of an index on a disk, and which pictures of the source stand in each.

A part is a gallery, `000012.npz`, and `000012.json` beside it, which is written last: without it the part is unfinished
and made again. A part is never changed, but replaced by one of another number.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from demos.shared.gallery import files
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Gallery

PART = 1000  # pictures in a part
SECONDS = 20  # after which a part is written although it has fewer
_NAME = re.compile(r"(\d{6})\.(npz|json|unfinished)")


def read_all_keys(folder: Path) -> set[str]:
    """The keys of all pictures in the parts of a folder."""
    return {key for path in folder.glob("[0-9]*.json") for key in (_read(path) or {"keys": ()})["keys"]}


class Parts:
    """The parts in a folder, of which those that are unfinished or were made by other networks are deleted.

    encoders: of the index, by name. digests: of the networks that answer now, by the same names.
    keys: of the pictures in each part, by its number.
    """

    def __init__(self, folder: Path, encoders: Mapping[str, Encoder], digests: Mapping[str, str]):
        self.folder, self.encoders, self.keys = folder, encoders, {}
        self._waiting: list[tuple[list[str], Gallery]] = []
        self._began = 0.0
        numbers = {int(found[1]) for path in folder.iterdir() if (found := _NAME.fullmatch(path.name))}
        self._next = max(numbers, default=-1) + 1
        for number in sorted(numbers):
            if (keys := self._read_keys(number, digests)) is None:
                self._delete(number)
            else:
                self.keys[number] = keys

    def add(self, keys: list[str], gallery: Gallery) -> None:
        """Take pictures with their keys, and write them once they are many, or have waited for long."""
        self._began = self._began if self._waiting else time.monotonic()
        self._waiting.append((keys, gallery))
        if sum(len(keys) for keys, _ in self._waiting) >= PART or time.monotonic() - self._began >= SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            keys, galleries = zip(*self._waiting, strict=True)
            self._write(sum(keys, []), _join(galleries))
            self._waiting = []

    def remove(self, gone: Iterable[str]) -> None:
        """Take pictures out, by their keys; and those that stand in an earlier part as well."""
        seen = set(gone)
        for number, keys in sorted(self.keys.items()):
            rows = [row for row, key in enumerate(keys) if key not in seen]
            seen |= set(keys)
            if rows and len(rows) < len(keys):
                whole = files.read(self._path(number, "npz"), self.encoders, files.UNBOUNDED)
                self._write([keys[row] for row in rows], _select(whole, rows))
            if len(rows) < len(keys):
                self._delete(number)

    def _write(self, keys: list[str], gallery: Gallery) -> None:
        number, self._next = self._next, self._next + 1
        files.write(gallery, self._path(number, "npz"))
        about = json.dumps({"keys": keys, "digests": gallery.digests})
        self._path(number, "json").write_text(about, encoding="utf-8")
        self.keys[number] = keys

    def _read_keys(self, number: int, digests: Mapping[str, str]) -> list[str] | None:
        """None where the part is unfinished, or the vectors of a network are those of another one."""
        about = _read(self._path(number, "json"))
        is_whole = about and self._path(number, "npz").is_file() and digests.items() <= about["digests"].items()
        return about["keys"] if is_whole else None

    def _delete(self, number: int) -> None:
        for ending in ("json", "npz", "unfinished"):
            self._path(number, ending).unlink(missing_ok=True)
        self.keys.pop(number, None)

    def _path(self, number: int, ending: str) -> Path:
        return self.folder / f"{number:06}.{ending}"


def _read(path: Path) -> dict | None:
    """What stands beside a part: `keys`, a list, and `digests`, by encoder; None where it is absent or damaged."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        return {"keys": list(about["keys"]), "digests": dict(about["digests"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _join(galleries: tuple[Gallery, ...]) -> Gallery:
    """One gallery of several that were embedded by the same networks."""
    first = galleries[0]
    pictures, titles, credits = (
        [one for gallery in galleries for one in getattr(gallery, name)] for name in ("pictures", "titles", "credits")
    )
    vectors = {name: np.concatenate([gallery.vectors[name] for gallery in galleries]) for name in first.vectors}
    return Gallery(first.encoders, pictures, titles, credits, vectors, first.digests)


def _select(gallery: Gallery, rows: list[int]) -> Gallery:
    """The pictures at some positions of a gallery."""
    pictures, titles, credits = (
        [getattr(gallery, name)[row] for row in rows] for name in ("pictures", "titles", "credits")
    )
    vectors = {name: of_all[rows] for name, of_all in gallery.vectors.items()}
    return Gallery(gallery.encoders, pictures, titles, credits, vectors, gallery.digests)
