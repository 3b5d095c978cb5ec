"""A Gallery in .npz files, one or many, and the gallery that a demo searches."""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image

import weights
from demos.shared.gallery import on_disk
from demos.shared.gallery.archive import ArchiveError, open_archive
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import DAMAGED, Collection, Gallery, GalleryError, l2_normalize
from demos.shared.gallery.milvus import Milvus
from demos.shared.text import clean

log = logging.getLogger(__name__)

SIDE = 192  # the longest side of a stored picture, in pixels
FORMATS = ("JPEG", "PNG", "WEBP")  # of stored pictures: their headers tell the size of what is decoded
MAX_BYTES = 100_000_000  # of an index, unpacked, that a visitor brings
MAX_TEXTS = 2_000_000  # bytes of its titles and credits
UNBOUNDED = 2**40
LAYOUT = "places"  # what the files call it
ABSENT = "The gallery that {} names is not there: give it the folder that was indexed."
NO_DATABASE = "The vector database that {} names is not there: index the folder with --milvus first."
DATABASE_ALONE = "{} needs the folder that was indexed to it: set {} to that folder."
NO_INDEX = "The folder of the gallery holds no index: python -m demos.shared.gallery.index makes one."
OTHER_VECTORS = "The vector database holds other pictures or vectors: index the folder again with --milvus."
INDEXING = "The pictures of the gallery are being indexed, {} so far: come back in a while."
_opened: WeakKeyDictionary[Collection, Gallery] = WeakKeyDictionary()
_reports: WeakKeyDictionary[Collection, str] = WeakKeyDictionary()


def thumbnail(pixels: np.ndarray, format: str = "JPEG", quality: int = 85, side: int = SIDE, **options) -> bytes:
    """uint8 (H, W, 3) -> a file of at most `side` pixels a side, of one of FORMATS, with options that Pillow knows."""
    image, buffer = Image.fromarray(pixels), io.BytesIO()
    image.thumbnail((side, side), reducing_gap=3)
    image.save(buffer, format, quality=quality, **options)
    return buffer.getvalue()


def read_size(content: bytes) -> tuple[int, int]:
    """Width and height that a stored picture says in its header; (0, 0) where it cannot be read."""
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS).size
    except Exception:  # hostile bytes make decoders raise anything
        return 0, 0


def is_thumbnail(content: bytes) -> bool:
    """Whether a stored picture says in its header that it is no larger than a thumbnail."""
    return 0 < max(read_size(content)) <= SIDE


def write(gallery: Gallery, target) -> None:
    """Write a gallery into one file: a path, replaced whole, or an open binary file."""
    about = {key: getattr(gallery, key) for key in ("titles", "credits", "labels", "cameras", "digests")}
    members = {
        "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
        "pictures": np.frombuffer(b"".join(gallery.pictures), np.uint8),
        "ends": np.cumsum([len(picture) for picture in gallery.pictures], dtype=np.int64),
        **{f"vectors_{name}": vectors.astype(np.float16) for name, vectors in gallery.vectors.items()},
    }
    if gallery.layout is not None:
        members[LAYOUT] = gallery.layout.astype(np.float16)
    if not isinstance(target, Path):
        np.savez(target, **members)
        return
    unfinished = target.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        np.savez(file, **members)
    unfinished.replace(target)


def read(path: Path, encoders: Mapping[str, Encoder], max_bytes: int = MAX_BYTES) -> Gallery:
    """A gallery from one file, with the vectors of these encoders, whatever is wrong with the file.

    max_bytes: of the file's members, unpacked. Raises GalleryError.
    """
    try:
        if max_bytes != UNBOUNDED:
            _check_members(path, max_bytes)
        with np.load(path, allow_pickle=False) as stored:
            known = {"about", "pictures", "ends", LAYOUT, *(f"vectors_{name}" for name in encoders)}
            return _check({key: stored[key] for key in known & set(stored)}, encoders)
    except GalleryError:
        raise
    except Exception:  # hostile bytes make the readers of zip, .npy and JSON raise anything
        raise GalleryError(DAMAGED) from None


def _check_members(path: Path, max_bytes: int) -> None:
    """Look at the sizes of all members before one is unpacked. Raises GalleryError, and what zipfile raises."""
    try:
        with open_archive(path) as archive:
            sizes = {member.filename: member.file_size for member in archive.infolist()}
            is_unique = len(sizes) == len(archive.infolist())
    except ArchiveError:
        raise GalleryError(DAMAGED) from None
    if sum(sizes.values()) > max_bytes:
        raise GalleryError(f"This index has more than {max_bytes // 1_000_000} MB: index fewer pictures.")
    if not is_unique or sizes.get("about.npy", 0) > MAX_TEXTS:
        raise GalleryError(DAMAGED)


