"""Riders of motorcycles: limbs, clothes, helmets and bags."""

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import GLASS, MATTE, PAINT, Mesh, Patch
from demos.vehicles.render import paint
from demos.vehicles.render.paint import BLACK, GREY, STEEL

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


def add_rider(mesh: Mesh, look: Look, x: float, y: float, lean: float, grip, size: float = 1) -> str:
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
