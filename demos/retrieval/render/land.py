"""Scenes: mountains and plains."""

import numpy as np

from demos.retrieval.render.canvas import DAWN, DAY, EVENING, GREY, peaks, scene
from demos.retrieval.render.look import linear, noise, step


@scene
def _mountains(canvas, look):
    canvas.sky(look.turn((DAY, DAWN, EVENING, GREY)), 0.4)
    canvas.clouds("ffffff", look.some(0.3, 1))
    peaks(canvas, look.some(0.62, 0.7), 0.06, look.turn(("8296b4", "9c8fae", "7f8fa5")), 1.5, 0.6)
    peaks(canvas, 0.45, 0.05, look.turn(("5e6f86", "6e5f72", "4f6a6a")), 1.6, look.turn((None, 0.5)))
    line = peaks(canvas, 0.27, 0.03, look.turn(("4c6b43", "6d7a3a", "8a6a34")), 3)
    canvas.firs(26, line, (0.05, 0.17), look.turn(("24452f", "1f3d2c", "3f4a22")))


@scene
def _desert_dunes(canvas, look):
    canvas.sky(look.turn((DAY, EVENING, ("f6e2bd", "d9c4a0", "8fb0c8"), DAWN)), 0.45)
    canvas.sun(look.some(0.2, 0.8), look.some(0.7, 0.88), 0.05, "fff3cf", 0.35)
    sand = linear(look.turn(("e0a860", "d98f4e", "e8c48a", "cf7a45")))[:, 0]
    for k in range(5):
        line = canvas.line(0.52 - 0.11 * k, 0.035 + 0.008 * k, 4.5 - 0.3 * k)
        crest = canvas.line(0.5, 0.16, 3)
        below = line - canvas.y
        dark = step(np.sin(9 * canvas.x + 5 * crest + 16 * below), -0.25, 0.15)
        ripples = 1 + 0.035 * np.sin(below * 420 + 6 * noise(canvas.x, canvas.y, 0.9)) * (k > 2)
        tone = (0.58 + 0.42 * dark) * (1 - 0.5 * np.clip(below, 0, 0.5)) * ripples
        haze = 0.22 * (4 - k) / 4
        canvas.fill(step(below, 0, 0.003), sand * (tone * (1 - haze))[..., None] + haze * linear("f3dcc0")[:, 0])


@scene
def _forest(canvas, look):
    canvas.sky(
        look.turn((("e8efd0", "c9dcae", "9fc08a"), ("f6e6b8", "e9c98a", "c99a5a"), ("dfe8ea", "b8ccd0", "90aab0"))), 0.2
    )
    leaf = look.turn(("4f7f35", "b8742a", "3f6a4a", "7f9a35"))
    for row in range(4):
        tone = 0.35 + 0.65 * (3 - row) / 3
        for _ in range(7 - row):
            x, wide = look.some(0, 1), 0.008 + 0.011 * row
            trunk = np.abs(canvas.x - x - 0.02 * np.sin(canvas.y * 3 + x * 9)) < wide * (
                1 + 0.5 * np.exp(-canvas.y * 9)
            )
            bark = 1 + 0.25 * noise(canvas.x * 3, canvas.y * 0.4, 0.4) + 0.4 * (x - canvas.x) / wide
            canvas.fill(
                trunk, linear("5d4632")[:, 0] * (tone * np.clip(bark, 0.3, 2))[..., None] + 0.12 * (3 - row) / 3
            )
        crowns = noise(canvas.x + row * 0.3 + look.some(0, 9), canvas.y, 1.2) + 5 * (canvas.y - 0.85 + 0.03 * row)
        canvas.fill(
            step(crowns, 0, 0.15),
            linear(leaf)[:, 0] * (tone * (1.2 + 0.3 * noise(canvas.x, canvas.y + row, 0.35)))[..., None],
        )
        ground = canvas.line(0.3 - 0.08 * row, 0.01, 1.5)
        canvas.fill(
            canvas.y < ground,
            linear(leaf)[:, 0] * (tone * (0.9 + 0.3 * noise(canvas.x, canvas.y * 2 + row, 0.5)))[..., None],
        )


