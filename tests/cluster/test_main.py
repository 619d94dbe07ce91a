"""The command on this machine, where it starts a Ray of its own."""

from pathlib import Path

import pytest

from cluster.__main__ import main
from tests.classifier.tiny_models import only
from tests.cluster.photos import fill
from tests.cluster.runs import as_csv, classify_csv, rows, run

pytestmark = pytest.mark.timeout(280)


@pytest.mark.alone
def test_a_folder_is_answered_as_classify_answers_it_and_then_continued(tmp_path: Path, shelf_dir: Path) -> None:
    folder, out = tmp_path / "photos", tmp_path / "answers"
    fill(folder, 40)
    (folder / "none.jpg").write_bytes(b"no photo")
    done = run("photos", "answers", shelf=shelf_dir, folder=tmp_path)
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    assert [{**row, "file": f"{tmp_path}/{row['file']}"} for row in as_csv(rows(out))] == classify_csv(
        folder, shelf_dir
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("41 photos in ")
    assert lines[1].startswith("red 14, green 13, blue 13; unsure of ")
    assert lines[2] == "1 refused: This is not a photo. Choose a JPEG, PNG or WebP file."
    assert lines[3].startswith("answers has 41 photos in ")

    before = {part: part.stat().st_mtime_ns for part in out.glob("*.parquet")}
    for photo in folder.glob("*.jpg"):
        photo.write_bytes(b"read again")
    fill(folder / "more", 2)
    done = run("--resume", "photos", "answers", shelf=shelf_dir, folder=tmp_path)
    assert done.stderr == "cluster: 41 of 43 photos are in answers already.\n"
    assert sorted(row["label"] for row in rows(out) if row["label"]) == ["blue"] * 13 + ["green"] * 14 + ["red"] * 15
    assert all(part.stat().st_mtime_ns == time for part, time in before.items())


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


@pytest.mark.alone
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
