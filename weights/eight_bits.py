"""Eight bits for the weights of a served file: half the size of half precision, and on most processors faster.

Dynamic range quantization: each output channel has a step of its own, and what a layer gets is rounded to 8 bits as the
network runs, in a step that fits the picture (https://ai.google.dev/edge/litert/conversion/tensorflow/quantization).
"""

import re
from pathlib import Path

from ai_edge_litert.schema_py_generated import BuiltinOperator
from ai_edge_quantizer import qtyping
from ai_edge_quantizer.algorithm_manager import AlgorithmName
from ai_edge_quantizer.quantizer import Quantizer
from ai_edge_quantizer.utils import tfl_flatbuffer_utils

EIGHT_BITS = qtyping.OpQuantizationConfig(
    weight_tensor_config=qtyping.TensorQuantizationConfig(8, granularity=qtyping.QuantGranularity.CHANNELWISE),
    compute_precision=qtyping.ComputePrecision.INTEGER,
)
HALF = qtyping.OpQuantizationConfig(
    weight_tensor_config=qtyping.TensorQuantizationConfig(16, dtype=qtyping.TensorDataType.FLOAT),
    explicit_dequantize=True,
)
PICTURE_CHANNELS = 4  # at most
Operation = qtyping.TFLOperationName
ROUNDED = (Operation.CONV_2D, Operation.FULLY_CONNECTED, Operation.BATCH_MATMUL)
# XNNPACK, in which the served files run, has no others of 8 bits.
HALVED = (Operation.DEPTHWISE_CONV_2D, Operation.CONV_2D_TRANSPOSE)


def round_weights(path: Path) -> None:
    """Replace a .tflite file in single precision by one of 8 bits.

    Convolutions that see the picture itself stay in half precision: from there came nine tenths of what a denoiser
    would lose, 0.1 dB where there is little noise.
    """
    quantizer = Quantizer(str(path))
    for operation in ROUNDED:
        quantizer.update_quantization_recipe(".*", operation, EIGHT_BITS)
    halved = [(".*", operation) for operation in HALVED]
    halved += [(f"^{re.escape(scope)}$", Operation.CONV_2D) for scope in _find_picture_layers(path)]
    for scope, operation in halved:
        quantizer.update_quantization_recipe(scope, operation, HALF, AlgorithmName.FLOAT_CASTING)
    path.write_bytes(quantizer.quantize().quantized_model)


def _find_picture_layers(path: Path) -> list[str]:
    """What the quantizer calls the convolutions of a file that see a picture: they have few input channels."""
    model = tfl_flatbuffer_utils.read_model(str(path))
    graph = model.subgraphs[0]
    kinds = [model.operatorCodes[operator.opcodeIndex].builtinCode for operator in graph.operators]
    return [
        tfl_flatbuffer_utils.get_op_scope(one, graph.tensors)
        for one, kind in zip(graph.operators, kinds, strict=True)
        if kind == BuiltinOperator.CONV_2D and graph.tensors[one.inputs[1]].shape[-1] <= PICTURE_CHANNELS
    ]
