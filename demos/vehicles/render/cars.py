"""Cars, pick-ups and vans: a body along an outline, whose windows, lamps, seams and dirt are painted on it."""

from dataclasses import dataclass

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import BRAKE, CHROME, GLASS, LAMP, MATTE, PAINT, SATIN, SIGNAL, Mesh, Patch
from demos.vehicles.render import paint
from demos.vehicles.render.paint import AMBER, BLACK, CLEAR, DARK, GLASSY, GREY, RED, STEEL

# Length, height, width; x from the tail as shares of the length: rear window's foot, roof's rear, roof's front,
# windscreen's foot; heights as shares: boot, bonnet's rear, bonnet's front, belt.
_SHAPES = {
    "hatchback": (3.9, 1.5, 1.7, 0.02, 0.13, 0.6, 0.78, 0.66, 0.64, 0.5, 0.62),
    "saloon": (4.6, 1.45, 1.78, 0.2, 0.32, 0.6, 0.74, 0.68, 0.64, 0.5, 0.63),
    "estate": (4.6, 1.48, 1.76, 0.015, 0.07, 0.62, 0.75, 0.64, 0.64, 0.5, 0.62),
    "off-roader": (4.6, 1.75, 1.86, 0.015, 0.06, 0.62, 0.75, 0.62, 0.63, 0.54, 0.62),
    "minivan": (4.5, 1.72, 1.8, 0.01, 0.05, 0.66, 0.86, 0.58, 0.58, 0.46, 0.55),
    "coupé": (4.4, 1.33, 1.8, 0.12, 0.36, 0.56, 0.72, 0.7, 0.66, 0.5, 0.66),
    "pick-up": (5.1, 1.76, 1.84, 0.4, 0.43, 0.63, 0.75, 0.58, 0.61, 0.52, 0.6),
    "van": (5.0, 2.05, 1.9, 0.006, 0.02, 0.72, 0.87, 0.55, 0.52, 0.4, 0.52),
    "high van": (5.6, 2.6, 2.0, 0.004, 0.015, 0.76, 0.9, 0.44, 0.43, 0.3, 0.44),
}


