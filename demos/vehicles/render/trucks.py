"""Lorries, rigid or with a trailer: cabs, frames and wheels."""

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import BRAKE, CHROME, GLASS, LAMP, PAINT, SATIN, SIGNAL, Mesh
from demos.vehicles.render import paint
from demos.vehicles.render.loads import add_bed, add_box, add_tank
from demos.vehicles.render.outline import Strip, trace
from demos.vehicles.render.paint import AMBER, BLACK, CLEAR, DARK, GLASSY, GREY, RED, STEEL, WHITE

_LOADS = {"box": 0.3, "container": 0.22, "tarpaulin": 0.14, "tank": 0.08, "tipper": 0.1, "open bed": 0.16}


def build_truck(mesh: Mesh, look: Look, kind: str) -> str:
    """Adds a lorry to a mesh, and says what it is, such as "white lorry with a red container"."""
    load = str(look.rng.choice(list(_LOADS), p=list(_LOADS.values())))
    name, colour = paint.choose_colour(look, 0.5)
    trailer = look.chance({"container": 0.8, "tank": 0.5, "tarpaulin": 0.5}.get(load, 0.1))
    small = not trailer and look.chance(0.5)
    wide = look.some(1.85, 2.1) if small else look.some(2.35, 2.5)
    cab = look.some(1.5, 1.75) if small else look.some(1.8, 2.3)
    high = look.some(2.1, 2.35) if small else look.some(2.7, 3.6 if trailer else 3.1)
    long = look.some(3.2, 4.4) if small else look.some(9, 12.4) if trailer else look.some(4.8, 7.2)
    r = look.some(0.36, 0.42) if small else look.some(0.47, 0.53)
    bed = r * 2 + look.some(0.02, 0.15)
    dirt = max(look.some(-0.1, 0.4), 0)
    _add_cab(mesh, look, cab, high, wide, colour, r, dirt)
    other, ink = paint.choose_colour(look, 0.5 if load != "container" else 0.15)
    end = look.some(0.15, 0.45) if not trailer else look.some(0.6, 1.0)
    _add_frame(mesh, look, -end - long, wide, bed, r, trailer, small)
    empty = trailer and look.chance(0.08)
    if empty:
        return f"{name} lorry with an empty trailer"
    top = bed + (look.some(1.6, 2.1) if small else look.some(2.2, 2.75))
    {"box": add_box, "container": add_box, "tarpaulin": add_box, "tank": add_tank, "tipper": add_bed,
     "open bed": add_bed}[load](mesh, look, load, (-end - long, -end), bed, top, wide, ink, dirt)  # fmt: skip
    return f"{name} lorry with {'an' if (other + load)[0] in 'aeiou' else 'a'} {other} {load}"


def _add_cab(mesh: Mesh, look: Look, long: float, high: float, wide: float, colour, r: float, dirt: float) -> None:
    """A cab from x = 0 to `long`."""
    clear, belt = r * 0.75, high * look.some(0.5, 0.58)
    slope = look.some(0.05, 0.3)
    corners = np.array([
        (0, clear), (0, high * 0.5), (0.02, high * 0.9), (0.2, high), (long * 0.5, high), (long - slope, high * 0.95),
        (long, belt), (long + 0.05, belt * 0.75), (long + 0.03, clear), (long * 0.5, clear),
    ])  # fmt: skip
    outline, along, marks = trace(corners, 2)
    patch = mesh.patch(0, marks[8] + 0.05, -1, 1, 64, colour, PAINT)
    strip = Strip(patch, marks)
    strip.box(-0.92, 5.06, 0.92, 5.95, GLASSY, GLASS)
    strip.box(-1, 0, 1, 0.9, DARK)
    if look.chance(0.6):
        strip.box(-0.6, 1.2, 0.6, 1.8, GLASSY, GLASS)
    grille = look.some(0.4, 0.8)
    strip.box(-grille, 6.2, grille, 7, BLACK)
    for k in range(int(look.rng.integers(2, 5))):
        strip.box(-grille, 6.25 + k * 0.2, grille, 6.31 + k * 0.2, STEEL, CHROME)
    strip.box(-0.12, 6.05, 0.12, 6.2, STEEL, CHROME)
    strip.box(-1, 7.2, 1, 8, GREY if look.chance(0.5) else colour)
    strip.pair([(0.95, 7.1), (0.6, 7.1), (0.6, 7.45), (0.95, 7.45)], CLEAR, LAMP)
    strip.pair([(0.99, 7.1), (0.95, 7.1), (0.95, 7.45), (0.99, 7.45)], AMBER, SIGNAL)
    strip.box(-0.24, 7.6, 0.24, 7.8, WHITE)
    if look.chance(0.5):
        paint.lettering(patch, look, strip.at(5.9), -0.6, strip.at(6.2), 0.6)
    sides = [mesh.patch(-0.1, long + 0.1, 0, high, 64, colour, PAINT) for _ in range(2)]
    twin = int(look.rng.integers(1 << 30))
    for side in sides:
        same = Look("cab", twin)
        x0, x1 = long * 0.35, long - slope - 0.04
        side.polygon([(x0, belt), (long - 0.12, belt), (x1, high * 0.88), (x0, high * 0.88)], GLASSY, GLASS)
        for x in (x0 - 0.08, long - 0.1):
            side.line([(x, r * 1.5), (x, high * 0.9)], 0.025, paint.darker(colour, 0.4))
        if same.chance(0.5):
            side.box(0, same.some(0.5, 0.9) * belt, long, belt * 0.95, paint.any_colour(same), PAINT)
        if same.chance(0.5):
            paint.lettering(side, same, x0, belt * 0.65, long - 0.2, belt * 0.95)
        side.disc(long * 0.55, r, r * 1.2, r * 1.2, BLACK)
        paint.wear(side, look, 0.4, dirt, 0.6)

    def half(x, y):
        return wide / 2 * (0.97 - 0.06 * np.maximum(x / long - 0.75, 0) - 0.05 * np.maximum(y - belt, 0) / high)

    mesh.body(outline, along, half, (belt * 0.8, long * 0.3, long * 0.7), 0.09, sides, patch)
    paint.wheels(mesh, look, (long * 0.55,), r, wide / 2 - 0.01, 0.26, paint.wheel_face(mesh, look, True))
    dark = mesh.swatch(BLACK if look.chance(0.7) else colour, SATIN)
    for side in (-1, 1):
        z = side * (wide / 2 + 0.16)
        mesh.box((long - 0.12, belt + 0.05, z - 0.1), (long - 0.02, belt + look.some(0.4, 0.6), z + 0.1), dark)
        mesh.tube((long - 0.07, belt + 0.5, side * wide * 0.45), (long - 0.07, belt + 0.45, z), 0.02, dark, 5)
    if look.chance(0.4):  # a wind deflector
        h = look.some(0.3, 0.6)
        mesh.ball((long * 0.4, high, 0), (long * 0.45, h, wide * 0.42), mesh.swatch(colour, PAINT), power=0.7)
    if look.chance(0.25):
        mesh.tube((-0.12, 0.9, wide * 0.4), (-0.12, high + 0.3, wide * 0.4), 0.08, mesh.swatch(STEEL, CHROME), 8)


