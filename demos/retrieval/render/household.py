"""Things in a house: crockery, furniture, what lies on a desk."""

import numpy as np

from demos.retrieval.render.look import BRIGHT, COLOURS, Look, Part, kind, step, where
from demos.retrieval.render.settings import INDOORS
from demos.retrieval.render.shapes import ball, box, cone, cylinder, extrude, lathe, ring, rod, tube

_WHITE, _BLACK, _SILVER = (COLOURS[name] for name in ("white", "black", "silver"))


@kind(*INDOORS)
def _mug(look: Look) -> list[Part]:
    h = look.some(1.2, 1.6)
    body = lathe((0, 0), (0.58, 0), (0.62, 0.05), (0.62, h), (0.55, h), (0.55, 0.1), (0, 0.1))
    handle = ring(0.36, 0.09).turn(x=90).stretch(0.9, 1.1, 1).at(0.66, h / 2) - cylinder(0.57, h)
    paint, band = look.paint(*BRIGHT), look.other(*BRIGHT)
    banded = where(paint, band, lambda p: step(np.abs(p[1] - h / 2), 0.18, 0.16)) if look.chance(0.4) else paint
    return [
        Part(body, banded, 0.3),
        Part(handle.turn(y=look.some(-40, 40)), paint, 0.3),
        Part(cylinder(0.55, h * 0.8), COLOURS["dark wood"] * 0.5, 0.3),
    ]


@kind(*INDOORS)
def _bottle(look: Look) -> list[Part]:
    glass = look.paint("green", "brown", "light blue", "dark green", "red", "turquoise", "blue")
    w = look.some(0.38, 0.55)
    body = lathe(
        (0, 0),
        (w, 0),
        (w, 0),
        (w, 1.3),
        (0.9 * w, 1.6),
        (0.15, 2),
        (0.14, 2.4),
        (0.18, 2.42),
        (0.18, 2.5),
        (0.18, 2.5),
        (0, 2.5),
        smooth=True,
    )
    label = where(
        look.other("white", "beige", "yellow"),
        look.other("red", "navy", "black"),
        lambda p: step(np.abs(p[1] - 0.8), 0.12, 0.1),
    )
    return [
        Part(body, glass, 0.45),
        Part(cylinder(w + 0.01, 0.75).at(y=0.42), label, 0.05),
        Part(cylinder(0.13, 0.2).at(y=2.5), COLOURS["tan"], 0.05),
    ]


@kind(*INDOORS, tilt=(15, 45))
def _bowl(look: Look) -> list[Part]:
    h = look.some(0.6, 0.9)
    bowl = lathe(
        (0, 0), (0.45, 0), (0.45, 0.08), (0.85, h * 0.5), (1, h), (0.94, h), (0.78, h * 0.5), (0.4, 0.14), (0, 0.12)
    )
    outside, inside = look.paint(*BRIGHT), look.other("white", "beige", "light blue", "yellow")
    return [
        Part(
            bowl,
            where(
                outside,
                inside,
                lambda p: step(np.hypot(p[0], p[2]) - 0.9 * np.sqrt(np.maximum(p[1] / h, 0)), 0.06, 0.02),
            ),
            0.3,
        )
    ]


@kind(*INDOORS, tilt=(25, 65))
def _plate(look: Look) -> list[Part]:
    rim, plate = (
        look.paint("blue", "red", "green", "golden", "turquoise", "purple", "black"),
        look.other("white", "beige"),
    )
    lines = look.turn((1, 2, 3))
    disc = lathe((0, 0), (0.6, 0), (1.05, 0.16), (1.05, 0.2), (0.64, 0.07), (0, 0.06))

    def painted(p):
        r = np.hypot(p[0], p[2])
        spokes = np.cos(24 * np.arctan2(p[2], p[0])) if lines == 2 else 1.0
        return step(np.abs(r - 0.86), 0.13, 0.11) * step(spokes, -0.1, 0.1) if lines > 1 else step(r, 0.93, 0.95)

    return [Part(disc, where(plate, rim, painted), 0.3)]


@kind(*INDOORS)
def _teapot(look: Look) -> list[Part]:
    paint, knob = look.paint(*BRIGHT), look.other("golden", "black", "white", "red")
    body = ball(0.85, 0.68, 0.85).at(y=0.68)
    spout = tube(0.12, (0.6, 0.5, 0), (0.95, 0.65, 0), (1.12, 0.95, 0), (1.3, 1.15, 0))
    handle = ring(0.42, 0.085).turn(x=90).at(-0.92, 0.75)
    lid = lathe((0, 1.25), (0.45, 1.25), (0.4, 1.36), (0.15, 1.45), (0, 1.46))
    return [
        Part(body.blend(spout, 0.25) | (handle - body), paint, 0.35),
        Part(lid, paint * 0.85, 0.35),
        Part(ball(0.12).at(y=1.52), knob, 0.4),
        Part(ring(0.46, 0.03).at(y=1.25), knob, 0.3),
    ]


