"""The bank belongs to a trunk, and is used only with that one."""

from pathlib import Path

import numpy as np
import pytest

from classifier.errors import ModelError
from classifier.trunk import BANK_FILE
from teach.bank import read_bank, write_bank
from tests.teach import features


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_bank(features.bank(), "ab", tmp_path)
    np.testing.assert_array_equal(read_bank("ab", tmp_path), features.bank())
    assert [file.name for file in tmp_path.iterdir()] == [BANK_FILE]


def test_that_of_another_trunk_is_refused(tmp_path: Path) -> None:
    write_bank(features.bank(), "cd", tmp_path)
    with pytest.raises(ModelError, match="another trunk"):
        read_bank("ab", tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04", b"x" * 1000])
def test_a_missing_or_damaged_one_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / BANK_FILE).write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        read_bank("ab", tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        *(np.zeros((0, 8), np.float16), np.zeros(8, np.float16), np.full((2, 8), np.nan, np.float16)),
        *(np.zeros((2, 8), np.float32), np.zeros((2, 8), np.int8)),
    ],
    ids=["no rows", "one row", "not finite", "32 bits", "whole numbers"],
)
def test_what_holds_no_features_is_refused(tmp_path: Path, wrong: np.ndarray) -> None:
    write_bank(wrong, "ab", tmp_path)
    with pytest.raises(ModelError, match="does not hold features"):
        read_bank("ab", tmp_path)
