"""Writes torch's file format before 1.6 with pickle alone, for as many tensors as asked."""

import collections
import io
import pickle
import struct
import sys
import types
from typing import Any

import numpy as np
from numpy.typing import NDArray


class _Storage:
    def __init__(self, key: str, kind: str, values: NDArray[Any]) -> None:
        self.key, self.kind, self.values = key, kind, values


class _Pickler(pickle.Pickler):
    def persistent_id(self, item: Any) -> Any:
        if isinstance(item, _Storage):
            kind = sys.modules["torch"].__dict__[item.kind]
            return "storage", kind, item.key, "cpu", len(item.values), None
        return None


class _Tensor:
    def __init__(self, *description: Any) -> None:
        self.description = description

    def __reduce__(self) -> Any:
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.description


def write(arrays: dict[str, NDArray[Any]], transposed: tuple[str, ...] = (), **damage: Any) -> bytes:
    """The file; arrays named in `transposed` lie column by column. `damage`: offset, added to every tensor's."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    for kind in ("FloatStorage", "LongStorage"):
        setattr(torch, kind, type(kind, (), {"__module__": "torch", "__qualname__": kind}))
    rebuild = types.FunctionType((lambda *_: None).__code__, {}, "_rebuild_tensor_v2")
    rebuild.__module__, rebuild.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = rebuild  # type: ignore[attr-defined]
    before = {name: sys.modules.get(name) for name in ("torch", "torch._utils")}
    sys.modules |= {"torch": torch, "torch._utils": utils}
    try:
        return _write(arrays, transposed, **damage)
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def _write(arrays: dict[str, NDArray[Any]], transposed: tuple[str, ...], offset: int = 0) -> bytes:
    tensors: dict[str, Any] = collections.OrderedDict()
    storages = []
    for number, (name, array) in enumerate(arrays.items()):
        order = "F" if name in transposed else "C"
        storage = _Storage(
            str(number), "LongStorage" if array.dtype == np.int64 else "FloatStorage", array.ravel(order)
        )
        laid = np.array(array, order=order)
        strides = tuple(step // array.itemsize for step in laid.strides)
        tensors[name] = _Tensor(storage, offset, array.shape, strides, False, collections.OrderedDict())
        storages.append(storage)
    file = io.BytesIO()
    for part in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
        pickle.dump(part, file, protocol=2)
    _Pickler(file, protocol=2).dump(tensors)
    pickle.dump([storage.key for storage in storages], file, protocol=2)
    for storage in storages:
        file.write(struct.pack("<q", len(storage.values)) + storage.values.tobytes())
    return file.getvalue()
