"""Where an object stands: grounds, skies and light."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from demos.shared.render.look import COLOURS, Look, linear, mix, noise, step

Points = np.ndarray
Ground = Callable[[Points, Points], Points]
INDOORS = ("studio", "wood", "studio", "tiles", "gingham", "studio")
OUTDOORS = ("grass", "studio", "grass", "sand")
WATER = ("water", "water", "studio")
ROAD = ("asphalt", "studio", "asphalt", "grass", "sand")
_BACKDROPS = "e9d6c3 cfe3ea f2c9b8 d6e2c8 e8e6e2 d9cfe6 f4dfa0 a9c3cf c96f5b 55748a e7b9c4 34363c".split()


class Setting(NamedTuple):
    """The ground's colour at (x, z), float32 (3, n), None for no ground; the sky's in directions (3, n); the light.

    `haze` is the distance, in sizes of the object, over which the ground goes over into the sky; `shine` how much
    the ground mirrors; `sun` and `shade` the colours, float32 (3, 1), of the light and of what is out of it.
    """

    ground: Ground | None
    sky: Callable[[Points], Points]
    haze: float = 9
    shine: float = 0
    sun: np.ndarray = linear("fff4e2") * 2.3
    shade: np.ndarray = linear("c8d2e6") * 0.75


def choose_setting(name: str, look: Look) -> Setting:
    """The setting of this name, with colours by chance."""
    if name == "studio":
        colour = linear(look.rng.choice(_BACKDROPS))
        return Setting(lambda x, z: np.broadcast_to(colour, (3, x.size)), _wall(colour * 0.75, colour * 1.05), 7)
    make, walls, haze, shine = _SETTINGS[name]
    ground = make(look) if make else None
    return Setting(ground, _wall(*map(linear, walls.split())) if walls else _outdoor_sky(look), haze, shine)


def _wall(low: np.ndarray, high: np.ndarray) -> Callable[[Points], Points]:
    """A backdrop that goes from one colour to another upwards."""
    return lambda d: mix(low, high, step(d[1], -0.5, 0.6))


def _outdoor_sky(look: Look) -> Callable[[Points], Points]:
    """An open sky, blue, grey or towards evening, with clouds."""
    codes = (("3f7fc6", "cfe4f2"), ("5a78ad", "f3cfa6"), ("8fa3b5", "dfe3e4"))
    high, low = map(linear, codes[look.rng.choice(3, p=(0.65, 0.2, 0.15))])
    shift, cover = look.some(0, 9), look.some(-0.2, 0.9)

    def sky(d):
        up = np.maximum(d[1], 0)
        clouds = step(noise(d[0] / (up + 0.25) + np.float32(shift), d[2] / (up + 0.25), 5), cover, cover + 1.3)
        return mix(mix(low, high, step(d[1], -0.05, 0.6)), linear("ffffff"), 0.85 * clouds * step(d[1], -0.1, 0.15))

    return sky


def _wood(look: Look) -> Ground:
    colour, width = COLOURS["wooden"] * look.some(0.4, 1.15), look.some(0.5, 0.9)

    def ground(x, z):
        plank = np.floor(z / width)
        grain = noise(x * np.float32(0.14) + plank * np.float32(0.37), z + plank * np.float32(0.31), 2.4)
        gap = step(np.abs(z / width - plank - 0.5), 0.485, 0.5)
        return colour * (1 + 0.16 * grain + 0.12 * np.sin(plank * 12.9)) * (1 - 0.6 * gap)

    return ground


def _tiles(look: Look) -> Ground:
    tint, side = COLOURS[look.turn("light blue", "beige", "white", "stone", "turquoise")] * 0.8, look.some(0.6, 0.9)

    def ground(x, z):
        u, v = np.floor(x / side), np.floor(z / side)
        joint = step(np.maximum(np.abs(x / side - u - 0.5), np.abs(z / side - v - 0.5)), 0.44, 0.47)
        return mix(mix(linear("eeeae2"), tint, (u + v) % 2), linear("9b958c"), joint) * (1 + 0.03 * noise(x, z, 1.5))

    return ground


def _gingham(look: Look) -> Ground:
    colour, side = COLOURS[look.turn("red", "blue", "green", "navy", "orange")], look.some(0.3, 0.5)
    return lambda x, z: mix(linear("f6f3ec"), colour, 0.45 * ((x / side % 1 < 0.5).astype(int) + (z / side % 1 < 0.5)))


def _grass(look: Look) -> Ground:
    green, pale = linear("6f9a3a") * look.some(0.6, 1.1), linear("b9b75a") * 0.8

    def ground(x, z):
        blades = noise(x * 3, z, 0.7) + 0.7 * noise(x, z, 4)
        return mix(green, pale, step(noise(z, x, 9), 0.3, 2.5)) * np.clip(1 + 0.17 * blades, 0.4, 2)

    return ground


def _sand(look: Look) -> Ground:
    sand = linear("e2c48e") * look.some(0.8, 1.05)
    return lambda x, z: sand * (1 + 0.05 * np.sin(9 * (x + 0.5 * z) + 2.2 * noise(x, z, 7)) + 0.05 * noise(x, z, 0.6))


def _snow(look: Look) -> Ground:
    return lambda x, z: linear("dfe6f0") * (1 + 0.03 * noise(x, z, 6))


def _asphalt(look: Look) -> Ground:
    lane, turn = look.some(1.2, 1.8), look.some(-0.5, 0.5)

    def ground(x, z):
        x, z = x * np.float32(np.cos(turn)) + z * np.float32(np.sin(turn)), z - x * np.float32(np.sin(turn))
        line = (np.abs(np.abs(z) - lane) < 0.05) & ((x % 1.6 < 0.9) | (z > 0))
        return mix(linear("62646a") * (1 + 0.1 * noise(x, z, 0.5)), linear("e6e4dc"), line)

    return ground


def _water(look: Look) -> Ground:
    colour = linear(look.rng.choice(["1f6f94", "2d8f9a", "2a5f8f", "3b7f9f"]))

    def ground(x, z):
        waves = noise(x * np.float32(0.6), z * np.float32(1.6), 3)
        return mix(colour * (1 + 0.22 * waves), linear("e8f2f4"), 0.6 * step(waves, 1.4, 2.4))

    return ground


# Ground, colours of the wall from below upwards (none for the sky), haze, shine.
_SETTINGS = {
    "wood": (_wood, "8a7663 e9dcc8", 10, 0.08), "tiles": (_tiles, "a8b2b3 e8eae6", 10, 0.16),
    "gingham": (_gingham, "b9ada0 f1ebe0", 9, 0), "grass": (_grass, "", 22, 0), "sand": (_sand, "", 20, 0),
    "snow": (_snow, "", 18, 0), "asphalt": (_asphalt, "", 20, 0), "water": (_water, "", 22, 0.35),
    "air": (None, "", 9, 0),
}  # fmt: skip
