"""python -m classifier, as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.classifier.pictures import BLUE, RED, encoded

ROOT = Path(__file__).parents[2]


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "classifier", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    files = {
        "red.jpg": encoded(Image.new("RGB", (64, 64), RED), "JPEG"),
        "text.jpg": b"I am not a photo.",
        "blue in disguise.txt": encoded(Image.new("RGB", (64, 64), BLUE), "PNG"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in files]


def test_json_is_one_object_a_line_and_a_bad_file_ends_in_status_1(photos: list[Path], shelf_dir: Path) -> None:
    done = run("--json", *photos, MODELS_DIR=str(shelf_dir), DEFAULT_MODEL="plain")
    red, text, blue = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert [entry["file"] for entry in (red, text, blue)] == [str(photo) for photo in photos]
    assert (red["label"], red["model"], red["unsure"]) == ("red", "plain", False)
    assert blue["predictions"][0]["label"] == "blue"
    assert text["error"]["type"] == "NotAPhoto"


def test_good_photos_end_in_status_0_and_a_readable_table(photos: list[Path], shelf_dir: Path) -> None:
    done = run("--model", "with_map", photos[0], photos[2], MODELS_DIR=str(shelf_dir))
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert "  red  " in lines[0]
    assert "%" in lines[0]


def test_a_name_that_is_no_text_is_shown_escaped(shelf_dir: Path, tmp_path: Path) -> None:
    photo = tmp_path / os.fsdecode(b"caf\xe9.png")
    photo.write_bytes(encoded(Image.new("RGB", (64, 64), RED), "PNG"))
    done = run(photo, MODELS_DIR=str(shelf_dir), DEFAULT_MODEL="plain")
    assert (done.returncode, "red" in done.stdout) == (0, True), done.stderr
    assert run("--json", photo, MODELS_DIR=str(shelf_dir), DEFAULT_MODEL="plain").returncode == 0


@pytest.mark.parametrize("name", ["missing.jpg", "."])
def test_a_file_that_cannot_be_read_is_its_error(shelf_dir: Path, tmp_path: Path, name: str) -> None:
    done = run("--json", tmp_path / name, MODELS_DIR=str(shelf_dir), DEFAULT_MODEL="plain")
    assert json.loads(done.stdout)["error"]["type"] == "BadRequest"
    assert done.returncode == 1


def test_a_file_past_the_limit_is_not_read_whole(shelf_dir: Path, tmp_path: Path) -> None:
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(10**12)
    done = run("--json", file.name, MODELS_DIR=str(shelf_dir), DEFAULT_MODEL="plain")
    assert json.loads(done.stdout)["error"]["type"] == "TooLarge"


def test_wrong_usage_setting_or_model_is_status_2_with_a_sentence(photos: list[Path], shelf_dir: Path) -> None:
    unknown = run("--model", "gone", photos[0], MODELS_DIR=str(shelf_dir))
    assert unknown.returncode == 2
    assert "There is no model 'gone'. The models are: plain, with_map." in unknown.stderr
    setting = run(photos[0], THREADS="many")
    assert setting.returncode == 2
    assert "THREADS is 'many'" in setting.stderr
    assert run().returncode == 2


def test_help_teaches() -> None:
    shown = run("--help").stdout
    assert "examples:" in shown
    assert "exit status:" in shown


def test_serving_imports_no_tensorflow_and_starts_fast() -> None:
    code = "import sys, time; t = time.perf_counter(); import classifier.classifier; s = time.perf_counter() - t;"
    code += "print(s, [name for name in ('tensorflow', 'keras', 'matplotlib', 'scipy') if name in sys.modules])"
    done = [subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT, timeout=60) for _ in range(3)]
    assert all(line.endswith("[]\n") for line in done)
    assert min(float(line.split()[0]) for line in done) < 0.3
