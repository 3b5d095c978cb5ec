"""Furniture, toys, and what lies about in a house."""

import numpy as np

from demos.shared.render.look import BRIGHT, COLOURS, GLOW, PALE, angle, kinds, step, where
from demos.shared.render.settings import INDOORS, OUTDOORS
from demos.shared.render.shapes import ball, box, cylinder, extrude, lathe, ring, rod, rotation

_WHITE, _BLACK = COLOURS["white"], COLOURS["black"]


def _chair(look):
    back, frame = look.some(1, 1.35), look.paint("wooden", "white", "black", "red", "turquoise", "yellow", "dark wood")
    legs = rod((0.48, 0.04, 0.45), (0.42, 1, 0.4), 0.06, 0.07).twin(0).twin(2)
    posts = rod((0.42, 1, -0.42), (0.45, 1 + back, -0.58), 0.06).twin(0)
    slats = box(0.9, 0.2, 0.07).at(0, 0.75 + back, -0.55) | box(0.9, 0.16, 0.07).at(0, 0.35 + back, -0.5)
    yield legs | posts | slats, frame
    yield box(1.05, 0.12, 1, 0.05).at(y=0.98), look.other(*BRIGHT), 0.05


def _sofa(look):
    cloth = look.paint("red", "blue", "green", "grey", "orange", "turquoise", "pink", "beige")
    back = box(2.6, 0.35, 1.1, 0.08).at(y=0.2) | box(2.5, 1, 0.3, 0.14).at(0, 0.3, -0.45)
    yield back | box(0.32, 0.72, 1.1, 0.14).at(1.3, 0.2).twin(0), cloth, 0.02
    yield box(1.14, 0.24, 0.95, 0.1).at(0.57, 0.5, 0.06).twin(0), cloth * 1.12, 0.02
    cushion = box(0.55, 0.5, 0.2, 0.1).turn(x=-18, z=look.some(-15, 15))
    yield cushion.at(look.some(-0.8, 0.8), 0.72, -0.2), look.other(*BRIGHT), 0.02
    yield rod((1.2, 0, 0.4), (1.15, 0.25, 0.38), 0.06).twin(0).twin(2), "wooden"


def _lamp(look):
    shade, top = look.paint("yellow", "red", "white", "turquoise", "orange", "green", "pink"), look.some(0.3, 0.5)
    cover = lathe((0, 1.3), (0.85, 1.3), (top, 2.2), (top - 0.1, 2.2), (0.75, 1.4), (0, 1.4))
    yield cover, lambda p: shade * (1.25 + 0.5 * step(p[1], 2.2, 1.3)), 0.02
    stand = lathe((0, 0), (0.5, 0), (0.5, 0.06), (0.12, 0.16), (0.22, 0.5), (0.07, 0.85), (0.05, 1.3), (0, 1.4))
    yield stand, look.other("golden", "white", "black", "wooden"), 0.4


def _book(look):
    cover, mark = look.paint(*BRIGHT), look.other("golden", "white", "yellow", "black")
    thick = look.some(0.25, 0.5)

    def title(p):
        x, z = np.abs(p[0] - 0.02), np.abs(p[2])
        lines = ((np.abs(p[2] + 0.45) < 0.16) | (np.abs(p[2] - 0.5) < 0.04)) & (x < 0.45)
        return (lines | (np.abs(np.maximum(x / 0.6, z / 0.85) - 1) < 0.03)) & (p[1] > thick + 0.1)

    yield box(1.36, thick, 1.84, 0).at(0.02, 0.06), lambda p: _WHITE * (1 - 0.3 * (np.sin(p[1] * 90) > 0.5)), 0
    back = box(0.07, thick + 0.12, 2, 0.03).at(-0.72)
    yield box(1.5, 0.06, 2) | box(1.5, 0.06, 2).at(0, thick + 0.06) | back, where(cover, mark, title), 0.15


def _key(look):
    bow = ring(0.38, 0.12).at(-0.8) if look.number % 2 else ring(0.22, 0.1).at(0.3).around(3).at(-0.85)
    bits = box(0.16, 0.18, 0.5, 0.03).at(0.95, -0.09, 0.25) | box(0.14, 0.18, 0.36, 0.03).at(0.65, -0.09, 0.2)
    shaft = rod((-0.45, 0, 0), (1.12, 0, 0), 0.1) | ring(0.1, 0.07).turn(z=90).at(-0.3)
    yield (bow | bits | shaft).at(y=0.12), look.paint("golden", "silver", "copper", "black") * 0.9, 0.9


