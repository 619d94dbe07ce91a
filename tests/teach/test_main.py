"""python -m teach, as a person runs it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.settings import Settings
from classifier.shelf import read_shelf
from teach.__main__ import main
from tests.stand_in import ROOT


@pytest.fixture(autouse=True)
def shelf(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLASSIFIER_MODELS_DIR", str(settings.models_dir))
    return settings.models_dir


def test_the_result_can_be_read_and_the_model_asked(
    photos: Path, shelf: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([str(photos), "--name", "my shapes"]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("my shapes is on your shelf after ")
    assert "Ask it:  classify --model 'my shapes' PHOTO" in out
    assert err == ""
    assert read_shelf(shelf).card("my shapes").labels[:2] == ("cross", "disc")


def test_json_is_one_object(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(photos), "--name", "shapes", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["model"] == "shapes"
    assert set(found["accuracy"]) == {"value", "low", "high", "n"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere", "--name", "x"], "There is no folder 'nowhere'."),
        ([__file__, "--name", "x"], "is a file"),
        (["export", "x"], "There is no model 'x'."),
        (["corrections", "x"], "There is no model 'x'."),
        ([".", "--name", "cats_vs_dogs"], "comes with the project"),
    ],
)
def test_what_cannot_be_is_a_sentence(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("teach: ")
    assert says in err
    assert len(err.splitlines()) == 1


def test_a_folder_s_name_cannot_command_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train" / "rose").mkdir(parents=True)
    (tmp_path / "a\x1b[2J").mkdir()
    assert main([str(tmp_path), "--name", "x"]) == 2
    assert r"a\x1b[2J stands beside it" in capsys.readouterr().err


def test_ctrl_c_is_a_sentence_and_leaves_the_shelf_as_it_was(photos: Path, shelf: Path) -> None:
    """One photo is a pipe's worth of nothing: it is read until the interrupt comes."""
    line = [sys.executable, "-c", _INTERRUPTED, str(photos), "--name", "shapes"]
    done = subprocess.run(line, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 130
    assert done.stderr.splitlines()[-1] == "teach: stopped. Nothing was written; the shelf is as it was."
    assert "Traceback" not in done.stderr
    assert list(shelf.iterdir()) == []


# Interrupts itself at the third photo, as a person would.
_INTERRUPTED = f"""
import os, sys
from teach import __main__, embedding
seen = []
embed = embedding.Embedder.embed
def third(self, photo):
    seen.append(photo)
    if len(seen) == 3:
        os.kill(os.getpid(), {int(signal.SIGINT)})
    return embed(self, photo)
embedding.Embedder.embed = third
sys.exit(__main__.main(sys.argv[1:]))
"""


def test_a_terminal_in_latin_1_is_no_crash(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    shutil.copytree(photos, folder)
    (folder / "disc").rename(folder / "猫")
    line = [sys.executable, "-m", "teach", str(folder), "--name", "shapes"]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert b"\\u732b  " in done.stdout
