"""Scores that tell familiar pictures from others."""

import numpy as np
import pytest

from demos.shared import metrics
from demos.shared.training import ood


def test_best_mixture_takes_the_term_that_tells_the_sets_apart(rng):
    inside = rng.normal(size=(2, 400))
    outside = [rng.normal(size=(2, 300)) - [[0], [shift]] for shift in (2, 3)]
    weights, offset = ood.best_mixture(5 * inside, [5 * other for other in outside], [(1, 0), (1, 1), (0, 1)])
    assert weights[0] == 0 and weights[1] == pytest.approx(1 / (5 * inside[1].std()))
    assert (weights @ (5 * inside)).mean() + offset == pytest.approx(0, abs=1e-9)


def test_best_mixture_is_better_than_the_baseline_on_each_set(rng):
    inside = rng.normal(size=(2, 500))
    outside = [rng.normal(size=(2, 500)) - [[1], [0]], rng.normal(size=(2, 500)) - [[0], [6]]]
    baselines = [0.7, 0.6]
    choices = [(0, 1), (1, 0.2)]
    weights, _ = ood.best_mixture(inside, outside, choices, baselines)
    assert weights[0] > 0
    aurocs = [metrics.auroc(weights @ inside, weights @ other) for other in outside]
    assert all(ours > theirs for ours, theirs in zip(aurocs, baselines, strict=True))


def test_max_softmax_is_the_logarithm_of_the_highest_probability():
    logits = np.log([[0.7, 0.2, 0.1], [0.25, 0.25, 0.5]])
    assert np.allclose(ood.max_softmax(logits), np.log([0.7, 0.5]))
