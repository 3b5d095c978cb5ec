"""What is painted on bodies of cars and vans: windows, lamps, grilles, seams, badges, stickers and signs."""

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import BRAKE, CHROME, GLASS, LAMP, MATTE, PAINT, SATIN, SIGNAL, Patch
from demos.vehicles.render import paint
from demos.vehicles.render.bodies import Body
from demos.vehicles.render.outline import Strip
from demos.vehicles.render.paint import AMBER, BLACK, CLEAR, DARK, GLASSY, GREY, RED, STEEL


def choose_glass(look: Look) -> tuple[int, int, int]:
    """How dark a window is."""
    return paint.rgb(look.rng.choice(["0e1216", "0e1216", "1c2428", "2b3234", "14100e", "243a3a"]))


def paint_rear(strip: Strip, look: Look, body: Body, shape: str, colour, trim) -> None:
    """Paints bumper, tailgate, window, lamps, plate, badges and stickers."""
    strip.box(-1, 0, 1, 1.0, DARK if look.chance(0.6) else colour, MATTE)
    bumper = trim if look.chance(0.7) else GREY
    if bumper != colour:
        strip.box(-1, 1, 1, 1.0 + look.some(0.3, 1), bumper, MATTE)
    strip.box(-0.95, 1.98, 0.95, 2.03, paint.darker(colour, 0.35))  # the gap above the bumper
    for side in (-1, 1):
        strip.box(side * 0.84, 2, side * 0.87, 3.6, paint.darker(colour, 0.45))
        if look.chance(0.5):
            strip.box(side * 0.6, 1.25, side * 0.85, 1.4, RED, SATIN)
        if look.chance(0.35):
            strip.box(side * 0.5, 0.75, side * 0.7, 1.0, STEEL, CHROME)
    if look.chance(0.3):
        w = look.some(0.3, 0.7)
        strip.box(-w, 1.0, w, look.some(1.15, 1.45), BLACK if look.chance(0.6) else STEEL, SATIN)
    if shape == "pick-up":
        strip.box(-0.9, 3.08, 0.9, 3.95, (30, 30, 32))
    _paint_rear_window(strip, look, "van" in shape, colour)
    _paint_rear_lamps(strip, look, shape)
    _paint_badges(strip, look, body.wide / 2)
    if "van" in shape and look.chance(0.5):
        paint.lettering(strip.patch, look, strip.at(3.05), -0.7, strip.at(3.9), 0.7)


def _paint_rear_window(strip: Strip, look: Look, van: bool, colour) -> None:
    inset, glass = look.some(0.05, 0.14), choose_glass(look)
    low, high = 4 + look.some(0.02, 0.22), 5 - look.some(0.02, 0.12)
    window = [(-0.98 + inset, low), (0.98 - inset, low), (0.95 - inset, high), (-0.95 + inset, high)]
    strip.polygon(window, glass, GLASS)
    tall = high - low
    if look.chance(0.3):  # seats, or a blind
        if look.chance(0.6):
            strip.pair([(0.2, low), (0.65, low), (0.6, low + 0.35 * tall), (0.25, low + 0.35 * tall)], GREY, GLASS)
        else:
            ink = paint.any_colour(look)
            for k in range(5):
                strip.box(-0.8, low + tall * (0.1 + 0.17 * k), 0.8, low + tall * (0.18 + 0.17 * k), ink, GLASS)
    if look.chance(0.15):
        strip.box(-0.85, high - 0.2 * tall, 0.85, high, paint.any_colour(look), SATIN)
    if van and look.chance(0.7):
        strip.box(-0.02, 2, 0.02, 5, paint.darker(colour, 0.3))
        if look.chance(0.4):
            strip.box(-0.98, low, 0.98, high, colour, PAINT)
    if look.chance(0.5):
        strip.box(-0.5, low, 0.5, low + 0.05, GREY)
    if look.chance(0.6):
        strip.polygon([(0, low), (0.05, low), (0.45, low + 0.3), (0.43, low + 0.36)], BLACK)  # a wiper
    if look.chance(0.8):
        w = look.some(0.08, 0.3)
        strip.box(-w, high, w, high + 0.12, RED, BRAKE)
    paint.stickers(strip.patch, look, strip.at(low) + 0.05, -0.7, strip.at(high) - 0.05, 0.7, 0.7)


