"""Scenes: the sea, towns and the night."""

import numpy as np

from demos.retrieval.render.canvas import DAWN, DAY, EVENING, GREY, Canvas, peaks, scene, stars
from demos.retrieval.render.look import Look, linear, noise


def _town(canvas: Canvas, look: Look, night: bool) -> None:
    """Rows of towers with windows."""
    for row in range(4):
        x = -0.05
        while x < 1.05:
            wide, top = look.some(0.06, 0.15), 0.62 - 0.12 * row + look.some(-0.06, 0.22) * (1 - 0.15 * row)
            far = (3 - row) / 3
            code = look.rng.choice(
                ("1d2438", "232a40", "2a2c44", "161d30")
                if night
                else ("a98f7c", "8a9bb0", "c2b09a", "7d8a96", "b5745c", "d5d2ca")
            )
            wall = linear(code)[:, 0] * (1 - 0.45 * far) + linear("2b3354" if night else "bdd3e4")[:, 0] * 0.45 * far
            inside = (canvas.x >= x) & (canvas.x < x + wide) & (canvas.y < top)
            canvas.fill(inside, wall * (1.12 - 0.3 * (canvas.x > x + 0.72 * wide))[..., None])
            if look.chance(0.3):
                canvas.fill((np.abs(canvas.x - x - wide / 2) < 0.003) & (canvas.y < top + 0.08), wall * 0.8)
            columns, size = max(3, int(wide / 0.022)), 0.03
            u, v = (canvas.x - x) / wide * columns, (top - canvas.y) / size
            pane = inside & (np.abs(u % 1 - 0.5) < 0.28) & (np.abs(v % 1 - 0.5) < 0.27) & (v > 0.4)
            lit = np.sin(np.floor(u) * 12.9 + np.floor(v) * 78.2 + 99 * x) * 4375 % 1
            canvas.fill(
                pane & (lit > 0.5 if night else lit > -1),
                linear("ffd27a" if night else "46586c")[:, 0] * (0.5 + 0.5 * lit)[..., None],
            )
            x += wide + look.some(-0.01, 0.03)


@scene
def _beach(canvas, look):
    horizon = look.some(0.52, 0.62)
    canvas.sky(look.turn((DAY, DAY, EVENING, DAWN)), horizon)
    canvas.clouds("ffffff", look.some(0.3, 1), horizon)
    canvas.sea(horizon, look.turn(("2a6fa8", "1f8fa8", "4a7fb0")), look.turn(("58c4c4", "6cc9b8", "4fb0c9")))
    shore = canvas.line(0.3, 0.012, 2.5) + look.some(-0.3, 0.3) * (canvas.x - 0.5)
    for offset, code in (
        (0.035, "bfe6e2"),
        (0.022, "f6fbfa"),
        (0.004, "b99a6c"),
        (-0.02, look.turn(("ecd6a6", "e4c48c", "f2e2c0"))),
    ):
        canvas.fill(canvas.y < shore + offset + 0.006 * noise(canvas.x, canvas.y, 0.4), code)
    canvas.image *= (1 + 0.035 * noise(canvas.x, canvas.y, 0.25) * (canvas.y < shore - 0.02))[..., None]
    x, top, lean = look.some(0.12, 0.3), look.some(0.72, 0.84), look.some(0.05, 0.14)
    bent = x + lean * np.clip((canvas.y - 0.15) / (top - 0.15), 0, 1) ** 2
    canvas.fill((np.abs(canvas.x - bent) < 0.016 - 0.008 * canvas.y) & (canvas.y < top) & (canvas.y > 0.15), "6b4a2f")
    u, v = canvas.x - x - lean, canvas.y - top
    for angle in np.arange(0, 2 * np.pi, 0.8) + look.some(0, 0.7):
        along = u * np.cos(angle) + v * np.sin(angle)
        across = v * np.cos(angle) - u * np.sin(angle) + np.cos(angle) * 3.2 * along**2
        wide = 0.026 * np.sin(np.pi * np.clip(along / 0.24, 0, 1)) * (0.75 + 0.25 * np.sign(np.sin(along * 260)))
        canvas.fill((np.abs(across) < wide) & (along > 0), look.turn(("2f6b36", "3f7a34", "2a5a3f")))


