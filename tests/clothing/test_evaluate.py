"""Figures over a file of somebody's own pictures."""

import sys

import pytest

from demos.clothing import demo, evaluate
from demos.clothing.drawn import draw
from demos.shared import data, evaluation, images


@pytest.fixture(scope="module")
def garments():
    return [images.png(draw(kind, 100)[0]) for kind in ("shorts", "pants")]


def test_labels_are_known_whatever_their_case_and_spaces(garments):
    measured = evaluate.measure(demo.networks[0], data.write(garments, label=[" Shorts", "PANTS "]))
    assert "accuracy" in measured and "out_of_distribution_auroc" not in measured  # which needs an unknown label


def test_labels_that_a_network_does_not_know_are_a_sentence(garments, capsys):
    assert evaluate.measure(demo.networks[1], data.write(garments, label=["sock", "tie"])) == {}
    assert "clothing/baseline knows: shoes, dress" in capsys.readouterr().out


def test_damaged_picture_ends_with_its_sentence(garments, monkeypatch):
    file = data.write([*garments, b"no picture"], label=["shorts", "pants", "hat"])
    monkeypatch.setattr(sys, "argv", ["evaluate", "--data", str(file)])
    with pytest.raises(SystemExit, match="This file is no picture"):
        evaluation.main(evaluate.__doc__, demo.networks, evaluate.measure)
