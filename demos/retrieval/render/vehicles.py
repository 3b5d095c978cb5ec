"""Vehicles on the road, on rails, in the air and on water."""

import numpy as np

from demos.retrieval.render.look import BRIGHT, COLOURS, Look, Part, kind, noise, step, where
from demos.retrieval.render.settings import AIR, ROAD, WATER
from demos.retrieval.render.shapes import ball, box, cylinder, extrude, lathe, ring, rod

_WHITE, _BLACK, _SILVER = (COLOURS[name] for name in ("white", "black", "silver"))
_PANE = np.array([[0.05], [0.09], [0.13]], np.float32)


def _wheels(radius: float, width: float, half: float, *places: float) -> list[Part]:
    """Tyres at these places along x, on both sides of z = 0, and their hubs."""
    wheel = cylinder(radius, width, 0.05).at(y=-width / 2).turn(x=90)
    hub = cylinder(radius * 0.55, width + 0.04, 0.02).at(y=-width / 2 - 0.02).turn(x=90)
    tyres, hubs = wheel.at(places[0], radius, half), hub.at(places[0], radius, half)
    for x in places[1:]:
        tyres, hubs = tyres | wheel.at(x, radius, half), hubs | hub.at(x, radius, half)
    return [Part(tyres.twin(2), _BLACK, 0.1), Part(hubs.twin(2), _SILVER, 0.6)]


@kind(*ROAD)
def _car(look: Look) -> list[Part]:
    paint = look.paint(*BRIGHT, "silver", "black")
    hood = look.turn((0.35, 0.55, 0.45))
    side = (
        (-1.5, 0.28),
        (-1.55, 0.65),
        (-1.45, 0.78),
        (-0.9, 0.84),
        (hood, 0.84),
        (1.4, 0.72),
        (1.56, 0.55),
        (1.55, 0.28),
    )
    cabin = ((-1.3, 0.8), (-0.85, 1.28), (-0.7, 1.32), (0.05, 1.32), (0.2, 1.27), (hood + 0.25, 0.8))
    body, top = extrude(1.25, *side, edge=0.08), extrude(1.05, *cabin, edge=0.09)
    glass = (
        extrude(1.09, *cabin, edge=0.06)
        | extrude(0.9, *cabin, edge=0).at(0.02)
        | extrude(0.9, *cabin, edge=0).at(-0.02)
    ) & box(2.6, 0.34, 2, 0).at(-0.3, 0.88)
    pillars = box(0.09, 0.6, 1.12, 0).at(-0.32, 0.8) | box(2, 0.07, 1.1, 0).at(-0.35, 1.25) & extrude(1.1, *cabin)
    lights = ball(0.07, 0.1, 0.13).at(1.5, 0.58, 0.42).twin(2)
    rear = ball(0.06, 0.09, 0.12).at(-1.53, 0.62, 0.45).twin(2)
    bumper = box(0.14, 0.14, 1.2, 0.05).at(1.53, 0.26) | box(0.14, 0.14, 1.2, 0.05).at(-1.53, 0.26)
    handles = box(0.16, 0.04, 1.28).at(-0.15, 0.7)
    return [
        Part(body | top | pillars, paint, 0.4),
        Part(glass - pillars, _PANE, 0.7),
        Part(lights, _WHITE * 1.3, 0.5),
        Part(rear, COLOURS["red"], 0.5),
        Part(bumper | handles, _SILVER, 0.7),
        *_wheels(0.32, 0.22, 0.55, -0.92, 0.92),
    ]


@kind(*ROAD)
def _bus(look: Look) -> list[Part]:
    paint, band = (
        look.paint("red", "yellow", "blue", "green", "orange", "white", "turquoise"),
        look.other("white", "black", "yellow"),
    )
    floors = 2 if look.number % 3 == 0 else 1
    h = 1.15 + 0.75 * (floors - 1)
    body = box(3.3, h, 1.1, 0.1).at(y=0.25)

    def painted(p):
        rows = np.abs((p[1] - 0.86) if floors == 1 else (p[1] - 0.82 - 0.75 * (p[1] > 1.2))) < 0.2
        posts = np.abs((p[0] / 0.5) % 1 - 0.5) < 0.41
        sides = (np.abs(p[2]) > 0.5) & (np.abs(p[0]) < 1.5) & posts | (np.abs(p[0]) > 1.6) & (np.abs(p[2]) < 0.45)
        door = (p[2] > 0.5) & (np.abs(p[0] - 1.1) < 0.2) & (p[1] > 0.35) & (p[1] < 1.06) & (np.abs(p[0] - 1.1) > 0.02)
        stripe = np.abs(p[1] - 0.5) < 0.05
        return np.where(rows & sides | door, _PANE, np.where(stripe, band, paint))

    lights = ball(0.06, 0.09, 0.09).at(1.64, 0.45, 0.38).twin(2)
    return [Part(body, painted, 0.3), Part(lights, _WHITE * 1.3, 0.4), *_wheels(0.27, 0.2, 0.5, -1.05, 1.05)]


