"""Photos of a folder, by bare name. What the endpoint makes of it is in test_http_paths.py."""

import os
from pathlib import Path

import pytest

from classifier.errors import BadRequestError, NotFoundError
from worker.photo_by_key import photo_by_key

OPEN_FILES = Path("/proc/self/fd")


def test_no_more_is_read_than_shows_that_it_is_too_much(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"12345")
    assert photo_by_key(tmp_path, "a.jpg", 100) == b"12345"
    assert photo_by_key(tmp_path, "a.jpg", 3) == b"1234"


@pytest.mark.parametrize("key", ["../secret", "sub/../../secret", "/etc/passwd", "..", ".", "", "C:a", "a\\b", None, 1])
def test_what_is_no_bare_name_is_refused(tmp_path: Path, key: object) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(BadRequestError):
        photo_by_key(folder, key, 100)


def test_a_link_a_folder_and_a_pipe_are_not_there_and_nothing_stays_open(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"12345")
    (tmp_path / "link.jpg").symlink_to("a.jpg")
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / ".a.jpg").write_bytes(b"12345")
    os.mkfifo(tmp_path / "pipe.jpg")
    before = len(list(OPEN_FILES.iterdir()))
    for name in ("link.jpg", "loop.jpg", "folder.jpg", ".a.jpg", "pipe.jpg", "gone.jpg", "\udc80", "x" * 1000):
        with pytest.raises(NotFoundError):
            photo_by_key(tmp_path, name, 100)
    assert len(list(OPEN_FILES.iterdir())) == before


def test_where_the_system_cannot_open_without_following_a_link_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.photo_by_key._FLAGS", 0)
    (tmp_path / "a.jpg").write_bytes(b"12345")
    (tmp_path / "link.jpg").symlink_to("a.jpg")
    assert photo_by_key(tmp_path, "a.jpg", 100) == b"12345"
    with pytest.raises(NotFoundError):
        photo_by_key(tmp_path, "link.jpg", 100)
