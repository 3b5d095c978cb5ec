"""Landscapes, painted in layers from the sky to the foreground. Places are x and y from 0 to 1, y upwards."""

import numpy as np

from demos.shared.render.look import Look, linear, noise, step

MOODS = {  # colours of the sky, from the horizon up
    "by day": "cfe6f2 7db4dc 3576b8", "at dusk": "fbd08a ee8a62 6d5a8e", "at dawn": "fbe3d0 f0b7b8 8fa6cf",
    "under clouds": "e4e6e6 b4bfc8 8897a6", "at night": "6a4a78 2b2f5c 0e1430", "in haze": "f6e2bd d9c4a0 8fb0c8",
    "in summer": "e8efd0 c9dcae 9fc08a", "in autumn": "f6e6b8 e9c98a c99a5a", "in mist": "dfe8ea b8ccd0 90aab0",
    "in winter": "6a4f7a 2a2557 0d0f2c", "in the north": "2f7a78 153f5c 081830", "with a moon": "3f5f8a 1c2f5c 0a1230",
    "in blue water": "12285a 2a5fa8 8fc0ea", "in green water": "0d4a4f 2a8f8a a8e0c8",
    "in shallow water": "0b3f66 1f7fa8 7fd4e0", "golden": "ffe6a8 f7b267 e0776a 6f6a9c",
    "rosy": "ffd27a f58b4c b3496b 4a3a7a", "red": "ffb36b e0574a 7a2f5c 2a1f4a",
}  # fmt: skip


class Canvas:
    """What is painted so far, linear light float32 (3, side * side), and the places x, y of its points."""

    def __init__(self, side: int, look: Look):
        y, x = np.mgrid[1 : 0 : side * 1j, 0 : 1 : side * 1j].astype(np.float32)
        self.x, self.y, self.side, self.look = x.ravel(), y.ravel(), side, look
        self.image = np.zeros((3, side * side), np.float32)

    def fill(self, mask: np.ndarray, colour: np.ndarray | str, tone: np.ndarray | float = 1) -> None:
        """Paints a colour, "rrggbb", (3, 1) or (3, n), as bright as tone (n,) says, where mask (n,) is 1 or true."""
        colour = (linear(colour) if isinstance(colour, str) else colour) * np.asarray(tone, np.float32)
        if mask.dtype == bool:
            np.copyto(self.image, colour, where=mask)
        else:
            self.image += (colour - self.image) * mask

    def noise(self, size: float, tall: float = 1, at: float = 0) -> np.ndarray:
        """Clouds (n,) of this size; `tall` 0.5 for twice as tall as wide."""
        return noise(self.x + np.float32(at), self.y * np.float32(tall), size)

    def sky(self, horizon: float, *moods: str) -> str:
        """One of the MOODS, which the title then names, from the horizon to the top."""
        self.look.note = self.look.turn(*moods)
        table = np.concatenate([linear(code) for code in MOODS[self.look.note].split()], 1)
        stops = np.linspace(horizon, 1, table.shape[1])
        self.image[:] = [np.interp(self.y, stops, channel) for channel in table]
        return self.look.note

    def disc(self, x: float, y: float, radius: float, code: str, glow: float = 0.5) -> None:
        """The sun or the moon, which shines into the sky around it."""
        r = np.hypot(self.x - x, self.y - y)
        self.image += linear(code) * (glow * np.exp(-r / (2.5 * radius)))
        self.fill(step(r, radius, radius - 0.004), np.minimum(linear(code) * 1.4, 1))

    def clouds(self, code: str, horizon: float) -> None:
        """Clouds, flatter towards the horizon."""
        far, cover = 1 / np.maximum(self.y - horizon + 0.25, 0.1), self.look.some(0.2, 1)
        cloud = noise((self.x - 0.5) * far * 1.1 + self.look.some(20, 29), far * 1.6 + self.look.some(0, 9), 7)
        self.fill(0.9 * step(cloud, cover, cover + 1.5) * step(self.y, horizon, horizon + 0.12), code)

    def stars(self, count: int) -> None:
        """Stars of many brightnesses, two points wide."""
        places, light = self.look.rng.integers(0, self.x.size, count), self.look.rng.uniform(0, 1.2, count) ** 2
        for shift in (0, 1, self.side, self.side + 1):
            self.image[:, (places + shift) % self.x.size] += light.astype(np.float32)

    def line(self, height: float, rise: float, size: float) -> np.ndarray:
        """A rough line (n,), the same in each row; its humps are about size / 4 wide."""
        row = noise(self.x[: self.side] + np.float32(self.look.some(0, 99)), self.look.some(0, 1), size)
        return np.tile(height + rise * row, self.side)

    def peaks(self, height: float, rise: float, code: str, size: float, snow: float = 9) -> np.ndarray:
        """Mountains with lit and shaded slopes, white above `snow`; gives their line."""
        line = self.line(height, rise, size)
        slope = noise(self.x * 1.5 + self.y * 0.9 + 1, self.y * 0.7 - self.x * 0.4 + height + 1, 0.9)
        self.fill(self.y < line, code, 0.9 + 0.3 * step(slope, -0.25, 0.25))
        white = step(self.y + 0.035 * slope - 0.35 * (line - self.y), snow, snow + 0.015)
        self.fill((self.y < line) * white, "f4f7fb", 0.72 + 0.28 * step(slope, -0.2, 0.3))
        return line

    def sea(self, horizon: float, far: str, near: str) -> np.ndarray:
        """Water up to the horizon; gives its waves (n,)."""
        away = 1 / (np.maximum(horizon - self.y, 0) + 0.03)
        waves, depth = noise(self.x * away * 0.35, away * 0.8, 2.2), step(self.y, horizon, horizon - 0.45)
        self.fill(self.y < horizon, linear(far) * (1 - depth) + linear(near) * depth, 1 + 0.16 * waves)
        return waves

    def firs(self, count: int, foot: np.ndarray, low: float, high: float, code: str, snow: bool = False) -> None:
        """Fir trees on a line (n,), the smaller and higher first."""
        rough = self.noise(0.3) > -0.6
        for share in np.linspace(0, 1, count):
            x, h = self.look.some(0, 0.999), (low + (high - low) * share) * self.look.some(0.75, 1.25)
            up = (self.y - foot[int(x * self.side)] + 0.25 * h + 0.06 * share) / h
            tier = 0.3 * h * (1 - up) * (1.15 - 0.5 * (up * 4.5 % 1)) + 0.004 * np.sin(self.y * 400)
            across = np.abs(self.x - x)
            inside = (across < tier) & (up > 0.08) & (up < 1)
            self.fill((across < 0.035 * h) & (up > 0) & (up < 0.3), "4a3424")
            self.fill(inside, code, self.look.some(0.75, 1.25))
            if snow:
                self.fill(inside & (up * 4.5 % 1 < 0.35) & rough, "eef3f9")
