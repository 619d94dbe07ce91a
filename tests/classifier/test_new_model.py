"""A model is put on the shelf whole or not at all."""

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.card import read_card
from classifier.errors import BadRequestError, ModelError
from classifier.new_model import check_name, check_writable, new_model
from classifier.shelf import SHIPPED, read_shelf
from tests.classifier.tiny_models import card_of

NAME = "flowers"
# Writes one model after the other, each with another number in its card and its file, and says when it has begun.
WRITER = """
import sys
from pathlib import Path
from tests.classifier.test_new_model import put

print("begun", flush=True)
for number in range(1_000_000):
    put(Path(sys.argv[1]), str(number), size=200_000)
"""


def put(
    shelf: Path,
    content: str,
    name: str = NAME,
    replace: bool = True,
    size: int = 10,
    described: str | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Write a model whose title and file tell the same."""
    data = content.encode() * size
    with new_model(shelf, name, replace) as folder:
        (folder / "model.tflite").write_bytes(data)
        (folder / "card.json").write_text(card_of(name, described.encode() if described else data, title=content))
        meanwhile()


def interrupted() -> None:
    raise KeyboardInterrupt


def content(shelf: Path, name: str = NAME) -> str:
    """What the model on the shelf tells, which its digests have confirmed."""
    card = read_shelf(shelf).card(name)
    assert card.read("model.tflite").startswith(card.title.encode())
    return card.title


def left(shelf: Path) -> list[str]:
    return sorted(entry.name for entry in shelf.iterdir())


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


def test_two_who_write_a_new_name_at_a_time_do_not_replace_each_other(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match="already"):
        put(tmp_path, "late", replace=False, meanwhile=lambda: put(tmp_path, "early", replace=False))
    assert (content(tmp_path), left(tmp_path)) == ("early", [NAME])


def test_many_who_replace_at_a_time_leave_one_whole(tmp_path: Path) -> None:
    together = threading.Barrier(4)

    def write(number: int) -> None:
        together.wait(10)
        for turn in range(10):
            put(tmp_path, f"{number}-{turn}")

    threads = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert content(tmp_path).endswith("-9")
    assert left(tmp_path) == [NAME]


def test_a_model_that_came_and_went_between_two_renames_is_another_writers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "old")
    rename, refused = Path.rename, []

    def rename_late(self: Path, target: Path) -> Path:
        if target == tmp_path / NAME and not refused:
            refused.append(target)
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_late)
    put(tmp_path, "new")
    assert (content(tmp_path), left(tmp_path)) == ("new", [NAME])
    assert refused


@pytest.mark.parametrize("then", ["nothing", "another"])
def test_a_model_that_is_put_aside_while_its_card_is_looked_for_is_no_folder_without_a_card(
    then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "old")

    def put_aside(folder: Path) -> bool:
        monkeypatch.undo()
        folder.rename(tmp_path / "elsewhere")
        if then == "another":
            put(tmp_path, "another")
        return False

    monkeypatch.setattr("classifier.new_model.has_card", put_aside)
    put(tmp_path, "new")
    assert content(tmp_path) == "new"


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


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_a_writer_killed_between_its_steps_leaves_one_whole(tmp_path: Path, renames: int) -> None:
    """Before it puts the old one aside, between that and putting the new one in its place, and after both."""
    put(tmp_path, "old")
    program = f"""
import os, signal
from pathlib import Path
from tests.classifier.test_new_model import put

rename, done = Path.rename, []
def counted(path, target):
    if len(done) == {renames}:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(path)
    return rename(path, target)
Path.rename = counted
from classifier import new_model
new_model._clear = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
put(Path({str(tmp_path)!r}), "new")
"""
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == -signal.SIGKILL
    assert content(tmp_path) == ("new" if renames == 2 else "old")
    put(tmp_path, "newest")
    assert content(tmp_path) == "newest"
    assert not [name for name in left(tmp_path) if name.startswith(".old.")]


def test_a_writer_killed_at_any_moment_leaves_one_whole(tmp_path: Path) -> None:
    for turn in range(8):
        started = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, start_new_session=True
        )
        assert started.stdout
        with started.stdout:
            assert started.stdout.readline() == b"begun\n"
            while not read_shelf(tmp_path).cards:
                time.sleep(0.001)
            time.sleep(0.0173 * turn)
            started.kill()
            started.wait(10)
        assert content(tmp_path).isdecimal()


def test_what_a_killed_writer_left_goes_after_a_day_and_what_another_writes_stays(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".new.abc.roses", tmp_path / ".new.def.roses"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "half").write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    put(tmp_path, "new")
    assert left(tmp_path) == [fresh.name, NAME]


@pytest.mark.parametrize(
    "name", ["my flowers", "caf\u00e9", "\u732b\u3068\u72ac", "$HOME", "<b>", "a" * 200, "50%", "a.b", "'"]
)
def test_names_are_free_text(tmp_path: Path, name: str) -> None:
    assert check_name(name, tmp_path) == name
    put(tmp_path, "new", name)
    put(tmp_path, "newer", name)
    assert content(tmp_path, name) == "newer"
    assert left(tmp_path) == [name]


def test_accents_are_composed(tmp_path: Path) -> None:
    assert check_name(unicodedata.normalize("NFD", "caf\u00e9"), tmp_path) == "caf\u00e9"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *[(name, "empty") for name in ("", " ", " a", "a ")],
        *[(name, "begins with a dot") for name in (".", "..", ".hidden", ".new.abc.x")],
        *[(name, "a slash") for name in ("a/b", "a\\b", "/", "a\nb", "a\0b", "caf\udce9", "a\u2028b")],
        ("a" * 201, "201 characters"),
        ("\u732b" * 80, "240 bytes"),
    ],
)
def test_a_name_that_no_folder_can_have_is_refused(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(BadRequestError, match=f"cannot be called .*{why}.*Choose another name"):
        check_name(name, tmp_path)


def test_the_name_of_a_shipped_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match="'cats_vs_dogs' is the name of a model that comes with the project"):
        check_name("cats_vs_dogs", tmp_path, replace=True)


def test_a_name_that_is_taken_is_refused_before_any_work(tmp_path: Path) -> None:
    put(tmp_path, "old")
    with pytest.raises(BadRequestError, match="already"):
        check_name(NAME, tmp_path)
    assert check_name(NAME, tmp_path, replace=True) == NAME


def test_every_shipped_model_is_whole() -> None:
    for card in read_shelf(SHIPPED).cards.values():
        read_card(card.folder).check_digests()
    assert read_shelf(SHIPPED).broken == {}
