"""A square window of a picture, and boxes in pictures of other sizes."""

from dataclasses import dataclass

Box = tuple[float, float, float, float]  # left, top, right and bottom


@dataclass(frozen=True)
class Crop:
    """A square window of a picture.

    zoom: 1 for the largest square that fits, 4 for a quarter of its side; less than 1 counts as 1.
    x, y: the position of the window, from 0 (at the left, at the top) to 1 (at the right, at the bottom).
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def box(self, width: int, height: int) -> Box:
        """Left, top, right and bottom, in pixels, in a picture of this width and height."""
        side = min(width, height) / max(1.0, self.zoom)
        left, top = (width - side) * self.x, (height - side) * self.y
        return left, top, left + side, top + side


def scale_box(box: Box, size: tuple[int, int], other: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box in a picture of this (width, height) -> in whole pixels of the same in another; at least one a side."""
    left, top, right, bottom = (round(edge * other[at % 2] / size[at % 2]) for at, edge in enumerate(box))
    left, top = min(left, other[0] - 1), min(top, other[1] - 1)
    return left, top, max(right, left + 1), max(bottom, top + 1)
