"""What grows, and a snowman."""

import numpy as np

from demos.retrieval.render.look import BRIGHT, COLOURS, Look, Part, grained, kind, noise, step, where
from demos.retrieval.render.shapes import LEAF, ball, cylinder, extrude, lathe, ring, rod, tube

_WHITE, _BLACK, _LEAF, _BROWN = (COLOURS[name] for name in ("white", "black", "leaf", "brown"))


@kind("grass", "studio", "wood", "grass")
def _mushroom(look: Look) -> list[Part]:
    cap = lathe((0, 1), (0.5, 0.95), (1, 0.9), (0.9, 1.35), (0.5, 1.65), (0, 1.75), smooth=True)
    red, dots = look.paint("red", "brown", "orange", "beige", "purple"), look.rng.standard_normal((22, 3))
    dots[:, 1] = np.abs(dots[:, 1])
    dots = (dots / np.linalg.norm(dots, axis=1, keepdims=True)).astype(np.float32)

    def spots(p):
        q = p - np.array([[0], [0.85], [0]], np.float32)
        return step((dots @ (q / np.sqrt((q * q).sum(0)))).max(0), 0.975, 0.985) * (p[1] > 0.97)

    stem = lathe((0, 0), (0.36, 0), (0.3, 0.4), (0.25, 1.1), (0, 1.1))
    return [Part(cap, where(red, _WHITE, spots), 0.2), Part(stem.grow(0.02), COLOURS["beige"] * 1.1, 0.05)]


@kind("grass", "grass", "studio", "sand")
def _tree(look: Look) -> list[Part]:
    crown = ball(0.7).at(y=2.1)
    for k in range(7):
        a = k * 0.9 + look.some(0, 0.6)
        crown = crown.blend(
            ball(look.some(0.4, 0.6)).at(0.6 * np.cos(a), 1.75 + look.some(-0.2, 0.7), 0.6 * np.sin(a)), 0.12
        )
    trunk = (
        rod((0, 0, 0), (0, 1.4, 0), 0.2, 0.13)
        | rod((0, 1, 0), (0.5, 1.6, 0), 0.1, 0.06)
        | rod((0, 0.9, 0), (-0.45, 1.6, 0.1), 0.1, 0.06)
    )
    leaves = look.paint("green", "orange", "lime", "dark green", "red", "yellow", "pink")
    apples = (
        [Part(ball(0.09).at(0.72, 1.9, 0.3).around(5), COLOURS["red"], 0.3)] if look.name in ("green", "lime") else []
    )
    return [
        Part(
            crown, lambda p: leaves * np.clip(1 + 0.22 * noise(p[0] + p[2] * 0.6, p[1] + p[2] * 0.3, 1.2), 0.5, 1.6), 0
        ),
        Part(trunk, grained(_BROWN, axis=1), 0),
        *apples,
    ]


@kind("snow", "grass", "studio", "snow")
def _fir(look: Look) -> list[Part]:
    tiers = [
        lathe((0, y), (r, y), (r * 0.95, y + 0.05), (0, y + 1.1))
        for y, r in ((0.4, 1), (0.95, 0.8), (1.5, 0.6), (2, 0.42))
    ]
    green, snow = COLOURS["dark green"] * look.some(0.8, 1.3), look.chance(0.5)

    def needles(p):
        dark = green * np.clip(1 + 0.25 * noise(np.arctan2(p[2], p[0]), p[1], 0.9), 0.5, 2)
        return np.where(snow & (noise(p[0], p[2] + p[1], 2) > 0.6), _WHITE, dark)

    star = extrude(
        0.06,
        *[((0.2, 0.08)[k % 2] * np.sin(k * np.pi / 5), (0.2, 0.08)[k % 2] * np.cos(k * np.pi / 5)) for k in range(10)],
    )
    baubles = [
        Part(star.at(y=3.2), COLOURS["yellow"], 0.5),
        *(
            Part(ball(0.09).at(r, y).around(n), look.other(*BRIGHT), 0.6)
            for y, r, n in ((0.5, 0.98, 9), (1.03, 0.78, 7), (1.58, 0.58, 6))
        ),
    ]
    whole = tiers[0] | tiers[1] | tiers[2] | tiers[3]
    return [Part(whole, needles, 0), Part(cylinder(0.14, 0.5), _BROWN, 0), *(baubles if look.chance(0.35) else [])]


