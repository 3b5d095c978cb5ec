"""A gallery: pictures, titles, and their vectors by encoder; and the collection of galleries that a demo searches."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import weights
from demos.shared import images, work
from demos.shared.gallery import search, surroundings
from demos.shared.gallery.encoder import BATCH, Encoder
from demos.shared.gallery.milvus import Milvus
from demos.shared.gallery.surroundings import Surroundings

MAX_EMBEDDED = 5000  # pictures that are embedded while somebody waits
DAMAGED = "This is no index of this page, or it is damaged: make it again from the pictures."


class GalleryError(weights.Unavailable):
    """A gallery that cannot be opened or searched; its text is one sentence that names the remedy."""


@dataclass(frozen=True, eq=False)
class Collection:
    """What a demo searches: its own gallery, or the one that the environment names, or a visitor's pictures.

    demo: the folder's name. encoders: by name; the vectors of the first may lie in a vector database.
    bundled: the .npz file that comes with the demo. about_map: what the page says of the layout of the map.
    is_default: whether $LOUPE_GALLERY and $LOUPE_MILVUS, without the name of a demo, mean this one.
    max_uploads: pictures that a visitor may bring. max_upload_bytes: of all visitors' pictures in memory.
    """

    demo: str
    encoders: Mapping[str, Encoder]
    bundled: Path
    about_map: str = "Similar pictures lie beside each other."
    is_default: bool = False
    max_uploads: int = 2000
    max_upload_bytes: int = 1_000_000_000
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def first(self) -> Encoder:
        """The first encoder."""
        return next(iter(self.encoders.values()))

    @property
    def source(self) -> Path:
        """The file or folder of the gallery that is searched: $LOUPE_GALLERY_<DEMO>, else the bundled one."""
        return Path(self._setting("LOUPE_GALLERY") or self.bundled)

    @property
    def pictures(self) -> str:
        """What the page indexes itself: hf://datasets/OWNER/NAME, or a folder that holds no index; "" for none."""
        setting = self._setting("LOUPE_GALLERY")
        if setting.startswith("hf://"):
            return setting
        folder = Path(setting)
        is_raw = bool(setting) and os.path.isdir(folder) and any(folder.iterdir()) and not any(folder.glob("*.npz"))
        return setting if is_raw else ""

    @property
    def vector_database(self) -> str:
        """The URI in $LOUPE_MILVUS_<DEMO> of a vector database to which the gallery was indexed; "" for none."""
        return self._setting("LOUPE_MILVUS")

    def variable(self, name: str) -> str:
        """Which variable counts, LOUPE_GALLERY_<DEMO> or LOUPE_GALLERY, or those of LOUPE_MILVUS; "" if none is set."""
        names = [f"{name}_{self.demo.upper()}", *[name] * self.is_default]
        return next(filter(os.environ.get, names), "")

    def _setting(self, name: str) -> str:
        return os.environ.get(self.variable(name), "")


@dataclass(frozen=True)
class Match:
    """One picture that was found.

    id: its position in the gallery. title: what it is called. credit: whose it is.
    distance: to the query, as the encoder measures it. percentile: the share of the gallery, in percent, that is
    further away.
    """

    id: int
    title: str
    credit: str
    distance: float
    percentile: float


