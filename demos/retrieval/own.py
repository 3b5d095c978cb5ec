"""Pictures that somebody brings, files or a zip of them -> a database."""

from __future__ import annotations

import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path, PurePosixPath
from weakref import WeakSet

import numpy as np

from demos import images
from demos.retrieval import encoders, gallery
from demos.retrieval.gallery import Gallery, GalleryError
from weights.runtime import cores

MOST = 2000  # pictures of a visitor
AHEAD = 8  # files in memory, of at most 30 MB, that wait for being decoded or taken
LONGEST = 512  # pixels to which a picture is decoded; encoders see 192 of them at most
NONE = "None of these files is a picture that can be opened here: choose JPEG, PNG or WebP files, or a zip of them."
ROOM = 1_000_000_000  # bytes of all visitors' pictures that are kept at once
BAD_ZIP = "This zip file is damaged or locked: make it again without a password."


FULL = "Too many visitors search among their own pictures at the moment: try again in some minutes, or bring fewer."
_kept: WeakSet[Gallery] = WeakSet()


def files(paths: Iterable[str | Path]) -> Iterator[tuple[str, bytes | Path]]:
    """Names and contents of files, and of those in zip files; of one that is too large, no more than one byte too many.

    Raises GalleryError for a zip file that cannot be read.
    """
    for path in map(Path, paths):
        if not zipfile.is_zipfile(path):
            yield path.name, path
            continue
        try:
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    name = PurePosixPath(member.filename)
                    if not member.is_dir() and "__MACOSX" not in name.parts and not name.name.startswith("."):
                        with archive.open(member) as file:
                            yield name.name, file.read(images.MAX_BYTES + 1)
        except Exception:  # hostile bytes make the decoders of zip files raise anything
            raise GalleryError(BAD_ZIP) from None


def decoded(named: Iterable[tuple[str, bytes | Path]]) -> Iterator[tuple[str, tuple[bytes, np.ndarray] | str]]:
    """Each name with the picture as it is kept and what INDEXED sees of it, or the sentence why there is none.

    As many are decoded at once as there are cores, AHEAD of who takes them.
    """
    named, ahead = iter(named), deque()
    with ThreadPoolExecutor(cores()) as pool:
        for name, content in named:
            ahead.append((name, pool.submit(_decoded, content)))
            if len(ahead) > AHEAD:
                name, future = ahead.popleft()
                yield name, future.result()
        for name, future in ahead:
            yield name, future.result()


def _decoded(content: bytes | Path) -> tuple[bytes, np.ndarray] | str:
    try:
        pixels = images.open(content, longest=LONGEST).pixels
    except images.PictureError as error:
        return str(error)
    return gallery.small(pixels), encoders.see(pixels, gallery.INDEXED)


def embedded(paths: Iterable[str | Path], most: int = MOST) -> Iterator[int | tuple[Gallery, list[str]]]:
    """How many pictures are embedded, on the way; last, their database and the names of files that are no pictures.

    paths: pictures, or zip files of them, of which the first `most` pictures are taken. Raises GalleryError where there
    is no picture among them, and weights.Unavailable.
    """
    pictures, titles, vectors, skipped = [], [], [], []
    usable = (one for one in decoded(files(paths)) if not isinstance(one[1], str) or skipped.append(one[0]))
    usable = islice(usable, most)
    while batch := list(islice(usable, encoders.BATCH)):
        vectors.append(encoders.embed(np.stack([seen for _, (_, seen) in batch]), gallery.INDEXED))
        pictures += [picture for _, (picture, _) in batch]
        titles += [Path(name).stem for name, _ in batch]
        yield len(pictures)
    if not pictures:
        raise GalleryError(NONE)
    made = {gallery.INDEXED: np.concatenate(vectors)}
    digests = {gallery.INDEXED: gallery.digest(gallery.INDEXED)}
    yield admitted(Gallery(pictures, titles, [""] * len(pictures), made, digests)), skipped


def restored(path: str | Path) -> Gallery:
    """A database that a visitor saved. Raises GalleryError, also for one whose pictures cannot be opened."""
    found = gallery.read(Path(path))
    if len(found) > MOST:
        raise GalleryError(f"This index has more than {MOST:,} pictures: bring a smaller one.")
    try:
        for position in range(len(found)):
            found.pixels(position)
    except images.PictureError:
        raise GalleryError(gallery.DAMAGED) from None
    return admitted(found)


def admitted(found: Gallery) -> Gallery:
    """The same, counted for as long as anybody holds it. Raises GalleryError where all together take too much room."""
    if sum(map(_size, [*_kept, found])) > ROOM:
        raise GalleryError(FULL)
    _kept.add(found)
    return found


def _size(found: Gallery) -> int:
    return sum(map(len, found.pictures)) + sum(vectors.nbytes for vectors in found.vectors.values())
