"""One picture against a gallery: what an encoder finds."""

import time
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

import weights
from demos.shared import images
from demos.shared.crop import scale_box
from demos.shared.gallery.gallery import Gallery, Match

MAX_MATCHES = 50
LEAST_SIDE, LEAST_DEVIATION = 16, 3  # pixels, and levels of 255, of a picture that shows something
Count = Annotated[int, Field(ge=1, le=MAX_MATCHES)]  # of matches, for the parameters of endpoints


@dataclass(frozen=True, eq=False)
class Answer:
    """What one encoder finds.

    encoder: which one compared. matches: nearest first.
    is_match: False where even the nearest is further away than pictures of one kind are, and where there is nothing to
    compare.
    milliseconds: of the network and the search. inputs: uint8 (side, side, 3), what the network got of the query.
    outputs: what the network gave for it, by name, without the axis of the batch.
    entry: the manifest's entry of the network that answered; None for one that stands in no manifest.
    """

    encoder: str
    matches: list[Match]
    is_match: bool
    milliseconds: float
    inputs: np.ndarray
    outputs: dict[str, np.ndarray]
    entry: weights.Entry | None


def search(gallery: Gallery, name: str, picture: images.Picture, k: int = 4) -> Answer:
    """The `k` pictures, 1 to MAX_MATCHES, that are nearest to one by the encoder of this name.

    The gallery is embedded for the encoder if that was not done. Raises GalleryError and weights.Unavailable.
    """
    encoder = gallery.encoders[name]
    network = weights.load(encoder.network)
    gallery.prepare(name)
    inputs = encoder.preprocess(picture.pixels)
    network.open()
    began = time.perf_counter()
    outputs = {key: rows[0] for key, rows in encoder.answer(inputs[None]).items()}
    thresholds, count = network.entry.thresholds, min(MAX_MATCHES, max(1, int(k)))
    positions, similarities, percentiles = gallery.nearest(name, outputs["embedding"], count, thresholds)
    milliseconds = 1000 * (time.perf_counter() - began)
    matches = gallery.matches(positions, encoder.to_distances(similarities), percentiles)
    is_near = len(similarities) and similarities[0] >= thresholds.get("similarity", -1)
    is_match = bool(is_near and not is_plain(picture, inputs))
    return Answer(name, matches, is_match, milliseconds, inputs, outputs, network.entry)


def is_plain(picture: images.Picture, inputs: np.ndarray) -> bool:
    """Whether a picture shows nothing: it is tiny, or of one colour. inputs: uint8 (side, side, 3), made of it."""
    return min(picture.pixels.shape[:2]) < LEAST_SIDE or inputs.std((0, 1)).max() < LEAST_DEVIATION


def open_picture(image: images.Source, crop: images.Crop | None = None) -> images.Picture:
    """The query: a picture, or a square window of it. Raises images.PictureError."""
    picture = images.open_quick(image)
    if crop is None:
        return picture
    size = picture.pixels.shape[1::-1]
    left, top, right, bottom = scale_box(crop.box(*size), size, size)
    return images.open(picture.pixels[top:bottom, left:right])
