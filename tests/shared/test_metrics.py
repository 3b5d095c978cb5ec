"""Metrics against their definitions, written out."""

import numpy as np
import pytest

from demos.shared import metrics

rng = np.random.default_rng(0)
LOGITS = rng.normal(size=(500, 4)) * 2
PROBABILITIES = np.exp(LOGITS) / np.exp(LOGITS).sum(1, keepdims=True)
LABELS = np.where(rng.random(500) < 0.6, LOGITS.argmax(1), rng.integers(0, 4, 500))


def test_accuracy():
    assert metrics.accuracy(np.eye(4), np.array([0, 1, 2, 0])) == 0.75


def test_balanced_accuracy_is_the_mean_over_classes():
    answers = np.eye(4)[[0, 0, 0, 1, 2]]
    assert metrics.balanced_accuracy(answers, np.array([0, 0, 0, 3, 2])) == pytest.approx((1 + 0 + 1) / 3)


def test_calibration_error_is_the_weighted_gap_of_each_bin():
    confidence, right = PROBABILITIES.max(1), PROBABILITIES.argmax(1) == LABELS
    expected = 0
    for low in np.arange(15) / 15:
        inside = (confidence >= low) & (confidence < low + 1 / 15)
        if inside.any():
            expected += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    assert metrics.expected_calibration_error(PROBABILITIES, LABELS) == pytest.approx(expected)


def test_calibration_error_of_certainty():
    certain, labels = np.eye(2)[[0, 0, 1, 1]], np.array([0, 0, 1, 0])
    assert metrics.expected_calibration_error(certain, labels) == pytest.approx(0.25)


def test_negative_log_likelihood():
    expected = -np.mean(np.log(PROBABILITIES[np.arange(500), LABELS]))
    assert metrics.negative_log_likelihood(LOGITS, LABELS) == pytest.approx(expected)
    assert metrics.negative_log_likelihood(LOGITS + 1000, LABELS) == pytest.approx(expected)


def test_auroc_is_the_share_of_pairs_in_order():
    inside, outside = rng.normal(1, 1, 40), np.r_[rng.normal(0, 1, 29), 0.5]
    pairs = (inside[:, None] > outside).mean() + (inside[:, None] == outside).mean() / 2
    assert metrics.auroc(inside, outside) == pytest.approx(pairs)


def test_psnr_and_ssim():
    rng = np.random.default_rng(0)
    clean = rng.random((40, 50, 3), np.float32)
    assert metrics.psnr(clean, clean) == 100 and metrics.ssim(clean, clean) == pytest.approx(1)
    assert metrics.psnr(clean + np.float32(0.1), clean) == pytest.approx(20, abs=1e-3)
    noisy = [clean + rng.normal(0, sigma, clean.shape).astype(np.float32) for sigma in (0.1, 0.3)]
    assert 1 > metrics.ssim(noisy[0], clean) > metrics.ssim(noisy[1], clean) > 0


def test_retrieval_leaves_the_query_out_and_ranks_all_others():
    angles = np.radians([0, 10, 25, 90, 100])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    found = metrics.retrieval(vectors, ["a", "a", "b", "b", "b"])
    precisions = [1, 1, (1 / 3 + 2 / 4) / 2, (1 + 2 / 2) / 2, (1 + 2 / 2) / 2]
    assert found["mean_average_precision"] == pytest.approx(np.mean(precisions))
    assert found["recall_at_1"] == pytest.approx(4 / 5)
    assert found["precision_at_4"] == pytest.approx(np.mean([1 / 4, 1 / 4, 2 / 4, 2 / 4, 2 / 4]))


def test_retrieval_by_another_comparison_never_shows_it_the_query():
    vectors = np.eye(3)

    def compare(others, query):
        assert others.shape == (2, 3) and not (others == query).all(1).any()
        return -others[:, 0]

    found = metrics.retrieval(vectors, ["a", "b", "a"], compare)
    assert found == {"precision_at_4": 0.5, "mean_average_precision": 0.5, "recall_at_1": 0}


def test_retrieval_without_a_repeated_label_has_no_query():
    measured = metrics.retrieval(np.eye(3), ["a", "b", "c"])
    assert measured == {"precision_at_4": 0, "mean_average_precision": 0, "recall_at_1": 0}
