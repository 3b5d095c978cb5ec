"""Buildings and vehicles, on the road, on water and in the air."""

import numpy as np

from demos.shared.render.look import BRIGHT, COLOURS, GLOW, band, kinds, step, where
from demos.shared.render.settings import OUTDOORS, ROAD, WATER
from demos.shared.render.shapes import ball, box, cone, cylinder, extrude, lathe, ring, rod

_WHITE, _BLACK, _PANE = COLOURS["white"], COLOURS["black"], COLOURS["pane"]


def _brick(colour, size=0.16):
    """Courses of bricks around the y axis or along walls."""

    def wall(p):
        row = np.floor(p[1] / size)
        along = np.where(np.abs(p[0]) > np.abs(p[2]), p[2], p[0]) / (2 * size) + 0.5 * (row % 2)
        joint = np.maximum(np.abs(p[1] / size - row - 0.5), 2 * np.abs(along % 1 - 0.5) - 0.5)
        return colour * (1 + 0.12 * np.sin(row * 7.1 + np.floor(along) * 3.7)) * (1 - 0.35 * step(joint, 0.4, 0.46))

    return wall


def _house(look):
    wall = look.paint("white", "yellow", "pink", "light blue", "beige", "red", "turquoise")
    roof, h = look.other("red", "brown", "navy", "dark green", "grey"), look.some(1, 1.5)
    yield box(2.2, h, 1.5, 0.01) | extrude(2.2, (-0.75, 0), (0.75, 0), (0, 0.8)).turn(y=90).at(y=h), wall, 0
    slope = box(2.5, 0.1, 1.25).turn(x=46.8).at(0, h + 0.43, 0.42).twin(2)
    yield slope, lambda p: roof * (1 - 0.3 * (np.sin(p[1] * 30) > 0.6)), 0.03

    def glass(p):
        u, v = np.where(np.abs(p[2]) > 0.73, np.abs(p[0]) - 0.68, p[2]), p[1] - 0.45 * h - 0.26
        return np.where((np.maximum(np.abs(u), np.abs(v)) < 0.2) & (np.minimum(abs(u), abs(v)) > 0.025), _PANE, _WHITE)

    windows = box(0.52, 0.52, 1.6).at(0.68, h * 0.45).twin(0) | box(2.3, 0.52, 0.5).at(0, h * 0.45)
    yield windows, glass, 0.3
    yield box(0.42, 0.72, 0.08).at(0, 0, 0.76), look.other(*BRIGHT)
    yield box(0.26, 0.7, 0.26).at(look.turn(0.6, -0.6), h + 0.45, -0.25), _brick(COLOURS["copper"], 0.08)


def _lighthouse(look):
    paint, tower = look.paint("red", "blue", "black", "green", "orange"), cone(0.55, 0.34, 2.4)
    yield tower, where(_WHITE, paint, lambda p: p[1] * 2.1 % 2 < 1)
    rail = ring(0.47, 0.025).at(y=2.66) | rod((0.47, 2.4, 0), (0.47, 2.66, 0), 0.02).around(10)
    yield cylinder(0.5, 0.08).at(y=2.4) | rail, "black"
    yield cylinder(0.25, 0.42).at(y=2.48), GLOW * 0.8, 0.3
    yield lathe((0, 2.88), (0.36, 2.88), (0.2, 3.1), (0.03, 3.2), (0.02, 3.4), (0, 3.4)), paint * 0.8, 0.2
    rocks = ball(0.6, 0.22, 0.5).at(0.5, 0, 0.2) | ball(0.7, 0.28, 0.6).at(-0.35) | ball(0.4, 0.2, 0.4).at(z=0.55)
    yield rocks, COLOURS["grey"] * 0.6
    yield (box(0.16, 0.26, 2).at(y=0.75) | box(0.14, 0.24, 2).at(y=1.7)) & cone(0.56, 0.36, 2.4), _BLACK * 0.6