@dataclass(frozen=True, eq=False)
class _Body:
    """The numbers of a body: see _SHAPES; `outline` (n, 2), `along` (n,), `marks`: along at the outline's corners."""

    long: float
    high: float
    wide: float
    clear: float
    belt: float
    outline: np.ndarray
    along: np.ndarray
    marks: np.ndarray
    corners: np.ndarray
    tumble: float
    axles: tuple[float, float]
    wheel: float

    def half(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Half the width at points of the side view."""
        ends = np.abs(2 * x / self.long) ** 5
        above = np.maximum(y - self.belt, 0) / (self.high - self.belt)
        below = np.maximum(self.belt - y, 0) / self.belt
        return self.wide / 2 * (1 - 0.09 * ends - self.tumble * above - 0.05 * below**2)

    def top(self, x: np.ndarray) -> np.ndarray:
        """The outline's height over x."""
        upper = self.outline[self.outline[:, 1] > self.belt * 0.8]
        order = np.argsort(upper[:, 0])
        return np.interp(x, upper[order, 0], upper[order, 1])


def _make_body(look: Look, shape: str) -> _Body:
    long, high, wide, foot, rear, front, screen, boot, cowl, nose, belt = _SHAPES[shape]
    long, high, wide = long * look.some(0.92, 1.07), high * look.some(0.95, 1.05), wide * look.some(0.96, 1.04)
    rear, front, screen = rear + look.some(0, 0.05), front + look.some(-0.02, 0.03), screen + look.some(-0.02, 0.02)
    boot, nose = (boot + look.some(-0.03, 0.04)) * high, (nose + look.some(-0.04, 0.05)) * high
    clear = look.some(0.17, 0.24) * (1.3 if shape in ("off-roader", "pick-up", "high van") else 1)
    step, bump = look.some(0, 0.05), look.some(0.45, 0.6) * boot
    x = np.array(
        [0.03, 0, 0, 0.012 + step / 4, foot + 0.012, rear, (rear + front) / 2, front, screen, 0.975, 1, 0.995, 0.96]
    )
    y = [clear, clear + 0.12, bump, boot - 0.03, boot + 0.02, high * look.some(0.94, 0.975), high, high * 0.97,
         cowl * high + 0.03, nose, nose * look.some(0.7, 0.85), clear + 0.14, clear]  # fmt: skip
    corners = np.stack([(x - 0.5) * long, y], 1)
    share = np.linspace(0, 1, 5, dtype=np.float32)[:-1, None]
    closed = np.concatenate([corners, corners[:1]])
    outline = np.concatenate([a + (b - a) * share for a, b in zip(closed, closed[1:], strict=False)])
    for _ in range(2 if shape in ("van", "high van", "off-roader") else 4):
        outline = 0.25 * np.roll(outline, 1, 0) + 0.5 * outline + 0.25 * np.roll(outline, -1, 0)
    steps = np.linalg.norm(np.diff(closed, axis=0), axis=1)
    marks = np.concatenate([[0], np.cumsum(steps)])
    along = np.interp(np.arange(len(outline)) / 4, np.arange(len(marks)), marks)
    outline, along = np.concatenate([outline, outline[:1]]), np.concatenate([along, marks[-1:]])
    wheel = look.some(0.3, 0.345) * (1.15 if shape in ("off-roader", "pick-up") else 1)
    axles = ((look.some(0.175, 0.2) - 0.5) * long, (look.some(0.8, 0.83) - 0.5) * long)
    return _Body(long, high, wide, clear, belt * high + look.some(-0.03, 0.03), outline, along, marks, corners,
                 look.some(0.1, 0.2) if "van" not in shape else look.some(0.04, 0.1), axles, wheel)  # fmt: skip


def build_car(mesh: Mesh, look: Look, kind: str) -> str:
    """Adds a car or van to a mesh, and says what it is, such as "red hatchback with a roof rack"."""
    if kind == "van":
        shape = str(look.rng.choice(["van", "high van"]))
    else:
        shapes = [name for name in _SHAPES if "van" not in name or name == "minivan"]
        shape = str(look.rng.choice(shapes, p=[0.24, 0.26, 0.08, 0.2, 0.08, 0.05, 0.09]))
    body = _make_body(look, shape)
    name, colour = paint.choose_colour(look, 0.62 if kind == "van" else 0.5)
    dirt = max(look.some(-0.15, 0.3), 0)
    trim = BLACK if look.chance(0.5) else colour
    scale = 96 if kind == "car" else 80
    strip = mesh.patch(0, body.marks[-1], -1, 1, scale, colour, PAINT)
    strip_scaled = _Strip(strip, body)
    sides = [mesh.patch(-body.long / 2, body.long / 2, 0, body.high, 72, colour, PAINT) for _ in range(2)]
    extra = _side_style(look, shape)
    for k, side in enumerate(sides):
        _paint_side(side, look, body, shape, colour, trim, extra, k, dirt)
    _paint_rear(strip_scaled, look, body, shape, colour, trim)
    _paint_front(strip_scaled, look, body, shape, colour, trim)
    _paint_roof(strip_scaled, look, body, colour)
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


class _Strip:
    """The strip around a body, painted from the rear (0 on) at places across, -1 to 1, and heights or marks."""

    def __init__(self, patch: Patch, body: _Body):
        self.patch, self.marks, self.body = patch, body.marks, body

    def at(self, corner: float) -> float:
        """Along the strip at a corner of the outline; 4.5 is between the corners 4 and 5."""
        return float(np.interp(corner, np.arange(len(self.marks)), self.marks))

    def polygon(self, points, colour, material=MATTE) -> None:
        self.patch.polygon([(self.at(c), s) for s, c in points], colour, material)

    def box(self, s0, c0, s1, c1, colour, material=MATTE) -> None:
        """Between places across s0 and s1, and corners c0 and c1."""
        self.polygon([(s0, c0), (s1, c0), (s1, c1), (s0, c1)], colour, material)

    def pair(self, points, colour, material=MATTE) -> None:
        """A polygon and its mirror image."""
        self.polygon(points, colour, material)
        self.polygon([(-s, c) for s, c in points], colour, material)


def _paint_rear(strip: _Strip, look: Look, body: _Body, shape: str, colour, trim) -> None:
    bumper = trim if look.chance(0.7) else GREY
    strip.box(-1, 0, 1, 1.0, DARK if look.chance(0.6) else colour, MATTE)
    if bumper != colour:
        strip.box(-1, 1, 1, 1.0 + look.some(0.3, 1), bumper, MATTE)
    strip.box(-0.95, 1.98, 0.95, 2.03, paint.darker(colour, 0.35))  # the gap above the bumper
    for side in (-1, 1):
        strip.box(side * 0.84, 2, side * 0.87, 3.6, paint.darker(colour, 0.45))
    inset = look.some(0.05, 0.14)
    low, high = 4 + look.some(0.02, 0.22), 5 - look.some(0.02, 0.12)
    strip.polygon(
        [(-0.98 + inset, low), (0.98 - inset, low), (0.95 - inset, high), (-0.95 + inset, high)], GLASSY, GLASS
    )
    if shape in ("pick-up",):
        strip.box(-0.9, 3.08, 0.9, 3.95, (30, 30, 32))
    if "van" in shape and look.chance(0.7):
        strip.box(-0.02, 2, 0.02, 5, paint.darker(colour, 0.3))
        if look.chance(0.4):
            strip.box(-0.98, low, 0.98, high, colour, PAINT)
    if look.chance(0.5):
        strip.box(-0.5, low, 0.5, low + 0.05, GREY)
    if look.chance(0.6):  # a wiper
        strip.polygon([(0, low), (0.05, low), (0.45, low + 0.3), (0.43, low + 0.36)], BLACK)
    if look.chance(0.8):
        w = look.some(0.08, 0.3)
        strip.box(-w, high, w, high + 0.12, RED, BRAKE)
    _rear_lamps(strip, look, shape)
    at = strip.at(look.some(2.25, 2.6) if look.chance(0.7) else look.some(1.3, 1.6))
    wide = body.wide / 2
    tall = look.chance(0.35)
    w, h = (0.17, 0.075) if tall else (0.26, 0.055)
    strip.patch.box(at - h - 0.02, -w / wide - 0.02, at + h + 0.02, w / wide + 0.02, BLACK)
    ground = paint.rgb(look.rng.choice(["e8e8e2", "e8e8e2", "e2b92c"]))
    strip.patch.box(at - h, -w / wide, at + h, w / wide, ground, SATIN)
    if look.chance(0.6):
        strip.box(-look.some(0.25, 0.6), 2.72, look.some(0.25, 0.6), 2.8, STEEL, CHROME)
    for _ in range(int(look.rng.integers(0, 4))):  # badges
        s = look.some(0.25, 0.75) * (1 if look.chance(0.5) else -1)
        c, w = look.some(2.35, 2.95), look.some(0.05, 0.16)
        strip.box(s - w, c, s + w, c + 0.07, STEEL, CHROME)
    strip.box(-0.04, 2.82, 0.04, 2.95, STEEL, CHROME)
    a, b = strip.at(2.1), strip.at(2.95)
    paint.stickers(strip.patch, look, a, -0.75, b, 0.75, 0.9)
    paint.stickers(strip.patch, look, strip.at(low) + 0.05, -0.7, strip.at(high) - 0.05, 0.7, 0.7)
    for side in (-1, 1):  # reflectors and exhausts
        if look.chance(0.5):
            strip.box(side * 0.6, 1.25, side * 0.85, 1.4, RED, SATIN)
        if look.chance(0.35):
            strip.box(side * 0.5, 0.75, side * 0.7, 1.0, STEEL, CHROME)
    if "van" in shape and look.chance(0.5):
        paint.lettering(strip.patch, look, strip.at(3.05), -0.7, strip.at(3.9), 0.7)


def _rear_lamps(strip: _Strip, look: Look, shape: str) -> None:
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


def _paint_front(strip: _Strip, look: Look, body: _Body, shape: str, colour, trim) -> None:
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


def _paint_roof(strip: _Strip, look: Look, body: _Body, colour) -> None:
    if look.chance(0.15):  # a roof of another colour
        strip.box(-1, 5, 1, 7, BLACK if sum(colour) > 150 else (222, 222, 220), PAINT)
    if look.chance(0.25):
        strip.box(-0.6, look.some(5.8, 6.1), 0.6, look.some(6.5, 6.9), GLASSY, GLASS)
    if look.chance(0.4):
        for side in (-1, 1):
            strip.box(side * 0.86, 5.1, side * 0.9, 6.9, BLACK)
    if look.chance(0.1):
        paint.stickers(strip.patch, look, strip.at(5.3), -0.6, strip.at(6.8), 0.6, 2)


def _side_style(look: Look, shape: str) -> dict:
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
        "tint": look.chance(0.3),
    }


