"""Where an object stands: grounds, skies and light."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from demos.retrieval.render.look import COLOURS, Look, linear, mix, noise, step

Points = np.ndarray


class Setting(NamedTuple):
    """The ground's colour at (x, z), float32 (3, n), None for no ground; the sky's in directions (3, n); the light.

    `haze` is the distance, in sizes of the object, over which the ground goes over into the sky; `shine` how much
    the ground mirrors; `sun` and `shade` the colours, float32 (3, 1), of the light and of what is out of it.
    """

    ground: Callable[[Points, Points], Points] | None
    sky: Callable[[Points], Points]
    haze: float = 9
    shine: float = 0
    sun: np.ndarray = linear("fff4e2") * 2.3
    shade: np.ndarray = linear("c8d2e6") * 0.75


INDOORS = ("studio", "wood", "studio", "tiles", "gingham", "studio", "marble", "dark")
OUTDOORS = ("grass", "sand", "studio", "grass", "paving")
ROAD = ("asphalt", "studio", "paving", "grass", "asphalt", "sand")
WATER = ("water",)
AIR = ("air",)
_BACKDROPS = (
    "e9d6c3",
    "cfe3ea",
    "f2c9b8",
    "d6e2c8",
    "e8e6e2",
    "d9cfe6",
    "f4dfa0",
    "a9c3cf",
    "c96f5b",
    "55748a",
    "e7b9c4",
)
_CHEQUERS = ("red", "blue", "green", "navy", "orange")


def setting(name: str, look: Look) -> Setting:
    """The setting of this name, with colours by chance."""
    return {
        "studio": _studio, "dark": _dark, "wood": _wood, "tiles": _tiles, "gingham": _gingham, "marble": _marble,
        "grass": _grass, "sand": _sand, "snow": _snow, "asphalt": _asphalt, "paving": _paving, "water": _water,
        "air": _air,
    }[name](look)  # fmt: skip


def _wall(low: np.ndarray, high: np.ndarray):
    """A backdrop that goes from one colour to another upwards."""
    return lambda d: mix(low, high, step(d[1], -0.5, 0.6))


def _heaven(look: Look):
    """An open sky, blue or towards evening, with clouds."""
    high, low = (
        (linear("3f7fc6"), linear("cfe4f2")) if look.chance(0.65) else
        (linear("5a78ad"), linear("f3cfa6")) if look.chance(0.6) else (linear("8fa3b5"), linear("dfe3e4"))
    )  # fmt: skip
    shift, cover = look.some(0, 9), look.some(-0.2, 0.9)

    def sky(d):
        up = np.maximum(d[1], 0)
        clouds = step(noise(d[0] / (up + 0.25) + np.float32(shift), d[2] / (up + 0.25), 5), cover, cover + 1.3)
        return mix(mix(low, high, step(d[1], -0.05, 0.6)), linear("ffffff"), 0.85 * clouds * step(d[1], -0.1, 0.15))

    return sky


def _studio(look: Look) -> Setting:
    colour = linear(look.rng.choice(_BACKDROPS))
    return Setting(lambda x, z: np.broadcast_to(colour, (3, x.size)), _wall(colour * 0.75, colour * 1.05), 7)


def _dark(look: Look) -> Setting:
    colour = linear("34363c") * look.some(0.5, 1.2)
    wall = _wall(colour * 0.3, colour * 0.9)
    return Setting(lambda x, z: np.broadcast_to(colour, (3, x.size)), wall, 5, 0.1, linear("fff0dc") * 2.9)


def _wood(look: Look) -> Setting:
    colour, width = COLOURS["wooden"] * look.some(0.4, 1.15), look.some(0.5, 0.9)

    def ground(x, z):
        plank = np.floor(z / width)
        grain = noise(x * np.float32(0.14) + plank * np.float32(0.37), z + plank * np.float32(0.31), 2.4)
        gap = step(np.abs(z / width - plank - 0.5), 0.485, 0.5)
        return colour * (1 + 0.16 * grain + 0.12 * np.sin(plank * 12.9)) * (1 - 0.6 * gap)

    return Setting(ground, _wall(linear("8a7663"), linear("e9dcc8")), 10, 0.08)


def _grid(x: Points, z: Points, side: float, joint: float) -> tuple[Points, Points]:
    """Which tiles are odd, 0 or 1, and where their joints are."""
    u, v = np.floor(x / side), np.floor(z / side)
    to_joint = np.maximum(np.abs(x / side - u - 0.5), np.abs(z / side - v - 0.5))
    return (u + v) % 2, step(to_joint, 0.5 - joint, 0.5 - joint / 2)


def _tiles(look: Look) -> Setting:
    tint = look.turn(("light blue", "beige", "white", "stone", "turquoise"))
    one, other, side = linear("eeeae2"), COLOURS[tint] * 0.8, look.some(0.6, 0.9)

    def ground(x, z):
        odd, joint = _grid(x, z, side, 0.06)
        return mix(mix(one, other, odd), linear("9b958c"), joint) * (1 + 0.03 * noise(x, z, 1.5))

    return Setting(ground, _wall(linear("a8b2b3"), linear("e8eae6")), 10, 0.16)


def _gingham(look: Look) -> Setting:
    colour, side = COLOURS[look.turn(_CHEQUERS)], look.some(0.3, 0.5)

    def ground(x, z):
        share = ((x / side) % 1 < 0.5).astype(np.float32) + ((z / side) % 1 < 0.5)
        return mix(linear("f6f3ec"), colour, share * 0.45) * (1 + 0.03 * noise(x * 6, z * 6))

    return Setting(ground, _wall(linear("b9ada0"), linear("f1ebe0")), 9)


def _marble(look: Look) -> Setting:
    base, vein = (linear("e9e7e4"), linear("8b8f96")) if look.chance(0.7) else (linear("2b332f"), linear("c9cfc8"))

    def ground(x, z):
        line = np.abs(noise(x, z, 5) + 0.6 * noise(z, x, 2))
        return mix(base, vein, 0.6 * step(line, 0.22, 0))

    return Setting(ground, _wall(linear("8f949b"), linear("dcdfe2")), 10, 0.2)


def _grass(look: Look) -> Setting:
    colour = linear("6f9a3a") * look.some(0.6, 1.1)

    def ground(x, z):
        blades = noise(x * 3, z, 0.7) + 0.7 * noise(x, z, 4)
        return mix(colour, linear("b9b75a") * 0.8, step(noise(z, x, 9), 0.3, 2.5)) * np.clip(1 + 0.17 * blades, 0.4, 2)

    return Setting(ground, _heaven(look), 22)


def _sand(look: Look) -> Setting:
    colour = linear("e2c48e") * look.some(0.8, 1.05)

    def ground(x, z):
        ripples = np.sin(9 * (x + 0.5 * z) + 2.2 * noise(x, z, 7))
        return colour * (1 + 0.05 * ripples + 0.05 * noise(x, z, 0.6))

    return Setting(ground, _heaven(look), 20)


def _snow(look: Look) -> Setting:
    return Setting(
        lambda x, z: linear("eef2f8") * (1 + 0.03 * noise(x, z, 6)), _heaven(look), 18, 0, linear("fff2df") * 1.9
    )


def _asphalt(look: Look) -> Setting:
    lane, angle = look.some(1.2, 1.8), look.some(-0.5, 0.5)

    def ground(x, z):
        x, z = x * np.float32(np.cos(angle)) + z * np.float32(np.sin(angle)), z - x * np.float32(np.sin(angle))
        line = (np.abs(np.abs(z) - lane) < 0.05) & ((x % 1.6 < 0.9) | (z > 0))
        return mix(linear("62646a") * (1 + 0.1 * noise(x, z, 0.5)), linear("e6e4dc"), line)

    return Setting(ground, _heaven(look), 20)


def _paving(look: Look) -> Setting:
    side = look.some(0.45, 0.8)

    def ground(x, z):
        odd, joint = _grid(x, z, side, 0.08)
        return mix(linear("b5aea3") * (0.93 + 0.09 * odd + 0.07 * noise(x, z, 1.2)), linear("6d675f"), joint)

    return Setting(ground, _heaven(look), 16)


def _water(look: Look) -> Setting:
    colour = linear(look.rng.choice(["1f6f94", "2d8f9a", "2a5f8f", "3b7f9f"]))

    def ground(x, z):
        waves = noise(x * np.float32(0.6), z * np.float32(1.6), 3)
        return mix(colour * (1 + 0.22 * waves), linear("e8f2f4"), 0.6 * step(waves, 1.4, 2.4))

    return Setting(ground, _heaven(look), 22, 0.35)


def _air(look: Look) -> Setting:
    return Setting(None, _heaven(look))