def _candle(look):
    h = look.some(1, 1.7)
    wax = lathe((0, 0.1), (0.34, 0.1), (0.34, h), (0.3, h + 0.04), (0.2, h - 0.05), (0, h - 0.05))
    drop = rod((0.33, h, 0.05), (0.35, h - 0.4, 0.05), 0.06)
    yield wax.blend(drop, 0.05), look.paint("white", "red", "yellow", "blue", "green", "purple", "orange")
    flame = lathe((0, h + 0.12), (0.1, h + 0.2), (0.11, h + 0.3), (0.04, h + 0.5), (0, h + 0.62), smooth=True)
    yield flame, where(COLOURS["orange"] * 3, GLOW * 1.4, lambda p: step(p[1], h + 0.5, h + 0.25)), 0
    yield rod((0, h - 0.05, 0), (0, h + 0.15, 0), 0.025), "black"
    plate = lathe((0, 0), (0.6, 0), (0.75, 0.14), (0.7, 0.14), (0.55, 0.06), (0, 0.06))
    yield plate, look.other("golden", "white", "silver"), 0.6


def _alarm_clock(look):
    paint, hours = look.paint(*BRIGHT), look.some(0, 12)

    def hand(x, y, turns, length, width):
        cos, sin = np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)
        return (np.abs(x * cos - y * sin) < width) & (np.abs(x * sin + y * cos - length / 2) < length / 2)

    def marks(p):
        x, y = p[0], p[1] - 1
        r, ticks = np.hypot(x, y), np.arctan2(y, x) * 6 / np.pi
        tick = (np.abs(ticks - np.rint(ticks)) * r < 0.06) & (np.abs(r - 0.62) < 0.06)
        return tick | hand(x, y, hours / 12, 0.36, 0.045) | hand(x, y, hours % 1, 0.58, 0.03)

    case = cylinder(0.85, 0.5, 0.08).turn(x=90).at(y=1, z=-0.25) | ring(0.16, 0.04).turn(x=90).at(y=2.05)
    yield case | rod((0.45, 0.3, 0), (0.62, 0.06, 0), 0.08).twin(0), paint, 0.3
    yield ball(0.36, 0.3, 0.3).turn(z=-38).at(0.6, 1.88).twin(0), "silver", 0.85
    yield cylinder(0.74, 0.06).turn(x=90).at(y=1, z=0.22), where(_WHITE, _BLACK, marks), 0.05


def _umbrella(look):
    panels = where(look.paint(*BRIGHT), look.other(*BRIGHT), lambda p: step(np.sin(4 * angle(p)), -0.05, 0.05))
    dome = (0, 1.75), (0.55, 1.62), (1, 1.3), (1.3, 0.85), (1.22, 0.8), (0.93, 1.22), (0.5, 1.52), (0, 1.64)
    yield (lathe(*dome) - ball(0.2).at(1.32, 0.78).around(8)).at(y=0.5), panels, 0.08
    hook = ring(0.17, 0.05).turn(x=90).at(0.17, 0.2) & box(2, 1, 1, 0).at(0, -0.78)
    yield hook | rod((0, 0.2, 0), (0, 2.45, 0), 0.04), "dark wood", 0.3


def _football(look):
    g, turned = (1 + 5**0.5) / 2, rotation(look.some(0, 360), look.some(0, 360), look.some(0, 360))
    corners = np.array([(0, s, t * g) for s in (-1, 1) for t in (-1, 1)], np.float32) / np.hypot(1, g)
    corners = np.concatenate([np.roll(corners, k, axis=1) for k in range(3)]) @ turned  # of an icosahedron

    def patches(p):
        second, first = np.sort(corners @ (p - [[0], [1], [0]]), axis=0)[-2:]
        return np.maximum(step(first - second, 0.2, 0.22), step(first - second, 0.025, 0.01))

    base, patch = look.paint("white", "yellow", "orange", "light blue"), look.other("black", "navy", "black", "red")
    yield ball(1).at(y=1), where(base, patch, patches), 0.25


def _guitar(look):
    wood = look.paint("orange", "wooden", "red", "black", "blue", "beige", "dark wood")
    half = ((0, 0), (0.5, 0.03), (0.72, 0.4), (0.6, 0.75), (0.42, 1), (0.5, 1.3), (0.35, 1.55), (0, 1.58))
    body = extrude(0.3, *half, *[(-x, y) for x, y in half[-2:0:-1]], smooth=True, edge=0.05)

    def front(p):
        bridge = (np.abs(p[0]) < 0.25) & (np.abs(p[1] - 0.42) < 0.05)
        return np.maximum(step(np.hypot(p[0], p[1] - 1.02), 0.21, 0.2), bridge) * (p[2] > 0.1)

    yield body, where(wood, wood * 0.04, front), 0.3
    yield box(0.17, 1.5, 0.1).at(0, 1.4, 0.12) | box(0.26, 0.42, 0.08).at(0, 2.85, 0.1), "dark wood"
    yield (ball(0.06).at(0.18, 2.95, 0.1) | ball(0.06).at(0.18, 3.15, 0.1)).twin(0), "white", 0.5


def _chess_pawn(look):
    foot = ((0, 0), (0.6, 0), (0.62, 0.2), (0.5, 0.3), (0.46, 0.4), (0.24, 0.7), (0.2, 1.15), (0.4, 1.22), (0.4, 1.3))
    paint = look.paint("black", "beige", "red", "dark wood", "white")
    yield lathe(*foot, (0.15, 1.36), (0, 1.4)) | ball(0.36).at(y=1.62), paint, 0.4