def _add_frame(mesh: Mesh, look: Look, rear: float, wide: float, bed: float, r: float, trailer, small) -> None:
    """Beams, axles, tanks, mudguards, and the bar with lamps and plate at the rear."""
    beam = mesh.swatch(paint.rgb(look.rng.choice(["26272a", "33363a", "7a2a22", "8a3a20", "2d4a70"])), SATIN)
    for z in (-0.42, 0.42):
        mesh.box((rear + 0.05, bed - 0.28, z - 0.07), (0.5, bed - 0.02, z + 0.07), beam)
    face = paint.wheel_face(mesh, look, True)
    axles = (
        [rear + look.some(0.9, 1.3)]
        if not trailer
        else [rear + 0.9 + 1.25 * k for k in range(int(look.rng.integers(2, 4)))]
    )
    if not trailer and not small and look.chance(0.4):
        axles.append(axles[0] + 1.25)
    if trailer:
        axles += [-0.7] + ([-1.9] if look.chance(0.5) else [])
    paint.wheels(mesh, look, axles, r, wide / 2 - 0.04, 0.56, face)
    flap = mesh.patch(-0.32, 0.32, 0, 0.6, 48, BLACK)
    if look.chance(0.4):
        flap.box(-0.2, 0.15, 0.2, 0.4, paint.any_colour(look) if look.chance(0.6) else WHITE)
    for side in (-1, 1):
        z = side * (wide / 2 - 0.33)
        mesh.box((axles[0] - r - 0.12, 0.25, z - 0.3), (axles[0] - r - 0.1, 0.25 + 0.55, z + 0.3), flap,
                 lambda p: p)  # fmt: skip
        x0, x1 = axles[-1 if not trailer else 0] + r + 0.3, -0.3
        if look.chance(0.6) and x1 > x0 + 0.5:
            mesh.box(
                (x0, 0.42, side * (wide / 2 - 0.06) - 0.02), (x1, bed - 0.25, side * (wide / 2 - 0.06) + 0.02), beam
            )
    mesh.tube(
        (-1.1, bed - 0.5, wide * 0.38),
        (-0.2, bed - 0.5, wide * 0.38),
        0.27,
        mesh.swatch(STEEL, CHROME),
        9,
        mesh.swatch(GREY),
    )
    bar = mesh.patch(-wide / 2, wide / 2, -0.3, 0.3, 72, BLACK if look.chance(0.6) else GREY)
    low = look.some(-0.1, 0)
    if look.chance(0.5):
        for k, z in enumerate(np.arange(-wide / 2, wide / 2, 0.2)):
            bar.box(z, -0.3, z + 0.2, low, RED if k % 2 else look.rng.choice([1]) and WHITE, SATIN)
    inner = look.some(0.45, 0.75)
    for side in (-1, 1):
        z0, z1 = side * (wide / 2 - 0.04), side * (wide / 2 - inner)
        for k, (ink, glow) in enumerate(
            ((AMBER, SIGNAL), (RED, BRAKE), (RED, BRAKE) if look.chance(0.5) else (CLEAR, SATIN))
        ):
            a, b = z0 + (z1 - z0) * k / 3, z0 + (z1 - z0) * (k + 0.9) / 3
            bar.box(min(a, b), low + 0.02, max(a, b), low + look.some(0.14, 0.2), ink, glow)
    shift = look.some(-0.4, 0.4)
    bar.box(shift - 0.26, low - 0.02, shift + 0.26, low + 0.12, paint.rgb(look.rng.choice(["e8e8e2", "e2b92c"])))
    lift = np.float32([0, bed - 0.33, 0])
    mesh.box((rear - 0.05, -0.24, -wide / 2 + 0.03), (rear + 0.06, 0.26, wide / 2 - 0.03), bar, lambda p: p + lift)
