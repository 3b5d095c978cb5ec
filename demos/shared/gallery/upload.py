"""Pictures that a visitor brings, files or a zip of them, or an index that they saved -> a Gallery, within limits."""

from __future__ import annotations

import time
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from weakref import WeakSet

import numpy as np

from demos.shared import images, work
from demos.shared.gallery import files
from demos.shared.gallery.archive import ArchiveError, is_cut, open_archive, read_members
from demos.shared.gallery.encoder import BATCH, Encoder
from demos.shared.gallery.gallery import DAMAGED, Collection, Gallery, GalleryError
from demos.shared.text import clean
from weights.runtime import cores

AHEAD = 8  # files in memory, of at most 30 MB, that wait for being decoded or taken
MAX_SECONDS = 600  # in which all files are read
LONGEST = 512  # pixels to which a picture is decoded; encoders take 192 of them at most
NO_PICTURE = (
    "None of these files is a picture that can be opened here: choose JPEG, PNG or WebP files, or a zip of them."
)
CUT_ZIP = "This zip file is incomplete: copy or download it again."
BAD_ZIP = "This zip file is damaged or locked: make it again without a password."
FULL = "Too many visitors search among their own pictures at the moment: try again in some minutes, or bring fewer."
TOO_SLOW = "These pictures take too long to read: bring fewer, or smaller ones."
_admitted: WeakSet[Gallery] = WeakSet()
Decoded = tuple[bytes, np.ndarray]  # the thumbnail, and the input of an encoder


def list_files(paths: Iterable[str | Path]) -> Iterator[tuple[str, bytes | Path]]:
    """Names and contents of files, and of those in zip files; of one that is too large, no more than one byte too many.

    Raises GalleryError for a zip file that cannot be read.
    """
    for path in map(Path, paths):
        if not zipfile.is_zipfile(path):
            if is_cut(path):
                raise GalleryError(CUT_ZIP)
            yield clean(path.name), path
            continue
        try:
            with open_archive(path) as archive:
                for name, content in read_members(archive, images.MAX_BYTES + 1):
                    yield clean(name), content
        except (GalleryError, work.Abandoned, GeneratorExit):
            raise
        except ArchiveError as error:
            raise GalleryError(str(error)) from None
        except Exception:  # hostile bytes make the decoders of zip files raise anything
            raise GalleryError(BAD_ZIP) from None


def decode(named: Iterable[tuple[str, bytes | Path]], encoder: Encoder) -> Iterator[tuple[str, Decoded | str]]:
    """Each name with the thumbnail and the encoder's input, or with the sentence why there is no picture.

    As many are decoded at once as there are cores, AHEAD of who takes them.
    """
    named, ahead, pool = iter(named), deque(), ThreadPoolExecutor(cores())
    end = time.monotonic() + MAX_SECONDS
    try:
        for name, content in named:
            work.check()
            if time.monotonic() > end:
                raise GalleryError(TOO_SLOW)
            ahead.append((name, pool.submit(_decode, content, encoder)))
            if len(ahead) > AHEAD:
                name, future = ahead.popleft()
                yield name, future.result()
        for name, future in ahead:
            work.check()
            yield name, future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _decode(content: bytes | Path, encoder: Encoder) -> Decoded | str:
    try:
        pixels = images.open(content, longest=LONGEST, most=images.QUICK_PIXELS).pixels
    except images.PictureError as error:
        return str(error)
    return files.thumbnail(pixels), encoder.preprocess(pixels)


def embed_files(paths: Iterable[str | Path], collection: Collection) -> Iterator[int | tuple[Gallery, list[str]]]:
    """How many pictures are embedded, on the way; last, their gallery and the names of files that are no pictures.

    paths: pictures, or zip files of them, of which the first `max_uploads` pictures are taken. They are embedded for
    the first encoder alone. While files are skipped the count is yielded again. Raises GalleryError where there is no
    picture among them, and weights.Unavailable.
    """
    name, encoder = next(iter(collection.encoders.items()))
    digest, skipped, unreadable = encoder.digest, [], 0
    pictures, titles, vectors, batch = [], [], [], []
    for title, content in decode(list_files(paths), encoder):
        if isinstance(content, str):
            skipped.append(title)
            unreadable += 1
        else:
            picture, inputs = content
            pictures.append(picture)
            titles.append(Path(title).stem)
            batch.append(inputs)
            unreadable = 0
        is_last = len(pictures) == collection.max_uploads
        if len(batch) == BATCH or (batch and is_last):
            vectors.append(encoder.embed(np.stack(batch)))
            batch = []
            yield len(pictures)
        elif unreadable == BATCH:
            unreadable = 0
            yield len(pictures) - len(batch)
        if is_last:
            break
    if batch:
        vectors.append(encoder.embed(np.stack(batch)))
        yield len(pictures)
    if not pictures:
        raise GalleryError(NO_PICTURE)
    gallery = Gallery(collection.encoders, pictures, titles, [""] * len(pictures))
    gallery.vectors[name], gallery.digests[name] = np.concatenate(vectors), digest
    yield admit(gallery, collection), skipped


def restore(path: str | Path, collection: Collection) -> Iterator[int | Gallery]:
    """How many pictures of an index that a visitor saved are checked, on the way; last, its gallery.

    It is embedded for the first encoder, if that was not done by the network that answers now. Raises GalleryError,
    also for an index whose pictures cannot be opened or are larger than thumbnails, and weights.Unavailable.
    """
    gallery = files.read(Path(path), collection.encoders)
    if len(gallery) > collection.max_uploads:
        raise GalleryError(f"This index has more than {collection.max_uploads:,} pictures: bring a smaller one.")
    if not all(map(files.is_thumbnail, gallery.pictures)):  # nothing large is decoded
        raise GalleryError(DAMAGED)
    for position in range(len(gallery)):
        work.check()
        try:
            gallery.pixels(position)
        except images.PictureError:
            raise GalleryError(DAMAGED) from None
        if position % BATCH == BATCH - 1:
            yield position + 1
    if not gallery.is_prepared(gallery.indexed):
        yield from gallery.embed(gallery.indexed)
    yield admit(gallery, collection)


def admit(gallery: Gallery, collection: Collection) -> Gallery:
    """The same, counted for as long as anybody holds it. Raises GalleryError where all together are too large."""
    if sum(map(_size, [*_admitted, gallery])) > collection.max_upload_bytes:
        raise GalleryError(FULL)
    _admitted.add(gallery)
    return gallery


def _size(gallery: Gallery) -> int:
    texts = sum(map(len, gallery.titles)) + sum(map(len, gallery.credits))
    return texts + sum(map(len, gallery.pictures)) + sum(vectors.nbytes for vectors in gallery.vectors.values())
