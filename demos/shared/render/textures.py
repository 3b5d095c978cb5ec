"""Surfaces seen from above, turned, scaled and lit from a side.

A texture is a function (u, v, look) -> (colours float32 (3, n) in linear light, heights (n,)) at points of the plane.
"""

import numpy as np
from scipy.spatial import cKDTree

from demos.shared.render.look import BRIGHT, COLOURS, Look, by_name, hash_pairs, mix, noise, step

FINE = 2  # places a pixel and axis


def draw_texture(kind: str, look: Look, side: int) -> np.ndarray:
    """A picture of the texture, linear light float32 (3, side * side)."""
    fine = FINE * side
    y, x = (v.ravel() for v in np.mgrid[1 : -1 : fine * 1j, -1 : 1 : fine * 1j].astype(np.float32))
    angle, size = np.deg2rad(look.some(-40, 40)), look.some(1.4, 2.7)
    away = 1 / (1 - look.some(-0.18, 0.18) * x - look.some(0, 0.28) * y)  # the plane leans away
    u = size * away * (x * np.cos(angle) + y * np.sin(angle)) + np.float32(look.some(0, 20))
    v = size * away * (y * np.cos(angle) - x * np.sin(angle)) + np.float32(look.some(0, 20))
    colour, height = TEXTURES[kind](u, v, look)
    sun = look.some(0, 2 * np.pi)
    rows, columns = np.gradient(height.reshape(fine, fine) * fine / (2 * size))
    light = 1 + 0.75 * np.clip(columns * np.cos(sun) + rows * np.sin(sun), -1, 1).ravel()
    return downsample(colour * (1.25 * light * (1 + 0.22 * (x * np.cos(sun) - y * np.sin(sun)))))


def downsample(fine: np.ndarray) -> np.ndarray:
    """A square picture (3, n * FINE * FINE) -> the means of its pixels, float32 (3, n)."""
    side = int((fine.shape[1] ** 0.5) / FINE)
    return fine.reshape(3, side, FINE, side, FINE).mean((2, 4)).reshape(3, -1).astype(np.float32)


def _cells(u: np.ndarray, v: np.ndarray, look: Look, size: float, order: float = 0.8) -> tuple[np.ndarray, ...]:
    """Cells around scattered places: distances to the nearest and the next place, in sizes, and numbers 0 to 1."""
    u, v = u / size, v / size
    a, b = np.meshgrid(np.arange(np.floor(u.min()) - 1, u.max() + 2), np.arange(np.floor(v.min()) - 1, v.max() + 2))
    places = np.stack([a.ravel(), b.ravel()], 1) + look.rng.uniform(-order / 2, order / 2, (a.size, 2))
    near, which = cKDTree(places).query(np.stack([u, v], 1), k=2)
    return near[:, 0], near[:, 1], look.rng.random(len(places))[which[:, 0]]


def _bricks(u, v, look):
    colour = look.paint("red", "brown", "beige", "orange", "white", "grey")
    row = np.floor(v * 4)
    along = u * 1.8 + 0.5 * (row % 2)
    joint = np.maximum(np.abs(v * 4 % 1 - 0.5) - 0.42, (np.abs(along % 1 - 0.5) - 0.46) * 2.2)
    flat, mortar = step(joint, 0.03, -0.02), COLOURS[look.turn("stone", "grey", "white")] * 0.8
    tone = 0.6 + 0.5 * hash_pairs(row, np.floor(along)) + 0.1 * noise(u, v, 0.9)
    return mix(mortar, colour * tone, flat), 0.03 * flat + 0.006 * noise(u, v, 0.4)