@scene
def _city_by_day(canvas, look):
    canvas.sky(look.turn((DAY, GREY, EVENING, DAWN)), 0.3)
    canvas.clouds("ffffff", look.some(0.2, 0.9), 0.35)
    _town(canvas, look, night=False)
    trees = canvas.line(0.09, 0.016, 0.5)
    canvas.fill(
        canvas.y < trees,
        linear(look.turn(("4f7a3c", "6b8a3a", "9a7a34")))[:, 0] * (1 + 0.2 * noise(canvas.x, canvas.y, 0.3))[..., None],
    )


@scene
def _city_at_night(canvas, look):
    canvas.sky(
        look.turn((("6a4a78", "2b2f5c", "0e1430"), ("a8566a", "3b2f63", "11142e"), ("2f4a72", "16234a", "080e22"))), 0.3
    )
    stars(canvas, look, 0.3)
    canvas.sun(look.some(0.15, 0.85), look.some(0.8, 0.92), 0.045, "f6efd6", 0.25)
    _town(canvas, look, night=True)
    shore = look.some(0.1, 0.16)
    rows = np.clip(((2 * shore - canvas.y[:, 0]) * len(canvas.y)).astype(int), 0, len(canvas.y) - 1)
    mirrored = canvas.image[len(canvas.y) - 1 - rows] * 0.6
    canvas.fill(
        canvas.y < shore,
        mirrored * (1 + 0.25 * noise(canvas.x * 0.3, canvas.y * 3, 0.9))[..., None] + linear("0e1a30")[:, 0],
    )


@scene
def _sunset_over_the_sea(canvas, look):
    horizon, x = look.some(0.35, 0.5), look.some(0.25, 0.75)
    canvas.sky(
        look.turn(
            (
                ("ffd27a", "f58b4c", "b3496b", "4a3a7a"),
                ("ffe6a8", "f7b267", "e0776a", "6f6a9c"),
                ("ffb36b", "e0574a", "7a2f5c", "2a1f4a"),
            )
        ),
        horizon,
    )
    canvas.clouds("c0566a", look.some(0.3, 0.9), horizon)
    canvas.sun(x, horizon + look.some(0.02, 0.14), look.some(0.05, 0.09), "ffe9a8", 0.5)
    canvas.sea(horizon, look.turn(("c9705a", "d98f6a", "7a3f5a")), "2f2f5a", (x, "ffd98f"))
    if look.chance(0.6):
        u, v = (canvas.x - look.some(0.2, 0.8)) / 0.1, (canvas.y - horizon + 0.05) / 0.1
        canvas.fill((np.abs(u) < 0.6 + 0.5 * v) & (v > -0.25) & (v < 0.05), "1d1a2c")
        canvas.fill(
            (v > 0.12) & (v < 1.6) & (u > -0.03) & (u < 0.55 * (1.6 - v))
            | (v > 0.12) & (v < 1.4) & (u < -0.08) & (u > -0.5 * (1.4 - v)),
            "241f33",
        )


@scene
def _starry_night(canvas, look):
    canvas.sky(
        look.turn((("3f5f8a", "1c2f5c", "0a1230"), ("6a4f7a", "2a2557", "0d0f2c"), ("2f7a78", "153f5c", "081830"))),
        0.15,
    )
    band = canvas.y - 0.75 - look.some(-0.8, 0.8) * (canvas.x - 0.5)
    milk = np.exp(-((band / 0.13) ** 2)) * np.clip(0.5 + 0.35 * noise(canvas.x, canvas.y, 1), 0, 1.5)
    canvas.image += milk[..., None] * linear(look.turn(("8f9fd0", "c79ac0", "8fc0c0")))[:, 0] * 0.5
    stars(canvas, look, 1)
    moon = look.some(0.2, 0.8), look.some(0.6, 0.85)
    if look.chance(0.6):
        r, shifted = (np.hypot(canvas.x - moon[0] - d, canvas.y - moon[1] - d) for d in (0, 0.025))
        canvas.fill((r < 0.065) & (shifted > 0.06), "fbf3d8")
    peaks(canvas, 0.3, 0.05, "1d2a48", 1.8)
    line = peaks(canvas, 0.15, 0.02, "0e1628", 2.5)
    canvas.firs(14, line, (0.08, 0.22), "0a1220")


