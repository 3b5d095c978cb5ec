"""Cars, pick-ups and vans: a painted body along an outline, and what stands on it."""

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import PAINT, SATIN, Mesh
from demos.vehicles.render import paint
from demos.vehicles.render.bodies import SHAPES, Body, make_body
from demos.vehicles.render.coachwork import choose_style, paint_front, paint_rear, paint_roof, paint_side
from demos.vehicles.render.outline import Strip
from demos.vehicles.render.paint import BLACK, DARK, STEEL


def build_car(mesh: Mesh, look: Look, kind: str) -> str:
    """Adds a car or van to a mesh, and says what it is, such as "red hatchback with a roof rack"."""
    if kind == "van":
        shape = str(look.rng.choice(["van", "high van"]))
    else:
        shapes = [name for name in SHAPES if "van" not in name or name == "minivan"]
        shape = str(look.rng.choice(shapes, p=[0.24, 0.26, 0.08, 0.2, 0.08, 0.05, 0.09]))
    body = make_body(look, shape)
    name, colour = paint.choose_colour(look, 0.62 if kind == "van" else 0.5)
    dirt = max(look.some(-0.15, 0.3), 0)
    trim = BLACK if look.chance(0.5) else colour
    scale = 96 if kind == "car" else 80
    strip = mesh.patch(0, body.marks[12] + 0.05, -1, 1, scale, colour, PAINT)
    around = Strip(strip, body.marks)
    sides = [mesh.patch(-body.long / 2, body.long / 2, 0, body.high, 72, colour, PAINT) for _ in range(2)]
    style = choose_style(look, shape)
    for side in sides:
        paint_side(side, look, body, shape, colour, trim, style, dirt)
    paint_rear(around, look, body, shape, colour, trim)
    paint_front(around, look, body, shape, colour, trim)
    paint_roof(around, look, colour)
    paint.wear(strip, look, -9, dirt * 0.8, 1.5)
    spine = (body.belt * 0.72, body.corners[2, 0] + 0.25 * body.long, body.corners[9, 0] - 0.25 * body.long)
    mesh.body(
        body.outline, body.along, body.half, spine, look.some(0.07, 0.16) if kind == "car" else 0.07, sides, strip
    )
    paint.wheels(mesh, look, body.axles, body.wheel, body.wide / 2 + 0.012, 0.24)
    mirror = mesh.swatch(colour if look.chance(0.65) else BLACK, PAINT)
    size = look.some(0.8, 1.2) * (1.5 if kind == "van" else 1)
    for side in (-1, 1):
        x = body.corners[8, 0] - 0.28 - 0.05 * body.long
        z = side * (body.wide / 2 + 0.07)
        mesh.ball((x, body.belt + 0.07, z), (0.06, 0.075 * size, 0.11), mirror, size=(5, 9), power=0.7)
    load = _add_parts(mesh, look, body, shape, colour)
    return f"{name} {shape}" + load


def _add_parts(mesh: Mesh, look: Look, body: Body, shape: str, colour) -> str:
    """Roof racks and their loads, spoilers, spare wheels, aerials; the end of the title."""
    words = ""
    dark = mesh.swatch(DARK, SATIN)
    r0, r1 = body.corners[5, 0] + 0.15, body.corners[7, 0] - 0.1
    roof, half = body.high + 0.02, body.wide / 2 * (1 - body.tumble) - 0.12
    van = "van" in shape and shape != "minivan"
    if look.chance(0.5 if van else 0.22) and shape not in ("coupé",):
        words = " with a roof rack"
        bar = mesh.swatch(STEEL if look.chance(0.4) else BLACK, SATIN)
        for x in np.linspace(r0 + 0.1, r1 - 0.1, int(look.rng.integers(2, 5))):
            mesh.box((x - 0.025, roof, -half), (x + 0.025, roof + 0.05, half), bar)
        if look.chance(0.5):
            for side in (-1, 1):
                mesh.box((r0, roof, side * half - 0.025), (r1, roof + 0.07, side * half + 0.025), bar)
        words += _add_load(mesh, look, r0, r1, roof + 0.05, half)
    if shape in ("hatchback", "off-roader", "coupé", "saloon") and look.chance(0.3):
        words = words or " with a spoiler"
        x, y = (
            (body.corners[5, 0], body.high - 0.06)
            if shape in ("hatchback", "off-roader")
            else (body.corners[3, 0] + 0.1, body.corners[3, 1] + look.some(0.1, 0.2))
        )
        mesh.box(
            (x - 0.2, y, -half * 0.95),
            (x + 0.08, y + 0.04, half * 0.95),
            mesh.swatch(colour if look.chance(0.6) else BLACK, PAINT),
        )
    if shape == "off-roader" and look.chance(0.3):
        words = words or " with a spare wheel"
        x, y, z = body.corners[2, 0] - 0.02, body.belt * 0.78, look.some(-0.25, 0.25)
        cover = paint.wheel_face(mesh, look)
        if look.chance(0.5):
            cover.disc(0, 0, 0.92, 0.92, paint.any_colour(look), SATIN)
            paint.emblem(cover, look, 0, 0, 0.5)
        mesh.tube((x, y, z), (x - 0.2, y, z), body.wheel * 0.95, mesh.swatch((22, 22, 23)), 15, cover)
    if look.chance(0.35):
        x = look.rng.choice([r0, r1])
        mesh.tube((x, roof - 0.02, 0), (x - 0.15, roof + look.some(0.12, 0.4), 0), 0.012, dark, 4)
    if look.chance(0.12) and not words:
        words = " with a taxi sign"
        mesh.box(
            (-0.1 + r1 - 0.4, roof - 0.02, -0.3),
            (r1 - 0.3, roof + 0.13, 0.3),
            mesh.swatch(paint.any_colour(look), SATIN),
        )
    if shape == "pick-up":
        words += _fill_bed(mesh, look, body, half)
    return words


