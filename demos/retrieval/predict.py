"""A picture -> the pictures of a database that are most like it."""

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np

import weights
from demos import images
from demos.retrieval import encoders, gallery
from demos.retrieval.gallery import Gallery

LONGEST = 1024
MOST = 50  # matches that may be asked for


@dataclass(frozen=True)
class Match:
    """One picture of the database.

    id: its position there. distance: to the query, as the encoder measures it. percentile: the share of the database,
    in percent, that is further away.
    """

    id: int
    title: str
    credit: str
    distance: float
    percentile: float


@dataclass(frozen=True, eq=False)
class Answer:
    """What one encoder finds.

    matches: nearest first. like: False where even the nearest is further away than pictures of one kind are.
    milliseconds: what the network and the search took. seen: uint8 (side, side, 3), what it saw of the query.
    """

    encoder: str
    matches: list[Match]
    like: bool
    milliseconds: float
    seen: np.ndarray


def search(
    image,
    encoder: Literal["mobilenet", "inception", "vae", "autoencoder"] = "mobilenet",
    k: int = 4,
    database: Gallery | None = None,
) -> Answer:
    """Find the `k` (1 to 50) pictures that are most like one.

    image: whatever `demos.images.open` takes, or its Picture. encoder: whose eyes. database: None for the page's own.
    Raises images.PictureError, and weights.Unavailable while the network or the database cannot answer.
    """
    picture = image if isinstance(image, images.Picture) else images.open(image, longest=LONGEST)
    network = weights.load(f"retrieval/{encoder}")
    database = database or gallery.served()
    database.prepare(encoder)
    seen = encoders.see(picture.pixels, encoder)
    network.open()
    began = time.perf_counter()
    query = encoders.embed(seen[None], encoder)[0]
    positions, similarities, percentiles = database.nearest(encoder, query, min(MOST, max(1, int(k))))
    milliseconds = 1000 * (time.perf_counter() - began)
    found = matches(database, positions, encoders.distance(similarities, encoder), percentiles)
    like = bool(similarities[0] >= network.entry.get("thresholds", {}).get("similarity", -1))
    return Answer(encoder, found, like, milliseconds, seen)


def matches(database: Gallery, positions, distances, percentiles) -> list[Match]:
    """What is known of the pictures at these positions; all three are numbers (k,)."""
    found = zip(positions, distances, percentiles, strict=True)
    return [
        Match(int(at), database.titles[at], database.credits[at], round(float(apart), 4), round(float(percentile), 2))
        for at, apart, percentile in found
    ]


predict = search
