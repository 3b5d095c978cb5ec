"""Motorcycles and scooters with those who ride them: limbs, clothes, helmets, bags, boxes and loads."""

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import BRAKE, CHROME, GLASS, LAMP, MATTE, PAINT, SATIN, SIGNAL, Mesh, Patch
from demos.vehicles.render import paint
from demos.vehicles.render.paint import AMBER, BLACK, CLEAR, DARK, GREY, RED, STEEL

_SKIN = ("8d5f43", "b98a67", "6a4430", "d3a684", "a87452")
_CLOTH = {
    "black": "1d1e21", "white": "dfdfdb", "grey": "74777b", "dark blue": "20304f", "blue": "2d5c9c", "red": "9c2a2a",
    "green": "2f5a41", "olive": "5a5a3c", "orange": "d06a26", "yellow": "d8b53a", "pink": "cf8aa0", "brown": "5d4534",
    "beige": "b8a888", "purple": "57406f", "light blue": "8fb0cc", "check": "8a5a5a",
}  # fmt: skip


def tilted(pitch: float) -> np.ndarray:
    """A rotation (3, 3) that leans what is upright forward by `pitch` radians."""
    c, s = np.cos(pitch), np.sin(pitch)
    return np.float32([[c, s, 0], [-s, c, 0], [0, 0, 1]])


def limb(mesh: Mesh, points, radii, skin: Patch) -> None:
    """Rods between points, with a ball at each but the first."""
    for a, b, r0, r1 in zip(points, points[1:], radii, radii[1:], strict=False):
        mesh.tube(a, b, (r0, r1), skin, 8)
        mesh.ball(b, (r1, r1, r1), skin, size=(4, 7))


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
    shirt = _add_rider(mesh, look, -0.08 + look.some(-0.05, 0.03), seat + 0.05, lean, grip, shape)
    if riders == 2:
        if look.chance(0.15):
            _add_rider(mesh, look, -0.28, seat + 0.08, lean, None, shape, 0.6)
        _add_rider(mesh, look, -0.46 + look.some(-0.04, 0.04), seat + 0.1, lean * 0.7, None, shape, look.some(0.85, 1))
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


def _add_rider(mesh: Mesh, look: Look, x: float, y: float, lean: float, grip, shape: str, size: float = 1) -> str:
    """A rider whose hips are at x, y; without a grip, one who sits behind. Returns the colour of what is worn."""
    size *= look.some(0.94, 1.06)
    stout = look.some(0.85, 1.2)
    name = str(look.rng.choice(list(_CLOTH)))
    colour = tuple(int(v) for v in np.clip(np.array(paint.rgb(_CLOTH[name])) + look.rng.normal(0, 8, 3), 8, 240))
    skin = mesh.swatch(paint.rgb(look.rng.choice(_SKIN)))
    trousers = mesh.swatch(
        paint.darker(
            paint.rgb(look.rng.choice(["2b3344", "202124", "55585c", "6e6552", "34507a", "8a8474"])),
            look.some(0.8, 1.1),
        )
    )
    reach, half = 0.27 * size, 0.17 * size * stout
    turn = tilted(lean)
    up = turn @ np.float32([0, 1, 0])
    hip = np.float32([x, y, 0])
    middle, neck = hip + up * reach, hip + up * 2.05 * reach
    torso = mesh.patch(-0.4, 0.4, -0.45, 0.45, 112, colour)
    _paint_clothes(torso, look, colour, name, half, reach)
    mesh.ball(middle, (0.115 * stout, reach * 1.12, half), torso, turn, True, (9, 13), 0.72)
    mesh.ball(hip + up * 0.03, (0.15, 0.12, half * 1.02), trousers, power=0.8)
    sleeve = mesh.swatch(colour if look.chance(0.8) else paint.any_colour(look))
    lower = sleeve if look.chance(0.6) else skin
    for side in (-1, 1):
        shoulder = neck - up * 0.07 + np.float32([0, 0, side * half * 0.98])
        hand = np.float32([grip[0], grip[1], side * 0.31]) if grip else hip + np.float32([0.26, 0.12, side * 0.13])
        elbow = (shoulder + hand) / 2 + np.float32([-0.03, -0.09, side * look.some(0.06, 0.13)])
        mesh.ball(shoulder, (0.068, 0.068, 0.068), sleeve, size=(4, 7))
        limb(mesh, [shoulder, elbow], [0.062, 0.05], sleeve)
        limb(mesh, [elbow, hand], [0.047, 0.04], lower)
        foot = np.float32([0.08 if grip else -0.18, 0.3, side * look.some(0.15, 0.2)])
        knee = np.float32([x + 0.4 * size, y - 0.02, side * look.some(0.15, 0.26)])
        limb(mesh, [hip + np.float32([0, 0, side * 0.09]), knee, foot], [0.095 * stout, 0.075, 0.05], trousers)
        mesh.ball(
            foot + np.float32([0.05, -0.03, 0]),
            (0.13, 0.045, 0.05),
            mesh.swatch(BLACK if look.chance(0.6) else paint.any_colour(look)),
            size=(5, 7),
        )
    _add_head(mesh, look, neck, skin, size)
    if look.chance(0.28):
        _add_bag(mesh, look, middle, turn, half, reach)
    return name


