"""The command classify, as a process."""

import contextlib
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.classifier.pictures import BLUE, RED, encoded
from tests.classifier.tiny_models import only, write_shelf

ROOT = Path(__file__).parents[2]


def run(
    *arguments: str | Path, folder: Path = ROOT, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "classifier", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=60,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


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
    done = run("--json", *photos, **only(shelf_dir))
    red, text, blue = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert [entry["file"] for entry in (red, text, blue)] == [str(photo) for photo in photos]
    assert (red["label"], red["model"], red["unsure"]) == ("red", "plain", False)
    assert blue["predictions"][0]["label"] == "blue"
    assert text["error"]["type"] == "NotAPhoto"


def test_good_photos_end_in_status_0_and_a_readable_table(photos: list[Path], shelf_dir: Path) -> None:
    done = run("--model", "with_map", photos[0], photos[2], **only(shelf_dir))
    assert (done.returncode, done.stderr) == (0, "")
    head, red, blue = done.stdout.splitlines()
    assert head.split() == ["photo", "answer", "others"]
    assert re.search(r"red\.jpg +red +\d+\.\d%  (green|blue) ", red)
    assert head.index("answer") == red.index(" red ") + 1 == blue.index(" blue ") + 1


def test_csv_is_a_row_for_each_photo_and_no_name_is_a_formula(
    photos: list[Path], shelf_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "=1+1.png").write_bytes(photos[0].read_bytes())
    arguments = ["--csv", "=1+1.png", "text.jpg"]
    done = run(*arguments, folder=tmp_path, **only(shelf_dir))
    assert "\n\n" not in done.stdout
    red, text = csv.DictReader(io.StringIO(done.stdout))
    assert (red["file"], red["label"], red["unsure"], red["model"]) == ("'=1+1.png", "red", "false", "plain")
    assert 0.5 < float(red["confidence"]) <= 1
    assert (text["label"], text["error"]) == ("", "This is not a photo. Choose a JPEG, PNG or WebP file.")


def test_a_folder_a_pattern_and_standard_input(photos: list[Path], shelf_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    shutil.copy(photos[2], tmp_path / "below" / "blue.PNG")
    settings = only(shelf_dir)
    done = run("--json", tmp_path, f"{tmp_path}/r*", "-", stdin=photos[2].read_bytes(), **settings)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    names = [photos[2], photos[0], photos[1], tmp_path / "below" / "blue.PNG", photos[0], "-"]
    assert [answer["file"] for answer in answers] == list(map(str, names))
    assert [answer.get("label") for answer in answers] == ["blue", "red", None, "blue", "red", "blue"]


def test_top_bounds_the_labels(photos: list[Path], shelf_dir: Path) -> None:
    done = run("--json", "--top", "1", photos[0], **only(shelf_dir))
    assert [entry["label"] for entry in json.loads(done.stdout)["predictions"]] == ["red"]
    assert run("--top", "0", photos[0], **only(shelf_dir)).returncode == 2


def test_heat_maps_are_written_each_under_a_name_of_its_own(
    photos: list[Path], shelf_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    shutil.copy(photos[2], tmp_path / "other" / "red.png")
    arguments = ["--json", "--model", "with_map", "--heatmap", tmp_path / "maps"]
    done = run(*arguments, photos[0], tmp_path / "other", photos[1], **only(shelf_dir))
    written = [json.loads(line).get("heatmap") for line in done.stdout.splitlines()]
    files = [tmp_path / "maps" / name for name in ("red.heatmap.png", "red-2.heatmap.png")]
    assert written == [*map(str, files), None]
    for file in files:
        with Image.open(file) as picture:
            assert max(picture.size) == 384
    refused = run("--model", "plain", "--heatmap", tmp_path / "no", photos[0], **only(shelf_dir))
    assert (refused.returncode, (tmp_path / "no").exists()) == (2, False)
    assert "Model plain has no activation map, so no heat map. Models that have: with_map." in refused.stderr


def test_a_folder_for_heat_maps_that_cannot_be_made_is_named(
    shelf_dir: Path, photos: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    refused = run("--model", "with_map", "--heatmap", tmp_path / "file" / "maps", photos[0], **only(shelf_dir))
    assert refused.returncode == 2
    assert "The folder for heat maps cannot be made: Not a directory." in refused.stderr


def test_no_bar_and_no_colour_where_nobody_looks(photos: list[Path], shelf_dir: Path) -> None:
    done = run(*photos, **only(shelf_dir))
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr == ""


def test_on_a_terminal_a_bar_counts_and_the_answers_in_a_file_stay_whole(
    photos: list[Path], shelf_dir: Path, tmp_path: Path
) -> None:
    ours, theirs = os.openpty()
    with (tmp_path / "answers").open("wb") as answers:
        started = subprocess.Popen(
            [sys.executable, "-m", "classifier", "--json", *map(str, photos)],
            cwd=ROOT,
            stdout=answers,
            stderr=theirs,
            env={
                **os.environ,
                **only(shelf_dir),
                "TERM": "xterm",
            },
        )
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal ends
            while data := os.read(ours, 65536):
                shown += data
        assert started.wait(30) == 1
    os.close(ours)
    assert b"3/3" in shown
    assert [bool(json.loads(line)) for line in (tmp_path / "answers").read_text().splitlines()] == [True] * 3


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


def test_photos_are_sorted_into_folders(photos: list[Path], shelf_dir: Path, tmp_path: Path) -> None:
    grey = tmp_path / "grey.png"
    grey.write_bytes(encoded(Image.new("RGB", (64, 64), (128, 128, 128)), "PNG"))
    done = run("--sort-into", tmp_path / "sorted", *photos, grey, **only(shelf_dir))
    assert done.returncode == 1
    assert sorted(str(file.relative_to(tmp_path / "sorted")) for file in (tmp_path / "sorted").glob("*/*")) == [
        *("blue/blue in disguise.txt", "red/red.jpg", "unsure/grey.png")
    ]
    assert all(photo.exists() for photo in photos)


def test_a_table_in_a_file_is_continued(photos: list[Path], shelf_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    first = run("--resume", file, photos[0], photos[1], **only(shelf_dir))
    assert (first.returncode, first.stdout, first.stderr) == (1, "", "")
    with file.open("a") as opened:
        opened.write("a row that was not wri")
    second = run("--resume", file, *photos, **only(shelf_dir))
    assert (second.returncode, second.stderr) == (0, f"classify: 2 of 3 photos are in {file} already.\n")
    whole = run("--csv", *photos, **only(shelf_dir))
    assert file.read_text() == whole.stdout
    other = run("--resume", file, "--model", "with_map", *photos, **only(shelf_dir))
    assert (other.returncode, "has answers of plain" in other.stderr) == (2, True)


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


def test_help_teaches() -> None:
    shown = run("--help").stdout
    assert "examples:" in shown
    assert "exit status:" in shown


def test_serving_imports_no_tensorflow_and_starts_fast() -> None:
    # The process's own time, which other work lengthens little; TensorFlow alone would take 5 s.
    code = "import sys, time; t = time.process_time(); import classifier.__main__, classifier.output;"
    code += "s = time.process_time() - t;"
    code += "print(s, [name for name in ('tensorflow', 'keras', 'matplotlib', 'scipy') if name in sys.modules])"
    done = [subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT, timeout=60) for _ in range(3)]
    assert all(line.endswith("[]\n") for line in done)
    assert min(float(line.split()[0]) for line in done) < 0.8