@kind("wood", "studio", "paving", "studio", "tiles")
def _chair(look: Look) -> list[Part]:
    frame, seat = look.paint("wooden", "white", "black", "red", "turquoise", "yellow", "dark wood"), look.other(*BRIGHT)
    back = look.some(1, 1.35)
    legs = rod((0.48, 0.04, 0.45), (0.42, 1, 0.4), 0.06, 0.07).twin(0).twin(2)
    posts = rod((0.42, 1, -0.42), (0.45, 1 + back, -0.58), 0.06).twin(0)
    slats = box(0.9, 0.2, 0.07).at(0, 0.75 + back, -0.55) | box(0.9, 0.16, 0.07).at(0, 0.35 + back, -0.5)
    return [Part(legs | posts | slats, frame, 0.1), Part(box(1.05, 0.12, 1, 0.05).at(y=0.98), seat, 0.05)]


@kind("wood", "studio", "dark", "tiles")
def _sofa(look: Look) -> list[Part]:
    cloth, pillow = (
        look.paint("red", "blue", "green", "grey", "orange", "turquoise", "pink", "beige"),
        look.other(*BRIGHT),
    )
    base = box(2.6, 0.35, 1.1, 0.08).at(y=0.2) | box(2.5, 1, 0.3, 0.14).at(0, 0.3, -0.45)
    arms = box(0.32, 0.72, 1.1, 0.14).at(1.3, 0.2).twin(0)
    seats = box(1.14, 0.24, 0.95, 0.1).at(0.57, 0.5, 0.06).twin(0)
    cushion = box(0.55, 0.5, 0.2, 0.1).turn(x=-18, z=look.some(-15, 15)).at(look.some(-0.8, 0.8), 0.72, -0.2)
    legs = rod((1.2, 0, 0.4), (1.15, 0.25, 0.38), 0.06).twin(0).twin(2)
    return [
        Part(base | arms, cloth, 0.02),
        Part(seats, cloth * 1.12, 0.02),
        Part(cushion, pillow, 0.02),
        Part(legs, COLOURS["wooden"]),
    ]


@kind("wood", "studio", "dark", "marble")
def _lamp(look: Look) -> list[Part]:
    shade, foot = (
        look.paint("yellow", "red", "white", "turquoise", "orange", "green", "pink", "blue"),
        look.other("golden", "white", "black", "wooden"),
    )
    top = look.some(0.3, 0.5)
    cover = lathe((0, 1.3), (0.85, 1.3), (top, 2.2), (top - 0.1, 2.2), (0.75, 1.4), (0, 1.4))
    stand = lathe((0, 0), (0.5, 0), (0.5, 0.06), (0.12, 0.16), (0.22, 0.5), (0.07, 0.85), (0.05, 1.3), (0, 1.4))
    return [Part(cover, lambda p: shade * (1.25 + 0.5 * step(p[1], 2.2, 1.3)), 0.02), Part(stand, foot, 0.4)]


@kind(*INDOORS, tilt=(18, 55))
def _book(look: Look) -> list[Part]:
    cover, mark = look.paint(*BRIGHT), look.other("golden", "white", "yellow", "black")
    thick = look.some(0.25, 0.5)
    pages = box(1.36, thick, 1.84, 0).at(0.02, 0.06)
    boards = (
        box(1.5, 0.06, 2).at(0, 0) | box(1.5, 0.06, 2).at(0, thick + 0.06) | box(0.07, thick + 0.12, 2, 0.03).at(-0.72)
    )

    def title(p):
        lines = (np.abs(p[2] + 0.45) < 0.16) | (np.abs(p[2] - 0.5) < 0.04)
        frame = np.maximum(np.abs(p[0] - 0.02) / 0.6, np.abs(p[2]) / 0.85)
        return ((lines & (np.abs(p[0] - 0.02) < 0.45)) | (np.abs(frame - 1) < 0.03)) & (p[1] > thick + 0.1)

    paper = where(COLOURS["white"], COLOURS["beige"] * 0.7, lambda p: np.sin(p[1] * 90) > 0.5)
    return [Part(pages, paper, 0), Part(boards, where(cover, mark, title), 0.15)]


