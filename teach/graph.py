"""The graph of a LiteRT file, to be added to. No TensorFlow: such a file is a table of tensors and operators."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Graph:
    """A file with one graph and one signature."""

    def __init__(self, data: bytes) -> None:
        from ai_edge_litert import schema_py_generated as schema  # late: whoever only teaches does not wait for it

        self._schema = schema
        self._model = schema.ModelT.InitFromPackedBuf(data, 0)
        [self._graph] = self._model.subgraphs
        [self._signature] = self._model.signatureDefs

    def outputs(self) -> dict[str, int]:
        """The tensors that it gives, by the names of the signature."""
        return {output.name.decode(): output.tensorIndex for output in self._signature.outputs}

    def tensor(self, name: str, shape: list[int], kind: int = 0, buffer: int = 0) -> int:
        """Add a tensor, float32 unless `kind` says otherwise; returns its index."""
        tensor = self._schema.TensorT()
        tensor.name, tensor.shape, tensor.type, tensor.buffer = name, shape, kind, buffer
        if not buffer:
            tensor.shapeSignature = [-1, *shape[1:]]
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def constant(self, name: str, values: NDArray[Any]) -> int:
        """Add a tensor with these values, int32 or float32."""
        buffer = self._schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        kind = self._schema.TensorType.INT32 if values.dtype == np.int32 else self._schema.TensorType.FLOAT32
        return self.tensor(name, list(values.shape), kind, len(self._model.buffers) - 1)

    def operator(self, kind: str, inputs: list[int], output: int, options: str, **fields: Any) -> int:
        """Add an operator at the end, by its names in LiteRT's schema; returns the tensor of its output."""
        code = self._schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(self._schema.BuiltinOperator, kind)
        code.version = 1
        self._model.operatorCodes.append(code)
        settings = getattr(self._schema, f"{options}T")()
        for name, value in fields.items():
            setattr(settings, name, value)
        operator = self._schema.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = len(self._model.operatorCodes) - 1, inputs, [output]
        operator.builtinOptionsType, operator.builtinOptions = getattr(self._schema.BuiltinOptions, options), settings
        self._graph.operators.append(operator)
        return output

    def mean(self, feature_map: int, count: int) -> int:
        """Add the mean of a map [1, h, w, count] over its places."""
        axes = self.constant("axes", np.array([1, 2], np.int32))
        return self.operator("MEAN", [feature_map, axes], self.tensor("features", [1, count]), "ReducerOptions")

    def dense(self, name: str, values: int, kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> int:
        """Add values @ kernel + bias."""
        weights = self.constant(f"{name}_kernel", np.ascontiguousarray(kernel.T.astype(np.float32)))
        inputs = [values, weights, self.constant(f"{name}_bias", bias.astype(np.float32))]
        return self.operator("FULLY_CONNECTED", inputs, self.tensor(name, [1, len(bias)]), "FullyConnectedOptions")

    def softmax(self, name: str, logits: int, count: int) -> int:
        """Add the softmax of `count` logits."""
        return self.operator("SOFTMAX", [logits], self.tensor(name, [1, count]), "SoftmaxOptions", beta=1.0)

    def concatenate(self, name: str, values: list[int], shape: list[int]) -> int:
        """Add the values behind each other along their last axis; `shape` is that of the result."""
        axis = len(shape) - 1
        return self.operator("CONCATENATION", values, self.tensor(name, shape), "ConcatenationOptions", axis=axis)

    def each_place(self, name: str, feature_map: int, kernel: NDArray[np.float32], size: tuple[int, int]) -> int:
        """Add map @ kernel at each of the places of a map [1, *size, count]."""
        weights = self.constant(f"{name}_kernel", np.ascontiguousarray(kernel.T.astype(np.float32))[:, None, None])
        bias = self.constant(f"{name}_bias", np.zeros(kernel.shape[1], np.float32))
        output = self.tensor(name, [1, *size, kernel.shape[1]])
        steps = {"strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1}
        return self.operator("CONV_2D", [feature_map, weights, bias], output, "Conv2DOptions", **steps)

    def bytes(self, **outputs: int) -> bytes:
        """The file, which then gives these tensors."""
        import flatbuffers

        self._graph.outputs = list(outputs.values())
        self._signature.outputs = []
        for name, tensor in outputs.items():
            output = self._schema.TensorMapT()
            output.name, output.tensorIndex = name.encode(), tensor
            self._signature.outputs.append(output)
        builder = flatbuffers.Builder(1 << 23)
        builder.Finish(self._model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
