"""A model file as a function."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.card import read_card
from classifier.errors import ModelError
from classifier.runtime import Runtime
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
