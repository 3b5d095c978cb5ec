"""What makes a vector of a picture: a network, how it gets the picture, and how its vectors are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np
from PIL import Image

import weights

BATCH = 32  # pictures that are embedded at once


def center_crop(pixels: np.ndarray, side: int) -> np.ndarray:
    """The largest square in the middle of uint8 (H, W, 3), as uint8 (side, side, 3)."""
    height, width = pixels.shape[:2]
    least = min(height, width)
    left, top = (width - least) / 2, (height - least) / 2
    box = (left, top, left + least, top + least)
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC, box, reducing_gap=3))


@dataclass(frozen=True)
class Encoder:
    """A network that embeds pictures.

    network: its name in the manifest; its output `embedding` is float32 (N, D), rows of length 1.
    title: what the page calls it. note: one sentence about its matches, "" for none.
    side: pixels of the square that it takes. crop: makes this square, uint8 (side, side, 3), of uint8 (H, W, 3).
    distance: how its embeddings are compared.
    """

    network: str
    title: str
    side: int
    distance: Literal["cosine", "euclidean"] = "cosine"
    crop: Callable[[np.ndarray, int], np.ndarray] = center_crop
    note: str = ""

    @property
    def digest(self) -> str:
        """Which network answers now, as twelve digits of its file's digest. Raises weights.Unavailable."""
        return weights.load(self.network).entry.sha256[:12]

    def preprocess(self, pixels: np.ndarray) -> np.ndarray:
        """The input of the network, uint8 (side, side, 3), of a picture, uint8 (H, W, 3)."""
        return self.crop(pixels, self.side)

    def embed(self, inputs: np.ndarray) -> np.ndarray:
        """Inputs, uint8 (N, side, side, 3) -> float32 (N, D), rows of length 1. Raises weights.Unavailable."""
        return self.answer(inputs)["embedding"]

    def answer(self, inputs: np.ndarray) -> dict[str, np.ndarray]:
        """All outputs of the network. Raises weights.Unavailable."""
        outputs = weights.load(self.network)(inputs)
        # One that computes in 8 bits gives lengths that are a few percent off.
        lengths = np.linalg.norm(outputs["embedding"], axis=1, keepdims=True)
        return outputs | {"embedding": outputs["embedding"] / np.maximum(lengths, np.float32(1e-12))}

    def embed_all(self, inputs: Iterable[np.ndarray]) -> np.ndarray:
        """The same of one or more inputs, uint8 (side, side, 3) each, BATCH of them in memory at a time."""
        inputs, vectors = iter(inputs), []
        while batch := list(islice(inputs, BATCH)):
            vectors.append(self.embed(np.stack(batch)))
        return np.concatenate(vectors)

    def to_distances(self, similarities: np.ndarray) -> np.ndarray:
        """Cosine similarities -> distances: 0 for the same direction, up to 2."""
        apart = np.clip(1 - np.asarray(similarities), 0, 2)
        return np.sqrt(2 * apart) if self.distance == "euclidean" else apart

    def to_similarity(self, distance: float) -> float:
        """The cosine similarity of a distance."""
        return 1 - (distance**2 / 2 if self.distance == "euclidean" else distance)
