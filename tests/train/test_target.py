"""Where a model goes."""

from pathlib import Path

import pytest

from train.errors import TargetError
from train.target import prepare


def test_a_place_that_cannot_be_written_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(TargetError, match=r"photo\.jpg/x cannot be written \(Not a directory\)"):
        prepare(tmp_path / "photo.jpg" / "x")
    prepare(tmp_path / "a" / "b")
    assert not list((tmp_path / "a" / "b").iterdir())
