"""Fruit, vegetables and sweets."""

import numpy as np

from demos.retrieval.render.look import BRIGHT, COLOURS, Look, Part, kind, mix, noise, step, where
from demos.retrieval.render.settings import INDOORS
from demos.retrieval.render.shapes import LEAF, Shape, ball, box, cone, cylinder, lathe, ring, rod, tube

_WHITE, _LEAF, _BROWN = (COLOURS[name] for name in ("white", "leaf", "brown"))


@kind(*INDOORS)
def _apple(look: Look) -> list[Part]:
    body = lathe((0, 0.12), (0.35, 0), (0.85, 0.45), (0.98, 1.05), (0.6, 1.55), (0.2, 1.45), (0, 1.3), smooth=True)
    skin, other, lean = (
        look.paint("red", "lime", "yellow", "red", "green"),
        look.other("yellow", "lime", "red"),
        look.some(-20, 20),
    )
    blush = where(skin, other, lambda p: 0.7 * step(noise(np.arctan2(p[2], p[0]), p[1] * 0.2, 3) + p[0], 0.7, 2))
    return [
        Part(body, blush, 0.35),
        Part(tube(0.05, (0, 1.3, 0), (0.04, 1.6, 0), (0.12, 1.8, 0)), _BROWN, 0),
        Part(LEAF.turn(x=70, z=25, y=lean).at(0.05, 1.6), _LEAF, 0.2),
    ]


@kind(*INDOORS)
def _pear(look: Look) -> list[Part]:
    body = lathe((0, 0.05), (0.4, 0), (0.85, 0.6), (0.62, 1.2), (0.36, 1.65), (0.3, 1.95), (0, 2.02), smooth=True)
    skin = look.paint("lime", "yellow", "green", "red")
    speckled = where(skin, _BROWN, lambda p: 0.3 * step(noise(np.arctan2(p[2], p[0]) * 2, p[1] * 2, 2), 0.8, 2))
    return [Part(body, speckled, 0.2), Part(tube(0.045, (0, 1.95, 0), (0.05, 2.2, 0), (0.16, 2.35, 0)), _BROWN, 0)]


@kind(*INDOORS, tilt=(18, 50))
def _banana(look: Look) -> list[Part]:
    skin = look.paint("yellow", "lime", "yellow", "golden")

    def bent(p):
        angle = np.clip(np.arctan2(p[0], p[2] + 1), -1.2, 1.2)
        radius = 0.3 * np.sqrt(1 - (angle / 1.45) ** 2)
        x, z = p[0] - 1.3 * np.sin(angle), p[2] + 1 - 1.3 * np.cos(angle)
        return np.sqrt(x * x + z * z + (p[1] - 0.3) ** 2) - radius

    ends = rod((-1.2, 0.3, -0.5), (-1.42, 0.34, -0.8), 0.14, 0.08), rod((1.2, 0.3, -0.5), (1.3, 0.3, -0.64), 0.14, 0.07)
    ripe = where(skin, _BROWN * 0.6, lambda p: step(np.abs(p[0]), 1.22, 1.34))
    return [Part(Shape(bent).blend(ends[0], 0.15).blend(ends[1], 0.1), ripe, 0.15)]


@kind(*INDOORS)
def _orange(look: Look) -> list[Part]:
    peel, x = COLOURS["orange"] * look.some(0.85, 1.1), 0.55 if look.number % 2 else -0.55

    def rind(p):
        return peel * (1 + 0.09 * noise(np.arctan2(p[2], p[0]) * 2, p[1] * 2, 1))

    def flesh(p):
        r, angle = np.hypot(p[0] - x, p[1] - 0.9), np.arctan2(p[1] - 0.9, p[0] - x) * 10 / (2 * np.pi)
        wall = np.abs(angle - np.rint(angle)) * r < 0.035
        return mix(_WHITE, COLOURS["orange"] * 1.1, step(r, 0.84, 0.8) * step(r, 0.05, 0.1) * (1 - wall))

    half = (ball(0.95) & box(3, 1, 3, 0).at(y=-1)).turn(x=80).at(x, 0.9, 0.75)

    def cut(p):
        return np.where(p[2] > 0.78 + 0.17 * (p[1] - 0.9), flesh(p), rind(p))

    return [Part(ball(0.95, 0.9, 0.95).at(-1.6 * x, 0.9), rind, 0.25), Part(half, cut, 0.2)]


@kind(*INDOORS, tilt=(20, 55))
def _carrot(look: Look) -> list[Part]:
    root = lathe((0, 0), (0.05, 0), (0.2, 0.6), (0.34, 1.4), (0.36, 1.75), (0.2, 1.9), (0, 1.9), smooth=True)
    leaves = rod((0.05, 0, 0), (0.3, 0.7, 0), 0.06, 0.1).around(5) | rod((0, 0, 0), (0, 0.9, 0), 0.06, 0.12)
    turned = [root.turn(z=-90).at(-0.9), leaves.turn(z=-90).at(0.95)]
    return [
        Part(
            turned[0].at(y=0.34),
            lambda p: COLOURS["orange"] * (1 - 0.25 * (np.sin(p[0] * 19 + 3 * noise(p[0], p[2], 3)) > 0.93)),
            0.15,
        ),
        Part(turned[1].at(y=0.34), _LEAF * look.some(0.7, 1.1), 0.1),
    ]