def _paint_clothes(patch: Patch, look: Look, colour, name: str, half: float, reach: float) -> None:
    style, ink = int(look.rng.integers(8)), paint.any_colour(look)
    if name == "check":
        for k in np.arange(-0.4, 0.4, 0.06):
            patch.line([(k, -0.45), (k, 0.45)], 0.02, ink)
            patch.line([(-0.4, k), (0.4, k)], 0.02, paint.darker(colour, 0.5))
    elif style == 0:
        patch.box(-0.4, look.some(0, 0.1), 0.4, look.some(0.12, 0.3), ink)
    elif style == 1:
        for k in np.arange(-0.4, 0.4, look.some(0.07, 0.12)):
            patch.box(-0.4, k, 0.4, k + 0.035, ink)
    elif style == 2:
        paint.lettering(patch, look, -half * 0.7, 0, half * 0.7, reach * 0.6, ink)
    elif style == 3:
        paint.emblem(patch, look, 0, look.some(0.02, 0.15), look.some(0.06, 0.11))
    elif style == 4:
        patch.box(-0.4, -0.45, -half * 0.55, 0.45, ink)
        patch.box(half * 0.55, -0.45, 0.4, 0.45, ink)
    elif style == 5:
        for side in (-1, 1):
            patch.box(side * 0.09 - 0.02, -0.45, side * 0.09 + 0.02, 0.45, ink)
        patch.box(-0.4, -0.06, 0.4, -0.02, ink)
    x, y = patch.places()
    folds = 1 + 0.13 * paint.noise(x + look.some(0, 9), y * 2 + look.some(0, 9), 0.8)
    patch.shade(np.clip(folds, 0.6, 1.4))


def _add_head(mesh: Mesh, look: Look, neck: np.ndarray, skin: Patch, size: float) -> None:
    head = neck + np.float32([0.05, 0.15 * size, 0])
    mesh.ball(head - np.float32([0, 0.04, 0]), (0.095, 0.12, 0.08), skin)
    if look.chance(0.4):  # hair below the helmet
        hair = mesh.swatch(paint.rgb(look.rng.choice(["17130f", "2a1d14", "4a3424"])))
        mesh.ball(head + np.float32([-0.07, -look.some(0.07, 0.17), 0]), (0.045, look.some(0.08, 0.17), 0.06), hair)
    colour = paint.choose_colour(look, 0.5)[1]
    shell = mesh.patch(-0.2, 0.2, -0.2, 0.2, 112, colour, PAINT)
    if look.chance(0.4):
        w, ink = look.some(0.015, 0.05), paint.any_colour(look)
        shell.box(-w, -0.2, w, 0.2, ink, PAINT)
    if look.chance(0.35):
        shell.box(-0.2, look.some(-0.06, 0), 0.2, look.some(0.01, 0.06), paint.any_colour(look), PAINT)
    if look.chance(0.3):
        paint.emblem(shell, look, 0, 0.03, 0.05)
    full = look.chance(0.25)
    if full:
        mesh.ball(head + np.float32([0.01, 0, 0]), (0.14, 0.155, 0.125), shell, None, True)
        mesh.ball(head + np.float32([0.06, 0.02, 0]), (0.1, 0.055, 0.1), mesh.swatch((16, 18, 22), GLASS))
        return
    mesh.ball(head + np.float32([-0.005, 0.05, 0]), (0.135, look.some(0.095, 0.12), 0.118), shell, None, True)
    if look.chance(0.5):
        mesh.ball(head + np.float32([0.12, 0.05, 0]), (0.08, 0.015, 0.09), mesh.swatch(colour, PAINT), size=(4, 9))
    if look.chance(0.5):
        mesh.ball(head + np.float32([0.03, -0.05, 0]), (0.08, 0.055, 0.082), mesh.swatch(paint.any_colour(look)))


def _add_bag(mesh: Mesh, look: Look, middle: np.ndarray, turn: np.ndarray, half: float, reach: float) -> None:
    """A rucksack, or a bag at the side."""
    colour = BLACK if look.chance(0.4) else paint.any_colour(look)
    if look.chance(0.7):
        bag = mesh.patch(-0.3, 0.3, -0.3, 0.3, 112, colour)
        bag.box(
            -0.13,
            -0.2,
            0.13,
            look.some(-0.08, 0),
            paint.darker(colour, 0.7) if look.chance(0.6) else paint.any_colour(look),
        )
        bag.line([(-0.2, 0.1), (0.2, 0.1)], 0.015, STEEL if look.chance(0.4) else GREY)
        if look.chance(0.4):
            paint.emblem(bag, look, 0, 0.05, 0.04)
        tall = reach * look.some(0.7, 0.95)
        mesh.ball(
            middle + turn @ np.float32([-0.18, look.some(-0.02, 0.06), 0]),
            (0.1, tall, half * look.some(0.75, 1)),
            bag,
            turn,
            True,
            power=0.6,
        )
        return
    side = look.rng.choice([-1, 1])
    mesh.ball(
        middle + np.float32([-0.06, -0.2, side * (half + 0.06)]), (0.13, 0.12, 0.06), mesh.swatch(colour), power=0.6
    )
    strap = mesh.swatch(paint.darker(colour, 0.7), MATTE)
    a, b = np.float32([-0.12, 0.24, -side * half * 0.5]), np.float32([-0.12, -0.16, side * half])
    mesh.tube(middle + a, middle + b, 0.015, strap, 4)
