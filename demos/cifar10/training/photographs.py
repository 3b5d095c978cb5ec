"""What the gate learns from: photographs and other pictures of the ten things, and of all else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from demos.cifar10 import gate
from demos.cifar10.data import objects
from demos.cifar10.gate import CLASSES
from demos.shared import data, images
from demos.shared.render import KINDS, render

DATASETS = (
    ("caltech101", "all"), ("pacs", "all"), ("vehicles", "train"), ("cars", "train"), ("clothing", "all"),
    ("mnist", "train"), ("cifar10", "train_lossless"),
)  # fmt: skip
OTHER = "none"  # the label of pictures of none of the ten
SMALL = 32  # pixels, as CIFAR-10's pictures have
CIFAR10 = 1600  # pictures of this set
LEARNED_OF_PACS = ("elephant", "house")  # of the things that are none of the ten; the rest are held out
RENDERED = {"car": "automobile", "sailing boat": "ship", "cat": "cat", "duck": "bird", "penguin": "bird"}
RENDERINGS = 12  # of each of these; of another kind one


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures that come from one place.

    labels: of each picture its thing, or OTHER. is_held_out: of each whether it is for choices, not for training.
    is_small: whether they are reduced to SMALL pixels a side first: then they look like CIFAR-10's.
    """

    name: str
    pictures: list[images.Source]
    labels: list[str]
    is_held_out: list[bool]
    is_small: bool = False

    def prepare(self) -> np.ndarray:
        """The gate's inputs, uint8 (N, SIDE, SIDE, 3)."""
        opened = (images.open(picture, longest=512) for picture in self.pictures)
        reduced = (_reduce(one) for one in opened) if self.is_small else opened
        return np.stack([gate.preprocess(one) for one in reduced])

    def numbers(self) -> np.ndarray:
        """The labels as numbers of the ten things, 10 for OTHER: int (N,)."""
        return np.array([[*CLASSES, OTHER].index(label) for label in self.labels])

    def thin(self, step: int, **changes) -> "Group":
        """Each so manieth picture, with other fields changed."""
        rows = {name: getattr(self, name)[::step] for name in ("pictures", "labels", "is_held_out")}
        return replace(self, **rows, **changes)


def load() -> Iterator[Group]:
    """All groups. What none of the ten shows is held out by category, the rest picture by picture.

    Since CIFAR-10's pictures are small ones of the ten, there are small ones of other things too: otherwise a blur
    would count for one of the ten. Raises data.Absent.
    """
    others = _objects()
    yield from (others, others.thin(3, name="objects-small", is_small=True))
    yield from _pacs()
    encoded, kinds = data.read_columns(data.find("vehicles", "train"), "image", "kind")
    known = {"car": "automobile", "truck": "truck"}
    yield _alternate("vehicles", encoded[::2], [known.get(kind, OTHER) for kind in kinds[::2]])
    for name, split, label, step in (
        ("cars", "train", "automobile", 40), ("clothing", "all", OTHER, 16), ("mnist", "train", OTHER, 600),
    ):  # fmt: skip
        encoded, _ = data.read(data.find(name, split))
        yield _alternate(name, encoded[::step], [label] * len(encoded[::step]))
    encoded, labels = data.read(data.find("cifar10", "train_lossless"))
    yield _alternate("cifar10", encoded[:CIFAR10], [CLASSES[label] for label in labels[:CIFAR10]], 4)
    yield _render()


def _objects() -> Group:
    pictures, labels = objects("validation")
    categories = sorted(set(labels))
    return Group("objects", pictures, [OTHER] * len(labels), [categories.index(label) % 2 == 0 for label in labels])


def _pacs() -> Iterator[Group]:
    columns = data.read_columns(data.find("pacs", "all"), "image", "label", "content")
    for depiction in sorted(set(columns[1])):
        chosen = [(picture, content) for picture, label, content in zip(*columns, strict=True) if label == depiction]
        labels = [content if content in CLASSES else OTHER for _, content in chosen]
        is_held_out = [
            content not in LEARNED_OF_PACS if label == OTHER else bool(number // 2 % 2)
            for number, ((_, content), label) in enumerate(zip(chosen, labels, strict=True))
        ]
        group = Group(depiction, [picture for picture, _ in chosen], labels, is_held_out)
        yield group if depiction == "photo" else group.thin(2)


def _render() -> Group:
    numbers = [(kind, number) for kind in KINDS for number in range(RENDERINGS if kind in RENDERED else 1)]
    pictures = [render(kind, 100 + number).pixels for kind, number in numbers]
    return _alternate("rendered", pictures, [RENDERED.get(kind, OTHER) for kind, _ in numbers])


def _alternate(name: str, pictures: Iterable, labels: list[str], step: int = 2) -> Group:
    """A group of which each so manieth picture is held out."""
    return Group(name, list(pictures), labels, [number % step == 0 for number in range(len(labels))])


def _reduce(picture: images.Picture) -> images.Picture:
    small = Image.fromarray(picture.pixels).resize((SMALL, SMALL), Image.Resampling.BICUBIC)
    return images.open(np.asarray(small))
