"""Surfaces seen from above, turned, scaled and lit from a side.

A texture is a function (u, v, look) -> (colours float32 (h, w, 3) in linear light, heights (h, w)) on the plane.
"""

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from demos.retrieval.render.look import BRIGHT, COLOURS, Look, noise, step

Texture = Callable[[np.ndarray, np.ndarray, Look], tuple[np.ndarray, np.ndarray]]
TEXTURES: dict[str, Texture] = {}
_FINE = 2  # places a pixel and axis


def texture(function: Texture) -> Texture:
    """Registers `_cracked_earth` as the kind "cracked earth"."""
    TEXTURES[function.__name__.strip("_").replace("_", " ")] = function
    return function


def surface(kind: str, look: Look, side: int) -> np.ndarray:
    """A picture of the texture, linear light float32 (3, side * side)."""
    fine = _FINE * side
    y, x = np.mgrid[1 : -1 : fine * 1j, -1 : 1 : fine * 1j].astype(np.float32)
    angle, size = np.deg2rad(look.some(-40, 40)), look.some(1.4, 2.7)
    away = 1 / (1 - look.some(-0.18, 0.18) * x - look.some(0, 0.28) * y)  # the plane leans away
    u = size * away * (x * np.cos(angle) + y * np.sin(angle)) + np.float32(look.some(0, 20))
    v = size * away * (y * np.cos(angle) - x * np.sin(angle)) + np.float32(look.some(0, 20))
    colour, height = TEXTURES[kind](u, v, look)
    towards = look.some(0, 2 * np.pi)
    rows, columns = np.gradient(height.astype(np.float32) * fine / (2 * size))
    light = 1 + 0.75 * np.clip(columns * np.cos(towards) + rows * np.sin(towards), -1, 1)
    falling = 1 + 0.22 * (x * np.cos(towards) - y * np.sin(towards))
    seen = colour * (1.25 * light * falling)[..., None]
    return seen.reshape(side, _FINE, side, _FINE, 3).mean((1, 3)).reshape(-1, 3).T.astype(np.float32)


