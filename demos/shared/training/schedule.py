"""Learning rates over a training, as factors; `done` is the share of all steps that is over."""

import math


def triangle(done: float, warm: float) -> float:
    """Up in a line for the share `warm` of the steps, then down in a line to nothing."""
    return min(done / warm + 0.01, (1 - done) / (1 - warm))


def cosine(done: float, warm: float = 0.05) -> float:
    """Up in a line for the share `warm` of the steps, then down along a cosine to nothing."""
    return min(done / warm + 0.01, 0.5 * (1 + math.cos(math.pi * min(1, done))))