def _paint_badges(strip: Strip, look: Look, half: float) -> None:
    """The plate, badges, a strip of chrome and stickers."""
    at = strip.at(look.some(2.25, 2.6) if look.chance(0.7) else look.some(1.3, 1.6))
    w, h = (0.17, 0.075) if look.chance(0.35) else (0.26, 0.055)
    strip.patch.box(at - h - 0.02, -w / half - 0.02, at + h + 0.02, w / half + 0.02, BLACK)
    ground = paint.rgb(look.rng.choice(["e8e8e2", "e8e8e2", "e2b92c"]))
    strip.patch.box(at - h, -w / half, at + h, w / half, ground, SATIN)
    if look.chance(0.6):
        w = look.some(0.25, 0.6)
        strip.box(-w, 2.72, w, 2.8, STEEL, CHROME)
    for _ in range(int(look.rng.integers(0, 4))):
        s = look.some(0.25, 0.75) * (1 if look.chance(0.5) else -1)
        c, w = look.some(2.35, 2.95), look.some(0.05, 0.16)
        strip.box(s - w, c, s + w, c + 0.07, STEEL, CHROME)
    strip.box(-0.04, 2.82, 0.04, 2.95, STEEL, CHROME)
    paint.stickers(strip.patch, look, strip.at(2.1), -0.75, strip.at(2.95), 0.75, 0.9)


def _paint_rear_lamps(strip: Strip, look: Look, shape: str) -> None:
    inner, low = look.some(0.45, 0.8), look.some(2.3, 2.65)
    high = look.some(2.85, 3.2) if look.chance(0.65) or shape in ("saloon", "coupé", "pick-up") else look.some(3.6, 4.3)
    if high > 3.5 or "van" in shape:
        inner = look.some(0.8, 0.9)
    slant = look.some(-0.15, 0.25)
    strip.pair([(1, low), (inner, low + slant), (inner + look.some(-0.1, 0.15), high), (1, high)], RED, BRAKE)
    cut = look.some(0.35, 0.75)
    middle = low + (high - low) * cut
    style = int(look.rng.integers(4))
    if style == 0:
        strip.pair(
            [(1, middle), (inner + 0.06, middle), (inner + 0.06, middle + 0.16), (1, middle + 0.16)], AMBER, SIGNAL
        )
    elif style == 1:
        strip.pair(
            [(0.97, low + 0.1), ((inner + 1) / 2, low + 0.1), ((inner + 1) / 2, middle), (0.97, middle)], CLEAR, SATIN
        )
    elif style == 2:
        strip.pair([(1, middle), (inner, middle), (inner, middle + 0.08), (1, middle + 0.08)], CLEAR, SATIN)
        strip.pair([(1, middle + 0.1), (0.9, middle + 0.1), (0.9, high), (1, high)], AMBER, SIGNAL)
    if look.chance(0.15):
        strip.box(-inner, (low + high) / 2 - 0.05, inner, (low + high) / 2 + 0.05, RED, BRAKE)