def _blend(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Colours (3, 1) or (h, w, 3): from a to b."""
    a, b = (c[:, 0] if c.ndim == 2 else c for c in (a, b))
    return a + (b - a) * np.asarray(share, np.float32)[..., None]


def _cells(u: np.ndarray, v: np.ndarray, look: Look, size: float, order: float = 0.8) -> tuple[np.ndarray, ...]:
    """Cells around scattered places: distances to the nearest and the next place, in sizes, and numbers 0 to 1."""
    u, v = u / size, v / size
    a, b = np.meshgrid(np.arange(np.floor(u.min()) - 1, u.max() + 2), np.arange(np.floor(v.min()) - 1, v.max() + 2))
    places = np.stack([a.ravel(), b.ravel()], 1) + look.rng.uniform(-order / 2, order / 2, (a.size, 2))
    near, which = cKDTree(places).query(np.stack([u.ravel(), v.ravel()], 1), k=2)
    number = look.rng.random(len(places))[which[:, 0]]
    return tuple(x.reshape(u.shape).astype(np.float32) for x in (near[:, 0], near[:, 1], number))


def _frac(x: np.ndarray) -> np.ndarray:
    return x - np.floor(x)


@texture
def _bricks(u, v, look):
    colour, mortar = (
        look.paint("red", "brown", "beige", "orange", "white", "grey"),
        COLOURS[look.turn(("stone", "grey", "white"))],
    )
    row = np.floor(v * 4)
    along = u * 1.8 + 0.5 * (row % 2)
    tone = np.sin(row * 91.7 + np.floor(along) * 37.3) * 4375.5 % 1
    joint = np.maximum(np.abs(_frac(v * 4) - 0.5) - 0.42, (np.abs(_frac(along) - 0.5) - 0.46) * 2.2)
    flat = step(joint, 0.03, -0.02)
    brick = colour[:, 0] * (0.6 + 0.5 * tone + 0.1 * noise(u, v, 0.9))[..., None]
    return _blend(mortar * 0.8, brick, flat), 0.03 * flat + 0.006 * noise(u, v, 0.4)


@texture
def _planks(u, v, look):
    colour = look.paint("wooden", "dark wood", "tan", "beige", "copper")
    bend = v + 0.05 * noise(u * 0.2, v * 0.4, 3)
    rings = 0.5 + 0.5 * np.sin(28 * bend + 3.5 * noise(u * 0.12, v * 0.7, 3))
    pores = noise(u * 0.1, v * 2, 0.8)
    board = step(np.abs(_frac(v * 0.9) - 0.5), 0.485, 0.497)
    return colour[:, 0] * np.clip((1 - 0.38 * rings**2 + 0.08 * pores) * (1 - 0.75 * board), 0.05, 2)[
        ..., None
    ], 0.002 * pores - 0.02 * board


@texture
def _marble(u, v, look):
    base = look.paint("white", "dark green", "pink", "black", "beige", "grey")
    vein = COLOURS["white"] if look.name in ("dark green", "black") else COLOURS["grey"] * 0.6
    bent = noise(u, v, 7) + 0.35 * noise(v, u, 2.2)
    lines = step(np.abs(bent), 0.16, 0) + 0.5 * step(np.abs(noise(v + 3, u, 5) + 0.4 * bent), 0.12, 0)
    return _blend(base * 0.9, vein, np.clip(0.75 * lines + 0.12 * noise(u, v, 4), 0, 1)), 0 * u


@texture
def _checks(u, v, look):
    a, b = look.paint("black", "red", "blue", "green", "purple", "orange"), look.other("white", "beige", "yellow")
    size = look.some(1.2, 2.4)
    return _blend(a, b, (np.floor(u * size) + np.floor(v * size)) % 2), 0 * u


@texture
def _stripes(u, v, look):
    colours = np.stack([look.paint(*BRIGHT), *(look.other(*BRIGHT) for _ in range(int(look.some(1, 4))))])[..., 0]
    widths = np.cumsum(look.rng.uniform(0.4, 1.2, len(colours)))
    place = (u * look.some(1.2, 2.6)) % widths[-1]
    return colours[np.minimum(np.searchsorted(widths, place), len(colours) - 1)] * (1 + 0.05 * noise(u, v * 8, 0.5))[
        ..., None
    ], 0 * u


@texture
def _polka_dots(u, v, look):
    ground, dots, size = look.paint(*BRIGHT), look.other("white", "yellow", "black", "pink"), look.some(1.3, 2.4)
    row = np.floor(v * size)
    r = np.hypot(_frac(u * size + 0.5 * (row % 2)) - 0.5, _frac(v * size) - 0.5)
    return _blend(ground, dots, step(r, 0.31, 0.28)), 0.003 * noise(u, v, 3)


@texture
def _tiles(u, v, look):
    colour, other, size = (
        look.paint("turquoise", "blue", "white", "green", "light blue", "pink"),
        look.other("white", "navy", "yellow"),
        look.some(1.2, 2),
    )
    a, b = np.floor(u * size), np.floor(v * size)
    x, y = _frac(u * size) - 0.5, _frac(v * size) - 0.5
    flat = step(np.maximum(np.abs(x), np.abs(y)), 0.475, 0.45)
    r, angle = np.hypot(x, y), np.arctan2(y, x)
    ornament = step(np.abs(r - 0.28 - 0.09 * np.cos(4 * angle)), 0.05, 0.03) + step(
        np.hypot(np.abs(x) - 0.5, np.abs(y) - 0.5), 0.2, 0.17
    )
    tone = 0.85 + 0.2 * (np.sin(a * 91.7 + b * 37.3) * 4375.5 % 1)
    painted = _blend(colour, other, ornament * (look.number % 2)) * tone[..., None]
    return _blend(COLOURS["stone"], painted, flat), 0.03 * flat


@texture
def _woven_cloth(u, v, look):
    warp, weft = look.paint("navy", "red", "beige", "green", "purple", "turquoise"), look.other(*BRIGHT)
    size = 9
    a, b = np.floor(u * size), np.floor(v * size)
    x, y = _frac(u * size) - 0.5, _frac(v * size) - 0.5
    over = (a + b) % 2
    bulge = np.where(
        over > 0, np.cos(np.pi * x) * (0.55 + 0.45 * np.cos(2 * y)), np.cos(np.pi * y) * (0.55 + 0.45 * np.cos(2 * x))
    )
    fibres = 1 + 0.1 * noise(u * np.where(over > 0, 6, 1), v * np.where(over > 0, 1, 6), 0.5)
    return _blend(warp, weft, 1 - over) * ((0.35 + 0.65 * bulge) * fibres)[..., None], 0.012 * bulge


@texture
def _gravel(u, v, look):
    near, following, number = _cells(u, v, look, look.some(0.22, 0.42))
    gap = following - near
    tint = _blend(look.paint("grey", "beige", "brown", "stone"), look.other("white", "brown", "grey", "tan"), number)
    stone = step(gap, 0.02, 0.3)
    return tint * ((0.15 + 0.85 * stone) * (0.6 + 0.6 * (number * 7 % 1)) * (1 + 0.07 * noise(u, v, 0.5)))[
        ..., None
    ], 0.06 * np.sqrt(stone + 0.001)


@texture
def _grass(u, v, look):
    colour = look.paint("green", "lime", "dark green")
    blades = sum(
        np.maximum(0, noise(u * np.cos(a) * 5 + v * np.sin(a) * 5 + k, v * np.cos(a) - u * np.sin(a), 1.6)) * 0.6
        for k, a in enumerate((0.2, -0.3, 0.7, -0.8))
    )
    flowers, _, number = _cells(u, v, look, 0.6, 1)
    petals = step(flowers, 0.09, 0.07) * (number > 0.6) * (look.number % 2)
    ground = _blend(colour * 0.28, colour * 1.25 + 0.03, np.clip(blades * 0.6, 0, 1.2))
    return _blend(ground, look.other("white", "yellow", "pink"), petals), 0.01 * blades


@texture
def _water(u, v, look):
    colour = look.paint("turquoise", "blue", "light blue", "green", "navy")
    waves = noise(u * 0.5 + 0.1 * noise(v, u, 3), v * 1.3, 2.6) + 0.35 * noise(u, v * 2, 1)
    deep = _blend(colour * 0.45, colour * 1.15 + 0.02, step(waves, -1.6, 1.4))
    return _blend(deep, COLOURS["white"], 0.8 * step(waves, 1.25, 2.2)), 0.02 * waves


@texture
def _knitting(u, v, look):
    yarn, other = look.paint(*BRIGHT), look.other(*BRIGHT)
    size = 4.5
    x, y = _frac(u * size) - 0.5, v * size * 1.15
    y = y - 0.9 * np.abs(x) * 1.2
    row = np.floor(y)
    bulge = np.sqrt(np.maximum(0, 1 - (2 * _frac(y) - 1) ** 2)) * np.sqrt(
        np.maximum(0.02, 1 - (4 * np.abs(x) - 1) ** 2)
    )
    pattern = (np.abs(row % 8 - 3) + np.abs(np.floor(u * size) % 8 - 4) < 3) if look.number % 2 else row % 6 < 2
    fibres = 1 + 0.12 * noise(u * 3 + np.sign(x) * v * 3, v, 0.6)
    return _blend(yarn, other, pattern) * ((0.3 + 0.7 * bulge) * fibres)[..., None], 0.03 * bulge


@texture
def _leopard_fur(u, v, look):
    ground = look.paint("tan", "golden", "beige", "orange")
    near, _, number = _cells(u + 0.04 * noise(u, v, 1), v + 0.04 * noise(v, u, 1), look, look.some(0.4, 0.6), 0.75)
    broken = noise(u, v, 1.6) > -0.75
    rosette = step(np.abs(near - 0.3), 0.1, 0.07) * broken
    hair = 1 + 0.1 * noise(u * 4, v, 0.6)
    return _blend(_blend(ground, ground * 0.6, step(near, 0.26, 0.22)), COLOURS["black"] * 0.7, rosette) * hair[
        ..., None
    ], 0.003 * hair


@texture
def _zebra_fur(u, v, look):
    light, dark = look.other("white", "beige"), look.other("black", "dark wood") * 0.8
    bands = np.sin(10 * u + 2.6 * noise(u * 0.4, v * 0.3, 4))
    return _blend(dark, light, step(bands, -0.15, 0.15)) * (1 + 0.06 * noise(u, v * 4, 0.5))[..., None], 0 * u


@texture
def _honeycomb(u, v, look):
    wax = look.paint("golden", "orange", "yellow", "brown")
    size, root = look.some(2.2, 3.4), np.float32(3**0.5)
    u, v = u * size, v * size
    first = (_frac(u) - 0.5, (_frac(v / root) - 0.5) * root)
    second = (_frac(u + 0.5) - 0.5, (_frac(v / root + 0.5) - 0.5) * root)
    nearer = np.hypot(*first) < np.hypot(*second)
    x, y = (np.abs(np.where(nearer, a, b)) for a, b in zip(first, second, strict=True))
    edge = np.maximum(x, 0.5 * x + 0.5 * root * y)
    wall = step(edge, 0.38, 0.44)
    number = np.sin(np.floor(u + 0.5 * ~nearer) * 12.9 + np.floor(v / root + 0.5 * ~nearer) * 78.2) * 4375 % 1
    honey = wax[:, 0] * (0.25 + 0.5 * (number > 0.35) + 0.35 * step(edge, 0.4, 0))[..., None]
    return _blend(honey, wax * 1.1 + 0.1, wall), 0.05 * wall


@texture
def _fish_scales(u, v, look):
    colour, shimmer, size = (
        look.paint("turquoise", "green", "orange", "purple", "blue", "silver"),
        look.other("white", "pink", "yellow", "light blue"),
        look.some(1.8, 3),
    )
    u, v = u * size, v * size * 1.7
    depth, tone = np.full(u.shape, 9, np.float32), np.zeros(u.shape, np.float32)
    for k in (2, 1, 0):  # a row hides what is beneath the row above it
        row = np.floor(v) + k
        x, y = _frac(u + 0.5 * (row % 2)) - 0.5, (v - row) * 0.6
        r = np.hypot(x, y + 0.02)
        mine = (r < 0.57) & (depth > 8)
        depth[mine] = r[mine]
        tone[mine] = (np.sin(row * 12.9 + np.floor(u + 0.5 * (row % 2)) * 7.3) * 437 % 1)[mine]
    depth = np.minimum(depth, 0.57)
    return _blend(colour, shimmer, 0.15 + 0.35 * tone * step(depth, 0.5, 0.1)) * (1 - 0.75 * step(depth, 0.4, 0.57))[
        ..., None
    ], 0.05 * (0.57 - depth)


@texture
def _granite(u, v, look):
    one = look.paint("grey", "pink", "black", "beige", "stone")
    _, _, number = _cells(u, v, look, 0.055, 1)
    shade = _blend(one, COLOURS["black"], number < 0.18) + 0.35 * (number > 0.8)[..., None]
    return shade * (0.85 + 0.14 * noise(u, v, 1.5))[..., None], 0 * u


@texture
def _cracked_earth(u, v, look):
    soil = look.paint("tan", "beige", "brown", "copper", "grey")
    bent_u, bent_v = u + 0.03 * noise(u, v, 0.8), v + 0.03 * noise(v, u, 0.8)
    near, following, number = _cells(bent_u, bent_v, look, look.some(0.5, 0.9), 0.9)
    solid = step(following - near, 0.03, 0.13)
    return _blend(soil * 0.08, soil, solid) * (0.8 + 0.25 * number + 0.07 * noise(u, v, 0.7))[
        ..., None
    ], 0.05 * solid + 0.006 * noise(u, v, 0.6)


@texture
def _rope(u, v, look):
    colour = look.paint("tan", "white", "blue", "orange", "beige", "red")
    x = _frac(u * 1.6) - 0.5
    round_ = np.sqrt(np.maximum(0, 1 - 4 * x * x))
    strand = _frac(v * 3 + np.arcsin(np.clip(2 * x, -1, 1)) * 0.5)
    bulge = np.sin(np.pi * strand)
    fibres = 1 + 0.12 * noise(u * 2 - v * 4, v * 0.5 + u, 0.8)
    return colour[:, 0] * ((0.08 + 0.92 * round_) * (0.35 + 0.65 * bulge) * fibres)[
        ..., None
    ], 0.06 * round_ + 0.02 * bulge
