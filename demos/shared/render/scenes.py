"""Landscapes, cities and the sea at all hours. A scene is a function that paints a canvas."""

import numpy as np

from demos.shared.render.canvas import Canvas
from demos.shared.render.look import Look, by_name, hash_pairs, linear, mix, noise, step
from demos.shared.render.textures import FINE, downsample

_ALL_DAY = ("by day", "at dusk", "by day", "at dawn", "under clouds")


def draw_scene(kind: str, look: Look, side: int) -> np.ndarray:
    """A picture of the scene, linear light float32 (3, side * side)."""
    canvas = Canvas(FINE * side, look)
    SCENES[kind](canvas, look)
    image = downsample(canvas.image)
    return image if look.chance(0.5) else image.reshape(3, side, side)[..., ::-1].reshape(3, -1)


def _mountains(canvas, look):
    canvas.sky(0.4, *_ALL_DAY)
    canvas.clouds("ffffff", 0.45)
    canvas.peaks(look.some(0.62, 0.7), 0.06, look.turn("8296b4", "9c8fae", "7f8fa5"), 1.5, 0.6)
    canvas.peaks(0.45, 0.05, look.turn("5e6f86", "6e5f72", "4f6a6a"), 1.6, look.turn(9, 0.5))
    line = canvas.peaks(0.27, 0.03, look.turn("4c6b43", "6d7a3a", "8a6a34"), 3)
    canvas.firs(22, line, 0.05, 0.17, look.turn("24452f", "1f3d2c", "3f4a22"))


def _desert_dunes(canvas, look):
    canvas.sky(0.45, "by day", "at dusk", "in haze", "at dawn")
    canvas.disc(look.some(0.2, 0.8), look.some(0.7, 0.88), 0.05, "fff3cf", 0.35)
    sand = linear(look.turn("e0a860", "d98f4e", "e8c48a", "cf7a45", "d9a070"))
    for k in range(5):
        line, crest = canvas.line(0.52 - 0.11 * k, 0.035 + 0.008 * k, 4.5 - 0.3 * k), canvas.line(0.5, 0.16, 3)
        below, haze = line - canvas.y, 0.055 * (4 - k)
        dark = step(np.sin(9 * canvas.x + 5 * crest + 16 * below), -0.25, 0.15)
        ripples = 1 + 0.035 * np.sin(below * 420 + 6 * canvas.noise(0.9)) * (k > 2)
        tone = (0.58 + 0.42 * dark) * (1 - 0.5 * np.clip(below, 0, 0.5)) * ripples
        canvas.fill(step(below, 0, 0.003), sand * (tone * (1 - haze)) + haze * linear("f3dcc0"))


def _forest(canvas, look):
    mood = canvas.sky(0.2, "in summer", "in autumn", "in mist")
    leaf = linear({"in summer": "4f7f35", "in autumn": "b8742a", "in mist": "3f6a4a"}[mood]) * look.some(0.8, 1.3)
    for row in range(4):
        tone = 1 - 0.22 * row
        places = look.rng.uniform(0, 1, 7 - row)[:, None].astype(np.float32)
        aside = canvas.x - places - 0.02 * np.sin(canvas.y * 3 + places * 9)
        aside = np.take_along_axis(aside, np.abs(aside).argmin(0)[None], 0)[0] / (0.008 + 0.011 * row)
        bark = 1 + 0.25 * noise(canvas.x * 3, canvas.y * 0.4, 0.4) - 0.4 * aside
        trunk = np.abs(aside) < 1 + 0.5 * np.exp(-canvas.y * 9)
        canvas.fill(trunk, linear("5d4632") * (tone * np.clip(bark, 0.3, 2)) + 0.04 * (3 - row))
        crowns = canvas.noise(1.2, at=row + look.some(0, 9)) + 5 * (canvas.y - 0.85 + 0.03 * row)
        canvas.fill(step(crowns, 0, 0.15), leaf, tone * (1.2 + 0.3 * canvas.noise(0.35, at=row)))
        ground = canvas.line(0.3 - 0.08 * row, 0.01, 1.5)
        canvas.fill(canvas.y < ground, leaf, tone * (0.9 + 0.3 * canvas.noise(0.5, 2)))