def _paint_side(side: Patch, look: Look, body: _Body, shape: str, colour, trim, style: dict, which: int, dirt) -> None:
    twin = Look("side", style["seed"])  # the same choices on both sides
    seam = paint.darker(colour, 0.42)
    side.box(-body.long, 0, body.long, body.clear + twin.some(0.02, 0.14), DARK if trim == BLACK else colour)
    if style["stripe"]:
        y, ink = twin.some(0.45, 0.9) * body.belt, paint.any_colour(twin)
        side.box(-body.long, y, body.long, y + twin.some(0.04, 0.2), ink, PAINT)
    tail, nose = body.corners[3, 0] + 0.06, body.corners[8, 0]
    rear = tail + twin.some(0.05, 0.4) if shape != "pick-up" else body.corners[4, 0] + 0.08
    if shape in ("saloon", "coupé"):
        rear = body.corners[4, 0] + twin.some(0, 0.3)
    front = nose - twin.some(0.1, 0.35)
    x = np.linspace(rear, front, 24)
    top = np.minimum(body.top(x) - twin.some(0.07, 0.11), body.high - 0.1)
    belt = body.belt + np.linspace(twin.some(0, 0.08), 0, 24)
    keep = top > belt + 0.02
    x, top, belt = x[keep], top[keep], belt[keep]
    if len(x) < 3:
        return
    x0, x1 = x[0], x[-1]
    doors = [
        x0 + (x1 - x0) * s for s in ((0.62,) if style["doors"] == 1 else (0.33 if twin.chance(0.5) else 0.25, 0.64))
    ]
    if shape == "pick-up":
        doors = [x0 + (x1 - x0) * 0.45]
    loop = list(zip(x, belt, strict=True)) + list(zip(x[::-1], top[::-1], strict=True))
    side.polygon(loop, GLASSY, GLASS)
    if not style["glazed"]:
        side.box(-body.long, body.belt - 0.05, doors[0], body.high - 0.05, colour, PAINT)
    if style["chrome"]:
        side.line(list(zip(x, belt, strict=True)), 0.035, STEEL, CHROME)
    pillars = doors + ([x0 + (x1 - x0) * twin.some(0.1, 0.2)] if twin.chance(0.5) else [])
    for px in pillars:
        black = px not in doors or twin.chance(0.5)
        side.line([(px - 0.02, body.belt - 0.02), (px + 0.04, body.high - 0.07)], twin.some(0.05, 0.09),
                  BLACK if black else colour, SATIN if black else PAINT)  # fmt: skip
    for px in [*doors, x1 + 0.05]:
        side.line([(px, body.clear + 0.12), (px, body.belt)], 0.02, seam)
    side.line([(doors[0] - 0.8, body.clear + 0.12), (x1 + 0.05, body.clear + 0.12)], 0.02, seam)
    for px in doors:
        ink = (STEEL, CHROME) if style["handle"] else (paint.darker(colour, 0.75), PAINT)
        side.box(px + 0.06, body.belt - 0.14, px + 0.26, body.belt - 0.1, *ink)
    if style["moulding"]:
        side.box(body.axles[0] + 0.45, 0.5, body.axles[1] - 0.45, 0.56, BLACK if trim == BLACK else STEEL)
    for axle in body.axles:
        side.disc(axle, body.wheel, body.wheel * 1.2, body.wheel * 1.2, BLACK)
        if trim == BLACK and shape == "off-roader":
            side.disc(axle, body.wheel, body.wheel * 1.35, body.wheel * 1.35, BLACK)
    if style["sign"]:
        low, high = (body.belt * 0.5, body.belt * 0.9) if style["glazed"] else (body.belt * 0.7, body.high * 0.85)
        paint.lettering(side, twin, tail + 0.2, low, doors[0] - 0.1, high)
    if which == 0 and look.chance(0.7):
        side.box(tail + 0.35, body.belt - 0.25, tail + 0.5, body.belt - 0.1, paint.darker(colour, 0.85), PAINT)
    side.box(body.corners[0, 0], body.belt - 0.22, tail + twin.some(-0.04, 0.12), body.belt - 0.05, RED, BRAKE)
    paint.stickers(side, look, tail + 0.2, 0.45, nose, body.belt, 0.5)
    paint.wear(side, look, 0.2, dirt, 0.9)


def _add_parts(mesh: Mesh, look: Look, body: _Body, shape: str, colour) -> str:
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


def _fill_bed(mesh: Mesh, look: Look, body: _Body, half: float) -> str:
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
