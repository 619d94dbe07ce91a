"""A LiteRT file put together by hand, operator by operator: in milliseconds, and without TensorFlow."""

from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

KIND, OPTIONS, TYPE = schema.BuiltinOperator, schema.BuiltinOptions, schema.TensorType


class LiteFile:
    """A graph that begins with `image`, uint8 [N, side, side, 3]; tensors are known by their numbers."""

    def __init__(self, side: int) -> None:
        self._model, self._graph = schema.ModelT(), schema.SubGraphT()
        self._model.version, self._model.subgraphs = 3, [self._graph]
        self._model.buffers, self._model.operatorCodes = [schema.BufferT()], []
        self._graph.tensors, self._graph.operators = [], []
        self._image = self._tensor([side, side, 3], TYPE.UINT8)

    def pixels(self, scale: float) -> int:
        """The picture in float32, 0 to 255 times `scale`."""
        cast = schema.CastOptionsT()
        cast.inDataType, cast.outDataType = TYPE.UINT8, TYPE.FLOAT32
        shape = self._graph.tensors[self._image].shape[1:]
        values = self._operator(KIND.CAST, OPTIONS.CastOptions, cast, [self._image], shape)
        factor = self._constant(np.array(scale, np.float32), TYPE.FLOAT32)
        return self._operator(KIND.MUL, OPTIONS.MulOptions, schema.MulOptionsT(), [values, factor], shape)

    def pooled(self, tensor: int, size: int) -> int:
        """The mean of each square of `size` places."""
        pool = schema.Pool2DOptionsT()
        pool.padding = schema.Padding.VALID
        pool.strideW = pool.strideH = pool.filterWidth = pool.filterHeight = size
        height, width, channels = self._graph.tensors[tensor].shape[1:]
        shape = [height // size, width // size, channels]
        return self._operator(KIND.AVERAGE_POOL_2D, OPTIONS.Pool2DOptions, pool, [tensor], shape)

    def widened(self, tensor: int, channels: int) -> int:
        """The same with noughts behind its channels."""
        height, width, before = self._graph.tensors[tensor].shape[1:]
        sides = self._constant(np.array([[0, 0], [0, 0], [0, 0], [0, channels - before]], np.int32), TYPE.INT32)
        shape = [height, width, channels]
        return self._operator(KIND.PAD, OPTIONS.PadOptions, schema.PadOptionsT(), [tensor, sides], shape)

    def mean(self, tensor: int) -> int:
        """The mean over all places."""
        axes = self._constant(np.array([1, 2], np.int32), TYPE.INT32)
        shape = self._graph.tensors[tensor].shape[3:]
        return self._operator(KIND.MEAN, OPTIONS.ReducerOptions, schema.ReducerOptionsT(), [tensor, axes], shape)

    def softmax(self, tensor: int) -> int:
        """Logits to probabilities."""
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        shape = self._graph.tensors[tensor].shape[1:]
        return self._operator(KIND.SOFTMAX, OPTIONS.SoftmaxOptions, options, [tensor], shape)

    def bytes(self, **outputs: int) -> bytes:
        """The file, whose signature gives these tensors."""
        signature = schema.SignatureDefT()
        signature.signatureKey, signature.subgraphIndex = "serving_default", 0
        signature.inputs = [_named("image", self._image)]
        signature.outputs = [_named(name, tensor) for name, tensor in outputs.items()]
        self._model.signatureDefs = [signature]
        self._graph.inputs, self._graph.outputs = [self._image], list(outputs.values())
        builder = flatbuffers.Builder(1024)
        builder.Finish(self._model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _tensor(self, shape: list[int], kind: int) -> int:
        tensor = schema.TensorT()
        tensor.name, tensor.type = f"tensor {len(self._graph.tensors)}", kind
        tensor.shape, tensor.shapeSignature = [1, *shape], [-1, *shape]
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def _constant(self, values: np.ndarray, kind: int) -> int:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        number = self._tensor([], kind)
        tensor = self._graph.tensors[number]
        tensor.shape, tensor.shapeSignature = list(values.shape), None
        tensor.buffer = len(self._model.buffers) - 1
        return number

    def _operator(self, kind: int, kind_of_options: int, options: Any, inputs: list[int], shape: list[int]) -> int:
        code, operator = schema.OperatorCodeT(), schema.OperatorT()
        code.builtinCode = code.deprecatedBuiltinCode = kind
        code.version = 1
        self._model.operatorCodes.append(code)
        operator.opcodeIndex, operator.inputs = len(self._model.operatorCodes) - 1, inputs
        operator.builtinOptionsType, operator.builtinOptions = kind_of_options, options
        operator.outputs = [self._tensor(list(shape), TYPE.FLOAT32)]
        self._graph.operators.append(operator)
        return int(operator.outputs[0])


def _named(name: str, tensor: int) -> Any:
    entry = schema.TensorMapT()
    entry.name, entry.tensorIndex = name, tensor
    return entry