@kind(*ROAD)
def _truck(look: Look) -> list[Part]:
    cab, load = look.paint(*BRIGHT), look.other("white", "silver", "beige", "yellow", "blue")
    front = extrude(1.1, (0.85, 0.3), (0.85, 1.45), (1.35, 1.45), (1.6, 0.9), (1.65, 0.3), edge=0.08)
    window = extrude(1.14, (1, 0.95), (1, 1.3), (1.3, 1.3), (1.45, 0.95), edge=0.02) | box(0.3, 0.4, 0.9).turn(z=24).at(
        1.44, 0.92
    )
    if look.number % 2:
        cargo = [
            Part(box(2.3, 1.4, 1.2, 0.04).at(-0.5, 0.42), lambda p: load * (1 - 0.12 * (np.sin(p[0] * 25) > 0.3)), 0.1)
        ]
    else:
        bed = box(2.2, 0.7, 1.2).at(-0.45, 0.42) - box(2.06, 0.7, 1.06).at(-0.45, 0.5)
        heap = ball(0.95, 0.5, 0.5).at(-0.45, 0.85)
        cargo = [Part(bed, load, 0.2), Part(heap, lambda p: COLOURS["tan"] * (0.7 + 0.15 * noise(p[0], p[2], 0.8)), 0)]
    frame = box(3.1, 0.14, 0.8).at(0, 0.3) | box(0.1, 0.16, 1.1).at(1.64, 0.22)
    return [
        Part(front, cab, 0.35),
        Part(window, _PANE, 0.6),
        *cargo,
        Part(frame, _BLACK, 0.1),
        Part(ball(0.08).at(1.62, 0.5, 0.4).twin(2), _WHITE * 1.3, 0.4),
        *_wheels(0.3, 0.24, 0.48, -1.25, -0.6, 1.1),
    ]


@kind("grass", "studio", "paving", "wood")
def _steam_train(look: Look) -> list[Part]:
    paint, trim = look.paint("green", "red", "blue", "black", "navy", "orange"), look.other("golden", "red", "yellow")
    boiler = cylinder(0.42, 1.7, 0.05).turn(z=-90).at(-0.45, 0.95)
    bands = (
        cylinder(0.435, 0.06).turn(z=-90).at(-0.1, 0.95)
        | cylinder(0.435, 0.06).turn(z=-90).at(0.5, 0.95)
        | cylinder(0.435, 0.1).turn(z=-90).at(1.1, 0.95)
    )
    cab = box(0.85, 1.35, 1, 0.04).at(-0.85, 0.4) - box(0.5, 0.4, 2, 0.03).at(-0.85, 1.15)
    chimney = lathe((0, 1.2), (0.14, 1.2), (0.13, 1.65), (0.24, 1.9), (0, 1.9)).at(0.9) | lathe(
        (0, 1.3), (0.16, 1.3), (0.14, 1.5), (0, 1.56)
    ).at(0.3)
    base = box(2.6, 0.16, 0.85).at(0, 0.42) | extrude(0.9, (1.25, 0.08), (1.6, 0.08), (1.25, 0.45))
    rails = box(4, 0.08, 0.08).at(0, -0.02, 0.42).twin(2)
    lamp = cylinder(0.12, 0.1).turn(z=-90).at(1.22, 1.32)
    smoke = ball(0.2).at(0.85, 2.2) | ball(0.28).at(0.6, 2.5) | ball(0.34).at(0.2, 2.8)
    return [
        Part(boiler | cab, paint, 0.3),
        Part(box(1.1, 0.1, 1.15, 0.04).at(-0.85, 1.74) | base, _BLACK, 0.15),
        Part(bands, trim, 0.6),
        Part(chimney, _BLACK * 1.5, 0.3),
        Part(lamp, _WHITE * 1.4, 0.4),
        Part(rails, COLOURS["copper"] * 0.6, 0.4),
        Part(smoke, _WHITE, 0),
        *_wheels(0.33, 0.1, 0.4, -0.85, -0.1),
        *_wheels(0.2, 0.1, 0.4, 0.5, 0.98),
    ]


