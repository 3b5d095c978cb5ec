"""The four kinds of eyes: what each sees of a picture, and how it compares."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import numpy as np
from PIL import Image

import weights

BATCH = 32  # views that are embedded at once


@dataclass(frozen=True)
class Encoder:
    """side: of the square that it sees, in pixels. distance: "euclidean" or "cosine", of embeddings of length 1."""

    title: str
    side: int
    distance: str


ENCODERS = {
    "mobilenet": Encoder("MobileNetV2, trained to compare", 192, "euclidean"),
    "inception": Encoder("A student of InceptionV3", 160, "cosine"),
    "vae": Encoder("Variational autoencoder", 64, "cosine"),
    "autoencoder": Encoder("Autoencoder", 32, "cosine"),
}


def see(pixels: np.ndarray, name: str) -> np.ndarray:
    """What an encoder sees of uint8 (H, W, 3): uint8 (side, side, 3)."""
    return square(pixels, ENCODERS[name].side)


def square(pixels: np.ndarray, side: int) -> np.ndarray:
    """The largest square in the middle of uint8 (H, W, 3), as uint8 (side, side, 3)."""
    height, width = pixels.shape[:2]
    least = min(height, width)
    left, top = (width - least) / 2, (height - least) / 2
    box = (left, top, left + least, top + least)
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC, box, reducing_gap=3))


def embed(seen: np.ndarray, name: str) -> np.ndarray:
    """What an encoder sees, uint8 (N, side, side, 3) -> unit rows, float32 (N, D). Raises weights.Unavailable."""
    return weights.load(f"retrieval/{name}")(seen)["embedding"]


def embed_all(seen: Iterable[np.ndarray], name: str) -> np.ndarray:
    """The same of any number of views, BATCH of them in memory at a time."""
    seen, made = iter(seen), []
    while views := list(islice(seen, BATCH)):
        made.append(embed(np.stack(views), name))
    return np.concatenate(made)


def distance(similarities, name: str):
    """Cosine similarities -> distances as the encoder measures them, 0 for the same direction, up to 2."""
    apart = np.clip(1 - np.asarray(similarities), 0, 2)
    return np.sqrt(2 * apart) if ENCODERS[name].distance == "euclidean" else apart