@kind("sand", "studio", "wood", "sand")
def _cactus(look: Look) -> list[Part]:
    trunk = rod((0, 0.5, 0), (0, 2.2, 0), 0.32)
    arms = tube(0.2, (0, 1, 0), (0.75, 1.1, 0), (0.8, 1.7, 0)) | tube(
        0.18, (0, 0.8, 0), (-0.65, 0.95, 0), (-0.7, look.some(1.3, 1.8), 0)
    )
    green = COLOURS["green"] * look.some(0.7, 1.1)
    pot = lathe((0, 0), (0.5, 0), (0.66, 0.5), (0.74, 0.5), (0.74, 0.65), (0, 0.6))
    flower = rod((0, 2.5, 0), (0.14, 2.62, 0), 0.05, 0.08).around(6)
    return [
        Part(
            trunk.blend(arms, 0.15),
            lambda p: green * (1 + 0.22 * np.sin(np.arctan2(p[2], p[0] - 0.78 * np.rint(p[0] / 0.78)) * 10)),
            0.1,
        ),
        Part(pot, look.other("copper", "white", "turquoise", "blue"), 0.1),
        Part(flower, look.other("pink", "red", "yellow"), 0.1),
    ]


@kind("grass", "studio", "wood", "studio")
def _flower(look: Look) -> list[Part]:
    count = int(look.turn((5, 8, 12, 6)))
    petal = ball(0.34, 0.08, 0.55 * 3.2 / count).turn(z=16).at(0.52, 0.06).around(count)
    facing = {"x": look.some(30, 75)}
    head = [
        (petal, look.paint("red", "yellow", "white", "pink", "purple", "orange", "blue")),
        (ball(0.28, 0.15, 0.28), look.other("yellow", "brown")),
    ]
    stem = tube(0.05, (0, 0, 0), (0.05, 0.7, 0), (0, 1.55, -0.05))
    leaf = LEAF.turn(x=60, z=40).at(0.03, 0.4) | LEAF.turn(x=60, z=140).at(0, 0.65)
    return [
        *(Part(shape.turn(**facing).at(y=1.65), colour, 0.05) for shape, colour in head),
        Part(stem | leaf, _LEAF, 0.1),
    ]


@kind("snow", "snow", "studio")
def _snowman(look: Look) -> list[Part]:
    body = ball(0.75).at(y=0.65).blend(ball(0.55).at(y=1.55), 0.08).blend(ball(0.4).at(y=2.25), 0.08)
    coals = ball(0.06).at(0.15, 2.35, 0.37).twin(0) | ball(0.06).at(0, 1.75, 0.52) | ball(0.06).at(0, 1.5, 0.56)
    scarf = ring(0.36, 0.11).at(y=1.98) | rod((0.2, 1.95, 0.36), (0.3, 1.5, 0.56), 0.1)
    arms = rod((0.45, 1.6, 0), (1.15, 2, 0.1), 0.045).twin(0) | rod((0.95, 1.88, 0.07), (1.05, 2.1, 0.07), 0.03).twin(0)
    hat = cylinder(0.5, 0.06).at(y=2.5) | cylinder(0.32, 0.5).at(y=2.5)
    stripes = where(COLOURS[look.turn(BRIGHT)], _WHITE, lambda p: np.sin(np.arctan2(p[2], p[0]) * 9 + p[1] * 8) > 0.5)
    return [
        Part(body, _WHITE * 1.03, 0),
        Part(coals, _BLACK),
        Part(rod((0, 2.25, 0.35), (0, 2.22, 0.8), 0.08, 0.01), COLOURS["orange"]),
        Part(scarf, stripes, 0),
        Part(arms, _BROWN),
        Part(hat, look.other("black", "red", "navy", "green"), 0.1),
    ]
