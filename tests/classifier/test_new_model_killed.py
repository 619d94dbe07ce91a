"""A writer is killed, or there are many of them: the shelf has one whole model."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from classifier.errors import BadRequestError
from classifier.shelf import read_shelf
from tests.classifier.written import NAME, content, left, put

# Writes one model after the other, each with another number in its card and its file, and says when it has begun.
WRITER = """
import sys
from pathlib import Path
from tests.classifier.written import put

print("begun", flush=True)
for number in range(1_000_000):
    put(Path(sys.argv[1]), str(number), size=200_000)
"""


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


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_a_writer_killed_between_its_steps_leaves_one_whole(tmp_path: Path, renames: int) -> None:
    """Before it puts the old one aside, between that and putting the new one in its place, and after both."""
    put(tmp_path, "old")
    program = f"""
import os, signal
from pathlib import Path
from tests.classifier.written import put

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
