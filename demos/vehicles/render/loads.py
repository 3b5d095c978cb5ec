"""What lorries carry: boxes, containers, tarpaulins, tanks, tubs and open beds with goods."""

import numpy as np

from demos.shared.render.look import Look
from demos.shared.render.mesh import CHROME, PAINT, SATIN, Mesh, Patch
from demos.vehicles.render import paint
from demos.vehicles.render.paint import BLACK, DARK, RED, STEEL, WHITE


def add_box(mesh: Mesh, look: Look, load: str, ends, bed: float, top: float, wide: float, colour, dirt) -> None:
    """A box with rear doors: smooth, a ribbed container, or with a tarpaulin over bows."""
    x0, x1, tall = ends[0], ends[1], top - bed
    half = wide / 2
    rear = mesh.patch(-half, half, 0, tall, 88, colour, SATIN)
    sides = [mesh.patch(x0, x1, 0, tall, 56, colour, SATIN) for _ in range(2)]
    roof = mesh.patch(x0, x1, -half, half, 24, paint.darker(colour, look.some(0.85, 1.1)), SATIN)
    twin = int(look.rng.integers(1 << 30))
    rib = look.some(0.22, 0.34) if load == "container" else look.some(0.5, 1.2)
    sign = look.chance(0.75)
    for side in sides:
        same = Look("box", twin)
        x, y = side.places()
        if sign:
            a, b = sorted((same.some(0.05, 0.5), same.some(0.55, 0.98)))
            low, high = sorted((same.some(0.1, 0.5), same.some(0.55, 0.95)))
            paint.lettering(side, same, x0 + (x1 - x0) * a, tall * low, x0 + (x1 - x0) * b, tall * high)
        if same.chance(0.35):
            y0 = same.some(0.05, 0.6) * tall
            side.box(x0, y0, x1, y0 + same.some(0.1, 0.5), paint.any_colour(same), SATIN)
        if load == "container":
            side.shade(1 + 0.2 * np.sin(2 * np.pi * x / rib))
        elif load == "tarpaulin":
            side.shade(1 + 0.1 * np.sin(2 * np.pi * x / rib) + 0.06 * paint.noise(x, y, 2))
            for px in np.arange(x0 + 0.2, x1, rib):
                side.line([(px, 0), (px, 0.35)], 0.03, DARK)
        elif same.chance(0.5):
            for px in np.arange(x0, x1, rib):
                side.line([(px, 0), (px, tall)], 0.02, paint.darker(colour, 0.8), SATIN)
        frame = paint.darker(colour, 0.75) if same.chance(0.6) else STEEL
        for y0 in (0, tall - 0.1):
            side.box(x0, y0, x1, y0 + 0.1, frame, SATIN)
        paint.stickers(side, look, x0 + 0.3, 0.2, x1, tall, 1)
        paint.wear(side, look, 0, dirt, 1.5)
    _paint_doors(rear, look, load, half, tall, colour, sign)
    paint.wear(rear, look, 0, dirt, 1)
    paint.wear(roof, look, -9, dirt, 2)
    lift = np.float32([0, bed, 0])
    paints = {"rear": rear, "left": sides[0], "right": sides[1], "all": mesh.swatch(colour, SATIN)}
    mesh.box((x0, 0, -half), (x1, tall, half), paints | {"top": roof}, lambda p: p + lift)
    if load == "box" and look.chance(0.3):
        mesh.box((x1 - 0.02, top - 0.8, -0.6), (x1 + 0.3, top - 0.15, 0.6), mesh.swatch(WHITE, SATIN))


