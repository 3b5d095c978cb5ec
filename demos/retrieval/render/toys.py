"""Toys, games, music and what one wears."""

import numpy as np

from demos.retrieval.render.look import BRIGHT, COLOURS, PALE, Look, Part, kind, step, where
from demos.retrieval.render.settings import INDOORS
from demos.retrieval.render.shapes import ball, box, cylinder, extrude, lathe, ring, rod, rotation

_WHITE, _BLACK, _SILVER = (COLOURS[name] for name in ("white", "black", "silver"))


@kind("studio", "wood", "sand", "grass", "paving", tilt=(0, 20))
def _umbrella(look: Look) -> list[Part]:
    one, other, plain = look.paint(*BRIGHT), look.other(*BRIGHT), look.chance(0.4)

    def panels(p):
        return step(np.sin(4 * np.arctan2(p[2], p[0])), -0.05, 0.05) * (0 if plain else 1)

    outside = ((0, 1.75), (0.55, 1.62), (1, 1.3), (1.3, 0.85))
    dome = lathe(*outside, (1.22, 0.8), (0.93, 1.22), (0.5, 1.52), (0, 1.64))
    canopy = dome - ball(0.2).at(1.32, 0.78).around(8)
    stick = rod((0, -0.3, 0), (0, 1.95, 0), 0.04)
    hook = ring(0.17, 0.05).turn(x=90).at(0.17, -0.3) & box(2, 1, 1, 0).at(0, -1.28)
    return [
        Part(canopy.at(y=0.5), where(one, other, panels), 0.08),
        Part((stick | hook).at(y=0.5), COLOURS["dark wood"], 0.3),
    ]


@kind("wood", "grass", "sand", "studio", "paving")
def _beach_ball(look: Look) -> list[Part]:
    names = ("red", "yellow", "blue", "green", "orange", "turquoise", "pink")
    colours = np.stack([look.paint(*names), _WHITE, look.other(*names), _WHITE, look.other(*names), _WHITE])[..., 0].T
    turn = _tumble(look)

    def panels(p):
        x, y, z = turn @ (p - np.array([[0], [1], [0]], np.float32))
        panel = np.floor((np.arctan2(z, x) / (2 * np.pi) + 0.5) * 5.999).astype(int)
        return np.where(np.abs(y) > 0.93, _WHITE, colours[:, panel])

    return [Part(ball(1).at(y=1), panels, 0.35)]


def _tumble(look: Look) -> np.ndarray:
    """Any rotation."""
    return rotation(look.some(0, 360), look.some(0, 360), look.some(0, 360))


@kind("grass", "studio", "wood", "paving", "grass")
def _football(look: Look) -> list[Part]:
    base, patch = (
        look.paint("white", "yellow", "orange", "white", "light blue"),
        look.other("black", "navy", "black", "red"),
    )
    g = (1 + 5**0.5) / 2
    corners = np.array([(0, s, t * g) for s in (-1, 1) for t in (-1, 1)])
    corners = np.concatenate([np.roll(corners, k, axis=1) for k in range(3)]) / np.hypot(1, g)
    corners = (corners @ _tumble(look)).astype(np.float32)

    def patches(p):
        towards = corners @ (p - np.array([[0], [1], [0]], np.float32))
        first, second = np.sort(towards, axis=0)[-2:][::-1]
        seam = step(first - second, 0.025, 0.01)
        return np.maximum(step(first - second, 0.2, 0.22), seam)

    return [Part(ball(1).at(y=1), where(base, patch, patches), 0.25)]


@kind("wood", "studio", "dark", "marble")
def _guitar(look: Look) -> list[Part]:
    wood = look.paint("orange", "wooden", "red", "black", "blue", "beige", "dark wood")
    half = ((0, 0), (0.5, 0.03), (0.72, 0.4), (0.6, 0.75), (0.42, 1), (0.5, 1.3), (0.35, 1.55), (0, 1.58))
    body = extrude(0.3, *half, *[(-x, y) for x, y in half[-2:0:-1]], smooth=True, edge=0.05)
    neck = box(0.17, 1.5, 0.1).at(0, 1.4, 0.12) | box(0.26, 0.42, 0.08).at(0, 2.85, 0.1)
    pegs = ball(0.06).at(0.18, 2.95, 0.1).twin(0) | ball(0.06).at(0.18, 3.15, 0.1).twin(0)

    def front(p):
        hole = step(np.hypot(p[0], p[1] - 1.02), 0.21, 0.2) * (p[2] > 0.1)
        return np.maximum(hole, (np.abs(p[0]) < 0.25) & (np.abs(p[1] - 0.42) < 0.05) & (p[2] > 0.1))

    return [
        Part(body, where(wood, wood * 0.04, front), 0.3),
        Part(neck, COLOURS["dark wood"], 0.15),
        Part(pegs, _WHITE, 0.5),
    ]


