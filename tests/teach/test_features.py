"""Features are the same whether they are kept in memory or in a file, and are read a block at a time."""

import errno
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.errors import ModelError
from teach import features
from teach.features import Blocks, Features, Scaled

GIVEN = np.random.default_rng(0).normal(size=(23, 5)).astype(np.float16)


@pytest.fixture(params=["in memory", "in a file"])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Features:
    if request.param == "in a file":
        monkeypatch.setattr(features, "_IN_MEMORY", 1)
    monkeypatch.setattr(features, "BLOCK", 4)
    return Features(GIVEN[start : start + 3] for start in range(0, 23, 3))


def test_what_is_kept_is_read_in_its_order(kept: Features) -> None:
    assert len(kept) == 23
    np.testing.assert_array_equal(kept[:], GIVEN)
    np.testing.assert_array_equal(kept[7:9], GIVEN[7:9])
    np.testing.assert_array_equal(kept[20:99], GIVEN[20:])
    assert kept[30:40].shape == (0, 5)
    assert [len(block) for block in kept] == [4, 4, 4, 4, 4, 3]


def test_rows_are_taken_in_any_order(kept: Features) -> None:
    rows = np.array([22, 0, 5, 5, 9])
    np.testing.assert_array_equal(kept.rows(rows), GIVEN[rows])
    np.testing.assert_array_equal(kept.take(rows)[:], GIVEN[rows])


def test_what_is_written_is_an_array_of_numpy_and_is_read_again(kept: Features) -> None:
    file = io.BytesIO()
    kept.write(file)
    file.seek(0)
    np.testing.assert_array_equal(np.load(file), GIVEN)
    file.seek(0)
    np.testing.assert_array_equal(Features.read(file)[:], GIVEN)


def test_arrays_of_another_kind_are_refused() -> None:
    file = io.BytesIO()
    np.save(file, GIVEN.astype(np.float32))
    file.seek(0)
    with pytest.raises(ValueError, match="not float16"):
        Features.read(file)


def test_many_lie_in_a_file_that_has_no_name_or_is_gone_with_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(features, "_IN_MEMORY", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = Features([GIVEN])
    np.testing.assert_array_equal(found[:], GIVEN)
    del found
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "write", full)
    with pytest.raises(ModelError, match=r"No space left on device.* in TMPDIR"):
        Features([GIVEN])


def test_they_are_fitted_to_centred_and_scaled_with_the_bank_behind_them(kept: Features) -> None:
    bank, mean = GIVEN[:6] + np.float16(1), np.arange(5, dtype=np.float32)
    scaled = Scaled(kept, bank, mean, 2.0)
    wanted = (np.concatenate([GIVEN, bank]).astype(np.float32) - mean) / 2
    assert len(scaled) == 29
    for rows in (slice(None), slice(3, 9), slice(20, 26), slice(24, 29)):
        np.testing.assert_array_equal(scaled[rows], wanted[rows])


def test_chosen_rows_can_be_gone_through_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "BLOCK", 4)
    given: Any = GIVEN.astype(np.float32)
    which = np.arange(23) % 3 == 0
    which[8:12] = False
    blocks = Blocks(given, which)
    for _ in range(2):
        np.testing.assert_array_equal(np.concatenate(list(blocks)), given[which])
    assert max(map(len, blocks)) <= 4
