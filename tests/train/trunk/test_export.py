"""The trunk's file: eight bits all through, features like the network's, and written whole or not at all."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from tests.train.drawn import scene
from tests.train.trunk.tiny_network import network
from train.errors import ExportError
from train.trunk import export


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.stack([np.asarray(scene(seed).resize((32, 32))) for seed in range(24)])


@pytest.fixture(scope="module")
def data(pictures: np.ndarray) -> bytes:
    return export.convert(network(), pictures[:16])


def changed(scale: float, turn: bool = False) -> keras.Model:
    """The network with its last kernels so many times as large, and perhaps with other filters."""
    other = network()
    *rest, kernel, bias = other.get_weights()
    other.set_weights([*rest, (np.roll(kernel, 5, axis=-1) if turn else kernel) * scale, bias])
    return other


def test_pictures_are_bytes_and_the_map_is_of_floats_with_the_place_of_each_feature(
    data: bytes, pictures: np.ndarray
) -> None:
    run = Interpreter(model_content=data).get_signature_runner()
    found = run(image=pictures[20][None])["feature_map"]
    assert (found.dtype, found.shape) == (np.float32, (1, 8, 8, 16))
    _, expected = network()(pictures[20][None].astype(np.float32))
    assert np.abs(found - expected).max() < 0.05 * np.abs(expected).max()


def test_between_the_pictures_and_the_answer_there_are_whole_numbers_only(data: bytes) -> None:
    interpreter = Interpreter(model_content=data)
    interpreter.allocate_tensors()
    floats = {tensor["name"] for tensor in interpreter.get_tensor_details() if tensor["dtype"] == np.float32}
    assert floats == {"Cast", *(tensor["name"] for tensor in interpreter.get_output_details())}


def test_likeness_is_the_mean_cosine_whatever_the_length(data: bytes, pictures: np.ndarray) -> None:
    same, longer = (export.check(data, other, pictures[16:]) for other in (network(), changed(3)))
    assert 0.98 < same <= 1
    assert longer == pytest.approx(same, abs=1e-4)


def test_a_file_that_answers_otherwise_is_refused(data: bytes, pictures: np.ndarray) -> None:
    with pytest.raises(ExportError, match=r"answers 0\.\d+ like the network; 0\.98 is needed"):
        export.check(data, changed(1, turn=True), pictures[16:])


def test_a_network_that_answers_nothing_at_all_is_refused(data: bytes, pictures: np.ndarray) -> None:
    with np.errstate(invalid="ignore"), pytest.raises(ExportError, match="answers nan"):
        export.check(data, changed(0), pictures[16:])


def test_a_file_may_have_so_many_bytes_and_no_more(
    data: bytes, pictures: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_BYTES", len(data))
    export.check(data, network(), pictures[16:])
    monkeypatch.setattr(export, "MOST_BYTES", len(data) - 1)
    with pytest.raises(ExportError, match=f"{len(data):,} bytes, over the limit of {len(data) - 1:,}"):
        export.check(data, network(), pictures[16:])


def test_file_and_card_are_written(tmp_path: Path) -> None:
    export.write(tmp_path, b"network", {"side": 32})
    assert (tmp_path / "trunk.tflite").read_bytes() == b"network"
    assert json.loads((tmp_path / "trunk.json").read_text()) == {"side": 32}
    assert len(list(tmp_path.iterdir())) == 2


def test_where_the_disk_is_full_the_trunk_of_before_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export.write(tmp_path, b"before", {"side": 32})
    written = Path.write_bytes

    def full(path: Path, content: bytes) -> None:
        written(path, content[: len(content) // 2])
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space left"):
        export.write(tmp_path, b"another network", {"side": 64})
    assert (tmp_path / "trunk.tflite").read_bytes() == b"before"
    assert json.loads((tmp_path / "trunk.json").read_text()) == {"side": 32}
