"""In-distribution scores: what tells familiar pictures from others, and the mixture of such terms that does it best."""

from collections.abc import Iterable

import numpy as np

from demos.shared import metrics


def mahalanobis_parameters(
    features: np.ndarray, labels: np.ndarray, shrinkage: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Whitening (D, D) by the covariance within the classes, shrunk towards a ball; their means (C, D), whitened.

    features: float (N, D). labels: int (N,), 0 to C - 1 (Lee et al., 2018, arXiv:1807.03888).
    """
    means = np.stack([features[labels == label].mean(0) for label in range(labels.max() + 1)])
    covariance = np.cov((features - means[labels]).T)
    ball = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
    whitening = np.linalg.cholesky(np.linalg.inv((1 - shrinkage) * covariance + shrinkage * ball))
    return whitening.astype("float32"), (means @ whitening).astype("float32")


def max_softmax(logits: np.ndarray) -> np.ndarray:
    """The logarithm of the maximum softmax probability of logits (N, C)."""
    return logits.max(1) - np.logaddexp.reduce(logits, axis=1)


def best_mixture(
    inside: np.ndarray, outside: list[np.ndarray], choices: Iterable[tuple[float, ...]], baselines: list[float] = ()
) -> tuple[np.ndarray, float]:
    """Weights (T,) and an offset of T terms, whose sum best tells held-out pictures from out-of-distribution ones.

    Best by the mean AUROC over the sets of these. inside: float (T, N). outside: float (T, M) each. choices: weights of
    the terms, brought to mean 0 and deviation 1 over the held-out pictures. baselines: AUROC of another score on each
    set; only mixtures that are better on each can be chosen, if there are any.
    """
    mean, deviation = inside.mean(1), inside.std(1)
    mixtures = {}
    for choice in choices:
        weights = np.array(choice) / deviation
        aurocs = [metrics.auroc(weights @ inside, weights @ other) for other in outside]
        is_better = all(ours > theirs for ours, theirs in zip(aurocs, baselines or [0] * len(aurocs), strict=True))
        mixtures[tuple(weights)] = is_better, np.mean(aurocs)
        print(f"weights {choice}: {np.round(aurocs, 4)}, better on each: {is_better}")
    best = np.array(max(mixtures, key=mixtures.get))
    return best, float(-best @ mean)
