"""Pictures that are made, not taken: objects, textures and scenes in many poses, colours and lights.

`render("mug", 3)` is always the same picture, and another than `render("mug", 4)`.
"""

from dataclasses import dataclass

import numpy as np

from demos.retrieval.render import (
    animals,
    buildings,
    canvas,
    coast,
    food,
    household,
    land,
    march,
    plants,
    textures,
    toys,
    vehicles,
)
from demos.retrieval.render import look as looks

_ROOMS = (animals, buildings, food, household, plants, toys, vehicles, coast, land)  # each registers its kinds
SIDE = march.SIDE
OBJECTS = tuple(looks.KINDS)
TEXTURES = tuple(textures.TEXTURES)
SCENES = tuple(canvas.SCENES)
KINDS = OBJECTS + TEXTURES + SCENES


@dataclass(frozen=True, eq=False)
class Rendered:
    """A picture: pixels uint8 (SIDE, SIDE, 3), a title such as "A red mug", and its kind, such as "mug"."""

    pixels: np.ndarray
    title: str
    kind: str


def render(kind: str, number: int) -> Rendered:
    """The picture of this kind (one of KINDS) with this number, 0 or more; it takes 0.1 to 0.5 seconds.

    Colour, size, pose, place and light vary with the number. Raises ValueError for a kind that there is not.
    """
    if kind not in KINDS or number < 0:
        raise ValueError(f"no picture {number} of {kind!r}")
    look = looks.Look(kind, number)
    if kind in OBJECTS:
        return Rendered(march.portrait(look, looks.KINDS[kind]), _title(f"{look.name} {kind}"), kind)
    if kind in TEXTURES:
        pixels = march.develop(textures.surface(kind, look, march.SIDE))
        return Rendered(pixels, f"{look.name} {kind}".strip().capitalize(), kind)
    return Rendered(march.develop(canvas.landscape(kind, look, march.SIDE)), kind.capitalize(), kind)


def _title(name: str) -> str:
    """ "red mug" -> "A red mug"."""
    name = name.strip()
    return f"{'An' if name[0] in 'aeiou' else 'A'} {name}"
