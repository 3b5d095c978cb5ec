"""Figures as their fields define them, over arrays."""

import numpy as np


def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Share of rows of float (N, C) whose largest value stands at the label, int (N,)."""
    return float((probabilities.argmax(1) == labels).mean())


def balanced_accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The mean over the classes that occur among the labels of the accuracy within each."""
    right = probabilities.argmax(1) == labels
    return float(np.mean([right[labels == label].mean() for label in np.unique(labels)]))


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over equally wide bins of confidence (Guo et al., 2017).

    probabilities: float (N, C), rows sum to 1. labels: int (N,).
    """
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == labels
    fullest = np.minimum((confidence * bins).astype(int), bins - 1)
    gap = np.bincount(fullest, right.astype(float) - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(labels))


def negative_log_likelihood(logits: np.ndarray, labels: np.ndarray) -> float:
    """Mean cross-entropy, in nats, of float logits (N, C) against int labels (N,)."""
    shifted = logits - logits.max(1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(labels)), labels]).mean())


def auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    """Area under the ROC curve of a score, float (N,) and (M,), that should be higher inside than outside."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(np.r_[np.ones(len(inside)), np.zeros(len(outside))], np.r_[inside, outside]))


def psnr(picture: np.ndarray, reference: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB of two float pictures of one shape, black 0 and white 1; at most 100."""
    error = np.square(np.subtract(picture, reference, dtype=np.float64)).mean()
    return float(-10 * np.log10(max(error, 1e-10)))


def ssim(picture: np.ndarray, reference: np.ndarray) -> float:
    """Structural similarity (Wang et al., 2004, Gaussian windows of sigma 1.5), the mean over the channels.

    Two float pictures (H, W, 3), black 0 and white 1, at least 11 pixels high and wide.
    """
    from skimage.metrics import structural_similarity

    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1.0}
    return float(structural_similarity(picture, reference, channel_axis=-1, **options))


def retrieval(vectors: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """How well cosine similarity finds pictures of the same label, each picture once the query, never its own answer.

    vectors: float (N, D), rows of length 1. labels: (N,); one that occurs once is no query. Of the ranking of others:
    `precision_at_4`, the share of the first four that is right; `recall_at_1`, how often the first is;
    `mean_average_precision`, the mean of the precisions at each right one (Manning et al., 2008, chapter 8.4).
    """
    labels = np.asarray(labels)
    found = []
    for at, vector in enumerate(vectors):
        order = np.argsort(-(vectors @ vector), kind="stable")
        right = labels[order[order != at]] == labels[at]
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        if right.any():
            found.append((right[:4].mean(), precision[right].mean(), right[0]))
    means = np.mean(found or [(0, 0, 0)], axis=0)
    return dict(zip(("precision_at_4", "mean_average_precision", "recall_at_1"), map(float, means), strict=True))
