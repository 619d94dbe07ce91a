"""What takes minutes to make is made once, and never taken for something else."""

import os
from pathlib import Path

import numpy as np
import pytest

from train.data.cache import cache_dir, cached, identity


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_is_made_once_and_again_only_from_something_else() -> None:
    assert cached("squares", "one", lambda: np.arange(3)).tolist() == [0, 1, 2]
    assert cached("squares", "one", lambda: np.arange(9)).tolist() == [0, 1, 2]
    assert cached("squares", "two", lambda: np.arange(4)).tolist() == [0, 1, 2, 3]
    assert cached("cubes", "one", lambda: np.arange(5)).tolist() == [0, 1, 2, 3, 4]


def test_of_a_name_the_latest_is_kept(folder: Path) -> None:
    for made_of in ("one", "two", "three"):
        cached("squares", made_of, lambda: np.arange(3))
    cached("squares-of-others", "one", lambda: np.arange(3))
    assert len(list(folder.glob("squares.*"))) == 1
    assert len(list(folder.glob("squares-of-others.*"))) == 1


def test_what_fails_leaves_nothing_behind_that_counts(folder: Path) -> None:
    def fail() -> np.ndarray:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        cached("squares", "one", fail)
    assert cached("squares", "one", lambda: np.arange(3)).tolist() == [0, 1, 2]


def test_a_file_that_was_being_written_when_the_program_ended_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(path: Path, array: np.ndarray) -> None:
        path.write_bytes(b"half of it")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(np, "save", end)
        with pytest.raises(KeyboardInterrupt):
            cached("squares", "one", lambda: np.arange(3))
    assert cached("squares", "one", lambda: np.arange(4)).tolist() == [0, 1, 2, 3]


def test_it_is_mapped_and_not_read_into_memory() -> None:
    assert isinstance(cached("squares", "one", lambda: np.arange(3)), np.memmap)


def test_files_are_the_same_while_place_size_and_time_are(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"photo")
    before = identity([file])
    assert identity([file]) == before
    os.utime(file, ns=(1, 1))
    changed = identity([file])
    assert changed != before
    file.write_bytes(b"photos")
    os.utime(file, ns=(1, 1))
    assert identity([file]) not in (before, changed)
    last = identity([file])
    assert identity([file, file]) != last
    assert identity([file.rename(tmp_path / "b.jpg")]) != last


def test_a_file_whose_name_is_no_text_is_one_too(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"\xff.jpg")
    file.touch()
    assert identity([file]) != identity([])


def test_the_folder_is_outside_the_source_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Path.home() / ".cache" / "uplink-image-classifier"
    monkeypatch.setenv("CACHE_DIR", "")
    assert cache_dir() == ours
    monkeypatch.delenv("CACHE_DIR")
    assert cache_dir() == ours