@kind(*INDOORS)
def _drum(look: Look) -> list[Part]:
    paint, h = look.paint(*BRIGHT), look.some(0.8, 1.2)
    zigzag = where(
        paint,
        look.other("golden", "white", "yellow"),
        lambda p: step(
            np.abs(p[1] - h / 2 - 0.3 * h * (np.abs(((np.arctan2(p[2], p[0]) * 8 / np.pi) % 2) - 1) * 2 - 1)),
            0.05,
            0.03,
        ),
    )
    hoops = ring(0.95, 0.07).at(y=0.08) | ring(0.95, 0.07).at(y=h - 0.05)
    sticks = rod((-0.8, h + 0.08, 0.3), (0.9, h + 0.12, -0.1), 0.04, 0.06) | rod(
        (-0.7, h + 0.08, -0.3), (0.9, h + 0.1, 0.25), 0.04, 0.06
    )
    return [
        Part(cylinder(0.93, h), zigzag, 0.2),
        Part(hoops, look.other("golden", "red", "white"), 0.4),
        Part(cylinder(0.9, 0.03).at(y=h), COLOURS["beige"] * 1.15, 0.05),
        Part(sticks, COLOURS["wooden"], 0.2),
    ]


@kind(*INDOORS)
def _die(look: Look) -> list[Part]:
    body = look.paint("red", "white", "blue", "green", "black", "yellow", "purple")
    pips = _BLACK if look.name in ("white", "yellow") else _WHITE
    cube = box(1.6, 1.6, 1.6, 0.18) & ball(1.22).at(y=0.8)
    count = ((1, 6), (5, 2), (3, 4))

    def spots(p):
        q = (p - np.array([[0], [0.8], [0]], np.float32)) / 0.8
        shown = np.zeros(p.shape[1], np.float32)
        for axis in range(3):
            u, v = q[(axis + 1) % 3], q[(axis + 2) % 3]
            for side, number in zip((1, -1), count[axis], strict=True):
                places = [(0, 0)] * (number % 2) + [(0.45, 0.45), (-0.45, -0.45)] * (number > 1)
                places += [(0.45, -0.45), (-0.45, 0.45)] * (number > 3) + [(0.45, 0), (-0.45, 0)] * (number > 5)
                for a, b in places:
                    shown = np.maximum(shown, step(np.hypot(u - a, v - b), 0.19, 0.16) * (side * q[axis] > 0.85))
        return shown

    return [Part(cube, where(body, pips, spots), 0.35)]


@kind(*INDOORS)
def _chess_pawn(look: Look) -> list[Part]:
    body = lathe(
        (0, 0),
        (0.6, 0),
        (0.62, 0.2),
        (0.5, 0.3),
        (0.46, 0.4),
        (0.24, 0.7),
        (0.2, 1.15),
        (0.4, 1.22),
        (0.4, 1.3),
        (0.15, 1.36),
        (0, 1.4),
    )
    return [Part(body | ball(0.36).at(y=1.62), look.paint("black", "beige", "red", "dark wood", "white"), 0.4)]


@kind(*INDOORS)
def _chess_rook(look: Look) -> list[Part]:
    body = lathe(
        (0, 0),
        (0.65, 0),
        (0.67, 0.22),
        (0.52, 0.34),
        (0.48, 0.45),
        (0.34, 0.9),
        (0.34, 1.4),
        (0.55, 1.5),
        (0.55, 2),
        (0.38, 2),
        (0.38, 1.7),
        (0, 1.7),
    )
    gaps = box(1.4, 0.4, 0.2, 0).at(y=1.8)
    gaps = gaps | gaps.turn(y=60) | gaps.turn(y=120)
    return [Part(body - gaps, look.paint("beige", "black", "white", "red", "dark wood"), 0.4)]


@kind(*INDOORS)
def _hat(look: Look) -> list[Part]:
    felt, band = (
        look.paint("brown", "black", "grey", "beige", "red", "navy", "dark green"),
        look.other("red", "black", "golden", "blue"),
    )
    if look.number % 2:
        crown = lathe((0, 0.02), (0.6, 0.02), (0.66, 1.1), (0.66, 1.1), (0, 1.1))
        brim = cylinder(1, 0.06, 0.03)
    else:
        crown = ball(0.62, 0.75, 0.68) & box(3, 1, 3, 0)
        crown = crown.blend(ball(0.1, 0.1, 0.5).at(y=0.9), 0.01) - ball(0.12, 0.2, 0.6).at(y=0.82)
        brim = lathe((0, 0), (0.7, 0), (1.2, 0.1), (1.2, 0.16), (0.7, 0.06), (0, 0.06))
    stripe = where(felt, band, lambda p: (p[1] > 0.06) * step(p[1], 0.27, 0.25))
    return [Part(crown, stripe, 0.05), Part(brim, felt, 0.05)]


