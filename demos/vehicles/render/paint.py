"""What makes vehicles different: colours, stickers, lettering, dents, dirt, wheels, lamps. Lengths are metres."""

import numpy as np

from demos.shared.render.look import Look, noise
from demos.shared.render.mesh import CHROME, SATIN, Mesh, Patch

COMMON = {"white": "e9eae8", "grey": "6f7478", "black": "1b1c1f", "silver": "b4b8ba"}
OTHER = {
    "red": "a3191c", "dark red": "5f1418", "blue": "1f4f9e", "dark blue": "172a52", "light blue": "7fa9cf",
    "green": "1f6b3a", "dark green": "17382a", "beige": "c9b995", "brown": "553d2c", "yellow": "e3b81c",
    "orange": "d8641a", "teal": "1b7377", "purple": "4a2a63", "pink": "c9628f", "gold": "9c8450",
}  # fmt: skip
BLACK, DARK, GREY, STEEL, WHITE = (18, 18, 20), (38, 39, 42), (92, 94, 97), (150, 153, 156), (232, 232, 228)
GLASSY, RED, AMBER, CLEAR = (14, 18, 22), (120, 10, 14), (205, 98, 16), (206, 212, 216)


def rgb(code: str) -> tuple[int, int, int]:
    """ "ff8000" as (255, 128, 0)."""
    return tuple(int(code[k : k + 2], 16) for k in (0, 2, 4))


def darker(colour, factor: float) -> tuple[int, int, int]:
    """A colour times a factor."""
    return tuple(int(min(max(v * factor, 0), 255)) for v in colour)


def choose_colour(look: Look, common: float = 0.45) -> tuple[str, tuple[int, int, int]]:
    """A name and a shade of it; `common` is how often it is white, grey, black or silver."""
    table = COMMON if look.chance(common) else OTHER
    names = list(table)
    weights = np.array([0.4, 0.2, 0.22, 0.18]) if table is COMMON else np.linspace(2, 0.5, len(names))
    name = str(look.rng.choice(names, p=weights / weights.sum()))
    shift = look.rng.normal(0, 3 if table is COMMON else 9, 3) + look.rng.normal(0, 9)
    return name, tuple(int(v) for v in np.clip(np.array(rgb(table[name])) + shift, 6, 250))


def any_colour(look: Look) -> tuple[int, int, int]:
    """A colour for a detail."""
    return choose_colour(look, 0.3)[1]


def readable(ink, ground) -> tuple[int, int, int]:
    """The ink, or black or white where it would not stand out from the ground."""
    if np.abs(np.subtract(ink, ground)).sum() > 150:
        return ink
    return BLACK if sum(ground) > 330 else WHITE