@scene
def _winter(canvas, look):
    canvas.sky(look.turn((("e8f0f6", "b4cfe6", "7fa6d0"), ("f9dccb", "e4bcc8", "93a3c9"), GREY)), 0.35)
    peaks(canvas, 0.52, 0.05, "8f9fb8", 2, 0.36)
    for k, (height, tone) in enumerate(((0.38, "d5e0ec"), (0.24, "e4ecf4"), (0.1, "f5f8fb"))):
        line = canvas.line(height, 0.018, 3.5)
        canvas.fill(
            canvas.y < line,
            linear(tone)[:, 0]
            * (1 - 0.5 * np.clip(line - canvas.y, 0, 0.2) + 0.03 * noise(canvas.x, canvas.y * 3, 1))[..., None],
        )
        canvas.firs((16, 9, 4)[k], line, ((0.05, 0.1), (0.12, 0.2), (0.22, 0.34))[k], "2f5548", snow=1)
    for _ in range(look.turn((0, 160, 60))):
        r = np.float32(look.some(0.002, 0.005))
        i, j = (int(look.some(5, len(canvas.y) - 6)) for _ in range(2))
        canvas.image[i : i + int(r * 800), j : j + int(r * 800)] = 0.97


@scene
def _road(canvas, look):
    horizon, bend = look.some(0.45, 0.55), look.some(-0.5, 0.5)
    canvas.sky(look.turn((DAY, EVENING, GREY, DAWN)), horizon)
    canvas.clouds("ffffff", look.some(0.3, 0.9), horizon)
    peaks(canvas, horizon + 0.07, 0.03, look.turn(("7f93ad", "8a7f9a", "6f8a7a")), 1.6)
    drop = np.maximum(horizon - canvas.y, 0)
    away = 0.1 / (drop + 0.004)
    land = linear(look.turn(("7a9a45", "c2a15c", "6a8a3f", "d8c9a0")))[:, 0]
    canvas.fill(canvas.y < horizon, land * (0.9 + 0.14 * noise(canvas.x * away * 2, away * 3, 2))[..., None])
    middle = 0.5 + bend * (horizon - drop) ** 2 * 2 - bend * 0.1
    across = (canvas.x - middle) / (drop + 0.004)
    on = canvas.y < horizon
    canvas.fill(on & (np.abs(across) < 0.72), "8d8778")
    canvas.fill(
        on & (np.abs(across) < 0.64),
        linear("55575c")[:, 0] * (1 + 0.05 * noise(canvas.x * away * 9, away * 9))[..., None],
    )
    canvas.fill(
        on & (np.abs(np.abs(across) - 0.58) < 0.018) | on & (np.abs(across) < 0.02) & (away * 4 % 1 < 0.5), "f0ead8"
    )
    for k in range(10):
        x, depth = (-1, 1)[k % 2] * look.some(0.95, 1.6), look.some(0.03, 0.3)
        centre = 0.5 + bend * (horizon - depth) ** 2 * 2 - bend * 0.1 + x * depth
        r = np.hypot(canvas.x - centre, (canvas.y - horizon + depth - 0.7 * depth) * 0.85)
        canvas.fill(
            (np.abs(canvas.x - centre) < 0.05 * depth) & (np.abs(canvas.y - horizon + 0.7 * depth) < 0.3 * depth),
            "4a3424",
        )
        canvas.fill(
            r < depth * (0.36 + 0.04 * noise(canvas.x / depth, canvas.y / depth, 0.9)),
            linear("3f6a35")[:, 0] * look.some(0.7, 1.2),
        )


@scene
def _fields(canvas, look):
    horizon = look.some(0.5, 0.6)
    canvas.sky(look.turn((DAY, DAY, DAWN, EVENING)), horizon)
    canvas.clouds("ffffff", look.some(0.1, 0.8), horizon)
    codes = ("8fae4a", "d9b84a", "6f9a45", "b08ac0", "c9d06a", "a9743f")
    for k in range(5):
        line = canvas.line(horizon + 0.02 - 0.12 * k, 0.018, 4)
        slope = (canvas.x - look.some(-0.5, 1.5)) / (horizon + 0.35 - canvas.y)
        rows = 1 + 0.22 * np.sin(slope * look.some(60, 110))
        colour = linear(codes[(look.number + 2 * k + look.start) % 6 if k % 2 else int(look.some(0, 6))])[:, 0]
        canvas.fill(canvas.y < line, colour * (rows * (0.95 + 0.08 * noise(canvas.x, canvas.y, 0.5)))[..., None])
        bushes = line + 0.012 + 0.01 * noise(canvas.x, 0 * canvas.x + k, 0.25)
        canvas.fill(
            (canvas.y < bushes) & (canvas.y > line - 0.006) & (noise(canvas.x + k, 0 * canvas.x, 2) > -0.1), "3f6035"
        )


