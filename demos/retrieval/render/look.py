"""What varies from one picture of a kind to the next: colours, sizes, poses, places."""

from collections.abc import Callable
from typing import NamedTuple
from zlib import crc32

import numpy as np
from scipy.ndimage import gaussian_filter

from demos.retrieval.render.shapes import Shape, bilinear

_HEX = {
    "red": "d02c22", "orange": "ee7f17", "yellow": "f4c51e", "green": "3f9b3a", "lime": "9bc53a", "turquoise": "1fa6a0",
    "light blue": "7fbfe8", "blue": "2563b8", "navy": "20315f", "purple": "7a44a5", "pink": "ee86ab", "brown": "84502b",
    "beige": "dcc39a", "white": "f3f1ec", "grey": "8d9094", "black": "26262a", "golden": "d9a23a", "silver": "c3c7cc",
    "copper": "b8693d", "wooden": "b27b45", "dark wood": "5d3a22", "dark green": "1f5f38", "leaf": "4f9135",
    "stone": "b3aa9c", "tan": "c99a62",
}  # fmt: skip


def linear(code: str) -> np.ndarray:
    """An sRGB colour "rrggbb" as linear light, float32 (3, 1)."""
    value = np.array([[int(code[k : k + 2], 16) / 255] for k in (0, 2, 4)], np.float32)
    return value**2.2


COLOURS = {name: linear(code) for name, code in _HEX.items()}
BRIGHT = ("red", "blue", "yellow", "green", "orange", "turquoise", "purple", "pink", "white", "navy")
PALE = ("white", "beige", "light blue", "pink", "lime", "grey", "turquoise")
Colour = np.ndarray | Callable[[np.ndarray], np.ndarray]


class Part(NamedTuple):
    """A piece of an object: its shape, its colour (or one for each point) and how much it mirrors, 0 to 1."""

    shape: Shape
    colour: Colour
    gloss: float = 0.12


class Look:
    """The choices for one picture: always the same for one kind and number.

    Args:
        kind: what is in the picture.
        number: which picture of it, 0 or more; colours and places take turns from one to the next.
    """

    def __init__(self, kind: str, number: int):
        self.number = number
        self.start = crc32(kind.encode())
        self.rng = np.random.default_rng([self.start, number])
        self.name = ""

    def turn(self, choices: tuple):
        """The next of the choices with each number."""
        return choices[(self.start + self.number) % len(choices)]

    def paint(self, *names: str) -> np.ndarray:
        """The colour that the title names: these take turns. Float32 (3, 1), a little different each time."""
        self.name = self.turn(names)
        return self._vary(self.name)

    def other(self, *names: str) -> np.ndarray:
        """A colour by chance, none that the title names where another is there. Float32 (3, 1)."""
        names = [name for name in names if name != self.name] or names
        return self._vary(names[self.rng.integers(len(names))])

    def _vary(self, name: str) -> np.ndarray:
        return np.clip(COLOURS[name] * self.rng.uniform(0.88, 1.12, (3, 1)), 0, 1).astype(np.float32)

    def some(self, low: float, high: float) -> float:
        """A number by chance."""
        return float(self.rng.uniform(low, high))

    def chance(self, probability: float) -> bool:
        """True as often as this."""
        return bool(self.rng.random() < probability)


def noise_tile(seed: int, side: int = 256, octaves: int = 5, roughness: float = 0.55, start: int = 4) -> np.ndarray:
    """Cloudy noise, float32 (side, side), mean 0, deviation 1, that joins its other side; `start` clouds across."""
    rng = np.random.default_rng(seed)
    total = np.zeros((side, side), np.float32)
    for octave in range(octaves):
        blur = side / (start * 2**octave) / 3
        layer = gaussian_filter(rng.standard_normal((side, side), np.float32), blur, mode="wrap") if blur > 0.3 else 0
        total += roughness**octave * layer / max(float(np.std(layer)), 1e-6)
    return (total - total.mean()) / total.std()


_TILE = np.pad(noise_tile(7), (0, 1), mode="wrap")


def noise(x: np.ndarray, y: np.ndarray, size: float = 1) -> np.ndarray:
    """Cloudy noise at points, float32, mean 0, deviation 1; clouds are about `size` / 4 large."""
    shape = np.broadcast_shapes(x.shape, y.shape)
    x, y = (np.broadcast_to(v * np.float32(256 / size) % 255.99, shape).ravel() for v in (x, y))
    return bilinear(_TILE, x.astype(np.float32), y.astype(np.float32)).reshape(shape)


def mix(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    """From a to b, as share (n,) goes from 0 to 1."""
    return a + (b - a) * share


def step(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 under low, 1 over high (or the other way round), smooth between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def where(a: np.ndarray, b: np.ndarray, inside: Callable[[np.ndarray], np.ndarray]) -> Colour:
    """A colour for points: a, but b where inside(points) says 1."""
    return lambda p: mix(a, b, inside(p))


def grained(colour: np.ndarray, scale: float = 1, axis: int = 0) -> Colour:
    """Wood of this colour with its grain along an axis."""

    def wood(p):
        along, across = p[axis] * np.float32(0.12), p[(axis + 1) % 3] + p[(axis + 2) % 3] * np.float32(0.7)
        return colour * (1 + 0.16 * noise(along, across, 1.6 * scale))

    return wood


class Kind(NamedTuple):
    """A kind of object: its function, the settings where it is seen, and how far from above, in degrees."""

    parts: Callable[[Look], list[Part]]
    settings: tuple[str, ...]
    tilt: tuple[float, float]


KINDS: dict[str, Kind] = {}


def kind(*settings: str, tilt: tuple[float, float] = (8, 38)):
    """Registers a function `_wine_glass(look) -> parts` as the kind "wine glass"."""

    def register(function):
        KINDS[function.__name__.strip("_").replace("_", " ")] = Kind(function, settings, tilt)
        return function

    return register