@dataclass(eq=False)
class Gallery:
    """N pictures.

    encoders: by name. pictures: encoded thumbnails. titles, credits: of each, "" where nothing is known.
    vectors: float32 (N, D) by encoder, rows of length 1. digests: of the networks that made them.
    layout: float32 (N, 2) in [0, 1], where each lies on the map, left to right and top to bottom; None without a map.
    labels: the class of each, such as its style; none where they are not known. cameras: that took each, likewise.
    index: a vector database that is searched in place of the vectors of the first encoder. Of these, some remain here
    for the percentiles.
    """

    encoders: Mapping[str, Encoder]
    pictures: Sequence[bytes]
    titles: list[str]
    credits: list[str]
    vectors: dict[str, np.ndarray] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    layout: np.ndarray | None = None
    index: Milvus | None = None
    labels: list[str] = field(default_factory=list)
    cameras: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _found: dict[str, tuple] = field(default_factory=dict, repr=False)  # surroundings, with what they were found for

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def indexed(self) -> str:
        """The name of the encoder whose vectors may lie in a vector database: the first."""
        return next(iter(self.encoders))

    def pixels(self, position: int) -> np.ndarray:
        """One of the pictures, uint8 (H, W, 3). Raises PictureError where a file has become unreadable."""
        return images.open(self.pictures[position]).pixels

    def is_prepared(self, name: str) -> bool:
        """Whether the vectors of an encoder are there, made by the network that answers now."""
        return self.digests.get(name) == self.encoders[name].digest

    def prepare(self, name: str) -> None:
        """Embed the pictures for an encoder, unless that is done. Raises what `embed` raises."""
        if self.is_prepared(name):
            return
        with self._lock:
            if not self.is_prepared(name):
                for _ in self.embed(name):
                    pass

    def has(self, match: Match) -> bool:
        """Whether a picture that was found, here or in another gallery, is one of these."""
        return match.id < len(self) and (match.title, match.credit) == (self.titles[match.id], self.credits[match.id])

    def check_size(self, name: str) -> None:
        """Raise GalleryError where there are too many pictures to embed them for an encoder while somebody waits."""
        if len(self) > MAX_EMBEDDED:
            raise GalleryError(f"This database is not indexed for {self.encoders[name].title}: index it again.")

    def embed(self, name: str) -> Iterator[int]:
        """Embed the pictures for an encoder; yields how many are done. The vectors count once all are done.

        Raises weights.Unavailable, and GalleryError for more than MAX_EMBEDDED pictures.
        """
        self.check_size(name)
        encoder, vectors = self.encoders[name], []
        digest = encoder.digest
        for start in range(0, len(self), BATCH):
            positions = range(start, min(start + BATCH, len(self)))
            work.check(start / len(self))
            vectors.append(encoder.embed(np.stack([encoder.preprocess(self.pixels(at)) for at in positions])))
            yield positions.stop
        # Readers look for the digest first.
        self.vectors[name] = np.concatenate(vectors)
        self.digests[name] = digest

    def nearest(
        self, name: str, query: np.ndarray, k: int, thresholds: Mapping[str, float] = {}
    ) -> tuple[np.ndarray, np.ndarray, list[float]]:
        """Positions, cosine similarities and percentiles of the `k` pictures nearest to `query`, nearest first.

        query: float32 (D,), of an encoder that is prepared. thresholds: of it, see `search.compare`; a vector database
        does without. A percentile is the share of the gallery, in percent, that is further away. Fewer than `k` where
        there are no more.
        """
        if self.vectors[name].shape[1:] != query.shape:
            raise GalleryError(DAMAGED)
        is_indexed = self.index and name == self.indexed
        if is_indexed:
            similarities = search.compare(self.vectors[name], query)
            positions, nearest = self.index.search(query, k)
            is_here = positions < len(self)  # another process may be writing there
            positions, nearest = positions[is_here], nearest[is_here]
        else:
            similarities = search.compare(self.vectors[name], query, thresholds, self._around(name, thresholds))
            positions, nearest = search.best(similarities, k)
        return positions, nearest, [search.percentile(similarities, value) for value in nearest]

    def _around(self, name: str, thresholds: Mapping[str, float]) -> Surroundings | None:
        """What `surroundings.find` finds, once for the same vectors and thresholds."""
        known = self._found.get(name)
        key = self.vectors[name], dict(thresholds)
        if known is None or known[0] is not key[0] or known[1] != key[1]:
            known = self._found[name] = (*key, surroundings.find(*key))
        return known[2]

    def matches(self, positions, distances, percentiles) -> list[Match]:
        """What is known of the pictures at these positions; all three are numbers (k,)."""
        rows = zip(positions, distances, percentiles, strict=True)
        return [
            Match(int(at), self.titles[at], self.credits[at], round(float(apart), 4), round(float(percentile), 2))
            for at, apart, percentile in rows
        ]


def l2_normalize(vectors: np.ndarray) -> np.ndarray:
    """Numbers (N, D) -> float32, rows of length 1."""
    vectors = vectors.astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
