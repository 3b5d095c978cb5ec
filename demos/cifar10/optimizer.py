"""The optimizer of the fast network: Muon for kernels, Nesterov's SGD for what is no kernel."""

import keras
from keras import ops

POLYNOMIAL = (3.4445, -4.7750, 2.0315)  # brings singular values from (0, 1] to about 1 in few steps
STEPS = 3


class Muon(keras.optimizers.SGD):
    """Muon of Jordan et al. (2024), https://kellerjordan.github.io/posts/muon/, as their CIFAR-10 speed run has it.

    A kernel keeps its norm and takes steps of orthogonal matrices, `kernel_rate` wide. `learning_rate` is a factor
    on all rates: that of kernels, `shift_rate` of the shifts of normalisation, `head_rate` of what remains.
    """

    def __init__(self, kernel_rate: float, head_rate: float, shift_rate: float, kernel_momentum: float = 0.6):
        super().__init__(1.0, momentum=0.9, nesterov=True)
        self.kernel_rate, self.head_rate, self.shift_rate = kernel_rate, head_rate, shift_rate
        self.kernel_momentum = kernel_momentum

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        if len(variable.shape) != 4:
            is_shift = self._trainable_variables[index].path.endswith("/beta")
            rate = self.shift_rate if is_shift else self.head_rate
            super().update_step(gradient, variable, learning_rate * rate)
            return
        momentum = self.momentums[index]
        self.assign(momentum, self.kernel_momentum * momentum + gradient)
        kernel, direction = (
            ops.reshape(x, (-1, variable.shape[-1])) for x in (variable, gradient + self.kernel_momentum * momentum)
        )
        kernel = kernel * (variable.shape[-1] ** 0.5 / ops.norm(kernel))
        kernel = kernel - self.kernel_rate * learning_rate * orthogonal(direction)
        self.assign(variable, ops.reshape(kernel, variable.shape))


def orthogonal(matrix):
    """float (N, M) -> nearly the nearest matrix with orthonormal rows or columns, by Newton and Schulz."""
    if matrix.shape[0] > matrix.shape[1]:
        return ops.transpose(orthogonal(ops.transpose(matrix)))
    a, b, c = POLYNOMIAL
    matrix = matrix / (ops.norm(matrix) + 1e-7)
    for _ in range(STEPS):
        square = matrix @ ops.transpose(matrix)
        matrix = a * matrix + (b * square + c * square @ square) @ matrix
    return matrix