def paint_front(strip: Strip, look: Look, body: Body, shape: str, colour, trim) -> None:
    """Paint bonnet, lamps and grille. colour, trim: RGB, 0 to 255."""
    inset = look.some(0.05, 0.1)
    strip.polygon(
        [(-0.95 + inset, 7.1), (0.95 - inset, 7.1), (0.98 - inset, 7.92), (-0.98 + inset, 7.92)], GLASSY, GLASS
    )
    strip.box(-0.9, 7.92, 0.9, 8.02, BLACK)
    if look.chance(0.5):
        strip.box(0.2 * look.some(-2, 1), 7.1, 0.6, 7.16, DARK)
    for side in (-1, 1):  # the bonnet's seams
        strip.box(side * 0.84, 8, side * 0.87, 9, paint.darker(colour, 0.4))
    if look.chance(0.4):
        strip.box(-0.3, 8.1, -0.27, 8.95, paint.darker(colour, 0.75), PAINT)
        strip.box(0.27, 8.1, 0.3, 8.95, paint.darker(colour, 0.75), PAINT)
    grille, chrome = look.some(0.25, 0.75), look.chance(0.5)
    top, low = 9 + look.some(0.05, 0.3), 10 + look.some(0.2, 0.7)
    strip.box(-grille, top, grille, low, BLACK)
    for k in range(int(look.rng.integers(1, 5))):
        c = top + (low - top) * (k + 0.5) / 4
        strip.box(-grille, c, grille, c + 0.07, STEEL if chrome else GREY, CHROME if chrome else MATTE)
    strip.box(-0.06, top + 0.1, 0.06, top + 0.4, STEEL, CHROME)
    inner, slant = look.some(0.5, 0.72), look.some(-0.3, 0.35)
    lamp = [(1, 9 - look.some(0, 0.1)), (inner, 9.1 + slant), (inner + 0.05, 9.75 + slant / 2), (1, 9.8)]
    strip.pair(lamp, DARK if look.chance(0.4) else CLEAR, GLASS)
    strip.pair([(0.93, 9.2), (inner + 0.12, 9.25), (inner + 0.12, 9.6), (0.93, 9.6)], CLEAR, LAMP)
    bumper = trim if look.chance(0.5) else colour
    if bumper != colour:
        strip.box(-1, 10.7, 1, 12, bumper)
    strip.box(-look.some(0.4, 0.8), 11.1, look.some(0.4, 0.8), 11.8, BLACK)
    if look.chance(0.5):
        strip.pair([(0.65, 11), (0.85, 11), (0.85, 11.5), (0.65, 11.5)], CLEAR, LAMP)
    at, wide = strip.at(10.6), body.wide / 2
    strip.patch.box(at - 0.055, -0.26 / wide, at + 0.055, 0.26 / wide, (232, 232, 226), SATIN)
    if "van" in shape and look.chance(0.4):
        paint.stickers(strip.patch, look, strip.at(8.1), -0.6, strip.at(8.9), 0.6, 2)


def paint_roof(strip: Strip, look: Look, colour) -> None:
    """Paint the roof, with a window or in another colour by chance. colour: of the body, RGB, 0 to 255."""
    if look.chance(0.15):  # a roof of another colour
        strip.box(-1, 5, 1, 7, BLACK if sum(colour) > 150 else (222, 222, 220), PAINT)
    if look.chance(0.25):
        strip.box(-0.6, look.some(5.8, 6.1), 0.6, look.some(6.5, 6.9), GLASSY, GLASS)
    if look.chance(0.4):
        for side in (-1, 1):
            strip.box(side * 0.86, 5.1, side * 0.9, 6.9, BLACK)
    if look.chance(0.1):
        paint.stickers(strip.patch, look, strip.at(5.3), -0.6, strip.at(6.8), 0.6, 2)


def choose_style(look: Look, shape: str) -> dict:
    """What both sides share."""
    van = shape in ("van", "high van")
    return {
        "doors": 1 if van or shape == "coupé" or look.chance(0.15) else 2,
        "glazed": not van or look.chance(0.3),
        "seed": int(look.rng.integers(1 << 30)),
        "moulding": look.chance(0.35),
        "handle": look.chance(0.4),
        "stripe": look.chance(0.35 if van else 0.08),
        "sign": look.chance(0.6 if van else 0.06),
        "chrome": look.chance(0.3),
    }