def _snowy_hills(canvas, look):
    canvas.sky(0.35, "by day", "at dawn", "under clouds", "at dusk")
    canvas.peaks(0.52, 0.05, "8f9fb8", 2, 0.36)
    for height, code, count, low, high in (
        (0.38, "d5e0ec", 14, 0.05, 0.1), (0.24, "e4ecf4", 8, 0.12, 0.2), (0.1, "f5f8fb", 4, 0.22, 0.34),
    ):  # fmt: skip
        line = canvas.line(height, 0.018, 3.5)
        canvas.fill(canvas.y < line, code, 1 - 0.5 * np.clip(line - canvas.y, 0, 0.2) + 0.03 * canvas.noise(1, 3))
        canvas.firs(count, line, low, high, "2f5548", snow=True)
    canvas.stars(look.turn(0, 900, 300))  # or flakes


def _fields(canvas, look):
    horizon = look.some(0.5, 0.6)
    canvas.sky(horizon, *_ALL_DAY)
    canvas.clouds("ffffff", horizon)
    codes = look.rng.permutation(("8fae4a", "d9b84a", "6f9a45", "b08ac0", "c9d06a", "a9743f"))
    for k in range(5):
        line = canvas.line(horizon + 0.02 - 0.12 * k, 0.018, 4)
        slope = (canvas.x - look.some(-0.5, 1.5)) / (horizon + 0.35 - canvas.y)
        rows = 1 + 0.22 * np.sin(slope * look.some(60, 110))
        canvas.fill(canvas.y < line, codes[k], rows * (0.95 + 0.08 * canvas.noise(0.5)))
        hedge = (canvas.y < line + canvas.line(0.012, 0.01, 0.25)) & (canvas.y > line - 0.006)
        canvas.fill(hedge & (canvas.line(0, 1, 2) > -0.1), "3f6035")


def _volcano(canvas, look):
    night = canvas.sky(0.3, "at night", "by day", "at night", "at dusk") == "at night"
    x, top = look.some(0.38, 0.62), look.some(0.62, 0.72)
    up = canvas.y - top
    plume = canvas.noise(1.1, 0.8, look.some(0, 9)) - ((canvas.x - x - 0.3 * up**2) / (0.03 + 0.45 * up)) ** 2
    smoke = step(plume, -1.6, -0.6) * (up > -0.02) * np.float32(0.9)
    canvas.fill(smoke, "5a5058" if night else "8a8488", 0.9 + 0.3 * canvas.noise(0.7))
    if night:
        canvas.image += linear("ff6a2a") * (0.9 * np.exp(-np.hypot(canvas.x - x, up) / 0.09))
    edge = np.abs(canvas.x - x) + 0.006 * canvas.noise(0.4)
    cone = up < 0.02 * np.minimum(edge / 0.06, 1) - 0.9 * np.maximum(edge - 0.06, 0) ** 0.82
    ribs = noise((canvas.x - x) / (0.09 - np.minimum(up, 0.08)), canvas.y * 0.3, 1.6)
    canvas.fill(cone, "3a3038" if night else "6a5a58", 1 + 0.25 * ribs + 0.5 * (canvas.x < x))
    for k in (-1, 0, 1):
        path = x + k * (0.02 - 0.55 * up * look.some(0.5, 1)) + 0.012 * np.sin(canvas.y * 30 + 2 * k)
        flow = cone & (up > -look.some(0.15, 0.4))
        for width, code in ((0.012, "ff7a1f"), (0.005, "ffd65a")):
            canvas.fill(flow & (np.abs(canvas.x - path) < width), code)
    line = canvas.peaks(0.16, 0.02, "1f2a22" if night else "3f6038", 2)
    canvas.firs(12, line, 0.06, 0.15, "141c18" if night else "2a4a2c")


def _waterfall(canvas, look):
    canvas.sky(0.7, *_ALL_DAY)
    cracks, line = noise(canvas.x * 2, canvas.y * 0.6, 0.8), canvas.line(0.82, 0.02, 1)
    rock = look.turn("6a6a62", "7a6450", "55606a")
    canvas.fill(canvas.y < line, rock, 0.85 + 0.3 * step(cracks, -0.3, 0.3) - 0.3 * (cracks > 1.2))
    moss = (canvas.y < line + 0.03 + 0.02 * cracks) & (canvas.y > line - 0.05 + 0.04 * cracks)
    canvas.fill(moss, look.turn("4f7f3a", "7a8a35", "3f6a3f"))
    x, wide = look.some(0.35, 0.65), look.some(0.07, 0.15)
    spread = wide * (1 + 0.35 * (0.8 - canvas.y)) + 0.012 * canvas.noise(0.5, 2)
    threads = np.clip(0.85 + 0.13 * noise(canvas.x * 4, canvas.y * 0.25, 0.7), 0.4, 1.1)
    canvas.fill((np.abs(canvas.x - x) < spread) & (canvas.y < line - 0.005), "dfeef4", threads)
    pool = look.turn("2f8a94", "2a6f8a", "3f8a6a")
    canvas.fill(canvas.y < canvas.line(0.26, 0.006, 0.8), pool, 1 + 0.16 * noise(canvas.x * 0.4, canvas.y * 2.4, 0.7))
    mist = np.exp(-(((canvas.x - x) / (1.6 * wide)) ** 2) - ((canvas.y - 0.26) / 0.07) ** 2)
    canvas.fill(mist * np.clip(0.8 + 0.3 * canvas.noise(0.6), 0, 1), "f4f9fa")
    canvas.firs(7, canvas.peaks(0.1, 0.012, "2f4a30", 2), 0.16, 0.3, look.turn("1f4a2f", "2f4a24", "1f3f3a"))


