"""Photographs of clothes, split by the people who sent them, and pictures of other things."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np

from demos.clothing.predict import CLASSES
from demos.shared import data, images

DATASET, OBJECTS = ("clothing", "all"), ("caltech101", "all")
Part = Literal["train", "validation", "test"]
# Garments of other kinds. Pictures of the first ones teach what is none of the ten; the others are never trained on.
TRAINED_KINDS = ("polo", "undershirt", "blazer", "hoodie")
UNSEEN_KINDS = ("other", "body", "top", "blouse")
_PLACES = {3: "test", 5: "validation"}  # of each seven senders, ordered by how many pictures they sent


@dataclass(frozen=True, eq=False)
class Pictures:
    """Encoded pictures, N of them. labels: str (N,), kinds of garments. senders: int (N,)."""

    encoded: list[bytes]
    labels: np.ndarray
    senders: np.ndarray

    def __len__(self) -> int:
        return len(self.encoded)

    def of(self, labels: tuple[str, ...]) -> "Pictures":
        """Those with one of these labels."""
        return self.where(np.isin(self.labels, labels))

    def where(self, is_chosen: np.ndarray) -> "Pictures":
        """Those of a mask, bool (N,)."""
        chosen = np.flatnonzero(is_chosen)
        return Pictures([self.encoded[at] for at in chosen], self.labels[chosen], self.senders[chosen])

    def numbers(self, names: tuple[str, ...] = CLASSES) -> np.ndarray:
        """Their labels' places among these, int (N,). Raises ValueError for another label."""
        return np.array([names.index(label) for label in self.labels], int)


def load(part: Part | None = None) -> Pictures:
    """One part, or all pictures. No sender is in two parts. Raises data.Absent."""
    encoded, labels, senders = data.read_columns(data.find(*DATASET), "image", "label", "sender")
    everything = Pictures(encoded, np.array(labels), np.array(senders))
    return everything.where(parts(everything.senders) == part) if part else everything


def parts(senders: np.ndarray) -> np.ndarray:
    """The part of each picture, str (N,), by its sender, int (N,).

    A random split of pictures would flatter: those of one sender look alike.
    """
    names, numbers, counts = np.unique(senders, return_inverse=True, return_counts=True)
    ranks = np.empty(len(names), int)
    ranks[np.lexsort((names, -counts))] = np.arange(len(names))
    return np.array([_PLACES.get(rank % 7, "train") for rank in ranks])[numbers]


def ood_sets(part: Literal["validation", "test"]) -> Iterator[tuple[str, list[images.Source]]]:
    """Out-of-distribution sets by name: garments of other kinds, and pictures without a garment.

    Raises data.Absent. A set of other things that is not there is named.
    """
    others = load(part).of(TRAINED_KINDS + UNSEEN_KINDS)
    yield "garments", others.encoded
    if part == "test":
        everything = load()
        unseen = everything.where(parts(everything.senders) != "validation").of(UNSEEN_KINDS)
        yield "unseen_garments", unseen.encoded
        yield "textures", textures()
    try:
        yield "objects", objects(part)
    except data.Absent as error:
        print(f"Without other things: {error}")


def objects(part: Part) -> list[bytes]:
    """Caltech-101's pictures of a third of its categories, none of which is a garment. Raises data.Absent."""
    encoded, labels = data.read(data.find(*OBJECTS))
    chosen = set(sorted(set(labels))[("train", "validation", "test").index(part) :: 3])
    return [picture for picture, label in zip(encoded, labels, strict=True) if label in chosen]


def textures() -> list[np.ndarray]:
    """Windows of scikit-image's photographs of brick, grass and gravel, uint8 (192, 192, 3) each."""
    folder = Path(find_spec("skimage").origin).parent / "data"
    photographs = [images.open(folder / f"{name}.png").pixels for name in ("brick", "grass", "gravel")]
    corners = range(0, 512 - 191, 64)
    return [pixels[y : y + 192, x : x + 192] for pixels in photographs for y in corners for x in corners]
