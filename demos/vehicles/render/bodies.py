"""The shapes of cars and vans as numbers and outlines."""

from dataclasses import dataclass

import numpy as np

from demos.shared.render.look import Look
from demos.vehicles.render.outline import trace

# Length, height, width; x from the tail as shares of the length: rear window's foot, roof's rear, roof's front,
# windscreen's foot; heights as shares: boot, bonnet's rear, bonnet's front, belt.
SHAPES = {
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
class Body:
    """The numbers of a body: see SHAPES; `outline` (n, 2), `along` (n,), `marks`: along at the outline's corners."""

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


def make_body(look: Look, shape: str) -> Body:
    """A body of a shape, one of SHAPES, with proportions by chance."""
    long, high, wide, foot, rear, front, screen, boot, cowl, nose, belt = SHAPES[shape]
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
    outline, along, marks = trace(corners, 2 if shape in ("van", "high van", "off-roader") else 4)
    wheel = look.some(0.3, 0.345) * (1.15 if shape in ("off-roader", "pick-up") else 1)
    axles = ((look.some(0.175, 0.2) - 0.5) * long, (look.some(0.8, 0.83) - 0.5) * long)
    return Body(long, high, wide, clear, belt * high + look.some(-0.03, 0.03), outline, along, marks, corners,
                 look.some(0.1, 0.2) if "van" not in shape else look.some(0.04, 0.1), axles, wheel)  # fmt: skip
