"""The style's name as a guess from the nearest pictures."""

import numpy as np
import pytest

from demos.style.guess import guess

LABELS = ["woodcut", "mosaic", "woodcut", "mosaic", "neon"]


def test_probabilities_sum_to_one_and_the_nearest_style_is_first():
    shares = guess(np.array([0.9, 0.2, 0.8, 0.1, 0.3], np.float32), LABELS, 0.1)
    assert list(shares) == ["woodcut", "neon", "mosaic"] and sum(shares.values()) == pytest.approx(1)


def test_three_nearest_pictures_of_a_style_decide_and_more_change_nothing():
    few = guess(np.array([0.9, 0.9, 0.9, 0.5]), ["a", "a", "a", "b"], 0.2)
    more = guess(np.array([-0.9, 0.9, 0.9, 0.9, 0.5, -0.5]), ["a", "a", "a", "a", "b", "a"], 0.2)
    assert more == pytest.approx(few)
    assert few["a"] / few["b"] == pytest.approx(np.exp(0.4 / 0.2))


def test_higher_temperature_is_less_sure():
    similarities = np.array([0.9, 0.2, 0.8, 0.1, 0.3])
    assert guess(similarities, LABELS, 1.0)["woodcut"] < guess(similarities, LABELS, 0.05)["woodcut"]