def _paint_doors(rear: Patch, look: Look, load: str, half: float, tall: float, colour, sign: bool) -> None:
    """The rear of a box: doors with rods, hinges and locks, or a tarpaulin's flap."""
    z, _ = rear.places()
    if sign and look.chance(0.6):
        paint.lettering(rear, look, -half * 0.85, tall * 0.45, half * look.some(0, 0.85), tall * 0.85)
    if load == "container":
        rear.shade(1 + 0.1 * np.sin(2 * np.pi * z / look.some(0.2, 0.4)))
    frame = paint.darker(colour, look.some(0.5, 1)) if look.chance(0.6) else STEEL
    for side in (-1, 1):
        rear.box(min(side * half, side * (half - 0.08)), 0, max(side * half, side * (half - 0.08)), tall, frame, SATIN)
    rear.box(-half, 0, half, 0.08, frame, SATIN)
    rear.box(-half, tall - look.some(0.08, 0.2), half, tall, frame, SATIN)
    if load != "tarpaulin" or look.chance(0.5):
        rear.box(-0.02, 0, 0.02, tall, paint.darker(colour, 0.3))
        rod = STEEL if look.chance(0.6) else paint.darker(colour, 0.55)
        for place in look.rng.choice([0.15, 0.3, 0.5, 0.65], int(look.rng.integers(1, 3)), replace=False):
            handle = look.some(0.2, 0.4) * tall
            for side in (-1, 1):
                rear.box(side * half * place - 0.022, 0.05, side * half * place + 0.022, tall - 0.1, rod, CHROME)
                rear.box(side * half * place - 0.12, handle, side * half * place + 0.12, handle + 0.05, rod, CHROME)
        for y in np.linspace(0.3, tall - 0.3, int(look.rng.integers(3, 5))):
            for side in (-1, 1):
                rear.box(side * (half - 0.14) - 0.08, y - 0.04, side * (half - 0.14) + 0.08, y + 0.04, rod, SATIN)
    if look.chance(0.4):
        for k, place in enumerate(np.arange(-half, half, 0.25)):
            rear.box(place, 0.1, place + 0.25, 0.2, RED if k % 2 else WHITE, SATIN)
    for _ in range(int(look.rng.integers(0, 5))):
        x, y = look.some(-half * 0.8, half * 0.8), look.some(0.2, tall - 0.3)
        w, h = look.some(0.05, 0.25), look.some(0.04, 0.15)
        rear.box(x - w, y - h, x + w, y + h, paint.any_colour(look) if look.chance(0.5) else WHITE, SATIN)
    paint.stickers(rear, look, -half * 0.8, 0.1, half * 0.8, tall * 0.9, 1.5)


def add_tank(mesh: Mesh, look: Look, load: str, ends, bed: float, top: float, wide: float, colour, dirt) -> None:
    """A tank along the lorry, with rings, a sign and a walkway."""
    r = min((top - bed) / 2, wide / 2) * look.some(0.85, 1)
    y, (x0, x1) = bed + r + 0.08, ends
    metal = CHROME if look.chance(0.35) else PAINT
    ink = STEEL if metal == CHROME else colour
    rear = mesh.patch(-r, r, -r, r, 80, ink, metal)
    paint.emblem(rear, look, 0, 0.1, r * look.some(0.2, 0.4))
    rear.box(-r, -r, r, -r * 0.6, paint.any_colour(look), SATIN)
    paint.stickers(rear, look, -r * 0.6, -r * 0.6, r * 0.6, r * 0.6, 2)
    mesh.tube((x0 + 0.25, y, 0), (x1, y, 0), r, mesh.swatch(ink, metal), 21)
    mesh.ball((x0 + 0.25, y, 0), (0.3, r, r), rear, None, True, (9, 15))
    band = mesh.swatch(paint.any_colour(look), SATIN)
    for x in np.linspace(x0 + 0.6, x1 - 0.3, int(look.rng.integers(2, 6))):
        mesh.tube((x, y, 0), (x + look.some(0.06, 0.4), y, 0), r + 0.015, band, 21)
    sign = [mesh.patch(x0, x1, -0.35, 0.35, 48, ink, metal) for _ in range(2)]
    twin = int(look.rng.integers(1 << 30))
    for patch, side in zip(sign, (-1, 1), strict=True):
        paint.lettering(patch, Look("tank", twin), x0 + 0.8, -0.3, x1 - 0.5, 0.3)
        z = side * (r + 0.02)
        mesh.box((x0 + 0.6, -0.35, z - 0.01), (x1 - 0.3, 0.35, z + 0.01), patch, lambda p: p + np.float32([0, y, 0]))
    dark = mesh.swatch(DARK, SATIN)
    mesh.box((x0 + 0.5, y + r, -0.3), (x1 - 0.3, y + r + 0.08, 0.3), dark)
    for x in np.linspace(x0 + 1, x1 - 0.8, 3):
        mesh.tube((x, y + r, 0), (x, y + r + 0.2, 0), 0.25, dark, 9, dark)
    for z in (-0.25, 0.25):
        mesh.tube((x0, bed, z), (x0 + 0.02, y + r, z), 0.025, mesh.swatch(STEEL, CHROME), 5)


