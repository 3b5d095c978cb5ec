"""Buses and coaches: liveries, windows, doors, roofs with machines on them, and signs."""

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import BRAKE, CHROME, GLASS, LAMP, PAINT, SATIN, SIGNAL, Mesh
from demos.vehicles.render import paint
from demos.vehicles.render.outline import Strip, trace
from demos.vehicles.render.paint import AMBER, BLACK, CLEAR, DARK, GLASSY, GREY, RED, STEEL


def build_bus(mesh: Mesh, look: Look, kind: str) -> str:
    """Adds a bus to a mesh, and says what it is, such as "blue city bus"."""
    shape = str(look.rng.choice(["city bus", "coach", "minibus"], p=[0.5, 0.3, 0.2]))
    name, colour = paint.choose_colour(look, 0.25)
    long, high, wide = {"city bus": (10.5, 3.0, 2.5), "coach": (11.5, 3.5, 2.5), "minibus": (6.6, 2.65, 2.1)}[shape]
    long, high, wide = long * look.some(0.85, 1.08), high * look.some(0.95, 1.06), wide * look.some(0.97, 1.02)
    r, clear = (0.48, 0.32) if shape != "minibus" else (0.37, 0.28)
    belt = high * (look.some(0.4, 0.5) if shape != "coach" else look.some(0.5, 0.56))
    slope = look.some(0.05, 0.35)
    corners = np.array([
        (0.08, clear), (0, clear + 0.3), (0.01, belt), (look.some(0.03, 0.2), high * 0.94), (0.35, high),
        (long / 2, high), (long - 0.5, high), (long - slope, high * 0.93), (long, belt * 0.85),
        (long + 0.02, clear + 0.3), (long - 0.05, clear), (long / 2, clear),
    ]) - (long / 2, 0)  # fmt: skip
    outline, along, marks = trace(corners, 2)
    patch = mesh.patch(0, marks[10] + 0.05, -1, 1, 56, colour, PAINT)
    dirt, second = max(look.some(-0.1, 0.25), 0), paint.any_colour(look)
    strip = Strip(patch, marks)
    _paint_ends(strip, look, colour, second)
    paint.wear(patch, look, -9, dirt, 2)
    sides = [mesh.patch(-long / 2, long / 2, 0, high, 64, colour, PAINT) for _ in range(2)]
    axles = (-long * look.some(0.24, 0.3), long * look.some(0.26, 0.34))
    twin = int(look.rng.integers(1 << 30))
    for k, side in enumerate(sides):
        _paint_side(side, Look("bus", twin), long, high, belt, clear, colour, second, k == 1)
        for x in axles:
            side.disc(x, r, r * 1.15, r * 1.15, BLACK)
        paint.stickers(side, look, -long / 2 + 0.3, clear + 0.2, long / 2 - 0.5, belt, 1.5)
        paint.wear(side, look, 0.3, dirt, 1.2)

    def half(x, y):
        return wide / 2 * (1 - 0.05 * np.abs(2 * x / long) ** 12 - 0.03 * np.maximum(y - belt, 0) / (high - belt))

    mesh.body(outline, along, half, (belt * 0.9, -long / 2 + 0.6, long / 2 - 0.6), look.some(0.08, 0.15), sides, patch)
    paint.wheels(mesh, look, axles, r, wide / 2 + 0.01, 0.3, paint.wheel_face(mesh, look, True))
    _add_roof(mesh, look, long, high, wide, colour)
    dark = mesh.swatch(BLACK if look.chance(0.7) else colour, SATIN)
    for side in (-1, 1):
        z = side * (wide / 2 + 0.15)
        mesh.box((long / 2 - 0.05, belt + 0.3, z - 0.09), (long / 2 + 0.08, belt + 0.75, z + 0.09), dark)
    return f"{name} {shape}"