@kind(*INDOORS)
def _cake(look: Look) -> list[Part]:
    icing, sponge = (
        look.paint("pink", "white", "brown", "turquoise", "yellow", "lime"),
        look.other("beige", "brown", "tan"),
    )
    drip = where(sponge, icing, lambda p: step(p[1] + 0.13 * np.sin(np.arctan2(p[2], p[0]) * 11), 0.55, 0.58))
    candle = rod((0.5, 0.9, 0), (0.5, 1.3, 0), 0.06).around(6)
    flames = ball(0.06, 0.12, 0.06).at(0.5, 1.45).around(6)
    cherries = ball(0.12).at(0.82, 1).around(10)
    return [
        Part(cylinder(1, 0.95, 0.1), lambda p: np.where(np.abs(p[1] - 0.3) < 0.05, _WHITE, drip(p)), 0.1),
        Part(candle, look.other(*BRIGHT), 0.2),
        Part(cherries, look.other("red", "white"), 0.4),
        Part(flames, np.array([[3.5], [2], [0.5]], np.float32), 0),
        Part(cylinder(1.3, 0.05), COLOURS["silver"], 0.5),
    ]


@kind(*INDOORS, tilt=(4, 25))
def _ice_cream(look: Look) -> list[Part]:
    flavour, other = (
        look.paint("pink", "brown", "white", "lime", "yellow", "turquoise", "orange"),
        look.other("pink", "brown", "white", "lime"),
    )

    def waffle(p):
        angle = 4 * np.arctan2(p[2], p[0])
        lines = np.minimum(np.abs(np.sin(angle + 7 * p[1])), np.abs(np.sin(angle - 7 * p[1])))
        return COLOURS["tan"] * (1 - 0.4 * step(lines, 0.25, 0.1))

    scoop, two = ball(0.6).blend(ring(0.5, 0.13).at(y=-0.25), 0.15), look.number % 3 > 0
    parts = [
        Part(cone(0.06, 0.56, 1.5), waffle, 0.05),
        Part(scoop.at(y=1.75), flavour, 0.12),
        Part(ball(0.14).at(0, 2.92 if two else 2.42), COLOURS["red"], 0.5),
    ]
    return parts + [Part(scoop.stretch(0.85, 0.85, 0.85).at(0.04, 2.35), other, 0.12)] * two


@kind(*INDOORS, tilt=(25, 60))
def _doughnut(look: Look) -> list[Part]:
    icing = look.paint("pink", "brown", "white", "turquoise", "yellow")
    tints = np.stack([look.other(*BRIGHT) for _ in range(5)])[..., 0].T
    glaze = where(COLOURS["tan"], icing, lambda p: step(p[1] + 0.06 * np.sin(np.arctan2(p[2], p[0]) * 7), 0.42, 0.45))

    def sprinkled(p):
        u, v = np.floor(p[0] * 6), np.floor(p[2] * 6)
        chance = np.sin(u * 12.99 + v * 78.23) * 4375.5 % 1
        a = chance * 6
        x, z = p[0] * 6 - u - 0.5, p[2] * 6 - v - 0.5
        on = (
            (np.abs(x * np.cos(a) + z * np.sin(a)) < 0.33)
            & (np.abs(z * np.cos(a) - x * np.sin(a)) < 0.12)
            & (p[1] > 0.55)
        )
        return np.where(on, tints[:, (chance * 5).astype(int)], glaze(p))

    return [Part(ring(0.75, 0.4).at(y=0.4), sprinkled, 0.25)]


@kind(*INDOORS)
def _pineapple(look: Look) -> list[Part]:
    def rind(p):
        a = np.arctan2(p[2], p[0]) * 10 / (2 * np.pi)
        u, v = (a + p[1] * 3) % 1 - 0.5, (a - p[1] * 3) % 1 - 0.5
        return COLOURS["golden"] * (1.1 - 0.75 * step(np.maximum(np.abs(u), np.abs(v)), 0.36, 0.48)) - 0.1 * step(
            np.hypot(u, v), 0.14, 0.08
        )

    leaves = rod((0.1, 0, 0), (0.5, 0.6, 0), 0.1, 0.02).around(8) | rod(
        (0.05, 0.2, 0), (0.28, 0.95, 0), 0.1, 0.02
    ).around(6)
    return [
        Part(ball(0.66, 0.92, 0.66).at(y=0.88), rind, 0.2),
        Part(leaves.at(y=1.68), _LEAF * look.some(0.7, 1.1), 0.15),
    ]
