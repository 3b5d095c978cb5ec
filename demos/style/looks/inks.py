"""Colours: by their codes, mixed, laid over each other, reduced to a palette. All are float32 from 0 to 1."""

import warnings

import numpy as np
from scipy.cluster.vq import kmeans2

_XYZ = np.float32([[0.41246, 0.35758, 0.18044], [0.21267, 0.71515, 0.07217], [0.01933, 0.11919, 0.95030]])
_XYZ /= np.float32([0.95047, 1, 1.08883])[:, None]
_RGB = np.linalg.inv(_XYZ)
GREY = np.float32([0.299, 0.587, 0.114])


def rgbs(codes: str) -> np.ndarray:
    """Colours "rrggbb rrggbb ..." as (n, 3)."""
    return np.stack([rgb(code) for code in codes.split()])


def rgb(code: str) -> np.ndarray:
    """A colour "rrggbb" as (3,)."""
    return np.frombuffer(bytes.fromhex(code), np.uint8).astype(np.float32) / 255


def tint(tone: np.ndarray, *codes: str) -> np.ndarray:
    """A tone (...) from 0 to 1 in these colours, "rrggbb", evenly from the darkest to the lightest."""
    table = np.stack([rgb(code) for code in codes])
    stops = np.linspace(0, 1, len(table))
    return np.stack([np.interp(tone, stops, channel) for channel in table.T], -1).astype(np.float32)


def blend(under: np.ndarray, over: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Colours (h, w, 3) or (3,) laid over others where a mask (h, w) is 1."""
    return under + (over - under) * mask[..., None]


def saturate(colours: np.ndarray, factor: float) -> np.ndarray:
    """Colours (..., 3), `factor` times as far from grey of the same lightness."""
    grey = (colours @ GREY)[..., None]
    return np.clip(grey + (colours - grey) * factor, 0, 1)


def to_lab(colours: np.ndarray) -> np.ndarray:
    """sRGB (..., 3) -> CIELAB."""
    linear = np.where(colours > 0.04045, ((np.maximum(colours, 0.04045) + 0.055) / 1.055) ** 2.4, colours / 12.92)
    xyz = linear.astype(np.float32) @ _XYZ.T
    f = np.where(xyz > 0.008856, np.cbrt(np.maximum(xyz, 0)), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1).astype(np.float32)


def from_lab(lab: np.ndarray) -> np.ndarray:
    """CIELAB (..., 3) -> sRGB; what no screen can show becomes the nearest it can."""
    y = (lab[..., 0] + 16) / 116
    f = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], -1)
    xyz = np.where(f > 0.2068966, f**3, (f - 16 / 116) / 7.787).astype(np.float32)
    linear = np.clip(xyz @ _RGB.T, 0, 1)
    curved = 1.055 * np.maximum(linear, 1e-6) ** (1 / 2.4) - 0.055
    return np.where(linear > 0.0031308, curved, 12.92 * linear).astype(np.float32)


def vary(colours: np.ndarray, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Colours (n, 3), each mixed a little differently: `amount` is in units of CIELAB."""
    return from_lab(to_lab(colours) + amount * rng.standard_normal(colours.shape) * (0.8, 1, 1))


def choose_palette(colours: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` colours (count, 3) in CIELAB that stand for all of colours (h, w, 3), from dark to light: k-means."""
    lab = to_lab(colours.reshape(-1, 3))
    some = lab[rng.integers(0, len(lab), 4000)] + rng.normal(0, 0.5, (4000, 3)).astype(np.float32)
    start = some[np.argsort(some[:, 0])[np.linspace(200, 3800, count).astype(int)]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a colour that stands for none stays where it was
        palette, _ = kmeans2(some, start, iter=12, minit="matrix")
    return palette[np.argsort(palette[:, 0])].astype(np.float32)


def quantize(colours: np.ndarray, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The palette of `choose_palette` for colours (h, w, 3), and which of it is `nearest` to each."""
    palette = choose_palette(colours, count, rng)
    return palette, nearest(colours, palette)


def nearest(colours: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Which colour of a palette (n, 3), in CIELAB, is nearest to each of colours (h, w, 3): int (h, w)."""
    lab = to_lab(colours)
    distances = [((lab - entry) ** 2).sum(-1) for entry in palette]
    return np.argmin(distances, 0)


def step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 below low, 1 above high (or the other way round), smooth between."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
