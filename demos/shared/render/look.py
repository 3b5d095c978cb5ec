"""What varies from one picture of a kind to the next: colours, sizes, poses, places."""

from collections.abc import Callable, Iterator
from typing import NamedTuple
from zlib import crc32

import numpy as np
from scipy.ndimage import gaussian_filter

from demos.shared.render.shapes import bilinear

_CODES = {
    "red": "d02c22", "orange": "ee7f17", "yellow": "f4c51e", "green": "3f9b3a", "lime": "9bc53a", "turquoise": "1fa6a0",
    "light blue": "7fbfe8", "blue": "2563b8", "navy": "20315f", "purple": "7a44a5", "pink": "ee86ab", "brown": "84502b",
    "beige": "dcc39a", "white": "f3f1ec", "grey": "8d9094", "black": "26262a", "golden": "d9a23a", "silver": "c3c7cc",
    "copper": "b8693d", "wooden": "b27b45", "dark wood": "5d3a22", "dark green": "1f5f38", "leaf": "4f9135",
    "stone": "b3aa9c", "tan": "c99a62", "pane": "41575f",
}  # fmt: skip
BRIGHT = ("red", "blue", "yellow", "green", "orange", "turquoise", "purple", "pink", "white", "navy")
PALE = ("white", "beige", "light blue", "pink", "lime", "grey", "turquoise")
FUR = ("brown", "tan", "white", "grey", "black", "orange", "golden")


def linear(code: str) -> np.ndarray:
    """An sRGB colour "rrggbb" as linear light, float32 (3, 1)."""
    return np.array([[int(code[k : k + 2], 16) / 255] for k in (0, 2, 4)], np.float32) ** 2.2


COLOURS = {name: linear(code) for name, code in _CODES.items()}
GLOW = COLOURS["yellow"] * 3
Colour = np.ndarray | Callable[[np.ndarray], np.ndarray]


class Look:
    """The choices for one picture: always the same for one kind and number.

    Args:
        kind: what is in the picture.
        number: which picture of it, 0 or more; colours and places take turns from one to the next.

    `name` and `note` are what the title says before and after the kind.
    """

    def __init__(self, kind: str, number: int):
        self.number = number
        self.start = crc32(kind.encode())
        self.rng = np.random.default_rng([self.start, number])
        self.name = self.note = ""

    def turn(self, *choices):
        """The next of the choices with each number."""
        return choices[(self.start + self.number) % len(choices)]

    def paint(self, *names: str) -> np.ndarray:
        """The colour that the title names: these take turns. Float32 (3, 1), a little different each time."""
        self.name = self.turn(*names)
        return self._vary(self.name)

    def other(self, *names: str) -> np.ndarray:
        """A colour by chance, none that the title names where another is there. Float32 (3, 1)."""
        names = [name for name in names if name != self.name] or names
        return self._vary(names[self.rng.integers(len(names))])

    def _vary(self, name: str) -> np.ndarray:
        return np.clip(COLOURS[name] * self.rng.uniform(0.88, 1.12, (3, 1)), 0, 1).astype(np.float32)

    def some(self, low: float, high: float) -> float:
        """A number by chance."""
        return float(low + (high - low) * self.rng.random())  # NumPy's uniform minds if high is the lower

    def chance(self, probability: float) -> bool:
        """True as often as this."""
        return bool(self.rng.random() < probability)


def _tile(side: int = 256, octaves: int = 5) -> np.ndarray:
    """Cloudy noise, float32 (side + 1, side + 1), mean 0, deviation 1, that joins its other side."""
    rng, total = np.random.default_rng(7), np.zeros((side, side), np.float32)
    for octave in range(octaves):
        layer = gaussian_filter(rng.standard_normal((side, side), np.float32), side / 2**octave / 12, mode="wrap")
        total += 0.55**octave * layer / np.std(layer)
    return np.pad((total - total.mean()) / total.std(), (0, 1), mode="wrap")


_TILE = _tile()


def noise(x: np.ndarray, y: np.ndarray | float, size: float = 1) -> np.ndarray:
    """Cloudy noise at points, float32, mean 0, deviation 1; clouds are about `size` / 4 large."""
    x, y = (np.asarray(v * np.float32(256 / size) % 255.99, np.float32) for v in np.broadcast_arrays(x, y))
    return bilinear(_TILE, x, y)


def hash_pairs(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A number from 0 to 1 for each pair of whole numbers."""
    return np.sin(a * 91.7 + b * 37.3) * 4375.5 % 1


def mix(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    """From a to b, as share (n,) goes from 0 to 1."""
    return a + (b - a) * np.asarray(share, np.float32)


def step(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 under low, 1 over high (or the other way round), smooth between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def band(value: np.ndarray, middle: float, half: float) -> np.ndarray:
    """1 where a value is within half of the middle, 0 elsewhere."""
    return step(np.abs(value - middle), half + 0.01, half - 0.01)


def angle(p: np.ndarray) -> np.ndarray:
    """Where points are around the y axis, in radians."""
    return np.arctan2(p[2], p[0])


def where(a: np.ndarray, b: np.ndarray, inside: Callable[[np.ndarray], np.ndarray]) -> Colour:
    """A colour for points: a, but b where inside(points) says 1."""
    return lambda p: mix(a, b, inside(p))


def cloudy(colour: np.ndarray, amount: float, size: float) -> Colour:
    """A colour that is darker here and there."""
    return lambda p: colour * np.clip(1 + amount * noise(p[0] + p[2] * 0.6, p[1] + p[2] * 0.4, size), 0.4, 1.6)


class Kind(NamedTuple):
    """A kind of object: its function, the settings where it is seen, and how far from above, in degrees.

    The function gives its parts: their shapes, their colours (or their names), how much they mirror, 0 to 1.
    """

    parts: Callable[[Look], Iterator[tuple]]
    settings: tuple[str, ...]
    tilt: tuple[float, float]


def by_name(*functions: Callable) -> dict[str, Callable]:
    """`_ice_cream` -> {"ice cream": _ice_cream}."""
    return {function.__name__[1:].replace("_", " "): function for function in functions}


def kinds(*functions: Callable, settings: tuple[str, ...], tilt: tuple[float, float] = (8, 38)) -> dict[str, Kind]:
    """Kinds of objects by name, of their functions."""
    return {name: Kind(function, settings, tilt) for name, function in by_name(*functions).items()}
