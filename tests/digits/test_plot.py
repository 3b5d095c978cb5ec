"""A line plot as SVG."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from demos.digits import plot

SERIES = {"One": [0.8, 0.98, 0.998], "<Two>": [0.9, 0.99, 1.0]}
PLACES = ["10", "100", "all"]


def points(drawn: str) -> list[list[tuple[float, float]]]:
    lines = re.findall('polyline points="([^"]*)"', drawn)
    return [[tuple(map(float, point.split(","))) for point in line.split()] for line in lines]


def test_plot_stays_within_its_frame_and_names_its_figures():
    drawn = plot.accuracies(SERIES, PLACES, "training digits")
    svg = ElementTree.fromstring(drawn)
    assert "One: 80.00 % at 10, 98.00 % at 100, 99.80 % at all." in svg.get("aria-label")
    assert {"<Two>", "One", "10", "all", "training digits", "90 %", "99 %"} <= {text.text for text in svg.iter("text")}
    for line in points(drawn):
        assert all(0 < x < plot.WIDTH and 0 < y < plot.HEIGHT for x, y in line)


def test_equal_factors_of_errors_have_equal_distances():
    ((_, low), (_, middle), (_, high)) = points(plot.accuracies({"One": [0.9, 0.99, 0.999]}, PLACES, "n"))[0]
    assert low - middle == pytest.approx(middle - high, abs=0.2) and low > middle > high
