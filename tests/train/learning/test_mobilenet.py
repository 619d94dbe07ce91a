"""The teacher of cats_vs_dogs_scratch is a file beside the pictures."""

from pathlib import Path

import pytest

from tests.train.drawn import colour_set
from train.errors import DataMissingError
from train.learning import mobilenet


def test_a_missing_file_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="MobileNetV2"):
        mobilenet.identity(tmp_path)
    with pytest.raises(DataMissingError, match="MobileNetV2"):
        mobilenet.teach(colour_set(tmp_path), tmp_path, 0)


def test_another_file_is_another_teacher(tmp_path: Path) -> None:
    (tmp_path / mobilenet.FILE).write_bytes(b"one")
    one = mobilenet.identity(tmp_path)
    (tmp_path / mobilenet.FILE).write_bytes(b"two")
    assert mobilenet.identity(tmp_path) != one
