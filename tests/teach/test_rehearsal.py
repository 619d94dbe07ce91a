"""A rehearsal: the way of teaching, with nothing written."""

import json
import shutil
from pathlib import Path

import pytest

from classifier.settings import Settings
from teach.__main__ import main


@pytest.fixture(autouse=True)
def shelf(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLASSIFIER_MODELS_DIR", str(settings.models_dir))
    return settings.models_dir


def test_it_says_what_would_be_done_with_each_file(
    photos: Path, shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "photos"
    shutil.copytree(photos, folder)
    (folder / "disc" / "notes.txt").write_text("x")
    shutil.copy(folder / "disc" / "disc1.jpg", folder / "cross" / "both.jpg")
    shutil.copy(folder / "disc" / "disc2.jpg", folder / "disc" / "again.jpg")
    assert main([str(folder), "--name", "shapes", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "use        disc/disc0.jpg: as disc" in lines
    assert "set aside  cross/both.jpg: it is also disc/disc1.jpg, a disc" in lines
    assert any(line.startswith("leave out  disc/notes.txt: ") for line in lines)
    assert sum(line.startswith("copy ") for line in lines) == 1
    assert lines[-2:] == ["It would be taught from 12 of cross, 11 of disc.", "Nothing was written."]
    assert len(lines) == 27 + 3
    assert list(shelf.iterdir()) == []


def test_it_says_why_teaching_would_be_refused(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(photos / "disc", tmp_path / "photos" / "disc")
    assert main([str(tmp_path / "photos"), "--name", "shapes", "--dry-run", "--json"]) == 2
    planned = json.loads(capsys.readouterr().out)
    assert "only one label" in planned["refused"]
    assert planned["photos"] == {"disc": 12}
    assert {entry["what"] for entry in planned["files"]} == {"use"}