def _beach(canvas, look):
    horizon = look.some(0.52, 0.62)
    canvas.sky(horizon, *_ALL_DAY)
    canvas.clouds("ffffff", horizon)
    canvas.sea(horizon, look.turn("2a6fa8", "1f8fa8", "4a7fb0"), look.turn("58c4c4", "6cc9b8", "4fb0c9"))
    shore, sand = canvas.line(0.3, 0.012, 2.5) + look.some(-0.3, 0.3) * (canvas.x - 0.5), look.turn("ecd6a6", "e4c48c")
    for offset, code in ((0.035, "bfe6e2"), (0.022, "f6fbfa"), (0.004, "b99a6c"), (-0.02, sand)):
        canvas.fill(canvas.y < shore + offset + 0.006 * canvas.noise(0.4), code, 1 + 0.03 * canvas.noise(0.25))
    x, top, lean = look.some(0.12, 0.3), look.some(0.72, 0.84), look.some(0.05, 0.14)
    leaf = look.turn("2f6b36", "3f7a34")
    bent = x + lean * np.clip((canvas.y - 0.15) / (top - 0.15), 0, 1) ** 2
    high = np.abs(2 * canvas.y - top - 0.15) < top - 0.15
    canvas.fill((np.abs(canvas.x - bent) < 0.016 - 0.008 * canvas.y) & high, "6b4a2f")
    u, v = canvas.x - x - lean, canvas.y - top
    for a in np.arange(0, 2 * np.pi, 0.8) + look.some(0, 0.7):
        along, across = u * np.cos(a) + v * np.sin(a), v * np.cos(a) - u * np.sin(a)
        wide = 0.026 * np.sin(np.pi * np.clip(along / 0.24, 0, 1)) * (0.75 + 0.25 * np.sign(np.sin(along * 260)))
        canvas.fill((np.abs(across + np.cos(a) * 3.2 * along**2) < wide) & (along > 0), leaf)


def _city(canvas, look):
    night = canvas.sky(0.3, "by day", "at night", "at dusk", "at night", "at dawn") == "at night"
    if night:
        canvas.stars(150)
        canvas.disc(look.some(0.15, 0.85), look.some(0.8, 0.92), 0.045, "f6efd6", 0.25)
    else:
        canvas.clouds("ffffff", 0.35)
    codes = "1d2438 232a40 2a2c44 161d30" if night else "a98f7c 8a9bb0 c2b09a 7d8a96 b5745c d5d2ca"
    for row in range(4):
        widths = look.rng.uniform(0.06, 0.15, 22)
        edges = np.cumsum(widths) - 0.16
        tower = np.searchsorted(edges, canvas.x)
        walls = np.concatenate([linear(code) for code in look.rng.choice(codes.split(), 22)], 1)
        walls = mix(walls, linear("2b3354" if night else "bdd3e4"), 0.15 * (3 - row))
        down = 0.62 - 0.12 * row + look.rng.uniform(-0.06, 0.22, 22)[tower] * (1 - 0.15 * row) - canvas.y
        across = (canvas.x - edges[tower - 1]) / widths[tower]
        canvas.fill(down > 0, walls[:, tower], 1.12 - 0.3 * (across > 0.72))
        u, v = across * np.rint(widths / 0.022)[tower], down / 0.03
        pane = (np.abs(u % 1 - 0.5) < 0.28) & (np.abs(v % 1 - 0.5) < 0.27) & (v > 0.4)
        lit = hash_pairs(np.floor(u) + 7 * tower, np.floor(v))
        canvas.fill(pane & (lit > 0.5 * night), "ffd27a" if night else "46586c", 0.5 + 0.5 * lit)
    deep = int(look.some(0.1, 0.16) * canvas.side)
    picture, waves = (a.reshape(-1, canvas.side, canvas.side) for a in (canvas.image, canvas.noise(0.9, 3)))
    picture[:, -deep:] = picture[:, -2 * deep : -deep][:, ::-1] * (0.6 + 0.15 * waves[:, -deep:]) + 0.01