def _hat(look):
    felt = look.paint("brown", "black", "grey", "beige", "red", "navy", "dark green")
    stripe = where(felt, look.other("red", "black", "golden", "blue"), lambda p: (p[1] > 0.06) & (p[1] < 0.26))
    yield lathe((0, 0.02), (0.6, 0.02), (0.66, 1.1), (0, 1.1)), stripe, 0.05
    yield cylinder(1, 0.06, 0.03), felt, 0.05


def _ring(look):
    metal = look.paint("golden", "silver", "copper")
    yield ring(0.8, 0.11).turn(x=90).at(y=0.9), metal * 0.9, 0.95
    yield rod((0.2, 1.75, 0), (0.36, 2.15, 0), 0.04).around(6), metal, 0.9
    yield lathe((0, 1.72), (0.36, 2.1), (0.22, 2.26), (0, 2.26)), look.other(*BRIGHT), 0.5


def _gift(look):
    paper, ribbon, h, dotted = look.paint(*BRIGHT), look.other(*BRIGHT), look.some(0.8, 1.4), look.chance(0.5)

    def crossing(p):
        dots = step(np.hypot((p[0] * 4 + p[1] * 2) % 1 - 0.5, (p[2] * 4 + p[1] * 4) % 1 - 0.5), 0.24, 0.2)
        return np.maximum(0.5 * dotted * dots, np.minimum(np.abs(p[0]), np.abs(p[2])) < 0.12)

    yield box(1.5, h, 1.5, 0.03), where(paper, ribbon, crossing)
    yield ring(0.28, 0.09).stretch(1, 1, 0.6).turn(x=70).at(0.26, 0.21 + h).around(4), ribbon, 0.2


def _television(look):
    case = look.paint("wooden", "red", "black", "white", "turquoise", "orange")
    yield box(2.2, 1.5, 0.8, 0.12).at(y=0.35), case, 0.15
    screen = (box(1.5, 1.15, 0.1, 0.05) & ball(2.5).at(0, 0.6, -2.42)).at(-0.22, 0.52, 0.4)
    shown = where(look.other(*BRIGHT), look.other(*PALE), lambda p: step(p[1] + 0.15 * np.sin(5 * p[0]), 0.95, 1))
    yield screen, shown, 0.4
    knob, leg = cylinder(0.1, 0.08).turn(x=90), rod((0.7, 0.4, 0.2), (0.9, 0.03, 0.3), 0.05).twin(0).twin(2)
    aerial = rod((0, 1.8, 0), (0.6, 2.7, 0), 0.025).twin(0)
    yield knob.at(0.8, 1.45, 0.4) | knob.at(0.8, 1.1, 0.4) | aerial | leg, COLOURS["silver"] * 0.8, 0.6


def _robot(look):
    paint, trim = look.paint("turquoise", "red", "silver", "yellow", "orange", "blue"), look.other("yellow", "red")
    dials = where(paint, trim, lambda p: (np.hypot(np.abs(p[0]) - 0.25, p[1] - 1.45) < 0.12) & (p[2] > 0.3))

    def mouth(p):
        return (np.abs(p[0]) < 0.28) & (np.abs(p[1] - 2.02) < 0.08) & (np.sin(p[0] * 50) > -0.2) & (p[2] > 0.25)

    yield box(1.05, 1, 0.75, 0.08).at(y=0.75), dials, 0.35
    yield box(0.85, 0.65, 0.65, 0.08).at(y=1.88), where(paint, _BLACK, mouth), 0.35
    arm = rod((0.55, 1.6, 0), (0.88, 1.1, 0.1), 0.1) | rod((0.88, 1.1, 0.1), (0.8, 0.9 + look.some(0, 0.6), 0.45), 0.1)
    leg = box(0.34, 0.6, 0.4, 0.05).at(0.28, 0.15) | box(0.42, 0.2, 0.62, 0.06).at(0.28, 0, 0.08)
    neck = cylinder(0.2, 0.18).at(y=1.72) | rod((0, 2.5, 0), (0, 2.8, 0), 0.03)
    yield (arm | leg | cylinder(0.13, 0.2).turn(z=90).at(0.58, 2.2)).twin(0) | neck, COLOURS["silver"] * 0.7, 0.7
    yield cylinder(0.15, 0.1).turn(x=90).at(0.2, 2.3, 0.3).twin(0), GLOW * 0.6, 0.4
    yield ball(0.1).at(y=2.85), COLOURS["red"] * 1.4, 0.4


KINDS = {
    **kinds(_chair, _sofa, _lamp, _candle, _alarm_clock, _guitar, _chess_pawn, settings=INDOORS),
    **kinds(_hat, _ring, _gift, _television, _robot, settings=INDOORS),
    **kinds(_book, _key, settings=INDOORS, tilt=(25, 60)),
    **kinds(_football, settings=OUTDOORS),
    **kinds(_umbrella, settings=OUTDOORS, tilt=(0, 20)),
}
