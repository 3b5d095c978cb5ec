"""Metrics as their fields define them, over arrays: classification, detection of unknowns, restoration, retrieval."""

from collections.abc import Callable

import numpy as np


def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Share of predictions that are right. probabilities, or logits: float (N, C); labels: int (N,)."""
    return float((probabilities.argmax(1) == labels).mean())


def balanced_accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean of the accuracies within each class that occurs among the labels; arguments as of `accuracy`."""
    is_right = probabilities.argmax(1) == labels
    return float(np.mean([is_right[labels == label].mean() for label in np.unique(labels)]))


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Mean gap between confidence and accuracy, over equally wide bins of confidence (Guo et al., 2017, equation 3).

    probabilities: float (N, C), rows sum to 1. labels: int (N,).
    """
    confidence = probabilities.max(1)
    is_right = probabilities.argmax(1) == labels
    bin_of_each = np.minimum((confidence * bins).astype(int), bins - 1)
    gap_sums = np.bincount(bin_of_each, is_right.astype(float) - confidence, minlength=bins)
    return float(np.abs(gap_sums).sum() / len(labels))


def negative_log_likelihood(logits: np.ndarray, labels: np.ndarray) -> float:
    """Mean cross-entropy, in nats, of float logits (N, C) against int labels (N,)."""
    shifted = logits - logits.max(1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(1))
    return float((log_sum - shifted[np.arange(len(labels)), labels]).mean())


def auroc(in_distribution: np.ndarray, out_of_distribution: np.ndarray) -> float:
    """Area under the ROC curve of a score, float (N,) and (M,), which should be higher in distribution than out of it.

    It is the probability that a random score of the first is higher than one of the second; 0.5 is chance.
    """
    from sklearn.metrics import roc_auc_score

    is_in = np.repeat([1, 0], [len(in_distribution), len(out_of_distribution)])
    return float(roc_auc_score(is_in, np.concatenate([in_distribution, out_of_distribution])))


def psnr(picture: np.ndarray, reference: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB of two float pictures of one shape, black 0 and white 1; at most 100."""
    mean_squared_error = np.square(np.subtract(picture, reference, dtype=np.float64)).mean()
    return float(-10 * np.log10(max(mean_squared_error, 1e-10)))


def ssim(picture: np.ndarray, reference: np.ndarray) -> float:
    """Structural similarity (Wang et al., 2004) over Gaussian windows of sigma 1.5, the mean of the channels.

    picture, reference: float (H, W, 3), black 0 and white 1, at least 11 pixels high and wide.
    """
    from skimage.metrics import structural_similarity

    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1.0}
    return float(structural_similarity(picture, reference, channel_axis=-1, **options))


def retrieval(vectors: np.ndarray, labels: np.ndarray, compare: Callable = np.matmul) -> dict[str, float]:
    """How well similarity ranks pictures of the query's label first, leave-one-out: each is the query once.

    vectors: float (N, D), rows of length 1. labels: (N,); a picture whose label occurs once is no query.
    compare: gives the similarities of all others, float (N - 1, D), to the query, float (D,); the cosine by default.
    Returns the means over the queries of three metrics of the ranking of all other pictures:
    `precision_at_4`, the share of the first four with the query's label; `recall_at_1`, also called rank-1, whether
    the first has it; `mean_average_precision`, the mean of the precisions at each that has it (Manning et al., 2008,
    chapter 8.4).
    """
    labels = np.asarray(labels)
    of_each_query = []
    for query, vector in enumerate(vectors):
        ranking = np.argsort(-compare(np.delete(vectors, query, 0), vector), kind="stable")
        is_right = np.delete(labels, query)[ranking] == labels[query]
        if is_right.any():
            of_each_query.append((is_right[:4].mean(), _average_precision(is_right), is_right[0]))
    means = np.mean(of_each_query or [(0, 0, 0)], axis=0)
    return dict(zip(("precision_at_4", "mean_average_precision", "recall_at_1"), map(float, means), strict=True))


def reidentification(distances: np.ndarray, identities: np.ndarray, cameras: np.ndarray) -> dict[str, float]:
    """How well distances find the same identity again: each picture is a query among those of the other cameras.

    distances: float (N, N), query and gallery. identities, cameras: (N,); a picture whose identity no other camera has
    is no query. Returns means over the queries: `mean_average_precision`, and `rank_1` and `rank_5`, whether the first
    or one of the first five is right (Zheng et al., 2015, ICCV).
    """
    of_each_query = []
    for query in range(len(distances)):
        gallery = np.flatnonzero(cameras != cameras[query])
        ranking = gallery[np.argsort(distances[query, gallery], kind="stable")]
        is_right = identities[ranking] == identities[query]
        if is_right.any():
            of_each_query.append((_average_precision(is_right), is_right[0], is_right[:5].any()))
    means = np.mean(of_each_query or [(0, 0, 0)], axis=0)
    return dict(zip(("mean_average_precision", "rank_1", "rank_5"), map(float, means), strict=True))


def _average_precision(is_right: np.ndarray) -> float:
    """The mean of the precisions at each right place of a ranking, bool (N,), at least one of which is."""
    precision_at = np.cumsum(is_right) / np.arange(1, len(is_right) + 1)
    return precision_at[is_right].mean()
