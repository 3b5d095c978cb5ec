"""Motorcycles and scooters, with boxes, bags and loads, and those who ride them."""

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import BRAKE, CHROME, GLASS, LAMP, PAINT, SATIN, SIGNAL, Mesh
from demos.vehicles.render import paint
from demos.vehicles.render.paint import AMBER, BLACK, CLEAR, DARK, RED, STEEL
from demos.vehicles.render.riders import add_rider, tilted


def build_motorcycle(mesh: Mesh, look: Look, kind: str) -> str:
    """Adds a motorcycle and its riders to a mesh, and says what it is, such as "red scooter with a box"."""
    shape = str(look.rng.choice(["scooter", "motorcycle", "sports motorcycle"], p=[0.5, 0.38, 0.12]))
    name, colour = paint.choose_colour(look, 0.5)
    base = look.some(0.58, 0.68)
    r = look.some(0.21, 0.25) if shape == "scooter" else look.some(0.27, 0.31)
    wide = look.some(0.04, 0.055) * (1.4 if shape == "sports motorcycle" else 1)
    face, tyre = paint.wheel_face(mesh, look), mesh.swatch((22, 22, 23))
    for x in (-base, base):
        mesh.tube((x, r, -wide), (x, r, wide), r, tyre, 15, face)
    _add_tail(mesh, look, shape, colour, base, r)
    _add_front(mesh, look, shape, colour, base, r)
    seat = look.some(0.74, 0.8) + (0.03 if shape == "sports motorcycle" else 0)
    ink = mesh.swatch(BLACK if look.chance(0.75) else paint.darker(paint.any_colour(look), 0.5), SATIN)
    mesh.ball((-0.3, seat, 0), (0.42, 0.07, look.some(0.11, 0.15)), ink, power=0.6)
    words = _add_cargo(mesh, look, base, seat)
    lean = {"scooter": 0.06, "motorcycle": 0.14, "sports motorcycle": 0.5}[shape] + look.some(-0.03, 0.1)
    riders = 2 if look.chance(0.3) and not words else 1
    grip = (0.34 if shape != "sports motorcycle" else 0.42, seat + (0.27 if shape != "sports motorcycle" else 0.12))
    shirt = add_rider(mesh, look, -0.08 + look.some(-0.05, 0.03), seat + 0.05, lean, grip)
    if riders == 2:
        if look.chance(0.15):
            add_rider(mesh, look, -0.28, seat + 0.08, lean, None, 0.6)
        add_rider(mesh, look, -0.46 + look.some(-0.04, 0.04), seat + 0.1, lean * 0.7, None, look.some(0.85, 1))
        words = " with two riders"
    return f"{name} {shape}{words or f' and a rider in {shirt}'}"