@scene
def _underwater(canvas, look):
    canvas.sky(
        look.turn((("0b3f66", "1f7fa8", "7fd4e0"), ("0d4a4f", "2a8f8a", "a8e0c8"), ("12285a", "2a5fa8", "8fc0ea"))), 0.1
    )
    for _ in range(6):
        x, lean = look.some(0, 1), look.some(-0.3, 0.3)
        ray = np.exp(-(((canvas.x - x - lean * (1 - canvas.y)) / 0.035) ** 2)) * np.clip(canvas.y, 0, 1) ** 2
        canvas.image += (0.16 * ray)[..., None]
    line = canvas.line(0.16, 0.02, 1.8)
    canvas.fill(canvas.y < line, linear("c9b98a")[:, 0] * (0.65 + 0.1 * noise(canvas.x, canvas.y * 3, 0.6))[..., None])
    for _ in range(9):
        x, h, code = (
            look.some(0, 1),
            look.some(0.15, 0.4),
            look.rng.choice(("d9566a", "e08a3f", "8f4fa8", "3f8a5a", "2f7a4a")),
        )
        up = (canvas.y - 0.08) / h
        for stem in range(5):
            middle = x + (stem - 2) * 0.022 * np.clip(up, 0, 1) + 0.014 * np.sin(9 * up + stem + 9 * x)
            canvas.fill((np.abs(canvas.x - middle) < 0.009) & (up > 0) & (up < 1 - 0.12 * abs(stem - 2)), code)
    for _ in range(10):
        size, way = look.some(0.03, 0.07), 1 if look.chance(0.5) else -1
        u, v = way * (canvas.x - look.some(0.05, 0.95)) / size, (canvas.y - look.some(0.3, 0.85)) / size
        code = look.rng.choice(("f5a623", "f2e24a", "e8556a", "f7f3ea", "ff8a4a"))
        canvas.fill((u**2 + (v / 0.5) ** 2 < 1) | (np.abs(v) < 0.6 * (-0.75 - u)) & (u > -1.5), code)
        canvas.fill(np.hypot(u - 0.55, v - 0.1) < 0.12, "101418")


@scene
def _islands(canvas, look):
    horizon = look.some(0.5, 0.58)
    canvas.sky(look.turn((DAY, DAWN, EVENING, GREY)), horizon)
    canvas.clouds("ffffff", look.some(0.3, 1), horizon)
    canvas.sea(horizon, look.turn(("4a86b4", "5a8fae", "8a7f9a")), look.turn(("1f7f94", "2a6a94", "2f5f7a")))
    for k in range(4):
        base, x, wide = horizon - 0.005 - 0.055 * k, look.some(0.1, 0.9), look.some(0.1, 0.2) * (1 + 0.25 * k)
        bump = np.maximum(1 - ((canvas.x - x) / wide) ** 2, 0)
        top = base + look.some(0.08, 0.2) * bump * (1 + 0.16 * noise(canvas.x, 0 * canvas.x + k, 0.7))
        tone = (
            linear(look.turn(("4a7a45", "5f7f4a", "6f6a5a")))[:, 0]
            * (0.8 + 0.25 * noise(canvas.x, canvas.y + k, 0.5))[..., None]
        )
        haze = 0.6 - 0.2 * k
        canvas.fill((canvas.y < top) & (canvas.y > base), tone * (1 - haze) + haze * linear("b4c6d8")[:, 0])
        canvas.fill((np.abs(canvas.y - base) < 0.005) & (bump > 0.02), "e8dcc0")
        canvas.fill(
            (canvas.y < base - 0.005)
            & (canvas.y > base - 0.5 * (top - base))
            & (noise(canvas.x * 0.3, canvas.y * 4, 0.8) > 0),
            linear("1f4a5a")[:, 0],
        )
