"""How answers are calibrated, and batches that are prepared ahead."""

import numpy as np
import pytest

from demos.shared.training import backend, calibration


@pytest.mark.parametrize("true", [0.5, 1.0, 2.0])
def test_temperature_is_the_one_at_which_answers_are_right_as_often_as_they_say(true):
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 10)) * 2
    powers = np.exp(logits)
    cumulated = np.cumsum(powers / powers.sum(1, keepdims=True), axis=1)
    labels = (cumulated < rng.random((20_000, 1))).sum(1).clip(max=9)
    assert calibration.temperature(logits * true, labels) == pytest.approx(true, rel=0.05)


@pytest.mark.parametrize("accelerated", [False, True])
def test_prefetched_results_come_in_order_and_jobs_are_taken_as_needed(monkeypatch, accelerated):
    if accelerated:
        pytest.importorskip("torch", reason="with an accelerator PyTorch's processes make batches")
        monkeypatch.setattr(backend, "is_accelerated", lambda: True)
    taken = []

    def jobs():
        for number in range(1000):
            taken.append(number)
            yield number, 2

    results = backend.prefetch(lambda number, factor: np.full(3, factor * number), jobs())
    assert [int(next(results)[0]) for _ in range(20)] == list(range(0, 40, 2))
    assert len(taken) < 100
