"""Learning rates over a training, as factors; `done` is the share of it that is over."""

import math


def triangle(done: float, warm: float) -> float:
    """Up in a line for the share `warm` of the steps, then down in a line to nothing."""
    return min(done / warm + 0.01, (1 - done) / (1 - warm))


def cosine(done: float, warm: float = 0.05) -> float:
    """Up in a line for the share `warm` of the steps, then down along a cosine to nothing."""
    return min(done / warm + 0.01, 0.5 * (1 + math.cos(math.pi * min(1, done))))


def plateau(done: float, step: int, warm_steps: int, decay: float) -> float:
    """Up in a line over the first steps, then level, and down in a line to nothing over the last share `decay`.

    For a training that minutes bound: done is the share of them, and step the number of the step.
    """
    return min(1, (step + 1) / warm_steps) * min(1, (1 - done) / decay)