def _add_tail(mesh: Mesh, look: Look, shape: str, colour, base: float, r: float) -> None:
    """Tail, lamp, plate, exhaust, engine and shock absorbers."""
    x, y = -base - look.some(0.02, 0.14), look.some(0.62, 0.72)
    half = look.some(0.1, 0.14) if shape != "scooter" else look.some(0.13, 0.18)
    tail = mesh.patch(-0.3, 0.3, -0.3, 0.3, 128, colour, PAINT)
    trim = paint.any_colour(look) if look.chance(0.4) else paint.darker(colour, 0.6)
    for _ in range(int(look.rng.integers(0, 4))):
        s, t = look.some(-0.1, 0.1), look.some(-0.08, 0.1)
        tail.box(s, t, s + look.some(0.01, 0.06), t + look.some(0.01, 0.05), trim, PAINT)
    paint.stickers(tail, look, -0.1, -0.1, 0.1, 0.1, 0.6)
    mesh.ball((x + 0.36, y, 0), (0.4, look.some(0.1, 0.15), half), tail, tilted(-0.12), True, power=0.75)
    lamp = mesh.swatch(RED, BRAKE)
    style = int(look.rng.integers(3))
    if style == 0:
        mesh.ball(
            (x + 0.01, y + 0.04, 0),
            (0.06, look.some(0.03, 0.05), half * look.some(0.5, 0.85)),
            lamp,
            size=(5, 9),
            power=0.7,
        )
    elif style == 1:
        for side in (-1, 1):
            mesh.ball((x + 0.03, y + 0.02, side * half * 0.55), (0.05, 0.04, 0.05), lamp, size=(5, 7))
    else:
        mesh.box((x - 0.03, y - 0.02, -half * 0.6), (x + 0.06, y + 0.03, half * 0.6), lamp)
    signal = mesh.swatch(AMBER, SIGNAL)
    out = look.some(0.09, 0.2)
    for side in (-1, 1):
        mesh.ball((x + 0.06, y - 0.03, side * out), (0.04, 0.028, 0.045), signal, size=(4, 7))
    fender = mesh.swatch(BLACK if look.chance(0.7) else colour, SATIN)
    mesh.box((x - 0.02, r + 0.08, -0.06), (x + 0.1, y - 0.04, 0.06), fender)
    plate = mesh.patch(-0.14, 0.14, -0.12, 0.12, 128, BLACK)
    w, h = (0.095, 0.07) if look.chance(0.8) else (0.11, 0.04)
    plate.box(-w, -h, w, h, paint.rgb(look.rng.choice(["e8e8e2", "e8e8e2", "dfe3e6", "e2b92c"])), SATIN)
    drop = y - look.some(0.14, 0.2)
    mesh.box(
        (x - 0.045, -h - 0.01, -w - 0.01), (x - 0.03, h + 0.01, w + 0.01), plate, lambda p: p + np.float32([0, drop, 0])
    )
    pipe = mesh.swatch(*((STEEL, CHROME) if look.chance(0.4) else (DARK, SATIN)))
    tip = look.some(-0.85, -0.6)
    mesh.tube(
        (-0.05, r * 0.95, 0.13), (tip, r + look.some(0.02, 0.2), 0.16), (0.045, 0.06), pipe, 9, mesh.swatch(BLACK)
    )
    mesh.ball((0, 0.36, 0), (0.26, 0.17, 0.14), mesh.swatch(DARK, SATIN), power=0.7)
    spring = mesh.swatch(STEEL if look.chance(0.5) else paint.any_colour(look), SATIN)
    for side in (-1, 1):
        mesh.tube((-base, r, side * 0.09), (-base + 0.12, y, side * 0.11), 0.028, spring, 6)


def _add_front(mesh: Mesh, look: Look, shape: str, colour, base: float, r: float) -> None:
    """Fork, mudguard, headlamp, handlebars, mirrors and what is between the knees."""
    body, metal, dark = mesh.swatch(colour, PAINT), mesh.swatch(STEEL, CHROME), mesh.swatch(BLACK, SATIN)
    top = (base - 0.26, 0.98)
    for side in (-1, 1):
        mesh.tube((base, r, side * 0.075), (*top, side * 0.075), 0.025, metal, 6)
    mesh.ball((base, r + 0.06, 0), (r * 1.02, r * 0.9, 0.075), body if look.chance(0.7) else dark, tilted(-0.2))
    if shape == "scooter":
        mesh.ball((0.36, 0.66, 0), (0.1, 0.36, look.some(0.17, 0.22)), body, tilted(-0.35), power=0.7)
        mesh.box((-0.1, 0.28, -0.15), (0.35, 0.36, 0.15), dark)
    elif shape == "motorcycle":
        mesh.ball((0.14, 0.78, 0), (0.26, 0.13, look.some(0.12, 0.16)), body, tilted(0.1), power=0.8)
    else:
        mesh.ball((0.16, 0.82, 0), (0.26, 0.13, 0.17), body, power=0.8)
        mesh.ball((0.48, 0.76, 0), (0.3, 0.28, 0.2), body, tilted(0.4), power=0.8)
        mesh.ball((0.5, 1.0, 0), (0.16, 0.13, 0.14), mesh.swatch((60, 66, 70), GLASS), tilted(0.5))
    mesh.ball((top[0] + 0.09, 0.95, 0), (0.11, look.some(0.09, 0.13), look.some(0.1, 0.17)), body, power=0.8)
    lamp = mesh.swatch(CLEAR, LAMP)
    mesh.ball((top[0] + 0.17, 0.93, 0), (0.06, 0.065, look.some(0.06, 0.1)), lamp, size=(5, 9))
    half, rise = look.some(0.3, 0.38), top[1] + look.some(0.02, 0.08)
    mesh.tube((top[0], rise, -half), (top[0], rise, half), 0.018, dark, 6)
    for side in (-1, 1):
        mesh.ball((top[0] + 0.1, 0.86, side * 0.17), (0.035, 0.03, 0.04), mesh.swatch(AMBER, SIGNAL), size=(4, 7))
    if look.chance(0.85):
        out, up, round_one = look.some(0.3, 0.44), look.some(0.13, 0.24), look.chance(0.5)
        for side in (-1, 1) if look.chance(0.9) else (-1,):
            mesh.tube((top[0], rise, side * half * 0.7), (top[0], rise + up, side * out), 0.012, dark, 4)
            mesh.ball((top[0], rise + up, side * out), (0.02, 0.045, 0.045 if round_one else 0.075), dark, size=(5, 9))
            glass = mesh.swatch((120, 132, 142), GLASS)
            mesh.ball(
                (top[0] - 0.012, rise + up, side * out),
                (0.015, 0.035, 0.035 if round_one else 0.06),
                glass,
                size=(5, 9),
            )
    if look.chance(0.12):
        mesh.ball((top[0] + 0.12, 1.14, 0), (0.05, 0.2, 0.18), mesh.swatch((128, 138, 144), GLASS), tilted(-0.5))