def _planks(u, v, look):
    rings = 0.5 + 0.5 * np.sin(28 * (v + 0.05 * noise(u * 0.2, v * 0.4, 3)) + 3.5 * noise(u * 0.12, v * 0.7, 3))
    pores, joint = noise(u * 0.1, v * 2, 0.8), step(np.abs(v * 0.9 % 1 - 0.5), 0.485, 0.497)
    tone = np.clip((1 - 0.38 * rings**2 + 0.08 * pores) * (1 - 0.75 * joint), 0.05, 2)
    return look.paint("wooden", "dark wood", "tan", "beige", "copper") * tone, 0.002 * pores - 0.02 * joint


def _marble(u, v, look):
    base = look.paint("white", "dark green", "pink", "black", "beige", "grey")
    vein = COLOURS["white"] if look.name in ("dark green", "black") else COLOURS["grey"] * 0.6
    bent = noise(u, v, 7) + 0.35 * noise(v, u, 2.2)
    lines = step(np.abs(bent), 0.16, 0) + 0.5 * step(np.abs(noise(v + 3, u, 5) + 0.4 * bent), 0.12, 0)
    return mix(base * 0.9, vein, np.clip(0.75 * lines + 0.12 * noise(u, v, 4), 0, 1)), 0 * u


def _checks(u, v, look):
    one, other = look.paint("black", "red", "blue", "green", "purple", "orange"), look.other("white", "beige", "yellow")
    size = look.some(1.2, 2.4)
    return mix(one, other, (np.floor(u * size) + np.floor(v * size)) % 2), 0 * u


def _stripes(u, v, look):
    colours = np.concatenate([look.paint(*BRIGHT), *(look.other(*BRIGHT) for _ in range(look.turn(1, 2, 3)))], 1)
    edges = np.cumsum(look.rng.uniform(0.4, 1.2, colours.shape[1]))
    place = u * look.some(1.2, 2.6) % edges[-1]
    return colours[:, np.searchsorted(edges[:-1], place)] * (1 + 0.05 * noise(u, v * 8, 0.5)), 0 * u


def _polka_dots(u, v, look):
    ground, dots, size = look.paint(*BRIGHT), look.other("white", "yellow", "black", "pink"), look.some(1.3, 2.4)
    r = np.hypot((u * size + 0.5 * (np.floor(v * size) % 2)) % 1 - 0.5, v * size % 1 - 0.5)
    return mix(ground, dots, step(r, 0.31, 0.28)), 0.003 * noise(u, v, 3)


def _gravel(u, v, look):
    near, following, number = _cells(u, v, look, look.some(0.22, 0.42))
    tint = mix(look.paint("grey", "beige", "brown", "stone"), look.other("white", "brown", "grey", "tan"), number)
    stone = step(following - near, 0.02, 0.3)
    tone = (0.15 + 0.85 * stone) * (0.6 + 0.6 * (number * 7 % 1)) * (1 + 0.07 * noise(u, v, 0.5))
    return tint * tone, 0.06 * np.sqrt(stone + 0.001)


def _grass(u, v, look):
    colour, blades = look.paint("green", "lime", "dark green"), 0
    for a in (0.2, -0.3, 0.7, -0.8):
        along, across = v * np.cos(a) - u * np.sin(a), u * np.cos(a) + v * np.sin(a)
        blades = blades + 0.6 * np.maximum(0, noise(across * 5 + 9 * a + 9, along, 1.6))
    near, _, number = _cells(u, v, look, 0.6, 1)
    ground = mix(colour * 0.28, colour * 1.25 + 0.03, np.clip(blades * 0.6, 0, 1.2))
    petals = step(near, 0.09, 0.07) * (number > 0.6) * (look.number % 2)
    return mix(ground, look.other("white", "yellow", "pink"), petals), 0.01 * blades


def _water(u, v, look):
    colour = look.paint("turquoise", "blue", "light blue", "green", "navy")
    waves = noise(u * 0.5 + 0.1 * noise(v, u, 3), v * 1.3, 2.6) + 0.35 * noise(u, v * 2, 1)
    deep = mix(colour * 0.45, colour * 1.15 + 0.02, step(waves, -1.6, 1.4))
    return mix(deep, COLOURS["white"], 0.8 * step(waves, 1.25, 2.2)), 0.02 * waves


