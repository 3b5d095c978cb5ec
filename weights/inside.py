"""What every layer of a network gives, from the file that answers, run by an interpreter of its own."""

import threading
from dataclasses import dataclass

import numpy as np
from ai_edge_litert.interpreter import OpResolverType

from weights.memory import Stored

# LiteRT's names of layers, and what they are called. All else that a file computes is left out.
KINDS = {
    "CONV_2D": "Convolution",
    "DEPTHWISE_CONV_2D": "Depthwise convolution",
    "AVERAGE_POOL_2D": "Average pooling",
    "MAX_POOL_2D": "Maximum pooling",
    "FULLY_CONNECTED": "Dense layer",
}
ACTIVATIONS = {"TANH", "RELU", "RELU6", "LOGISTIC", "GELU", "HARD_SWISH"}  # belong to the layer before


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer. kind: of `KINDS`, its value. values: float32 (H, W, C), its feature maps, or (C,), its units."""

    kind: str
    values: np.ndarray


class Inside:
    """The layers between the only input of a .tflite file and one of its outputs, for one thread at a time."""

    def __init__(self, stored: Stored, output: str):
        # Delegates keep what lies between to themselves.
        self._interpreter, _ = stored.interpret(
            num_threads=1, experimental_preserve_all_tensors=True,
            experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        )  # fmt: skip
        self._interpreter.allocate_tensors()
        signature = self._interpreter.get_signature_runner()
        (given,) = signature.get_input_details().values()
        self._input, self._lock = given["index"], threading.Lock()
        self._layers = self._find(signature.get_output_details()[output]["index"])

    def __call__(self, batch: np.ndarray) -> list[Layer]:
        """The layers' values for one input, an array of one row as the network takes it, first layer first."""
        with self._lock:
            self._interpreter.set_tensor(self._input, batch)
            self._interpreter.invoke()
            return [Layer(kind, self._interpreter.get_tensor(index)[0]) for kind, index in self._layers]

    def _find(self, tensor: int) -> list[tuple[str, int]]:
        """Kind, and number of the output, of the layers on the way to a tensor, along each operation's first input."""
        makers = {int(op["outputs"][0]): op for op in self._interpreter._get_ops_details()}
        layers, activated = [], None
        while tensor in makers:
            kind = makers[tensor]["op_name"]
            if kind in KINDS:
                layers.append((KINDS[kind], tensor if activated is None else activated))
            activated = tensor if kind in ACTIVATIONS else None
            tensor = int(makers[tensor]["inputs"][0])
        return layers[::-1]