def _add_cargo(mesh: Mesh, look: Look, base: float, seat: float) -> str:
    """Boxes, side bags and loads; the end of the title."""
    kind, x = int(look.rng.integers(12)), -base + 0.02
    if look.chance(0.35):
        rack = mesh.swatch(STEEL if look.chance(0.6) else BLACK, CHROME)
        for z in (-0.1, 0.1):
            mesh.tube((x + 0.15, seat + 0.02, z), (x - 0.22, seat + 0.05, z), 0.014, rack, 5)
        mesh.tube((x - 0.22, seat + 0.05, -0.1), (x - 0.22, seat + 0.05, 0.1), 0.014, rack, 5)
    if kind == 0:
        ink = mesh.swatch(BLACK if look.chance(0.6) else paint.any_colour(look), SATIN)
        mesh.ball((x - 0.1, seat + 0.2, 0), (0.2, 0.16, 0.22), ink, power=0.5)
        mesh.box((x - 0.31, seat + 0.15, -0.12), (x - 0.27, seat + 0.2, 0.12), mesh.swatch(RED, BRAKE))
        return " with a top box"
    if kind in (1, 2):
        w, h = look.some(0.2, 0.28), look.some(0.36, 0.5)
        colour = paint.any_colour(look)
        rear = mesh.patch(-w, w, 0, h, 112, colour, SATIN)
        paint.lettering(rear, look, -w * 0.85, h * 0.3, w * 0.85, h * 0.8)
        low, up = (x - 0.34, 0, -w), np.float32([0, seat + 0.03, 0])
        sides = mesh.patch(x - 0.34, x + 0.08, 0, h, 64, colour, SATIN)
        paint.emblem(sides, look, x - 0.13, h / 2, 0.1)
        mesh.box(
            low,
            (x + 0.08, h, w),
            {"rear": rear, "left": sides, "right": sides, "all": mesh.swatch(colour, SATIN)},
            lambda p: p + up,
        )
        return " with a delivery box"
    if kind == 3:
        for side in (-1, 1):
            z = side * look.some(0.24, 0.3)
            mesh.ball((x + 0.08, 0.56, z), (0.22, 0.17, 0.1), mesh.swatch(paint.any_colour(look)), power=0.6)
        return " with side bags"
    if kind == 4:
        for k in range(int(look.rng.integers(1, 4))):
            w, h = look.some(0.15, 0.35), look.some(0.08, 0.14)
            y = seat + 0.12 + 0.22 * k
            mesh.box(
                (x - 0.25, y - h, -w),
                (x + 0.12, y + h, w),
                mesh.swatch(paint.rgb(look.rng.choice(["a9885c", "c0b8a8", "7e8fa0", "b04b3a"]))),
            )
        return " with parcels"
    if kind == 5:
        mesh.ball(
            (x - 0.05, seat + 0.25, 0),
            (0.25, 0.25, look.some(0.3, 0.45)),
            mesh.swatch(paint.any_colour(look)),
            power=0.8,
        )
        return " with a sack"
    return ""
