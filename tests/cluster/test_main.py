"""The command on this machine, where it starts a Ray of its own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cluster.__main__ import main
from cluster.run import Run
from tests.classifier.tiny_models import only
from tests.cluster.photos import fill
from tests.cluster.runs import answer, as_csv, classify_csv, rows, run

pytestmark = pytest.mark.timeout(280)


@pytest.mark.alone
def test_what_is_missing_is_answered_as_classify_answers_it(
    prepare: Callable[..., Run], tmp_path: Path, shelf_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "photos", tmp_path / "answers"
    fill(folder, 40)
    (folder / "none.jpg").write_bytes(b"no photo")
    expected = classify_csv(folder, shelf_dir)
    monkeypatch.chdir(tmp_path)
    answer(prepare("photos/00000*.jpg"))
    before = {part: part.stat().st_mtime_ns for part in out.glob("*.parquet")}
    for photo in folder.glob("00000*.jpg"):
        photo.unlink()  # unlinked first: others are links to the same file
        photo.write_bytes(b"read again")

    done = run("--resume", "photos", "answers", shelf=shelf_dir, folder=tmp_path)

    assert done.returncode == 1, done.stderr
    first, *others = done.stderr.splitlines()
    assert first == "cluster: 10 of 41 photos are in answers already."
    assert all(re.fullmatch(r"cluster: \d+ of 31 photos, \d+ a second\.", line) for line in others), done.stderr
    assert [{**row, "file": f"{tmp_path}/{row['file']}"} for row in as_csv(rows(out))] == expected
    assert {part: part.stat().st_mtime_ns for part in before} == before
    lines = done.stdout.splitlines()
    assert lines[0].startswith("31 photos in ")
    assert lines[1].startswith("red 14, blue 13, green 13; unsure of ")
    assert lines[2] == "1 refused: This is not a photo. Choose a JPEG, PNG or WebP file."
    assert lines[3].startswith("answers has 41 photos in ")


def test_nothing_is_started_where_all_is_there(
    tmp_path: Path, shelf_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in only(shelf_dir).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cluster.run._ray", None)
    (tmp_path / "empty.txt").write_text("\n")
    assert main(["classify", "empty.txt", "answers"]) == 0
    assert capsys.readouterr().out.endswith("answers has 0 photos in 0 parts, 0.0 MB.\n")


@pytest.mark.slow
def test_where_there_is_no_cluster_it_says_so(tmp_path: Path, shelf_dir: Path) -> None:
    fill(tmp_path / "photos", 1)
    done = run("photos", "answers", "--address", "127.0.0.1:9", shelf=shelf_dir, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("cluster: Ray at 127.0.0.1:9 cannot be reached: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cluster.run", None)
    assert main(["classify", "photos", "answers"]) == 2
    assert "pip install 'uplink-image-classifier[cluster]'" in capsys.readouterr().err