def add_bed(mesh: Mesh, look: Look, load: str, ends, bed: float, top: float, wide: float, colour, dirt) -> None:
    """An open bed with low or stake sides, or a tipper's tub, and what lies on it."""
    x0, x1 = ends
    half, tall = wide / 2, look.some(0.35, 0.6) if load == "open bed" else look.some(0.9, 1.5)
    rear = mesh.patch(-half, half, 0, tall, 88, colour, SATIN)
    side = mesh.patch(x0, x1, 0, tall, 48, colour, SATIN)
    rib = look.some(0.4, 0.9)
    for patch, low, high in ((rear, -half, half), (side, x0, x1)):
        for place in np.arange(low, high + 0.01, rib):
            patch.box(place - 0.04, 0, place + 0.04, tall, paint.darker(colour, 0.65), SATIN)
        patch.box(low, tall - 0.08, high, tall, paint.darker(colour, 0.8), SATIN)
        if look.chance(0.5):
            paint.lettering(patch, look, low + (high - low) * 0.2, tall * 0.3, low + (high - low) * 0.8, tall * 0.8)
        paint.wear(patch, look, 0, dirt + 0.1, 2)
    lift = np.float32([0, bed, 0])
    inside = mesh.swatch(paint.darker(colour, 0.5))
    paints = {"rear": rear, "left": side, "right": side, "front": rear}
    mesh.box((x0, 0, -half), (x1, tall, half), paints, lambda p: p + lift)
    mesh.box((x0 + 0.06, 0, -half + 0.06), (x1 - 0.06, 0.05, half - 0.06), {"top": inside}, lambda p: p + lift)
    if load == "tipper":
        heap = mesh.swatch(paint.rgb(look.rng.choice(["8a7a5c", "6d6a66", "5b4632", "b09a72", "3f4a35"])))
        mesh.ball(
            ((x0 + x1) / 2, bed + tall - 0.1, 0),
            ((x1 - x0) / 2 - 0.1, look.some(0.1, 0.7), half - 0.08),
            heap,
            power=0.8,
        )
        return
    if look.chance(0.4):  # stakes
        bar = mesh.swatch(paint.darker(colour, look.some(0.6, 1.2)), SATIN)
        rise = look.some(0.5, 1.2)
        for y in np.linspace(bed + tall + 0.15, bed + tall + rise, 3):
            for z in (-half + 0.03, half - 0.03):
                mesh.box((x0, y - 0.03, z - 0.02), (x1, y + 0.03, z + 0.02), bar)
            mesh.box((x0, y - 0.03, -half), (x0 + 0.04, y + 0.03, half), bar)
        for z in np.linspace(-half + 0.03, half - 0.03, 4):
            mesh.box((x0, bed, z - 0.03), (x0 + 0.05, bed + tall + rise, z + 0.03), bar)
    _add_goods(mesh, look, x0 + 0.2, x1 - 0.2, bed + 0.05, half - 0.1)


def _add_goods(mesh: Mesh, look: Look, x0: float, x1: float, y: float, half: float) -> None:
    kind = int(look.rng.integers(4))
    if kind == 0:  # pipes or logs
        ink = mesh.swatch(paint.rgb(look.rng.choice(["8f949a", "6b4b30", "c77a2c", "3f6fa0"])), SATIN)
        caps, r = mesh.swatch(BLACK if look.chance(0.5) else (176, 140, 98)), look.some(0.09, 0.2)
        for row in range(int(look.rng.integers(2, 5))):
            for z in np.arange(-half + r + row * r, half - r - row * r + 0.01, 2 * r):
                mesh.tube(
                    (x0 - look.some(0, 0.6), y + r + row * r * 1.75, z),
                    (x1, y + r + row * r * 1.75, z),
                    r,
                    ink,
                    8,
                    caps,
                )
    elif kind == 1:  # a covered heap
        ink = mesh.swatch(paint.any_colour(look), SATIN)
        mesh.ball(((x0 + x1) / 2, y + 0.5, 0), ((x1 - x0) / 2, look.some(0.6, 1.3), half), ink, power=0.5)
    else:
        x = x0
        while x < x1 - 0.4:
            w, h = look.some(0.4, 1.2), look.some(0.4, 1.5)
            cut = look.some(-half * 0.4, half * 0.4)
            for a, b in ((-half, cut), (cut + 0.03, half)):
                mesh.box((x, y, a), (min(x + w, x1), y + h * look.some(0.6, 1), b), mesh.swatch(paint.any_colour(look)))
            x += w + look.some(0.02, 0.2)