def _add_load(mesh: Mesh, look: Look, x0: float, x1: float, y: float, half: float) -> str:
    """What is on a roof rack."""
    kind = int(look.rng.integers(6))
    if kind == 0:
        long = min(x1 - x0, look.some(1.2, 1.9))
        middle, shift = (x0 + x1) / 2, look.some(-0.2, 0.2)
        ink = mesh.swatch(paint.choose_colour(look, 0.7)[1], PAINT)
        mesh.ball((middle, y + 0.19, shift), (long / 2, 0.19, half * 0.55), ink, power=0.55)
        return " and a roof box"
    if kind == 1:
        rod = mesh.swatch(STEEL if look.chance(0.7) else paint.any_colour(look), SATIN)
        z = look.some(-half + 0.3, half - 0.3)
        for side in (-0.22, 0.22):
            mesh.box((x0 - 0.3, y, z + side - 0.03), (x1 + 0.2, y + 0.07, z + side + 0.03), rod)
        for x in np.linspace(x0 - 0.2, x1 + 0.1, 8):
            mesh.box((x - 0.02, y, z - 0.2), (x + 0.02, y + 0.06, z + 0.2), rod)
        return " and a ladder"
    if kind == 2:
        for _ in range(int(look.rng.integers(1, 4))):
            x, z = look.some(x0 + 0.3, x1 - 0.3), look.some(-half + 0.3, half - 0.3)
            w, h, d = look.some(0.2, 0.45), look.some(0.15, 0.4), look.some(0.15, 0.35)
            mesh.box((x - w, y, z - d), (x + w, y + h, z + d), mesh.swatch(paint.any_colour(look)))
        return " and luggage"
    return ""


def _fill_bed(mesh: Mesh, look: Look, body: Body, half: float) -> str:
    """What stands on a pick-up's bed."""
    x0, x1, y = body.corners[3, 0] + 0.08, body.corners[4, 0] - 0.05, body.corners[3, 1] - 0.02
    kind = int(look.rng.integers(5))
    if kind == 0:
        mesh.box(
            (x0, y, -half),
            (x1, y + 0.06, half),
            mesh.swatch(BLACK if look.chance(0.7) else paint.any_colour(look), SATIN),
        )
        return " with a bed cover"
    if kind == 1:
        mesh.box(
            (x0, y, -half),
            (x1, body.high - look.some(0, 0.1), half),
            mesh.swatch(paint.choose_colour(look, 0.8)[1], PAINT),
        )
        return " with a canopy"
    if kind == 2:
        bar = mesh.swatch(BLACK if look.chance(0.5) else STEEL, SATIN)
        for z in (-half, half):
            mesh.tube((x1 - 0.1, y, z), (x1 - 0.1, body.high, z * 0.9), 0.04, bar, 6)
        mesh.tube((x1 - 0.1, body.high, -half * 0.9), (x1 - 0.1, body.high, half * 0.9), 0.04, bar, 6)
        return " with a roll bar"
    for _ in range(int(look.rng.integers(2, 7))):
        x, z = look.some(x0 + 0.3, x1 - 0.3), look.some(-half + 0.3, half - 0.3)
        w, h, d = look.some(0.15, 0.4), look.some(0.1, 0.6), look.some(0.15, 0.35)
        mesh.box((x - w, y - 0.2, z - d), (x + w, y + h, z + d), mesh.swatch(paint.any_colour(look)))
    return " with a load"
