"""A database of pictures: small pictures, titles, credits and what each encoder makes of them, in .npz files."""

from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from PIL import Image

import weights
from demos import images
from demos.retrieval import encoders, search
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.milvus import Milvus

BUNDLED = Path(__file__).with_name("gallery.npz")
SIDE = 192  # the longest side of a picture as it is kept, in pixels
LARGEST = 100_000_000  # bytes of an index, unpacked, that a visitor gives back
INDEXED = "mobilenet"  # the encoder whose vectors may lie in a vector database
MOST_NOW = 5000  # pictures that are embedded while somebody waits
DAMAGED = "This is no index of this page, or it is damaged: make it again from the pictures."


class GalleryError(weights.Unavailable):
    """A database that cannot be had, or asked so; its text is one sentence that names the remedy."""


@dataclass(eq=False)
class Gallery:
    """N pictures.

    pictures: encoded, each at most SIDE pixels long. titles, credits: what is said of each, "" where nothing is known.
    vectors: float32 (N, D) by encoder, rows of length 1; digests: of the networks that made them.
    places: float32 (N, 2) in [0, 1], where each lies on the map, left to right and top to bottom; None without a map.
    index: a vector database that is asked in place of the vectors of `INDEXED`, of which then some are here, for scale.
    """

    pictures: Sequence[bytes]
    titles: list[str]
    credits: list[str]
    vectors: dict[str, np.ndarray] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    places: np.ndarray | None = None
    index: Milvus | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __len__(self) -> int:
        return len(self.pictures)

    def pixels(self, position: int) -> np.ndarray:
        """One of the pictures, uint8 (H, W, 3). Raises PictureError where a file has become unreadable."""
        return images.open(self.pictures[position]).pixels

    def prepare(self, name: str) -> None:
        """Have the vectors of an encoder: made now where there are none, or where its network is another one since.

        Raises weights.Unavailable, and GalleryError where that would take too long.
        """
        with self._lock:
            if self.digests.get(name) == digest(name):
                return
            if len(self) > MOST_NOW:
                raise GalleryError(f"This database is not indexed for {ENCODERS[name].title}: index it again.")
            views = (encoders.see(self.pixels(i), name) for i in range(len(self)))
            self.vectors[name], self.digests[name] = encoders.embed_all(views, name), digest(name)

    def nearest(self, name: str, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the `k` pictures nearest to float32 (D,): positions, cosine similarities, and percentiles.

        A percentile is the share of the database, in percent, that is further away. For `prepare`d encoders.
        """
        if self.vectors[name].shape[1:] != query.shape:
            raise GalleryError(DAMAGED)
        similarities = np.vecdot(self.vectors[name], query)
        asked = self.index.search(query, k) if self.index and name == INDEXED else search.best(similarities, k)
        return *asked, [search.percentile(similarities, value) for value in asked[1]]


class Stored(Sequence):
    """The pictures in files of parts of a database, read when they are asked for."""

    def __init__(self, paths: Sequence[Path], counts: Sequence[int]):
        self._paths, self._ends = list(paths), list(accumulate(counts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, position: int) -> bytes:
        if not 0 <= position < len(self):
            raise IndexError(position)
        part = bisect_right(self._ends, position)
        row = position - (self._ends[part - 1] if part else 0)
        return _encoded(self._paths[part])[row]


@lru_cache(maxsize=4)
def _encoded(path: Path) -> list[bytes]:
    with np.load(path) as stored:
        return _split(stored["pictures"], stored["ends"])


def _split(pictures: np.ndarray, ends: np.ndarray) -> list[bytes]:
    """uint8 (bytes of all) and int64 (N,), where each ends -> the bytes of each."""
    return [pictures[start:end].tobytes() for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def digest(name: str) -> str:
    """Which network an encoder runs now, as twelve digits of its file's digest. Raises weights.Unavailable."""
    return weights.load(f"retrieval/{name}").entry["sha256"][:12]


def unit(vectors: np.ndarray) -> np.ndarray:
    """Numbers (N, D) -> float32, rows of length 1."""
    vectors = vectors.astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def small(pixels: np.ndarray, kind: str = "JPEG", quality: int = 85, **options) -> bytes:
    """uint8 (H, W, 3) -> a file of at most SIDE pixels a side, of a kind and with options that Pillow knows."""
    image, buffer = Image.fromarray(pixels), io.BytesIO()
    image.thumbnail((SIDE, SIDE), reducing_gap=3)
    image.save(buffer, kind, quality=quality, **options)
    return buffer.getvalue()


def write(gallery: Gallery, target) -> None:
    """Write a database into one file: a path, replaced whole, or an open binary file."""
    about = {"titles": gallery.titles, "credits": gallery.credits, "digests": gallery.digests}
    members = {
        "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
        "pictures": np.frombuffer(b"".join(gallery.pictures), np.uint8),
        "ends": np.cumsum([len(picture) for picture in gallery.pictures], dtype=np.int64),
        **{f"vectors_{name}": vectors.astype(np.float16) for name, vectors in gallery.vectors.items()},
    }
    if gallery.places is not None:
        members["places"] = gallery.places.astype(np.float16)
    if not isinstance(target, Path):
        np.savez(target, **members)
        return
    unfinished = target.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        np.savez(file, **members)
    unfinished.replace(target)


def read(path: Path, largest: int = LARGEST) -> Gallery:
    """A database from one file, whole, however it came about. Raises GalleryError."""
    try:
        with zipfile.ZipFile(path) as members:
            if sum(member.file_size for member in members.infolist()) > largest:
                raise GalleryError(f"This index has more than {largest // 1_000_000} MB: index fewer pictures.")
        with np.load(path, allow_pickle=False) as stored:
            return _checked(dict(stored))
    except GalleryError:
        raise
    except Exception:  # hostile bytes make the readers of zip, .npy and JSON raise anything
        raise GalleryError(DAMAGED) from None


def _checked(stored: dict[str, np.ndarray]) -> Gallery:
    about = json.loads(stored["about"].tobytes())
    titles, credits = ([str(text) for text in about[key]] for key in ("titles", "credits"))
    ends, pictures = stored["ends"].astype(np.int64), stored["pictures"]
    vectors = {name: unit(stored[key]) for name in ENCODERS if (key := f"vectors_{name}") in stored}
    places = stored["places"].astype(np.float32).clip(0, 1) if "places" in stored else None
    fits = len(titles) == len(credits) == len(ends) > 0 and pictures.dtype == np.uint8 and pictures.ndim == 1
    fits = fits and (np.diff(ends, prepend=0) > 0).all() and ends[-1] == len(pictures)
    fits = fits and all(
        found.ndim == 2 and len(found) == len(titles) and np.isfinite(found).all() for found in vectors.values()
    )
    if not fits or (places is not None and (places.shape != (len(titles), 2) or not np.isfinite(places).all())):
        raise GalleryError(DAMAGED)
    digests = {name: str(about["digests"][name]) for name in vectors}
    return Gallery(_split(pictures, ends), titles, credits, vectors, digests, places)


def open_folder(folder: Path, index: Milvus | None = None) -> Gallery:
    """A database of many parts, whose pictures stay on the disk. Raises GalleryError.

    index: holds the vectors of `INDEXED`; only those of the first part are then kept in memory.
    """
    paths = sorted(folder.glob("*.npz"))
    if not paths:
        raise GalleryError(f"There is no index in {folder}: python -m demos.retrieval.index makes one.")
    parts = []
    for path in paths:
        parts.append(read(path, largest=2**40))
        parts[-1].pictures = range(len(parts[-1]))  # only their number
        if index and len(parts) > 1:
            parts[-1].vectors = {}
    digests = {n: d for n, d in parts[0].digests.items() if all(part.digests.get(n) == d for part in parts)}
    if index:
        digests = {name: digests[name] for name in digests if name == INDEXED}
    vectors = {n: np.concatenate([part.vectors[n] for part in parts if n in part.vectors]) for n in digests}
    titles, credits = ([text for part in parts for text in getattr(part, key)] for key in ("titles", "credits"))
    return Gallery(Stored(paths, [len(part) for part in parts]), titles, credits, vectors, digests, index=index)


@cache
def served() -> Gallery:
    """The database that the page searches: the bundled one, or that in $LOUPE_GALLERY, a folder or a file.

    With $LOUPE_MILVUS, the URI of a vector database to which the folder was indexed, that one is asked.
    """
    path = Path(os.environ.get("LOUPE_GALLERY") or BUNDLED)
    if not path.is_dir():
        return read(path)
    uri = os.environ.get("LOUPE_MILVUS")
    return open_folder(path, Milvus(uri) if uri else None)