def lettering(patch: Patch, look: Look, x0: float, y0: float, x1: float, y1: float, colour=None) -> None:
    """A sign: words as blocks in one to three rows, perhaps with a mark before them."""
    ground = patch.colours.getpixel((patch.size[0] // 2, patch.size[1] // 2))
    colour = readable(colour or any_colour(look), ground)
    rows = int(look.rng.integers(1, 4))
    tall = (y1 - y0) / rows
    if look.chance(0.5):
        size = min(y1 - y0, (x1 - x0) * 0.4)
        emblem(patch, look, x0 + size / 2, (y0 + y1) / 2, size / 2)
        x0 += size * 1.2
    for row in range(rows):
        x, end = x0 + look.some(0, 0.1) * (x1 - x0), x1 - look.some(0, 0.4) * (x1 - x0)
        high, ink = tall * look.some(0.45, 0.85), colour if look.chance(0.7) else readable(any_colour(look), ground)
        y = y1 - (row + 0.5) * tall
        while x < end:
            wide = min(high * look.some(0.35, 0.9), end - x)
            patch.box(x, y - high / 2, x + wide * 0.82, y + high / 2, ink, SATIN)
            if wide > 0.3 * high:
                _carve(patch, look, x, y, wide * 0.82, high, ground)
            x += wide * (2 if look.chance(0.18) else 1)


def _carve(patch: Patch, look: Look, x: float, y: float, wide: float, high: float, ground) -> None:
    """Cuts that make a block as busy as a letter."""
    x0, y0 = x + wide * look.some(0.25, 0.5), y - high * look.some(0.1, 0.3)
    patch.box(x0, y0, x0 + wide * look.some(0.2, 0.5), y0 + high * look.some(0.15, 0.5), ground, SATIN)


def emblem(patch: Patch, look: Look, x: float, y: float, r: float) -> None:
    """A mark: discs, squares, stripes or a star in two or three colours."""
    inks = [any_colour(look) for _ in range(3)]
    shape = int(look.rng.integers(5))
    if shape == 0:
        patch.disc(x, y, r, r, inks[0], SATIN)
        patch.disc(x, y, r * 0.6, r * 0.6, inks[1], SATIN)
    elif shape == 1:
        patch.box(x - r, y - r, x + r, y + r, inks[0], SATIN)
        patch.box(x - r * 0.5, y - r * 0.5, x + r, y + r * 0.2, inks[1], SATIN)
    elif shape == 2:
        for k in range(3):
            patch.box(x - r, y - r + k * r * 0.7, x + r, y - r + k * r * 0.7 + r * 0.45, inks[k], SATIN)
    elif shape == 3:
        reach = [r if k % 2 else r * 0.45 for k in range(10)]
        tips = [(x + d * np.cos(k * 0.6283), y + d * np.sin(k * 0.6283)) for k, d in enumerate(reach)]
        patch.polygon(tips, inks[0], SATIN)
    else:
        patch.polygon([(x - r, y - r), (x + r, y - r), (x, y + r)], inks[0], SATIN)


def stickers(patch: Patch, look: Look, x0: float, y0: float, x1: float, y1: float, mean: float = 1.2) -> None:
    """Some small marks in an area."""
    for _ in range(look.rng.poisson(mean)):
        x, y, r = look.some(x0, x1), look.some(y0, y1), look.some(0.04, 0.11)
        if look.chance(0.5):
            emblem(patch, look, x, y, r)
        else:
            patch.box(x - r * look.some(0.6, 2), y - r * 0.6, x + r, y + r * 0.6, any_colour(look), SATIN)


def plate(patch: Patch, look: Look, x: float, y: float, long: bool | None = None) -> None:
    """A blank number plate."""
    wide, high = (0.26, 0.055) if (long if long is not None else look.chance(0.6)) else (0.16, 0.085)
    ground = rgb(look.rng.choice(["e8e8e2", "e8e8e2", "e2b92c", "d9dde0"]))
    patch.box(x - wide - 0.015, y - high - 0.015, x + wide + 0.015, y + high + 0.015, BLACK)
    patch.box(x - wide, y - high, x + wide, y + high, ground)


def wear(patch: Patch, look: Look, ground: float, dirt: float, dents: float = 1.0) -> None:
    """Dents, scratches, rust, then dirt that is densest near y = `ground`."""
    x, y = patch.places()
    factor = np.ones_like(x)
    x0, x1, y0, y1 = x.min(), x.max(), y.min(), y.max()
    for _ in range(look.rng.poisson(dents)):
        r = look.some(0.05, 0.22)
        cx, cy = look.some(x0, x1), look.some(y0, y1)
        rise = np.exp(-(((x - cx) / r) ** 2 + ((y - cy) / (r * look.some(0.4, 1))) ** 2))
        factor *= 1 + rise * (y - cy) / r * look.some(0.3, 0.9)
    for _ in range(look.rng.poisson(dents * 0.7)):
        sx, sy = look.some(x0, x1), look.some(y0, y1)
        ink = rgb(look.rng.choice(["d8d8d8", "5f3b22", "3a3a3a", "a9a9a9"]))
        patch.line([(sx, sy), (sx + look.some(-0.5, 0.5), sy + look.some(-0.08, 0.08))], 0.015, ink)
    if abs(factor - 1).max() > 0.01:
        patch.shade(factor)
    if dirt > 0.02:
        cloud = noise(x + look.some(0, 20), y + look.some(0, 20), look.some(1.5, 4))
        share = np.clip(dirt * (np.exp(-(y - ground) / 0.45) + 0.25) * (1 + 0.7 * cloud), 0, 0.85)
        patch.shade(share, rgb(look.rng.choice(["8a7d68", "6f675c", "9a938a"])))


def wheel_face(mesh: Mesh, look: Look, lorry: bool = False) -> Patch:
    """A wheel from its side, painted at (-1..1, -1..1): tyre, rim and spokes."""
    patch = mesh.patch(-1, 1, -1, 1, 32, (20, 20, 21))
    rim = look.some(0.6, 0.76)
    metal = rgb(look.rng.choice(["b9bcc0", "c9ccd0", "8d9196", "33353a", "dcdcd8", "7a5a3a"] if not lorry else
                                ["b9b6ae", "7c2a22", "d8d5cc", "5a5d62", "2d4f7c"]))  # fmt: skip
    patch.disc(0, 0, rim, rim, darker(metal, 0.75), SATIN)
    patch.disc(0, 0, rim * 0.9, rim * 0.9, (24, 24, 26))
    style, count = int(look.rng.integers(4)), int(look.rng.choice([5, 5, 6, 7, 8, 10]))
    if style == 0 or lorry:  # a steel disc or a hub cap
        patch.disc(0, 0, rim * 0.86, rim * 0.86, metal, SATIN)
        for k in range(count):
            a = 2 * np.pi * k / count
            patch.disc(rim * 0.55 * np.cos(a), rim * 0.55 * np.sin(a), 0.09, 0.09, (30, 30, 32))
    else:
        for k in range(count):
            a, w = 2 * np.pi * k / count, (0, 0.12, 0.2, 0.3)[style] * 5 / count + 0.05
            tips = [
                (np.cos(a + d) * r, np.sin(a + d) * r)
                for d, r in ((-w, 0.9 * rim), (w, 0.9 * rim), (w * 2, 0.15), (-w * 2, 0.15))
            ]
            patch.polygon(tips, metal, CHROME if style == 2 else SATIN)
    patch.disc(0, 0, rim * 0.22, rim * 0.22, darker(metal, look.some(0.4, 1)), SATIN)
    return patch


def wheels(mesh: Mesh, look: Look, places, r: float, half: float, width: float, face: Patch | None = None) -> None:
    """A wheel at each x of `places` on both sides, outer faces `half` from the middle."""
    face, tyre = face or wheel_face(mesh, look), mesh.swatch((22, 22, 23))
    for x in places:
        for side in (-1, 1):
            mesh.tube((x, r, side * (half - width)), (x, r, side * half), r, tyre, 15, face)