@kind(*INDOORS)
def _ring(look: Look) -> list[Part]:
    metal, gem = look.paint("golden", "silver", "copper"), look.other(*BRIGHT)
    stone = lathe((0, 1.72), (0.36, 2.1), (0.22, 2.26), (0, 2.26))
    claws = rod((0.2, 1.75, 0), (0.36, 2.15, 0), 0.04).around(6)
    return [
        Part(ring(0.8, 0.11).turn(x=90).at(y=0.9), metal * 0.9, 0.95),
        Part(claws, metal, 0.9),
        Part(stone, gem, 0.5),
    ]


@kind(*INDOORS)
def _gift(look: Look) -> list[Part]:
    paper, ribbon, h = look.paint(*BRIGHT), look.other(*BRIGHT), look.some(0.8, 1.4)
    bow = ring(0.28, 0.09).stretch(1, 1, 0.6).turn(x=70, z=0).at(0.26, 0.16).around(4)
    dotted = look.chance(0.5)

    def crossing(p):
        dots = (
            dotted * step(np.hypot((p[0] * 4 + p[1] * 2) % 1 - 0.5, (p[2] * 4 + p[1] * 4) % 1 - 0.5), 0.24, 0.2) * 0.5
        )
        return np.maximum(dots, (np.abs(p[0]) < 0.12) | (np.abs(p[2]) < 0.12))

    return [Part(box(1.5, h, 1.5, 0.03), where(paper, ribbon, crossing), 0.1), Part(bow.at(y=h + 0.05), ribbon, 0.2)]


@kind("wood", "studio", "dark", "marble")
def _television(look: Look) -> list[Part]:
    case = look.paint("wooden", "red", "black", "white", "turquoise", "orange")
    low, high = look.other(*BRIGHT), look.other(*PALE)
    body = box(2.2, 1.5, 0.8, 0.12).at(y=0.35)
    screen = (box(1.5, 1.15, 0.1, 0.05) & ball(2.5).at(0, 0.6, -2.42)).at(-0.22, 0.52, 0.4)
    shown = where(low, high, lambda p: step(p[1] + 0.15 * np.sin(5 * p[0]), 0.95, 1))
    knobs = cylinder(0.1, 0.08).turn(x=90).at(0.8, 1.45, 0.4) | cylinder(0.1, 0.08).turn(x=90).at(0.8, 1.1, 0.4)
    aerial = rod((0, 1.8, 0), (0.6, 2.7, 0), 0.025).twin(0)
    legs = rod((0.7, 0.4, 0.2), (0.9, 0.03, 0.3), 0.05).twin(0).twin(2)
    return [Part(body, case, 0.15), Part(screen, shown, 0.4), Part(knobs | aerial | legs, _SILVER * 0.8, 0.6)]


@kind("studio", "wood", "dark", "tiles")
def _robot(look: Look) -> list[Part]:
    paint, trim = (
        look.paint("turquoise", "red", "silver", "yellow", "orange", "blue", "white"),
        look.other("yellow", "red", "blue"),
    )
    body, head = box(1.05, 1, 0.75, 0.08).at(y=0.75), box(0.85, 0.65, 0.65, 0.08).at(y=1.88)
    arms = rod((0.55, 1.6, 0), (0.88, 1.1, 0.1), 0.1).twin(0) | rod(
        (0.88, 1.1, 0.1), (0.8, 0.9 + look.some(0, 0.6), 0.45), 0.1
    ).twin(0)
    legs = box(0.34, 0.6, 0.4, 0.05).at(0.28, 0.15).twin(0) | box(0.42, 0.2, 0.62, 0.06).at(0.28, 0, 0.08).twin(0)
    dials = where(
        paint,
        trim,
        lambda p: (
            step(np.minimum(np.hypot(p[0] - 0.25, p[1] - 1.45), np.hypot(p[0] + 0.25, p[1] - 1.45)), 0.13, 0.11)
            * (p[2] > 0.3)
        ),
    )
    grille = where(
        paint,
        _BLACK,
        lambda p: (np.abs(p[0]) < 0.28) & (np.abs(p[1] - 2.02) < 0.08) & (np.sin(p[0] * 50) > -0.2) & (p[2] > 0.25),
    )
    eyes = cylinder(0.15, 0.1).turn(x=90).at(0.2, 2.3, 0.3).twin(0)
    aerial = (
        rod((0, 2.5, 0), (0, 2.8, 0), 0.03)
        | cylinder(0.13, 0.2, 0.02).at(y=-0.1).turn(z=90).at(0.48, 2.2).twin(0)
        | cylinder(0.2, 0.18).at(y=1.72)
    )
    return [
        Part(body, dials, 0.35),
        Part(head, grille, 0.35),
        Part(arms | legs | aerial, _SILVER * 0.7, 0.7),
        Part(eyes, np.array([[1.8], [1.7], [0.9]], np.float32), 0.4),
        Part(ball(0.1).at(y=2.85), COLOURS["red"] * 1.4, 0.4),
    ]