def _sunset_over_the_sea(canvas, look):
    horizon, x = look.some(0.35, 0.5), look.some(0.25, 0.75)
    look.name, look.note = canvas.sky(horizon, "golden", "rosy", "red"), ""
    canvas.clouds("c0566a", horizon)
    canvas.disc(x, horizon + look.some(0.02, 0.14), look.some(0.05, 0.09), "ffe9a8", 0.5)
    waves = canvas.sea(horizon, look.turn("d98f6a", "c9705a", "7a3f5a"), "2f2f5a")
    path = np.exp(-(((canvas.x - x) / (0.04 + 0.35 * np.abs(horizon - canvas.y))) ** 2)) * step(waves, -0.2, 1)
    canvas.fill(path * (canvas.y < horizon), "ffd98f")
    if look.chance(0.6):
        look.note = "with a boat"
        u, v = (canvas.x - look.some(0.2, 0.8)) / 0.1, (canvas.y - horizon + 0.05) / 0.1
        sails = (u > -0.03) & (u < 0.55 * (1.6 - v)) | (u < -0.08) & (u > -0.5 * (1.4 - v))
        canvas.fill((np.abs(u) < 0.6 + 0.5 * v) & (v > -0.25) & (v < 0.05) | sails & (v > 0.12), "1d1a2c")


def _starry_night(canvas, look):
    moon = canvas.sky(0.15, "with a moon", "in winter", "in the north") == "with a moon"
    band = (canvas.y - 0.75 - look.some(-0.8, 0.8) * (canvas.x - 0.5)) / 0.13
    milk = np.exp(-(band**2)) * np.clip(0.5 + 0.35 * canvas.noise(1), 0, 1.5)
    canvas.image += linear(look.turn("8f9fd0", "c79ac0", "8fc0c0")) * milk * 0.5
    canvas.stars(500)
    if moon:
        r, shifted = (np.hypot(canvas.x - 0.3 - d, canvas.y - 0.75 - d) for d in (0, 0.025))
        canvas.fill((r < 0.065) & (shifted > 0.06), "fbf3d8")
    winter = look.note == "in winter"
    canvas.peaks(0.3, 0.05, "1d2a48", 1.8, 0.2 if winter else 9)
    canvas.firs(14, canvas.peaks(0.15, 0.02, "5a6a90" if winter else "0e1628", 2.5), 0.08, 0.22, "0a1220")


def _coral_reef(canvas, look):
    canvas.sky(0.1, "in shallow water", "in green water", "in blue water")
    for x, lean in look.rng.uniform((0, -0.3), (1, 0.3), (6, 2)):
        canvas.image += 0.16 * np.exp(-(((canvas.x - x - lean * (1 - canvas.y)) / 0.035) ** 2)) * canvas.y**2
    canvas.fill(canvas.y < canvas.line(0.16, 0.02, 1.8), "c9b98a", 0.65 + 0.1 * canvas.noise(0.6, 3))
    for x, h in look.rng.uniform((0, 0.15), (1, 0.4), (9, 2)):
        code, up = look.rng.choice(("d9566a", "e08a3f", "8f4fa8", "3f8a5a", "2f7a4a")), (canvas.y - 0.08) / h
        for stem in (-2, -1, 0, 1, 2):
            middle = x + stem * 0.022 * np.clip(up, 0, 1) + 0.014 * np.sin(9 * up + stem + 9 * x)
            canvas.fill((np.abs(canvas.x - middle) < 0.009) & (up > 0) & (up < 1 - 0.12 * abs(stem)), code)
    for x, y, size in look.rng.uniform((0.05, 0.3, 0.03), (0.95, 0.85, 0.07), (10, 3)):
        u, v = (canvas.x - x) / size * look.rng.choice((-1, 1)), (canvas.y - y) / size
        fish = (u**2 + (v / 0.5) ** 2 < 1) | (np.abs(v) < 0.6 * (-0.75 - u)) & (u > -1.5)
        canvas.fill(fish, look.rng.choice(("f5a623", "f2e24a", "e8556a", "f7f3ea", "ff8a4a")))
        canvas.fill(np.hypot(u - 0.55, v - 0.1) < 0.12, "101418")


SCENES = by_name(
    _mountains, _desert_dunes, _forest, _snowy_hills, _fields, _volcano, _waterfall, _beach, _city,
    _sunset_over_the_sea, _starry_night, _coral_reef,
)  # fmt: skip
