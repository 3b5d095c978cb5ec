"""Fruit, sweets and crockery."""

import numpy as np

from demos.shared.render.look import BRIGHT, COLOURS, GLOW, angle, band, hash_pairs, kinds, noise, step, where
from demos.shared.render.settings import INDOORS
from demos.shared.render.shapes import LEAF, Shape, ball, cone, cylinder, lathe, ring, rod, tube


def _apple(look):
    body = lathe((0, 0.12), (0.35, 0), (0.85, 0.45), (0.98, 1.05), (0.6, 1.55), (0.2, 1.45), (0, 1.3), smooth=True)
    skin, blush = look.paint("red", "lime", "yellow", "green"), look.other("yellow", "lime", "red")
    yield body, where(skin, blush, lambda p: 0.7 * step(noise(angle(p), p[1] * 0.2, 3) + p[0], 0.7, 2)), 0.35
    yield tube(0.05, (0, 1.3, 0), (0.04, 1.6, 0), (0.12, 1.8, 0)), "brown", 0
    yield LEAF.turn(x=70, z=25, y=look.some(-20, 20)).at(0.05, 1.6), "leaf", 0.2


def _pear(look):
    body = lathe((0, 0.05), (0.4, 0), (0.85, 0.6), (0.62, 1.2), (0.36, 1.65), (0.3, 1.95), (0, 2.02), smooth=True)
    skin = look.paint("lime", "yellow", "green", "red")
    yield body, where(skin, COLOURS["brown"], lambda p: 0.3 * step(noise(angle(p) * 2, p[1] * 2, 2), 0.8, 2)), 0.2
    yield tube(0.045, (0, 1.95, 0), (0.05, 2.2, 0), (0.16, 2.35, 0)), "brown", 0


def _banana(look):
    def bent(p):
        a = np.clip(np.arctan2(p[0], p[2] + 1), -1.2, 1.2)
        x, z = p[0] - 1.3 * np.sin(a), p[2] + 1 - 1.3 * np.cos(a)
        return np.sqrt(x * x + z * z + (p[1] - 0.3) ** 2) - 0.3 * np.sqrt(1 - (a / 1.45) ** 2)

    stem, end = rod((-1.2, 0.3, -0.5), (-1.42, 0.34, -0.8), 0.14, 0.08), rod((1.2, 0.3, -0.5), (1.3, 0.3, -0.64), 0.12)
    ripe = where(look.paint("yellow", "lime", "golden"), COLOURS["brown"] * 0.6, lambda p: step(abs(p[0]), 1.22, 1.34))
    yield Shape(bent).blend(stem, 0.15).blend(end, 0.1), ripe, 0.15


def _pineapple(look):
    skin = look.paint("golden", "orange", "green")

    def rind(p):
        u, v = (1.6 * angle(p) + p[1] * 3) % 1 - 0.5, (1.6 * angle(p) - p[1] * 3) % 1 - 0.5
        return skin * (1.1 - 0.75 * step(np.maximum(abs(u), abs(v)), 0.36, 0.48)) - 0.1 * step(np.hypot(u, v), 0.14, 0)

    leaves = rod((0.1, 0, 0), (0.5, 0.6, 0), 0.1, 0.02).around(8) | rod((0, 0.2, 0), (0.28, 0.95, 0), 0.1).around(6)
    yield ball(0.66, 0.92, 0.66).at(y=0.88), rind, 0.2
    yield leaves.at(y=1.68), COLOURS["leaf"] * look.some(0.7, 1.1)


def _cake(look):
    icing, sponge = look.paint("pink", "white", "brown", "turquoise", "yellow", "lime"), look.other("beige", "tan")
    drip = where(sponge, icing, lambda p: step(p[1] + 0.13 * np.sin(angle(p) * 11), 0.55, 0.58))
    yield cylinder(1, 0.95, 0.1), lambda p: np.where(np.abs(p[1] - 0.3) < 0.05, COLOURS["white"], drip(p))
    yield rod((0.5, 0.9, 0), (0.5, 1.3, 0), 0.06).around(6), look.other(*BRIGHT), 0.2
    yield ball(0.06, 0.12, 0.06).at(0.5, 1.45).around(6), GLOW, 0
    yield ball(0.12).at(0.82, 1).around(10), look.other("red", "white"), 0.4
    yield cylinder(1.3, 0.05), "silver", 0.5


