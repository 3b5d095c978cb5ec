"""Which vehicle a query shows and which camera took it, where that is known: of examples and of the gallery's own."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np

from demos.shared import images
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui import inputs
from demos.vehicles import demo

_NAME = re.compile(r"(\w+)_c(\w+)\.\w+")  # such as 3000012_c17.webp
_pictures: WeakKeyDictionary[Gallery, dict[str, "Known"]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Known:
    """A vehicle's identity, and the camera."""

    vehicle: str
    camera: str


def parse(name: str) -> tuple[str, str]:
    """Vehicle and camera of the name of an example."""
    return _NAME.fullmatch(name.rpartition("/")[2]).groups()


def find_known(pixels: np.ndarray, gallery: Gallery) -> Known | None:
    """What is known of a query, uint8 (H, W, 3), that is an example or a picture of the gallery, pixel by pixel.

    None for any other, and where the gallery does not know its vehicles.
    """
    if not gallery.labels or not gallery.cameras:
        return None
    if gallery not in _pictures:
        both = zip(gallery.labels, gallery.cameras, strict=True)
        _pictures[gallery] = {_digest(gallery.pixels(at)): Known(*one) for at, one in enumerate(both)}
    digest = _digest(pixels)
    return _pictures[gallery].get(digest) or _examples().get(digest)


@cache
def _examples() -> dict[str, Known]:
    paths = inputs.example_paths("vehicles", demo.examples).values()
    return {_digest(images.open(path).pixels): Known(*parse(path)) for path in paths}


def _digest(pixels: np.ndarray) -> str:
    return hashlib.blake2b(pixels.tobytes(), digest_size=16).hexdigest()