@scene
def _volcano(canvas, look):
    night = look.number % 2
    canvas.sky(
        (("5a2a3a", "3a2440", "120f26"), ("8a3a2a", "4a2338", "1a1226"))[look.number // 2 % 2]
        if night
        else look.turn((DAY, EVENING, DAWN)),
        0.3,
    )
    x, top = look.some(0.38, 0.62), look.some(0.62, 0.72)
    plume = (
        noise(canvas.x, canvas.y * 0.8 + look.some(0, 9), 1.1)
        - ((canvas.x - x - 0.3 * (canvas.y - top) ** 2) / (0.03 + 0.45 * (canvas.y - top))) ** 2
    )
    canvas.fill(
        step(plume, -1.6, -0.6) * (canvas.y > top - 0.02) * 0.9,
        linear("5a5058" if night else "8a8488")[:, 0] * (0.9 + 0.3 * noise(canvas.x, canvas.y, 0.7))[..., None],
    )
    if night:
        canvas.image += (0.9 * np.exp(-np.hypot(canvas.x - x, canvas.y - top) / 0.09))[..., None] * linear("ff6a2a")[
            :, 0
        ]
    edge = np.abs(canvas.x - x) + 0.006 * noise(canvas.x, canvas.y, 0.4)
    cone = canvas.y < top - 0.9 * np.maximum(edge - 0.06, 0) ** 0.82 + 0.02 * np.minimum(edge / 0.06, 1)
    ribs = noise((canvas.x - x) / (top + 0.08 - canvas.y + 0.01), canvas.y * 0.3, 1.6)
    canvas.fill(
        cone, linear("3a3038" if night else "6a5a58")[:, 0] * (1 + 0.25 * ribs + 0.5 * (canvas.x < x))[..., None]
    )
    for k in range(3):
        path = (
            x + (k - 1) * (0.02 + 0.55 * (top - canvas.y) * look.some(0.5, 1)) + 0.012 * np.sin(canvas.y * 30 + 2 * k)
        )
        reach = top - look.some(0.15, 0.4)
        canvas.fill(cone & (np.abs(canvas.x - path) < 0.012) & (canvas.y > reach), "ff7a1f")
        canvas.fill(cone & (np.abs(canvas.x - path) < 0.005) & (canvas.y > reach), "ffd65a")
    line = peaks(canvas, 0.16, 0.02, "1f2a22" if night else "3f6038", 2)
    canvas.firs(12, line, (0.06, 0.15), "141c18" if night else "2a4a2c")


@scene
def _waterfall(canvas, look):
    canvas.sky(look.turn((DAY, DAWN, GREY)), 0.7)
    rock = linear(look.turn(("6a6a62", "7a6450", "55606a")))[:, 0]
    cracks = noise(canvas.x * 2, canvas.y * 0.6, 0.8)
    line = canvas.line(0.82, 0.02, 1)
    canvas.fill(canvas.y < line, rock * (0.85 + 0.3 * step(cracks, -0.3, 0.3) - 0.3 * (cracks > 1.2))[..., None])
    canvas.fill(
        (canvas.y < line + 0.03 + 0.02 * cracks) & (canvas.y > line - 0.05 + 0.04 * cracks),
        look.turn(("4f7f3a", "7a8a35", "3f6a3f")),
    )
    x, wide = look.some(0.35, 0.65), look.some(0.07, 0.15)
    spread = wide * (1 + 0.35 * (0.8 - canvas.y)) + 0.012 * noise(canvas.x, canvas.y * 2, 0.5)
    threads = noise(canvas.x * 4, canvas.y * 0.25, 0.7)
    canvas.fill(
        (np.abs(canvas.x - x) < spread) & (canvas.y < line - 0.005),
        linear("dfeef4")[:, 0] * np.clip(0.85 + 0.13 * threads, 0.4, 1.1)[..., None],
    )
    pool = canvas.line(0.26, 0.006, 0.8)
    canvas.fill(
        canvas.y < pool,
        linear(look.turn(("2f8a94", "2a6f8a", "3f8a6a")))[:, 0]
        * (1 + 0.16 * noise(canvas.x * 0.4, canvas.y * 2.4, 0.7))[..., None],
    )
    mist = np.exp(-(((canvas.x - x) / (1.6 * wide)) ** 2 + ((canvas.y - 0.26) / 0.07) ** 2)) * np.clip(
        0.8 + 0.3 * noise(canvas.x, canvas.y, 0.6), 0, 1
    )
    canvas.fill(mist, "f4f9fa")
    canvas.firs(7, peaks(canvas, 0.1, 0.012, "2f4a30"), (0.16, 0.3), look.turn(("1f4a2f", "2f4a24", "1f3f3a")))
