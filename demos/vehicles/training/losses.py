"""The losses of both recipes. embeddings: float (N, D). labels: int (N,), or (N, 1)."""

import keras
from keras import ops

SMOOTHING = 0.1  # of the labels


def batch_hard(labels, embeddings):
    """Triplets with a soft margin, of each picture its farthest positive and nearest negative: float (N,).

    softplus(farthest - nearest), Euclidean distances (arXiv:1703.07737, equation 5).
    """
    labels = ops.reshape(labels, (-1, 1))
    is_same = ops.equal(labels, ops.transpose(labels))
    squares = ops.sum(ops.square(embeddings), axis=1, keepdims=True)
    products = ops.matmul(embeddings, ops.transpose(embeddings))
    distances = ops.sqrt(ops.maximum(squares + ops.transpose(squares) - 2 * products, 1e-6))
    farthest = ops.max(ops.where(is_same, distances, 0.0), axis=1)
    nearest = ops.min(ops.where(is_same, 1e6, distances), axis=1)
    return ops.softplus(farthest - nearest)


def smoothed_cross_entropy(labels, logits):
    """Cross-entropy with SMOOTHING, float (N,); a label below 0 stands for none and counts nothing."""
    labels = ops.reshape(labels, (-1,))
    logarithms = ops.log_softmax(logits)
    is_labelled = ops.cast(labels >= 0, logits.dtype)
    right = ops.take_along_axis(logarithms, ops.expand_dims(ops.maximum(labels, 0), 1), axis=1)[:, 0]
    return -is_labelled * ((1 - SMOOTHING) * right + SMOOTHING * ops.mean(logarithms, axis=1))


def triplets(margin: float):
    """A loss of batches whose thirds are anchors, positives and negatives, Euclidean distances (arXiv:1503.03832)."""

    def loss(labels, embeddings):
        anchor, positive, negative = ops.split(embeddings, 3)
        nearer, farther = (keras.losses.mean_squared_error(anchor, other) for other in (positive, negative))
        dimensions = embeddings.shape[-1]
        distances = [ops.sqrt(dimensions * square + 1e-8) for square in (nearer, farther)]
        return ops.tile(ops.relu(distances[0] - distances[1] + margin), 3)

    return loss
