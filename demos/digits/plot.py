"""A line plot as an inline SVG that follows the page's colours."""

import html
import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 390, 250
LEFT, RIGHT, TOP, BOTTOM = 52, 106, 14, 44
TICKS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)


def accuracies(series: Mapping[str, Sequence[float]], places: Sequence[str], across: str) -> str:
    """Accuracies of several networks, float in [0, 1], each at the same places; equal distances on both axes are
    equal factors: down, of the share of errors, so that 99.7 % and 99.8 % can be told apart.

    series: accuracies by name, in the order of `places`, the labels of the horizontal axis, called `across`.
    """
    heights = [_height(value) for values in series.values() for value in values]
    lowest, highest = min(heights) - 0.15, max(heights) + 0.15
    step = (WIDTH - LEFT - RIGHT) / max(1, len(places) - 1)

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (highest - _height(value)) / (highest - lowest)

    parts = [
        f'<line class="rule" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{100 * tick:g} %</text>'
        for tick in TICKS
        if lowest <= _height(tick) <= highest
    ]
    for k, place in enumerate(places):
        at = f'x="{LEFT + k * step:.1f}" text-anchor="middle"'
        parts.append(f'<text {at} y="{HEIGHT - BOTTOM + 18}">{html.escape(place)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{html.escape(across)}</text>')
    for number, (name, values) in enumerate(series.items()):
        points = [(LEFT + k * step, y(value)) for k, value in enumerate(values)]
        parts.append(_line(number, name, points))
    text = f"Accuracy by {across}. {_describe(series, places)}"
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(text)}">'
        f"{''.join(parts)}</svg>"
    )


def _height(accuracy: float) -> float:
    """Where an accuracy stands: powers of ten of the errors that it leaves, of 10,000 answers one at least."""
    return -math.log10(max(1 - accuracy, 1e-4))


def _line(number: int, name: str, points: list[tuple[float, float]]) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points)
    x, y = points[-1]
    label = f'<text x="{x + 8:.1f}" y="{y + 4:.1f}">{html.escape(name)}</text>'
    return f'<g class="line line-{number}"><polyline points="{path}"/>{dots}{label}</g>'


def _describe(series: Mapping[str, Sequence[float]], places: Sequence[str]) -> str:
    return " ".join(
        f"{name}: {', '.join(f'{100 * v:.2f} % at {place}' for place, v in zip(places, values, strict=True))}."
        for name, values in series.items()
    )
