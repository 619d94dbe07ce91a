"""The command classify, as a process: what it answers."""

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

from PIL import Image

from tests.classifier.command import ROOT, run
from tests.classifier.pictures import encoded
from tests.classifier.tiny_models import only


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