def _knitting(u, v, look):
    yarn, other = look.paint(*BRIGHT), look.other(*BRIGHT)
    u, v = u * 4.5, v * 5.2
    x, y = u % 1 - 0.5, v - 1.08 * np.abs(u % 1 - 0.5)
    row = np.floor(y)
    bulge = np.sqrt(np.maximum(0, 1 - (2 * (y % 1) - 1) ** 2) * np.maximum(0.02, 1 - (4 * np.abs(x) - 1) ** 2))
    pattern = (np.abs(row % 8 - 3) + np.abs(np.floor(u) % 8 - 4) < 3) if look.number % 2 else row % 6 < 2
    fibres = 1 + 0.12 * noise(u * 0.7 + np.sign(x) * v * 0.6, v * 0.2, 0.6)
    return mix(yarn, other, pattern) * ((0.3 + 0.7 * bulge) * fibres), 0.03 * bulge


def _leopard_fur(u, v, look):
    ground, hair = look.paint("tan", "golden", "beige", "orange"), 1 + 0.1 * noise(u * 4, v, 0.6)
    near, _, _ = _cells(u + 0.04 * noise(u, v, 1), v + 0.04 * noise(v, u, 1), look, look.some(0.4, 0.6), 0.75)
    rosette = step(np.abs(near - 0.3), 0.1, 0.07) * (noise(u, v, 1.6) > -0.75)
    return mix(mix(ground, ground * 0.6, step(near, 0.26, 0.22)), COLOURS["black"] * 0.7, rosette) * hair, 0.003 * hair


def _zebra_fur(u, v, look):
    light, dark = look.paint("white", "beige", "golden"), look.other("black", "dark wood") * 0.8
    bands = np.sin(10 * u + 2.6 * noise(u * 0.4, v * 0.3, 4))
    return mix(dark, light, step(bands, -0.15, 0.15)) * (1 + 0.06 * noise(u, v * 4, 0.5)), 0 * u


def _honeycomb(u, v, look):
    wax, size, root = look.paint("golden", "orange", "yellow", "brown"), look.some(2.2, 3.4), np.float32(3**0.5)
    u, v = u * size, v * size / root
    first, second = ((u % 1 - 0.5, (v % 1 - 0.5) * root) for u, v in ((u, v), (u + 0.5, v + 0.5)))
    odd = np.hypot(*first) > np.hypot(*second)
    x, y = np.abs(np.where(odd, second, first))
    edge = np.maximum(x, 0.5 * x + 0.5 * root * y)
    wall, number = step(edge, 0.38, 0.44), hash_pairs(np.floor(u + 0.5 * odd), np.floor(v + 0.5 * odd))
    honey = wax * (0.25 + 0.5 * (number > 0.35) + 0.35 * step(edge, 0.4, 0))
    return mix(honey, wax * 1.1 + 0.1, wall), 0.05 * wall


def _cracked_earth(u, v, look):
    soil = look.paint("tan", "beige", "brown", "copper", "grey")
    bent = u + 0.03 * noise(u, v, 0.8), v + 0.03 * noise(v, u, 0.8)
    near, following, number = _cells(*bent, look, look.some(0.5, 0.9), 0.9)
    solid, tone = step(following - near, 0.03, 0.13), 0.8 + 0.25 * number + 0.07 * noise(u, v, 0.7)
    return mix(soil * 0.08, soil, solid) * tone, 0.05 * solid + 0.006 * noise(u, v, 0.6)


TEXTURES = by_name(
    _bricks, _planks, _marble, _checks, _stripes, _polka_dots, _gravel, _grass, _water, _knitting, _leopard_fur,
    _zebra_fur, _honeycomb, _cracked_earth,
)  # fmt: skip
