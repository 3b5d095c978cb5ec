"""Pictures that are made, not taken: objects, textures and scenes in many poses, colours and lights.

`render("mug", 3)` is always the same picture, and another than `render("mug", 4)`.
"""

from dataclasses import dataclass

import numpy as np

from demos.shared.render import food, look, march, nature, outdoors, scenes, textures, things

_OBJECTS = food.KINDS | nature.KINDS | things.KINDS | outdoors.KINDS
SIDE = march.SIDE
OBJECTS = tuple(_OBJECTS)
TEXTURES = tuple(textures.TEXTURES)
SCENES = tuple(scenes.SCENES)
KINDS = OBJECTS + TEXTURES + SCENES


@dataclass(frozen=True, eq=False)
class Rendered:
    """A picture: pixels uint8 (SIDE, SIDE, 3), a title such as "A red mug", and its kind, such as "mug"."""

    pixels: np.ndarray
    title: str
    kind: str


def render(kind: str, number: int) -> Rendered:
    """The picture of this kind (one of KINDS) with this number, 0 or more; it takes 0.05 to 0.5 seconds.

    Colour, size, pose, place and light vary with the number. Raises ValueError for a kind that there is not.
    """
    if kind not in KINDS or number < 0:
        raise ValueError(f"no picture {number} of {kind!r}")
    choices = look.Look(kind, number)
    if kind in OBJECTS:
        pixels = march.draw_object(choices, _OBJECTS[kind])
    else:
        paint = textures.draw_texture if kind in TEXTURES else scenes.draw_scene
        pixels = march.to_pixels(paint(kind, choices, march.SIDE))
    words = " ".join(filter(None, (choices.name, kind, choices.note)))
    if kind in OBJECTS or kind in SCENES and not kind.endswith("s"):
        words = f"A{'n' * (words[0] in 'aeiou')} {words}"
    return Rendered(pixels, words[0].upper() + words[1:], kind)