def _paint_ends(strip: Strip, look: Look, colour, second) -> None:
    """The rear with window, grille, lamps, sign and plate; the roof's hatches; the front."""
    if look.chance(0.6):
        strip.box(-1, 0, 1, look.some(1.2, 2.2), second, PAINT)
    if look.chance(0.3):
        strip.box(-1, 2.9, 1, 4, second, PAINT)
    strip.box(-1, 0, 1, 0.9, DARK)
    low, high, inset = 2 + look.some(0, 0.25), 3 - look.some(0.05, 0.3), look.some(0.08, 0.3)
    if look.chance(0.85):
        strip.box(-1 + inset, low, 1 - inset, high, GLASSY, GLASS)
        if look.chance(0.5):
            paint.lettering(strip.patch, look, strip.at(low + 0.1), -0.6, strip.at(low + 0.5), 0.6)
        if look.chance(0.6):
            z = look.some(-0.6, 0.3)
            strip.box(
                z, low + 0.2, z + 0.3, low + 0.55, paint.rgb(look.rng.choice(["e06a2a", "d8d84a", "b02a2a"])), SATIN
            )
    grille = look.some(0.3, 0.75)
    for c in np.linspace(1.1, look.some(1.3, 1.7), int(look.rng.integers(3, 7))):
        strip.box(-grille, c, grille, c + 0.04, BLACK)
    paint.lettering(strip.patch, look, strip.at(1.55), -0.7, strip.at(1.95), look.some(0, 0.7))
    top, bottom = look.some(1.3, 1.9), look.some(0.95, 1.1)
    inner = look.some(0.72, 0.88)
    for k, (ink, glow) in enumerate(((RED, BRAKE), (AMBER, SIGNAL), (RED, BRAKE), (CLEAR, SATIN))):
        a, b = bottom + (top - bottom) * k / 4, bottom + (top - bottom) * (k + 0.85) / 4
        strip.pair([(0.97, a), (inner, a), (inner, b), (0.97, b)], ink, glow)
    if look.chance(0.6):
        strip.pair([(0.9, 2.95), (0.7, 2.95), (0.7, 3.05), (0.9, 3.05)], RED, BRAKE)
    at, z = strip.at(look.some(0.92, 1.15)), look.some(-0.3, 0.3)
    strip.patch.box(at - 0.07, z - 0.21, at + 0.07, z + 0.21, (230, 230, 224))
    paint.stickers(strip.patch, look, strip.at(1.1), -0.8, strip.at(2.9), 0.8, 3)
    roof = paint.darker(colour, 1.1) if look.chance(0.5) else (214, 214, 210)
    strip.box(-0.92, 4, 0.92, 6, roof, SATIN)
    for c in np.arange(4.1, 6, look.some(0.1, 0.3)):
        strip.box(-0.9, c, 0.9, c + 0.008, paint.darker(roof, 0.8), SATIN)
    for _ in range(int(look.rng.integers(1, 4))):
        c = look.some(4.2, 5.8)
        strip.box(-0.3, c, 0.3, c + 0.13, GREY if look.chance(0.5) else (236, 236, 232), SATIN)
    strip.box(-0.93, 7.05, 0.93, 8.1, GLASSY, GLASS)
    strip.box(-0.8, 6.75, 0.8, 7.05, BLACK, GLASS)
    if look.chance(0.8):
        paint.lettering(strip.patch, look, strip.at(6.78), -0.6, strip.at(7.02), 0.6, (238, 150, 40))
    strip.pair([(0.95, 8.75), (0.65, 8.75), (0.65, 9), (0.95, 9)], CLEAR, LAMP)
    strip.box(-0.5, 8.6, 0.5, 8.7, STEEL, CHROME)
    strip.box(-1, 9.3, 1, 10.2, second if look.chance(0.5) else DARK)
    strip.box(-0.2, 9.05, 0.2, 9.3, (230, 230, 224))


def _paint_side(
    side, look: Look, long: float, high: float, belt: float, clear: float, colour, second, doors: bool
) -> None:
    """Stripes, windows, doors and signs; `look` makes the same choices for both sides."""
    half, style = long / 2, int(look.rng.integers(4))
    if style == 0:
        side.box(-half, clear, half, clear + look.some(0.2, 0.5), second, PAINT)
    elif style == 1:
        side.polygon(
            [(-half, clear), (look.some(-1, half), clear), (look.some(-half + 1, 0), high), (-half, high)],
            second,
            PAINT,
        )
    elif style == 2:
        y = look.some(clear + 0.2, belt - 0.3)
        side.box(-half, y, half, y + look.some(0.08, 0.3), second, PAINT)
    top = high - look.some(0.25, 0.45)
    band = look.chance(0.6)
    side.box(-half + 0.25, belt, half - 0.25, top, GLASSY, GLASS)
    for x in np.arange(-half + look.some(0.8, 1.4), half - 0.8, look.some(1.0, 1.7)):
        side.box(x - 0.04, belt, x + 0.04, top, BLACK if band else colour, SATIN if band else PAINT)
        if look.chance(0.7):
            side.box(x, top - 0.35, x + 1, top - 0.32, DARK)
    if look.chance(0.8):
        x = look.some(-half + 0.6, 0)
        paint.lettering(side, look, x, clear + 0.25, x + look.some(2, half), belt - 0.1)
    if look.chance(0.3):
        paint.lettering(side, look, -half + 1, top + 0.03, half - 2, high - 0.08)
    if doors:
        for x in (half - 1.3, look.some(-1, 0.5))[: int(look.rng.integers(1, 3))]:
            side.box(x - 0.6, clear + 0.02, x + 0.6, top, BLACK, GLASS)
            side.box(x - 0.03, clear, x + 0.03, top, GREY)


def _add_roof(mesh: Mesh, look: Look, long: float, high: float, wide: float, colour) -> None:
    """Machines on the roof."""
    ink = mesh.swatch(colour if look.chance(0.4) else (222, 222, 218) if look.chance(0.6) else GREY, SATIN)
    for _ in range(int(look.rng.integers(0, 4))):
        x, w, h = look.some(-long * 0.4, long * 0.3), look.some(0.4, 1.4), look.some(0.1, 0.3)
        mesh.box((x - w, high - 0.05, -wide * 0.3), (x + w, high + h, wide * 0.3), ink)
    if look.chance(0.3):
        x, h = look.some(-long * 0.4, 0), look.some(0.15, 0.35)
        mesh.box((x - 0.9, high - 0.05, -0.5), (x + 0.9, high + h, 0.5), mesh.swatch(paint.any_colour(look), SATIN))