@kind(*AIR, *AIR, "studio", tilt=(-18, 32))
def _aeroplane(look: Look) -> list[Part]:
    paint, trim = (
        look.paint("white", "red", "silver", "blue", "yellow", "green"),
        look.other("red", "blue", "orange", "turquoise", "navy"),
    )
    hull = lathe(
        (0, -1.7), (0.06, -1.65), (0.2, -0.9), (0.25, 0.2), (0.25, 1), (0.16, 1.45), (0, 1.6), smooth=True
    ).turn(z=-90)
    wings = extrude(0.06, (0.35, 0), (-0.25, 1.75), (-0.5, 1.75), (-0.25, 0)).turn(x=90).at(0.1, -0.07)
    tails = extrude(0.05, (-1.2, 0), (-1.5, 0.65), (-1.68, 0.65), (-1.6, 0)).turn(x=90).at(0, 0.05)
    fin = extrude(0.06, (-1.05, 0.1), (-1.45, 0.75), (-1.72, 0.75), (-1.6, 0.05))
    engine = cylinder(0.12, 0.42, 0.05).turn(z=-90).at(-0.1, -0.2, 0.72).twin(2)

    def livery(p):
        windows = (np.abs(p[1] - 0.07) < 0.035) & (np.abs((p[0] * 7) % 1 - 0.5) < 0.3) & (p[0] < 0.95) & (p[0] > -0.95)
        cockpit = (p[0] > 1.2) & (p[0] < 1.4) & (p[1] > 0.07)
        return np.where(windows | cockpit, _PANE, np.where(np.abs(p[1] + 0.04) < 0.035, trim, paint))

    bank = look.some(-22, 22)
    parts = [
        Part(hull, livery, 0.35),
        Part((wings | tails).twin(2), paint * 0.92, 0.3),
        Part(fin, trim, 0.3),
        Part(engine, trim, 0.4),
    ]
    return [part._replace(shape=part.shape.turn(x=bank, z=look.some(-6, 12)).at(y=1.4)) for part in parts]


@kind(*AIR, "studio", "dark", tilt=(-10, 20))
def _rocket(look: Look) -> list[Part]:
    paint, trim = (
        look.paint("white", "red", "yellow", "turquoise", "silver", "orange"),
        look.other("red", "blue", "black", "purple"),
    )
    hull = lathe((0, 0.4), (0.3, 0.4), (0.3, 0.4), (0.5, 1.2), (0.42, 2), (0.2, 2.6), (0, 2.85), (0, 2.85), smooth=True)
    fin = extrude(0.08, (0.3, 0.95), (0.85, 0.4), (0.85, 0), (0.62, 0.25), (0.28, 0.45)).around(4)
    window = ring(0.17, 0.05).turn(x=90).at(0, 1.75, 0.45)
    flame = lathe((0, -0.5), (0.2, 0), (0.22, 0.25), (0, 0.4), smooth=True)
    glow = where(
        np.array([[3], [0.9], [0.1]], np.float32),
        np.array([[3.5], [2.6], [0.8]], np.float32),
        lambda p: step(p[1], -0.3, 0.3),
    )
    tip = where(paint, trim, lambda p: np.maximum(step(p[1], 2.25, 2.27), step(np.abs(p[1] - 0.85), 0.1, 0.08)))
    parts = [
        Part(hull, tip, 0.35),
        Part(fin, trim, 0.3),
        Part(window, _SILVER, 0.7),
        Part(ball(0.18, 0.18, 0.1).at(0, 1.75, 0.4), _PANE * 3, 0.7),
    ]
    flying = look.number % 3 != 1
    lean = look.some(-30, 30) if flying else 0
    return [
        part._replace(shape=part.shape.turn(z=lean).at(y=0.4 * flying))
        for part in parts + [Part(flame, glow, 0)] * flying
    ]