def paint_side(side: Patch, look: Look, body: Body, shape: str, colour, trim, style: dict, dirt: float) -> None:
    """Paints a side; `style` is what both sides share, `look` makes scratches and stickers of this one."""
    twin = Look("side", style["seed"])  # the same choices on both sides
    side.box(-body.long, 0, body.long, body.clear + twin.some(0.02, 0.14), DARK if trim == BLACK else colour)
    if style["stripe"]:
        y, ink = twin.some(0.45, 0.9) * body.belt, paint.any_colour(twin)
        side.box(-body.long, y, body.long, y + twin.some(0.04, 0.2), ink, PAINT)
    tail, nose = body.corners[3, 0] + 0.06, body.corners[8, 0]
    doors = _paint_side_windows(side, twin, body, shape, colour, style)
    _paint_doors(side, doors, nose - 0.15, body, colour, style)
    if style["moulding"]:
        side.box(body.axles[0] + 0.45, 0.5, body.axles[1] - 0.45, 0.56, BLACK if trim == BLACK else STEEL)
    for axle in body.axles:
        wide = 1.35 if trim == BLACK and shape == "off-roader" else 1.2
        side.disc(axle, body.wheel, body.wheel * wide, body.wheel * wide, BLACK)
    if style["sign"]:
        low, high = (body.belt * 0.5, body.belt * 0.9) if style["glazed"] else (body.belt * 0.7, body.high * 0.85)
        paint.lettering(side, twin, tail + 0.2, low, doors[0] - 0.1, high)
    if look.chance(0.4):
        side.box(tail + 0.35, body.belt - 0.25, tail + 0.5, body.belt - 0.1, paint.darker(colour, 0.85), PAINT)
    side.box(body.corners[0, 0], body.belt - 0.22, tail + twin.some(-0.04, 0.12), body.belt - 0.05, RED, BRAKE)
    paint.stickers(side, look, tail + 0.2, 0.45, nose, body.belt, 0.5)
    paint.wear(side, look, 0.2, dirt, 0.9)


def _paint_side_windows(side: Patch, look: Look, body: Body, shape: str, colour, style: dict) -> list[float]:
    """Paints the windows between belt and roof, and returns where doors end."""
    rear = {"pick-up": body.corners[4, 0] + 0.08, "saloon": body.corners[4, 0] + look.some(0, 0.3)}.get(shape)
    rear = body.corners[3, 0] + look.some(0.11, 0.46) if rear is None else rear
    x = np.linspace(rear, body.corners[8, 0] - look.some(0.1, 0.35), 24)
    top = np.minimum(body.top(x) - look.some(0.07, 0.11), body.high - 0.1)
    belt = body.belt + np.linspace(look.some(0, 0.08), 0, 24)
    x, top, belt = (v[top > belt + 0.02] for v in (x, top, belt))
    x0, x1 = x[0], x[-1]
    shares = (0.62,) if style["doors"] == 1 else (look.rng.choice([0.25, 0.33]), 0.64)
    doors = [x0 + (x1 - x0) * share for share in ((0.45,) if shape == "pick-up" else shares)]
    outline = [*zip(x, belt, strict=True), *zip(x[::-1], top[::-1], strict=True)]
    side.polygon(outline, choose_glass(look), GLASS)
    if not style["glazed"]:
        side.box(-body.long, body.belt - 0.05, doors[0], body.high - 0.05, colour, PAINT)
    if style["chrome"]:
        side.line(list(zip(x, belt, strict=True)), 0.035, STEEL, CHROME)
    black = [look.chance(0.5)] * len(doors)
    if look.chance(0.5):
        doors, black = [*doors, x0 + (x1 - x0) * look.some(0.1, 0.2)], [*black, True]
    for place, dark in zip(doors, black, strict=True):
        ends = [(place - 0.02, body.belt - 0.02), (place + 0.04, body.high - 0.07)]
        side.line(ends, look.some(0.05, 0.09), BLACK if dark else colour, SATIN if dark else PAINT)
    return doors[: 1 if shape == "pick-up" else len(shares)]


def _paint_doors(side: Patch, doors: list[float], front: float, body: Body, colour, style: dict) -> None:
    """Seams and handles."""
    seam, low = paint.darker(colour, 0.42), body.clear + 0.12
    for x in [*doors, front]:
        side.line([(x, low), (x, body.belt)], 0.02, seam)
    side.line([(doors[0] - 0.8, low), (front, low)], 0.02, seam)
    ink = (STEEL, CHROME) if style["handle"] else (paint.darker(colour, 0.75), PAINT)
    for x in doors:
        side.box(x + 0.06, body.belt - 0.14, x + 0.26, body.belt - 0.1, *ink)
