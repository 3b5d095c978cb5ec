"""Muon (https://kellerjordan.github.io/posts/muon/): convolution kernels take steps of orthogonal matrices."""

from collections.abc import Mapping

import keras
from keras import ops

POLYNOMIAL = (3.4445, -4.7750, 2.0315)  # brings singular values from (0, 1] to about 1 in few steps


class Muon(keras.optimizers.SGD):
    """Muon for kernels, SGD with Nesterov's momentum for all other variables.

    A kernel is one matrix of all that its last axis sees. Kernels of one shape are made orthogonal together: an
    accelerator would wait for each.

    learning_rate: a factor on all rates. width: how wide a kernel's steps are; None for 0.2 times the root of the
    matrix' longer side (arXiv:2502.16982). momentum: of kernels. steps: of Newton and Schulz.
    is_norm_kept: whether a kernel has the norm of an orthogonal matrix before each step.
    rates: of the other variables, by the end of their paths; the first that fits holds.
    options: what every optimizer of Keras takes.
    """

    def __init__(
        self,
        learning_rate: float = 1.0,
        *,
        width: float | None = None,
        momentum: float = 0.95,
        steps: int = 5,
        is_norm_kept: bool = False,
        rates: Mapping[str, float] | None = None,
        **options,
    ):
        super().__init__(learning_rate, momentum=0.9, nesterov=True, **options)
        self.width, self.kernel_momentum, self.steps, self.is_norm_kept = width, momentum, steps, is_norm_kept
        self.rates = dict(rates or {"": 1.0})

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        by_shape = {}
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            index = self._get_variable_index(variable)
            if len(variable.shape) != 4:
                path = self._trainable_variables[index].path
                rate = next(rate for end, rate in self.rates.items() if path.endswith(end))
                self.update_step(gradient, variable, learning_rate * rate)
                continue
            momentum = self.momentums[index]
            self.assign(momentum, self.kernel_momentum * momentum + gradient)
            matrix = ops.reshape(gradient + self.kernel_momentum * momentum, (-1, variable.shape[-1]))
            by_shape.setdefault(tuple(variable.shape), []).append((variable, matrix))
        for shape, members in by_shape.items():
            variables, matrices = zip(*members, strict=True)
            directions = ops.unstack(orthogonalize(ops.stack(matrices), self.steps))
            for variable, direction in zip(variables, directions, strict=True):
                self._step(variable, ops.reshape(direction, shape), learning_rate)

    def _step(self, variable, direction, learning_rate) -> None:
        columns = variable.shape[-1]
        rows = 1
        for size in variable.shape[:-1]:
            rows *= size
        width = 0.2 * max(rows, columns) ** 0.5 if self.width is None else self.width
        kernel = ops.convert_to_tensor(variable)
        if self.is_norm_kept:
            kernel = kernel * (columns**0.5 / ops.sqrt(ops.sum(ops.square(kernel))))
        self.assign(variable, kernel - width * learning_rate * direction)


def orthogonalize(matrices, steps: int = 5):
    """float (..., N, M) -> nearly the nearest matrices with orthonormal rows or columns, by Newton and Schulz."""
    if matrices.shape[-2] > matrices.shape[-1]:
        return ops.swapaxes(orthogonalize(ops.swapaxes(matrices, -1, -2), steps), -1, -2)
    a, b, c = POLYNOMIAL
    matrices = matrices / (ops.sqrt(ops.sum(ops.square(matrices), axis=(-2, -1), keepdims=True)) + 1e-7)
    for _ in range(steps):
        square = matrices @ ops.swapaxes(matrices, -1, -2)
        matrices = a * matrices + (b * square + c * square @ square) @ matrices
    return matrices
