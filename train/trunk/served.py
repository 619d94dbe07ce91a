"""The trunk that is served, as a Keras network again: its weights are read back from the file in eight bits.

So whoever trains on from it needs nothing but what is installed. The weights are those that the file computes with;
only the rounding of its activations is left behind.
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelError
from classifier.trunk import FOLDER, TRUNK_FILE, Trunk
from train.trunk import lite0


def network(folder: Path = FOLDER) -> keras.Model:
    """As `lite0.network`, with the weights of the trunk in `folder`, for pictures of its size. Raises ModelError."""
    side = Trunk(folder, threads=1).card.side  # which checks the file
    found = lite0.network(None, side)
    layers = [layer for layer in found.layers if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D)]
    try:
        for layer, (kernel, bias) in zip(layers, _convolutions((folder / TRUNK_FILE).read_bytes()), strict=True):
            layer.set_weights([kernel.transpose(1, 2, 3, 0), bias])
    except ValueError as error:
        raise ModelError(f"{TRUNK_FILE} is not a file of this network: {error}") from error
    return found


def _convolutions(data: bytes) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Kernel and bias of each convolution of a LiteRT file, in the order in which they are computed."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(data, 0)
    graph, kinds = model.subgraphs[0], schema.BuiltinOperator
    found = []
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        if max(code.builtinCode, code.deprecatedBuiltinCode) in (kinds.CONV_2D, kinds.DEPTHWISE_CONV_2D):
            kernel, bias = (_values(model, graph.tensors[row]) for row in operator.inputs[1:])
            found.append((kernel, bias))
    return found


def _values(model: Any, tensor: Any) -> NDArray[np.float32]:
    """The numbers that a constant of eight or 32 bits stands for: a scale for each entry of one of its axes."""
    kind = {9: np.int8, 2: np.int32}[tensor.type]
    raw = np.frombuffer(bytes(model.buffers[tensor.buffer].data), kind).reshape(tensor.shape)
    shape = [1] * raw.ndim
    shape[tensor.quantization.quantizedDimension] = -1
    scales: NDArray[np.float32] = np.asarray(tensor.quantization.scale, np.float32).reshape(shape)
    return raw.astype(np.float32) * scales