def _ice_cream(look):
    flavours = ("pink", "brown", "white", "lime", "yellow", "turquoise", "orange")

    def waffle(p):
        lines = np.minimum(*(np.abs(np.sin(4 * angle(p) + way * p[1])) for way in (7, -7)))
        return COLOURS["tan"] * (1 - 0.4 * step(lines, 0.25, 0.1))

    scoop = ball(0.6).blend(ring(0.5, 0.13).at(y=-0.25), 0.15)
    yield cone(0.06, 0.56, 1.5), waffle
    yield scoop.at(y=1.75), look.paint(*flavours)
    yield scoop.stretch(0.85, 0.85, 0.85).at(0.04, 2.35), look.other(*flavours)
    yield ball(0.14).at(0, 2.92), "red", 0.5


def _doughnut(look):
    icing = look.paint("pink", "brown", "white", "turquoise", "yellow")
    tints = np.concatenate([look.other(*BRIGHT) for _ in range(5)], 1)
    glaze = where(COLOURS["tan"], icing, lambda p: step(p[1] + 0.06 * np.sin(angle(p) * 7), 0.42, 0.45))

    def sprinkled(p):
        u, v = np.floor(p[0] * 6), np.floor(p[2] * 6)
        chance = hash_pairs(u, v)
        x, z, cos, sin = p[0] * 6 - u - 0.5, p[2] * 6 - v - 0.5, np.cos(chance * 6), np.sin(chance * 6)
        on = (np.abs(x * cos + z * sin) < 0.33) & (np.abs(z * cos - x * sin) < 0.12) & (p[1] > 0.55)
        return np.where(on, tints[:, (chance * 5).astype(int)], glaze(p))

    yield ring(0.75, 0.4).at(y=0.4), sprinkled, 0.25


def _mug(look):
    h = look.some(1.2, 1.6)
    body = lathe((0, 0), (0.58, 0), (0.62, 0.05), (0.62, h), (0.55, h), (0.55, 0.1), (0, 0.1))
    handle = ring(0.36, 0.09).turn(x=90).stretch(0.9, 1.1, 1).at(0.66, h / 2) - cylinder(0.57, h)
    paint, stripe = look.paint(*BRIGHT), look.other(*BRIGHT)
    yield body, where(paint, stripe, lambda p: (look.number % 3 == 0) * band(p[1], h / 2, 0.17)), 0.3
    yield handle.turn(y=look.some(-40, 40)), paint, 0.3
    yield cylinder(0.55, h * 0.8), COLOURS["dark wood"] * 0.5, 0.3


def _teapot(look):
    paint, knob = look.paint(*BRIGHT), look.other("golden", "black", "white", "red")
    body = ball(0.85, 0.68, 0.85).at(y=0.68)
    spout = tube(0.12, (0.6, 0.5, 0), (0.95, 0.65, 0), (1.12, 0.95, 0), (1.3, 1.15, 0))
    yield body.blend(spout, 0.25) | ring(0.42, 0.085).turn(x=90).at(-0.92, 0.75) - body, paint, 0.35
    yield lathe((0, 1.25), (0.45, 1.25), (0.4, 1.36), (0.15, 1.45), (0, 1.46)), paint * 0.85, 0.35
    yield ball(0.12).at(y=1.52) | ring(0.46, 0.03).at(y=1.25), knob, 0.4


KINDS = {
    **kinds(_apple, _pear, _pineapple, _cake, _mug, _teapot, settings=INDOORS),
    **kinds(_banana, _doughnut, settings=INDOORS, tilt=(22, 55)),
    **kinds(_ice_cream, settings=INDOORS, tilt=(4, 25)),
}
