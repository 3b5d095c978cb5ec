"""A sheet in pieces: which pixel belongs to which piece, and what is true of each."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.spatial import cKDTree


@dataclass(eq=False)
class Tiles:
    """Square tiles that lie along a field of directions.

    label: which tile, int (h, w). joint: pixels to the tile's side, float32 (h, w). u, v: places within a tile, from
    its middle, in pixels. seeds: middles (n, 2), rows and columns.
    """

    label: np.ndarray
    joint: np.ndarray
    u: np.ndarray
    v: np.ndarray
    seeds: np.ndarray


def tile(shape: tuple[int, int], size: float, angles: np.ndarray, rng: np.random.Generator, rounds: int = 5) -> Tiles:
    """Tiles of about `size` pixels that follow angles (h, w). Source: Hausner, Simulating decorative mosaics, 2001."""
    rows, columns = (np.arange(-0.5, side / size + 0.5) for side in shape)
    seeds = np.stack(np.meshgrid(rows, columns, indexing="ij"), -1).reshape(-1, 2)
    seeds = (seeds + rng.uniform(-0.4, 0.4, seeds.shape)) * size
    coarse = max(1, int(size / 6))
    for _ in range(rounds):
        label = _nearest(shape, coarse, seeds, angles)[0].ravel()
        places = np.mgrid[: shape[0] : coarse, : shape[1] : coarse].reshape(2, -1)
        count = np.bincount(label, minlength=len(seeds))
        middles = np.stack([np.bincount(label, axis, len(seeds)) for axis in places], 1) / np.maximum(count, 1)[:, None]
        seeds = np.where(count[:, None] > 0, middles, seeds)
    return Tiles(*_nearest(shape, 1, seeds, angles), seeds)


def _nearest(shape, stride, seeds, angles):
    """Of the pixels at every `stride`: the tile, pixels to its side, and places in it."""
    y, x = np.mgrid[: shape[0] : stride, : shape[1] : stride].astype(np.float32)
    step = 2 if stride == 1 else 1
    k = min(5, len(seeds))
    _, near = cKDTree(seeds).query(np.stack([y[::step, ::step], x[::step, ::step]], -1), k=k)
    near = near.reshape(*y[::step, ::step].shape, k)
    near = near.repeat(step, 0).repeat(step, 1)[: y.shape[0], : y.shape[1]]
    at = np.clip(seeds.astype(int), 0, np.array(shape) - 1)
    turn = angles[at[:, 0], at[:, 1]]
    cos, sin = np.cos(turn).astype(np.float32), np.sin(turn).astype(np.float32)
    best = np.full(y.shape, np.inf, np.float32)
    following, label, best_u, best_v = best.copy(), np.zeros(y.shape, int), best.copy(), best.copy()
    for number in range(k):
        which = near[..., number]
        dy, dx = y - seeds[which, 0].astype(np.float32), x - seeds[which, 1].astype(np.float32)
        u, v = dx * cos[which] + dy * sin[which], dy * cos[which] - dx * sin[which]
        far = np.maximum(np.abs(u), np.abs(v))
        is_best = far < best
        following = np.where(is_best, best, np.minimum(following, far))
        best, label = np.where(is_best, far, best), np.where(is_best, which, label)
        best_u, best_v = np.where(is_best, u, best_u), np.where(is_best, v, best_v)
    return label, (following - best) / 2, best_u, best_v


def means(colours: np.ndarray, label: np.ndarray, count: int) -> np.ndarray:
    """The mean of colours (h, w, 3) in each of `count` pieces (count, 3); grey where one has no pixels."""
    sizes = np.bincount(label.ravel(), minlength=count)
    sums = [np.bincount(label.ravel(), channel.ravel(), count) for channel in np.moveaxis(colours, -1, 0)]
    mean = np.stack(sums, 1) / np.maximum(sizes, 1)[:, None]
    return np.where(sizes[:, None] > 0, mean, 0.5).astype(np.float32)


def soften(label: np.ndarray, colours: np.ndarray, size: float) -> np.ndarray:
    """colours (n, 3) of the pieces, (h, w, 3), whose borders are rounded by `size` pixels and stay firm."""
    shares = np.stack([ndimage.gaussian_filter((label == n).astype(np.float32), size) for n in range(len(colours))])
    shares = shares**7
    return np.einsum("nhw,nc->hwc", shares / np.maximum(shares.sum(0), 1e-12), colours)


def borders(label: np.ndarray, size: float) -> np.ndarray:
    """Pixels (h, w) from the border between pieces, which is smoothed by `size` pixels; the sheet's edge is none."""
    rows, columns = np.diff(label, axis=0) != 0, np.diff(label, axis=1) != 0
    border = np.zeros(label.shape, bool)
    border[1:] |= rows
    border[:, 1:] |= columns
    if not border.any():
        return np.full(label.shape, float(max(label.shape)), np.float32)
    return ndimage.gaussian_filter(ndimage.distance_transform_edt(~border).astype(np.float32), size)


def split(shape: tuple[int, int], count: int, angles: tuple[float, ...], rng: np.random.Generator) -> np.ndarray:
    """A sheet cut `count` - 1 times by straight lines, always through the largest piece: which piece, int (h, w)."""
    label = np.zeros(shape, int)
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    for number in range(1, count):
        sizes = np.bincount(label.ravel(), minlength=number)
        largest = label == int(np.argmax(sizes * rng.uniform(0.5, 1, number)))
        angle = rng.choice(angles) + rng.normal(0, 0.12)
        side = x[largest] * np.cos(angle) + y[largest] * np.sin(angle)
        where = np.quantile(side, rng.uniform(0.35, 0.65))
        label[largest] = np.where(side > where, number, label[largest])
    return label


def grid(shape: tuple[int, int], size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Squares of `size` pixels: which, int (h, w), row by row, and the place in each, rows and columns from 0 to 1."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    across = -(-shape[1] // size)
    return y // size * across + x // size, (y % size + 0.5) / size, (x % size + 0.5) / size


def fill(shape: tuple[int, int], polygons: np.ndarray) -> np.ndarray:
    """Which of polygons (n, corners, 2), rows and columns, covers a pixel, int (h, w); 0 where none does."""
    image = Image.new("I", shape[::-1])
    draw = ImageDraw.Draw(image)
    for number, corners in enumerate(polygons):
        draw.polygon([(float(x), float(y)) for y, x in corners], fill=number)
    return np.asarray(image).astype(int)


def scatter_label(places: np.ndarray, size: float, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Which of scattered points is nearest to each of places (2, h, w), int (h, w); pieces are about `size` wide."""
    count = max(4, int(shape[0] * shape[1] / size**2))
    points = rng.uniform(-0.1, 1.1, (count, 2)) * shape
    return cKDTree(points).query(np.moveaxis(places, 0, -1))[1]
