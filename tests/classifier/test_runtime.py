"""A model file as a function."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from classifier.card import read_card
from classifier.errors import ModelError
from classifier.runtime import Runtime, without_greeting
from tests.classifier.tiny_models import tiny_model


def plain(colour: tuple[int, int, int], count: int = 1) -> np.ndarray:
    return np.full((count, 16, 16, 3), colour, np.uint8)


def test_probabilities_are_the_networks(shelf_dir: Path) -> None:
    output = Runtime(read_card(shelf_dir / "plain"))(plain((255, 0, 0)))
    weights = np.exp([12.0, 0, 0])
    assert output.probabilities == pytest.approx((weights / weights.sum())[None], abs=1e-5)
    assert output.activation_map is None


def test_the_activation_map_says_where(shelf_dir: Path) -> None:
    picture = plain((0, 0, 0))
    picture[0, 12:, :4, 2] = 255
    activation_map = Runtime(read_card(shelf_dir / "with_map"))(picture).activation_map
    assert activation_map is not None
    assert activation_map.shape == (1, 4, 4, 3)
    assert np.unravel_index(activation_map[0, :, :, 2].argmax(), (4, 4)) == (3, 0)


def test_a_batch_is_answered_row_by_row(shelf_dir: Path) -> None:
    batch = np.concatenate([plain((255, 0, 0)), plain((0, 255, 0)), plain((0, 0, 255))])
    assert Runtime(read_card(shelf_dir / "plain"))(batch).probabilities.argmax(axis=1).tolist() == [0, 1, 2]


def test_several_threads_get_their_own_answers(shelf_dir: Path) -> None:
    runtime = Runtime(read_card(shelf_dir / "with_map"))

    def ask(turn: int) -> bool:
        colour = turn % 3
        output = runtime(plain(tuple(255 * (i == colour) for i in range(3))))  # type: ignore[arg-type]  # three ints
        return bool(output.probabilities.argmax() == colour)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"input": {"height": 32, "width": 16, "resize": "squash"}},
            r"its input is uint8 \[16, 16, 3\]; the card says",
        ),
        ({"labels": ["a", "b"], "outputs": {"probabilities": [2]}}, "probabilities is float32"),
        ({"outputs": {"probabilities": [3], "activation_map": [4, 4, 3]}}, "no output is named activation_map"),
    ],
)
def test_a_model_that_is_not_what_its_card_says_is_refused_at_load(
    make_model: Callable[..., Path], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        Runtime(read_card(make_model(**changes)))


def test_a_network_that_answers_nan_is_refused_at_load(make_model: Callable[..., Path]) -> None:
    with pytest.raises(ModelError, match=r"do not sum to 1|not finite"):
        Runtime(read_card(make_model(tiny_model(False, scale=float("nan")))))


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x1c\0\0\0TFL3" + b"\0" * 64])
def test_a_file_that_is_no_model_is_refused(make_model: Callable[..., Path], data: bytes) -> None:
    with pytest.raises(ModelError, match="LiteRT cannot load it"):
        Runtime(read_card(make_model(data)))


def test_a_file_with_another_digest_is_not_even_opened(make_model: Callable[..., Path]) -> None:
    with pytest.raises(ModelError, match="SHA-256 differs"):
        Runtime(read_card(make_model(files={"model.tflite": {"sha256": "0" * 64}})))


def test_a_file_that_is_overwritten_does_not_change_the_answers_of_a_loaded_model(
    make_model: Callable[..., Path],
) -> None:
    folder = make_model()
    runtime = Runtime(read_card(folder))
    (folder / "model.tflite").write_bytes(b"something else")
    assert runtime(plain((255, 0, 0))).probabilities.argmax() == 0


@pytest.mark.parametrize("names", [(), ("image", "mask")])
def test_a_network_of_no_input_or_of_two_is_refused(
    shelf_dir: Path, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    details = {"shape": np.array([1, 16, 16, 3]), "dtype": np.uint8}
    runner = SimpleNamespace(get_input_details=lambda: dict.fromkeys(names, details))
    monkeypatch.setattr(
        "classifier.runtime.Interpreter", lambda **_: SimpleNamespace(get_signature_runner=lambda name: runner)
    )
    with pytest.raises(ModelError, match=f"{len(names)} inputs; one is expected"):
        Runtime(read_card(shelf_dir / "plain"))


def test_after_an_error_there_are_as_many_interpreters_as_before(shelf_dir: Path) -> None:
    runtime = Runtime(read_card(shelf_dir / "plain"), threads=2)
    for _ in range(5):
        with pytest.raises((ModelError, ValueError)):
            runtime(np.zeros((1, 8, 8, 3), np.float32))  # type: ignore[arg-type]  # what no network takes
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(runtime, plain((255, 0, 0))).result(10).probabilities.argmax() == 0
    assert runtime._idle.qsize() == 2


def test_it_answers_as_many_calls_at_a_time_as_it_has_threads(shelf_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = Runtime(read_card(shelf_dir / "plain"), threads=3)
    together = Barrier(3)
    for _ in range(3):
        run = runtime._idle.queue.pop(0)
        runtime._idle.queue.append(lambda run=run, **inputs: (together.wait(10), run(**inputs))[1])
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(runtime, [plain((0, 255, 0))] * 3))
    assert [int(answer.probabilities.argmax()) for answer in answers] == [1, 1, 1]


@pytest.mark.parametrize(("by", "makes_sense"), [(0.0005, True), (0.002, False), (-0.002, False)])
def test_probabilities_sum_to_one(shelf_dir: Path, by: float, makes_sense: bool) -> None:
    runtime = Runtime(read_card(shelf_dir / "plain"), threads=1)
    runtime._idle.get()
    for probabilities in ([[0.5 + by, 0.5, 0]], [[0.25, 0.75, 0], [0.5, 0.5 + by, 0]]):
        found = {"probabilities": np.array(probabilities, np.float32)}
        runtime._idle.put(lambda found=found, **inputs: found)
        with nullcontext() if makes_sense else pytest.raises(ModelError, match="do not sum to 1"):
            runtime(plain((0, 0, 0), len(probabilities)))
        runtime._idle.get()


def test_standard_error_is_there_again_after_loading(capfd: pytest.CaptureFixture[str]) -> None:
    open_before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    with suppress(ValueError), without_greeting():
        os.write(2, b"a greeting")
        raise ValueError("no model")
    os.write(2, b"a message")
    assert capfd.readouterr().err == "a message"
    if open_before:
        assert len(list(Path("/proc/self/fd").iterdir())) == open_before
