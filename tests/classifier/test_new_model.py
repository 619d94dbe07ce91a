"""A model is put on the shelf whole or not at all."""

import resource
import signal
import sys
from pathlib import Path

import pytest

from classifier.card import read_card
from classifier.errors import BadRequestError, ModelError
from classifier.new_model import check_writable, new_model
from classifier.shelf import SHIPPED, read_shelf
from tests.classifier.written import NAME, content, interrupted, left, put


def test_what_was_written_is_a_model_that_others_may_read(tmp_path: Path) -> None:
    shelf = tmp_path / "not there yet"
    put(shelf, "new", replace=False)
    assert content(shelf) == "new"
    assert left(shelf) == [NAME]
    if sys.platform != "win32":
        assert (shelf / NAME).stat().st_mode & 0o777 == 0o755


def test_a_new_one_takes_the_place_of_the_old(tmp_path: Path) -> None:
    put(tmp_path, "old")
    put(tmp_path, "new")
    assert (content(tmp_path), left(tmp_path)) == ("new", [NAME])


def test_an_old_one_is_replaced_only_where_that_is_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "old")
    with pytest.raises(BadRequestError, match="There is a model called 'flowers' already"):
        put(tmp_path, "new", replace=False)
    assert (content(tmp_path), left(tmp_path)) == ("old", [NAME])


def test_a_folder_that_is_no_model_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "letters.txt").write_text("dear to somebody")
    with pytest.raises(BadRequestError, match="a folder called 'flowers' that is no model"):
        put(tmp_path, "new")
    assert (tmp_path / NAME / "letters.txt").exists()


def test_a_broken_model_can_be_replaced(tmp_path: Path) -> None:
    put(tmp_path, "old")
    (tmp_path / NAME / "card.json").write_bytes(b"")
    put(tmp_path, "new")
    assert content(tmp_path) == "new"


def test_what_is_no_model_does_not_come_to_the_shelf(tmp_path: Path) -> None:
    put(tmp_path, "old")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        put(tmp_path, "one thing", described="another")
    with pytest.raises(ModelError, match="cannot be read"), new_model(tmp_path, NAME, replace=True):
        pass
    assert (content(tmp_path), left(tmp_path)) == ("old", [NAME])


def test_an_error_meanwhile_leaves_the_shelf_as_it_was(tmp_path: Path) -> None:
    put(tmp_path, "old")
    with pytest.raises(KeyboardInterrupt):
        put(tmp_path, "new", meanwhile=interrupted)
    assert (content(tmp_path), left(tmp_path)) == ("old", [NAME])


def test_a_full_disk_leaves_the_shelf_as_it_was(tmp_path: Path) -> None:
    put(tmp_path, "old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as Python has it: writing fails instead
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(ModelError, match=r"^Model flowers cannot be written: .*The shelf is as it was\.$"):
            put(tmp_path, "new", size=100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert (content(tmp_path), left(tmp_path)) == ("old", [NAME])


def test_a_rename_that_fails_puts_the_old_one_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "old")
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if path.name.startswith(".new."):
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(ModelError, match="No space left on device"):
        put(tmp_path, "new")
    assert (content(tmp_path), left(tmp_path)) == ("old", [NAME])


def test_a_shelf_that_cannot_be_made_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="cannot be written"), new_model(tmp_path / "file" / "models", NAME):
        pytest.fail("the work began")
    with pytest.raises(ModelError, match=r"file/models \(Not a directory\).*--models, or CLASSIFIER_MODELS_DIR"):
        check_writable(tmp_path / "file" / "models")


def test_a_shelf_that_can_be_written_is_made_and_left_empty(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b")
    assert not list((tmp_path / "a" / "b").iterdir())


def test_every_shipped_model_is_whole() -> None:
    for card in read_shelf(SHIPPED).cards.values():
        read_card(card.folder).check_digests()
    assert read_shelf(SHIPPED).broken == {}