def _check(stored: dict[str, np.ndarray], encoders: Mapping[str, Encoder]) -> Gallery:
    about = json.loads(stored["about"].tobytes())
    titles, credits = ([clean(str(text)) for text in about[key]] for key in ("titles", "credits"))
    known = {key: [clean(str(text)) for text in about.get(key, [])] for key in ("labels", "cameras")}
    ends, pictures = stored["ends"].astype(np.int64), stored["pictures"]
    vectors = {name: l2_normalize(stored[key]) for name in encoders if (key := f"vectors_{name}") in stored}
    layout = stored[LAYOUT].astype(np.float32).clip(0, 1) if LAYOUT in stored else None
    fits = len(titles) == len(credits) == len(ends) > 0 and pictures.dtype == np.uint8 and pictures.ndim == 1
    fits = fits and (np.diff(ends, prepend=0) > 0).all() and ends[-1] == len(pictures)
    fits = fits and all(len(texts) in (0, len(titles)) for texts in known.values())
    fits = fits and all(
        rows.ndim == 2 and len(rows) == len(titles) and np.isfinite(rows).all() for rows in vectors.values()
    )
    if not fits or (layout is not None and (layout.shape != (len(titles), 2) or not np.isfinite(layout).all())):
        raise GalleryError(DAMAGED)
    digests = {name: str(about["digests"][name]) for name in vectors}
    return Gallery(encoders, on_disk.split(pictures, ends), titles, credits, vectors, digests, layout, **known)


def read_folder(folder: Path, encoders: Mapping[str, Encoder], index: Milvus | None = None) -> Gallery:
    """A gallery of many files, whose pictures stay on the disk. Raises GalleryError.

    index: holds the vectors of the first encoder; only those of the first file are then kept in memory.
    """
    paths = sorted(folder.glob("*.npz"))
    if not paths:
        log.error("There is no index in %s", folder)
        raise GalleryError(NO_INDEX)
    parts = []
    for path in paths:
        parts.append(read(path, encoders, UNBOUNDED))
        parts[-1].pictures = range(len(parts[-1]))  # only their number
        if index and len(parts) > 1:
            parts[-1].vectors = {}
    digests = {n: d for n, d in parts[0].digests.items() if all(part.digests.get(n) == d for part in parts)}
    if index:
        digests = {name: digests[name] for name in digests if name == next(iter(encoders))}
        if (index.digest(), index.count()) != (next(iter(digests.values()), ""), sum(map(len, parts))):
            raise GalleryError(OTHER_VECTORS)
    vectors = {n: np.concatenate([part.vectors[n] for part in parts if n in part.vectors]) for n in digests}
    titles, credits = ([text for part in parts for text in getattr(part, key)] for key in ("titles", "credits"))
    lists = {key: [getattr(part, key) for part in parts] for key in ("labels", "cameras")}
    known = {key: [text for texts in of_parts for text in texts] for key, of_parts in lists.items() if all(of_parts)}
    pictures = on_disk.InFiles(paths, [len(part) for part in parts])
    return Gallery(encoders, pictures, titles, credits, vectors, digests, index=index, **known)


def open_gallery(collection: Collection) -> Gallery:
    """The gallery that a demo searches, opened once for all threads. Raises GalleryError, and milvus.Absent."""
    if (gallery := _opened.get(collection)) is not None:
        return gallery
    with collection.lock:
        if collection not in _opened:
            _opened[collection] = _open(collection)
        return _opened[collection]


def put(collection: Collection, gallery: Gallery) -> None:
    """From now on, a demo searches this gallery."""
    with collection.lock:
        _opened[collection] = gallery


def report(collection: Collection, sentence: str) -> None:
    """Say why a gallery that the page indexes itself is not there yet."""
    _reports[collection] = sentence


def _open(collection: Collection) -> Gallery:
    path, variable = collection.source, collection.variable("LOUPE_GALLERY")
    if variable and not collection.pictures and not os.path.exists(path):
        log.error("There is no %s", path)
        raise GalleryError(ABSENT.format(variable))
    database = _open_database(collection) if collection.vector_database else None
    if collection.pictures:
        raise GalleryError(_reports.get(collection, INDEXING.format("no picture")))
    if not path.is_dir():
        gallery = read(path, collection.encoders, UNBOUNDED)
        gallery.pictures = on_disk.set_aside(gallery.pictures)
        return gallery
    try:
        return read_folder(path, collection.encoders, database)
    except weights.Unavailable:
        if database:
            database.close()
        raise


def _open_database(collection: Collection) -> Milvus:
    """The vector database that the environment names, which is not made where it is not there."""
    uri, variable = collection.vector_database, collection.variable("LOUPE_MILVUS")
    if collection.pictures or not collection.source.is_dir():
        raise GalleryError(DATABASE_ALONE.format(variable, variable.replace("MILVUS", "GALLERY")))
    if "://" not in uri and not os.path.exists(uri):
        raise GalleryError(NO_DATABASE.format(variable))
    return Milvus(uri, f"loupe_{collection.demo}")