@kind(*AIR, tilt=(-20, 12))
def _hot_air_balloon(look: Look) -> list[Part]:
    one, other, third = look.paint(*BRIGHT), look.other(*BRIGHT), look.other(*BRIGHT)
    envelope = lathe((0, 0.9), (0.25, 0.9), (0.25, 0.9), (0.9, 1.75), (1.05, 2.35), (0.75, 3), (0, 3.25), smooth=True)
    straight = look.number % 2

    def panels(p):
        gores = np.floor((np.arctan2(p[2], p[0]) / np.pi + 1) * 6) % 2 > 0
        bands = np.abs(p[1] - 2.1) < 0.28
        return np.where(gores if straight else bands & gores, other, np.where(bands & ~gores, third, one))

    ropes = rod((0.2, 0.45, 0.2), (0.2, 0.95, 0.15), 0.015).twin(0).twin(2)
    return [
        Part(envelope, panels, 0.1),
        Part(box(0.46, 0.38, 0.46, 0.04).at(y=0.1), COLOURS["tan"] * 0.7),
        Part(ropes, _BLACK),
    ]


@kind(*WATER, *WATER, "studio")
def _ship(look: Look) -> list[Part]:
    hull, funnel = (
        look.paint("red", "navy", "black", "blue", "green", "white"),
        look.other("red", "yellow", "orange", "blue"),
    )
    side = extrude(0.8, (-1.5, -0.3), (-1.6, 0.5), (1.75, 0.62), (1.35, -0.3), edge=0.03)
    plan = extrude(3, (-1.6, -0.36), (-1.6, 0.36), (0.6, 0.38), (1.8, 0), (0.6, -0.38)).turn(x=90)
    decks = box(1.9, 0.28, 0.6).at(-0.25, 0.5) | box(1.4, 0.26, 0.5).at(-0.2, 0.78) | box(0.5, 0.26, 0.46).at(0.2, 1.03)
    rows = where(
        _WHITE,
        _PANE,
        lambda p: (np.abs((p[1] - 0.54) % 0.26 - 0.1) < 0.05) & (np.abs((p[0] * 6) % 1 - 0.5) < 0.3) & (p[1] < 1.25),
    )
    pipes = cylinder(0.13, 0.5).turn(z=8).at(-0.3, 1) | cylinder(0.13, 0.5).turn(z=8).at(-0.75, 1)
    rim = where(funnel, _BLACK, lambda p: step(p[1], 1.36, 1.37))
    return [
        Part(
            side & plan,
            lambda p: np.where(p[1] > 0.42, _WHITE, np.where(p[1] < 0.08, COLOURS["copper"] * 0.7, hull)),
            0.2,
        ),
        Part(decks, rows, 0.1),
        Part(pipes, rim, 0.15),
        Part(rod((0.95, 0.55, 0), (0.95, 1.5, 0), 0.03), _WHITE),
    ]


@kind(*WATER, *WATER, "studio")
def _sailing_boat(look: Look) -> list[Part]:
    sail, hull = (
        look.paint("white", "red", "yellow", "orange", "turquoise", "beige"),
        look.other("wooden", "navy", "white", "red", "blue"),
    )
    boat = (ball(1.35, 0.6, 0.45).at(0, 0.32) & box(4, 1, 2, 0).at(0, -0.62)) - ball(1.1, 0.4, 0.33).at(-0.1, 0.45)
    line = where(hull, _WHITE, lambda p: step(np.abs(p[1] - 0.26), 0.06, 0.05))
    main = extrude(0.03, (-0.02, 0.6), (-1.15, 0.62), (-0.7, 1.5), (-0.02, 2.7), edge=0.01).turn(y=12).at(0.15)
    jib = extrude(0.03, (0.1, 0.6), (1.2, 0.5), (0.12, 2.2), edge=0.01).turn(y=-10).at(0.12)
    mast = rod((0.15, 0, 0), (0.15, 2.85, 0), 0.04) | rod((0.15, 0.56, 0), (-1.05, 0.56, 0.22), 0.03)
    seams = where(sail, sail * 0.72, lambda p: (p[1] % 0.5 < 0.03).astype(np.float32))
    flag = box(0.3, 0.16, 0.02).at(0, 2.75)
    return [
        Part(boat.at(y=0.25), line, 0.25),
        Part((main | jib).at(y=0.1), seams, 0),
        Part(mast, COLOURS["wooden"], 0.1),
        Part(flag, look.other("red", "blue"), 0),
    ]