def _traffic_cone(look):
    paint = look.paint("orange", "red", "lime", "blue")
    yield cone(0.57, 0.14, 1.9), where(paint, _WHITE, lambda p: band(p[1], 1.35, 0.15) + band(p[1], 0.75, 0.12)), 0.15
    yield box(1.5, 0.12, 1.5, 0.05), look.other("black", look.name)


def _wheels(radius, half, x):
    """Two axles at x and -x: tyres on both sides of z = 0, and their hubs."""
    for r, width, colour, gloss in ((radius, 0.22, "black", 0.1), (radius * 0.55, 0.26, "silver", 0.6)):
        wheel = cylinder(r, width, 0.03).at(y=-width / 2).turn(x=90)
        yield wheel.at(x, radius, half).twin(0).twin(2), colour, gloss


def _car(look):
    paint, hood = look.paint(*BRIGHT, "silver", "black"), look.turn(0.35, 0.55, 0.45)
    rear, front = ((-1.5, 0.28), (-1.55, 0.65), (-1.45, 0.78), (-0.9, 0.84)), ((1.4, 0.72), (1.56, 0.55), (1.55, 0.28))
    roof = ((-0.85, 1.28), (-0.7, 1.32), (0.05, 1.32), (0.2, 1.27))

    def glazed(p):
        ahead = np.interp(p[1], (0.8, 1.3), (hood + 0.25, 0.2)).astype(np.float32)
        side = (np.abs(p[2]) > 0.48) & (p[0] < ahead - 0.12) & (p[0] > 0.9 * p[1] - 1.9) & (np.abs(p[0] + 0.32) > 0.05)
        ends = (np.abs(p[2]) < 0.44) & ((p[0] > ahead - 0.06) | (p[0] < 0.95 * p[1] - 1.98))
        return (side | ends) & (p[1] > 0.88) & (p[1] < 1.23)

    yield extrude(1.25, *rear, (hood, 0.84), *front, edge=0.08), paint, 0.4
    yield extrude(1.05, (-1.3, 0.8), *roof, (hood + 0.25, 0.8), edge=0.09), where(paint, _PANE, glazed), 0.45
    yield ball(0.07, 0.1, 0.13).at(1.5, 0.58, 0.42).twin(2), _WHITE * 1.3, 0.5
    yield ball(0.06, 0.09, 0.12).at(-1.53, 0.62, 0.45).twin(2), "red", 0.5
    yield box(0.14, 0.14, 1.2, 0.05).at(1.53, 0.26).twin(0) | box(0.16, 0.04, 1.28).at(-0.15, 0.7), "silver", 0.7
    yield from _wheels(0.32, 0.55, 0.92)


def _bus(look):
    paint = look.paint("red", "yellow", "blue", "green", "orange", "white", "turquoise")
    stripe, floors = look.other("white", "black", "yellow"), 1 + (look.number % 3 == 0)

    def painted(p):
        rows = np.abs(p[1] - 0.84 - 0.75 * (p[1] > 1.2)) < 0.2
        sides = (np.abs(p[2]) > 0.5) & (np.abs(p[0]) < 1.5) & (np.abs(p[0] / 0.5 % 1 - 0.5) < 0.41)
        door = (p[2] > 0.5) & (np.abs(np.abs(p[0] - 1.25) - 0.11) < 0.09) & (p[1] > 0.35) & (p[1] < 1.04)
        glass = rows & (sides | (np.abs(p[0]) > 1.6) & (np.abs(p[2]) < 0.45)) | door
        return np.where(glass, _PANE, np.where(np.abs(p[1] - 0.5) < 0.05, stripe, paint))

    yield box(3.3, 0.4 + 0.75 * floors, 1.1, 0.1).at(y=0.25), painted, 0.3
    yield ball(0.06, 0.09, 0.09).at(1.64, 0.45, 0.38).twin(2), _WHITE * 1.3, 0.4
    yield from _wheels(0.27, 0.5, 1.05)


