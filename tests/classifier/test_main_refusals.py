"""What the command classify cannot answer, and how it says so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.classifier.command import ROOT, run
from tests.classifier.pictures import RED, encoded
from tests.classifier.tiny_models import only, write_shelf


def test_a_folder_for_heat_maps_that_cannot_be_made_is_named(
    shelf_dir: Path, photos: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    refused = run("--model", "with_map", "--heatmap", tmp_path / "file" / "maps", photos[0], **only(shelf_dir))
    assert refused.returncode == 2
    assert "The folder for heat maps cannot be made: Not a directory." in refused.stderr


def test_the_reader_may_leave(photos: list[Path], shelf_dir: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "classifier", *map(str, photos * 50)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **only(shelf_dir)},
    )
    assert started.stdout
    assert started.stdout.readline()
    started.stdout.close()
    assert started.stderr
    assert started.stderr.read() == b""
    started.stderr.close()
    assert started.wait(30) == 1


def test_a_name_that_is_no_text_is_shown_escaped(shelf_dir: Path, tmp_path: Path) -> None:
    photo = tmp_path / os.fsdecode(b"caf\xe9.png")
    photo.write_bytes(encoded(Image.new("RGB", (64, 64), RED), "PNG"))
    done = run(photo, **only(shelf_dir))
    assert (done.returncode, "red" in done.stdout) == (0, True), done.stderr
    assert run("--json", photo, **only(shelf_dir)).returncode == 0


def test_an_empty_name_is_no_folder(shelf_dir: Path) -> None:
    done = run("--json", "", **only(shelf_dir))
    assert "The name is empty" in json.loads(done.stdout)["error"]["message"]


@pytest.mark.parametrize("name", ["missing.jpg", "empty folder", "no*match"])
def test_a_file_that_cannot_be_read_is_its_error(shelf_dir: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty folder").mkdir()
    done = run("--json", tmp_path / name, **only(shelf_dir))
    assert json.loads(done.stdout)["error"]["type"] == "BadRequest"
    assert done.returncode == 1


def test_a_file_past_the_limit_is_not_read_whole(shelf_dir: Path, tmp_path: Path) -> None:
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(10**12)
    done = run("--json", file.name, **only(shelf_dir))
    assert json.loads(done.stdout)["error"]["type"] == "TooLarge"


def test_wrong_usage_setting_or_model_is_status_2_with_a_sentence(photos: list[Path], shelf_dir: Path) -> None:
    unknown = run("--model", "gone", photos[0], **only(shelf_dir))
    assert unknown.returncode == 2
    assert "There is no model 'gone'. The models are: plain, with_map." in unknown.stderr
    empty = run(photos[0], **only(photos[0].parent))
    assert (empty.returncode, "check CLASSIFIER_MODELS_DIR" in empty.stderr) == (2, True)
    setting = run(photos[0], CLASSIFIER_THREADS="many")
    assert setting.returncode == 2
    assert "CLASSIFIER_THREADS is 'many'" in setting.stderr
    assert run().returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_answers_that_cannot_be_written_are_an_error_in_words(photos: list[Path], shelf_dir: Path) -> None:
    for shape in ("--json", "--csv"):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "classifier", shape, photos[0]],
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=60,
                cwd=ROOT,
                env={**os.environ, **only(shelf_dir)},
                check=False,
            )
        assert (done.returncode, done.stderr) == (
            2,
            b"classify: the answers cannot be written: No space left on device\n",
        )


def test_what_is_left_out_of_a_folder_is_counted_and_named_at_the_end(shelf_dir: Path, tmp_path: Path) -> None:
    red = encoded(Image.new("RGB", (64, 64), RED), "JPEG")
    (tmp_path / "red.jfif").write_bytes(red)
    (tmp_path / "red").write_bytes(red)
    (tmp_path / "._red.jpg").write_bytes(b"of the system")
    for number in range(7):
        (tmp_path / f"notes{number}.txt").write_text("notes")
    done = run("--json", ".", folder=tmp_path, **only(shelf_dir))
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["red", "red.jfif"]
    named = ", ".join(f"notes{number}.txt" for number in range(5))
    assert done.stderr.splitlines() == [
        "classify: Left out, hidden or of the system: ._red.jpg (1 in all).",
        f"classify: Left out, not a photo: {named} and 2 more (7 in all).",
    ]
    assert done.returncode == 0


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_without_the_letters_of_a_name_is_no_crash(shelf_dir: Path, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "\U0001f436 \u732b.jpg").write_bytes(encoded(Image.new("RGB", (64, 64), RED), "JPEG"))
    for shape in ([], ["--csv"], ["--json"]):
        done = run(*shape, ".", folder=tmp_path, PYTHONIOENCODING=encoding, **only(shelf_dir))
        assert (done.returncode, done.stderr) == (0, "")
        assert "red" in done.stdout
        assert "1f436" in done.stdout or "ud83d" in done.stdout


def test_a_model_that_cannot_be_used_is_named_and_the_others_answer(photos: list[Path], tmp_path: Path) -> None:
    shelf = write_shelf(tmp_path / "models")
    (shelf / "with_map" / "card.json").write_bytes(b"")
    done = run("--json", photos[0], **only(shelf))
    assert json.loads(done.stdout)["label"] == "red"
    assert done.stderr.startswith("classify: Model with_map: its card cannot be used: ")
    refused = run("--model", "with_map", photos[0], **only(shelf))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "classify: Model with_map: its card cannot be used: " in refused.stderr


def test_settings_of_other_programs_do_not_end_it(photos: list[Path], shelf_dir: Path) -> None:
    done = run("--json", photos[0], LOG_LEVEL="trace", THREADS="128", MODELS_DIR="/nowhere", **only(shelf_dir))
    assert (done.returncode, done.stderr) == (0, "")