@kind(*INDOORS, tilt=(25, 60))
def _pencil(look: Look) -> list[Part]:
    paint = look.paint("yellow", "red", "blue", "green", "orange", "black", "purple")
    hexagon = [(0.16 * np.cos(a), 0.16 * np.sin(a)) for a in np.arange(6) * np.pi / 3]
    body = extrude(1.9, *hexagon).turn(y=90)
    tip = cone(0.14, 0.035, 0.36).turn(z=-90).at(0.95)
    parts = [
        Part(body, paint, 0.25),
        Part(tip, COLOURS["beige"], 0.05),
        Part(rod((1.3, 0, 0), (1.38, 0, 0), 0.035, 0.01), paint * 0.2),
        Part(cylinder(0.165, 0.2).turn(z=90).at(-0.93), _SILVER, 0.8),
        Part(cylinder(0.15, 0.2, 0.05).turn(z=90).at(-1.1), COLOURS["pink"], 0),
    ]
    return [part._replace(shape=part.shape.at(y=0.14)) for part in parts]


@kind(*INDOORS, tilt=(35, 70))
def _key(look: Look) -> list[Part]:
    metal = look.paint("golden", "silver", "copper", "black")
    bow = ring(0.38, 0.12).at(-0.8) if look.number % 2 else (ring(0.22, 0.1).at(0.3).around(3)).at(-0.85)
    bits = box(0.16, 0.18, 0.5, 0.03).at(0.95, -0.09, 0.25) | box(0.14, 0.18, 0.36, 0.03).at(0.65, -0.09, 0.2)
    shaft = rod((-0.45, 0, 0), (1.12, 0, 0), 0.1) | ring(0.1, 0.07).turn(z=90).at(-0.3)
    return [Part((bow | bits | shaft).at(y=0.12), metal * 0.9, 0.9)]


@kind("dark", "wood", "studio", "marble", "gingham")
def _candle(look: Look) -> list[Part]:
    h = look.some(1, 1.7)
    wax = lathe((0, 0.1), (0.34, 0.1), (0.34, h), (0.3, h + 0.04), (0.2, h - 0.05), (0, h - 0.05)).blend(
        rod((0.33, h, 0.05), (0.35, h - 0.4, 0.05), 0.06), 0.05
    )
    flame = lathe((0, h + 0.12), (0.1, h + 0.2), (0.11, h + 0.3), (0.04, h + 0.5), (0, h + 0.62), smooth=True)
    plate = lathe((0, 0), (0.6, 0), (0.75, 0.14), (0.7, 0.14), (0.55, 0.06), (0, 0.06))
    glow = where(
        np.array([[3], [1.6], [0.3]], np.float32),
        np.array([[4], [3.2], [1.2]], np.float32),
        lambda p: step(p[1], h + 0.5, h + 0.25),
    )
    return [
        Part(wax, look.paint("white", "red", "yellow", "blue", "green", "purple", "orange"), 0.1),
        Part(flame, glow, 0),
        Part(rod((0, h - 0.05, 0), (0, h + 0.15, 0), 0.025), _BLACK),
        Part(plate, look.other("golden", "white", "silver"), 0.6),
    ]


@kind(*INDOORS)
def _alarm_clock(look: Look) -> list[Part]:
    paint, hours = look.paint(*BRIGHT), look.some(0, 12)
    case = cylinder(0.85, 0.5, 0.08).turn(x=90).at(y=1, z=-0.25)
    bells = ball(0.36, 0.3, 0.3).turn(z=-38).at(0.6, 1.88).twin(0) - box(2.4, 0.001, 1).at(y=1.2)
    feet = rod((0.45, 0.3, 0), (0.62, 0.06, 0), 0.08).twin(0)

    def hand(turns, length, width):
        a = 2 * np.pi * turns
        return lambda x, y: (
            (np.abs(x * np.cos(a) - y * np.sin(a)) < width)
            & (np.abs(x * np.sin(a) + y * np.cos(a) - length / 2) < length / 2)
        )

    hands = hand(hours / 12, 0.36, 0.045), hand(hours % 1, 0.58, 0.03)

    def marks(p):
        x, y = p[0], p[1] - 1
        r, angle = np.hypot(x, y), np.arctan2(y, x) * 6 / np.pi
        tick = (np.abs(angle - np.rint(angle)) * r < 0.06) & (np.abs(r - 0.62) < 0.06)
        return (tick | hands[0](x, y) | hands[1](x, y)).astype(np.float32)

    face = cylinder(0.74, 0.06).turn(x=90).at(y=1, z=0.22)
    return [
        Part(case | feet | (ring(0.16, 0.04).turn(x=90).at(y=2.05)), paint, 0.3),
        Part(bells, _SILVER, 0.85),
        Part(face, where(_WHITE, _BLACK, marks), 0.05),
    ]