def _rocket(look):
    paint = look.paint("white", "red", "yellow", "turquoise", "silver", "orange")
    trim, lean = look.other("red", "blue", "black", "purple"), look.some(-30, 30)
    hull = lathe((0, 0.4), (0.3, 0.4), (0.3, 0.4), (0.5, 1.2), (0.42, 2), (0.2, 2.6), (0, 2.85), (0, 2.85), smooth=True)
    fins = extrude(0.08, (0.3, 0.95), (0.85, 0.4), (0.85, 0), (0.62, 0.25), (0.28, 0.45)).around(4)
    flame = lathe((0, -0.5), (0.2, 0), (0.22, 0.25), (0, 0.4), smooth=True)
    for shape, colour, gloss in (
        (fins | hull & box(2, 0.9, 2).at(y=2.25), trim, 0.3),
        (hull, paint, 0.35),
        (ring(0.17, 0.05).turn(x=90).at(0, 1.75, 0.45), COLOURS["silver"], 0.7),
        (ball(0.18, 0.18, 0.1).at(0, 1.75, 0.4), _PANE, 0.7),
        (flame, where(COLOURS["orange"] * 3, GLOW, lambda p: step(p[1], 0, 0.7)), 0),
    ):
        yield shape.turn(z=lean).at(y=0.4), colour, gloss


def _hot_air_balloon(look):
    one, other, third = look.paint(*BRIGHT), look.other(*BRIGHT), look.other(*BRIGHT)
    envelope = lathe((0, 0.9), (0.25, 0.9), (0.25, 0.9), (0.9, 1.75), (1.05, 2.35), (0.75, 3), (0, 3.25), smooth=True)

    def panels(p):
        gores, belt = np.arctan2(p[2], p[0]) * 6 / np.pi % 2 < 1, np.abs(p[1] - 2.1) < 0.28
        return np.where(gores & (belt | (look.number % 2)), other, np.where(belt, third, one))

    yield envelope, panels
    yield box(0.46, 0.38, 0.46, 0.04).at(y=0.1), COLOURS["tan"] * 0.7
    yield rod((0.2, 0.45, 0.2), (0.2, 0.95, 0.15), 0.015).twin(0).twin(2), "black"


def _sailing_boat(look):
    sail = look.paint("white", "red", "yellow", "orange", "turquoise", "beige")
    hull = look.other("wooden", "navy", "white", "red", "blue")
    boat = (ball(1.35, 0.6, 0.45).at(0, 0.57) & box(4, 1, 2, 0).at(0, -0.37)) - ball(1.1, 0.4, 0.33).at(-0.1, 0.7)
    yield boat, where(hull, _WHITE, lambda p: band(p[1], 0.51, 0.055)), 0.25
    main = extrude(0.03, (-0.02, 0.7), (-1.15, 0.72), (-0.7, 1.6), (-0.02, 2.8), edge=0.01).turn(y=12).at(0.15)
    jib = extrude(0.03, (0.1, 0.7), (1.2, 0.6), (0.12, 2.3), edge=0.01).turn(y=-10).at(0.12)
    yield main | jib, lambda p: sail * (1 - 0.28 * (p[1] % 0.5 < 0.03)), 0
    yield rod((0.15, 0, 0), (0.15, 2.85, 0), 0.04) | rod((0.15, 0.66, 0), (-1.05, 0.66, 0.22), 0.03), "wooden"
    yield box(0.3, 0.16, 0.02).at(0, 2.75), look.other("red", "blue"), 0


KINDS = {
    **kinds(_house, _lighthouse, settings=OUTDOORS),
    **kinds(_traffic_cone, _car, _bus, settings=ROAD),
    **kinds(_sailing_boat, settings=WATER),
    **kinds(_rocket, _hot_air_balloon, settings=("air", "air", "studio"), tilt=(-16, 16)),
}
