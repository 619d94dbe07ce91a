"""An actor answers portions as `classify` does, and writes each part once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from classifier.errors import ModelError
from classifier.sources import Source
from cluster.answerer import Answerer
from cluster.run import Run
from tests.classifier.pictures import heic, scene
from tests.cluster.photos import colour, fill
from tests.cluster.runs import answer, as_csv, classify_csv, rows


def test_each_photo_is_a_row_as_classify_has_it(prepare: Callable[..., Run], shelf_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    fill(folder, 10)
    (folder / "none.jpg").write_bytes(b"no photo")
    (folder / "sub").mkdir()
    (folder / "sub" / "cut.jpg").write_bytes((folder / "000000-red.jpg").read_bytes()[:-100])
    (folder / "phone.heic").write_bytes(heic(scene()))
    answer(prepare(folder))
    assert as_csv(rows(tmp_path / "answers")) == classify_csv(folder, shelf_dir)


def test_a_row_has_every_probability_and_which_model_said_so(prepare: Callable[..., Run], tmp_path: Path) -> None:
    fill(tmp_path / "photos", 1)
    run = prepare(tmp_path / "photos")
    answer(run)
    [row] = rows(tmp_path / "answers")
    assert row["probabilities"][0][0] == row["label"] == "red"
    assert sum(probability for _, probability in row["probabilities"]) == pytest.approx(1)
    assert len(row["probabilities"]) == 3
    assert (row["model"], row["digest"], row["error"]) == ("plain", run.order.digest, None)


def test_what_is_refused_is_a_row_without_a_model_as_in_the_csv(prepare: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "none.jpg").write_bytes(b"no photo")
    answer(prepare(tmp_path / "none.jpg"))
    [row] = rows(tmp_path / "answers")
    assert row["error"] == "This is not a photo. Choose a JPEG, PNG or WebP file."
    assert [name for name, value in row.items() if value is not None] == ["path", "error"]


@dataclass(frozen=True)
class Watched:
    """A portion that says when it is read, and then does something."""

    read: list[str]
    then: Callable[[], None] = lambda: None

    def __len__(self) -> int:
        return 1

    def __str__(self) -> str:
        return "photos 1 to 9"

    def sources(self, most: int) -> Iterator[Source]:
        self.read.append("read")
        self.then()
        yield Source("photo", b"no photo")


def test_a_part_that_is_there_is_not_made_again(prepare: Callable[..., Run], tmp_path: Path) -> None:
    fill(tmp_path / "photos", 1)
    run = prepare(tmp_path / "photos")
    answerer, portion = Answerer(run.order, lambda: run.model), Watched([])
    for _ in range(2):
        assert answerer({"number": 0, "portion": portion}) == {"photos": 1, "trouble": ""}
    assert portion.read == ["read"]
    assert len(rows(tmp_path / "answers")) == 1


def test_a_portion_whose_process_always_ends_is_given_up(prepare: Callable[..., Run], tmp_path: Path) -> None:
    fill(tmp_path / "photos", 1)
    run = prepare(tmp_path / "photos")

    def end() -> None:
        raise SystemExit  # as it is for the process, which starts again

    portion = Watched([], end)
    for _ in range(4):
        with pytest.raises(SystemExit):
            Answerer(run.order, lambda: run.model)({"number": 0, "portion": portion})
    answerer = Answerer(run.order, lambda: run.model)
    assert answerer({"number": 0, "portion": portion}) == {
        "photos": 0,
        "trouble": "the processes that read photos 1 to 9 ended 4 times",
    }
    assert len(portion.read) == 4
    assert answerer({"number": 1, "portion": Watched([])}) == {"photos": 1, "trouble": ""}


def test_a_storage_that_fails_is_said_and_leaves_no_part(prepare: Callable[..., Run], tmp_path: Path) -> None:
    fill(tmp_path / "photos", 1)
    run = prepare(tmp_path / "photos")

    def fail() -> None:
        raise OSError(28, "No space left on device")

    answerer = Answerer(run.order, lambda: run.model)
    assert answerer({"number": 0, "portion": Watched([], fail)}) == {"photos": 0, "trouble": "No space left on device"}
    assert not rows(tmp_path / "answers")


def test_relative_names_start_where_the_command_was_given(
    prepare: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "photos", 3)
    monkeypatch.chdir(tmp_path)
    run = prepare("photos")
    monkeypatch.chdir("/")
    answer(run)
    assert [row["label"] for row in rows(tmp_path / "answers")] == ["red", "green", "blue"]
    assert all(row["path"].startswith("photos/") for row in rows(tmp_path / "answers"))


def test_the_model_travels_with_the_order(prepare: Callable[..., Run], tmp_path: Path, shelf_dir: Path) -> None:
    fill(tmp_path / "photos", 3)
    run = prepare(tmp_path / "photos", model="with_map")
    elsewhere = run.order.job.settings.models_dir
    assert elsewhere == shelf_dir
    answer(run)
    assert [row["label"] for row in rows(tmp_path / "answers")] == [
        colour(row["path"]) for row in rows(tmp_path / "answers")
    ]


def test_a_model_that_arrives_damaged_is_not_asked(prepare: Callable[..., Run], tmp_path: Path) -> None:
    fill(tmp_path / "photos", 1)
    run = prepare(tmp_path / "photos")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        Answerer(run.order, lambda: {**run.model, "model.tflite": b"other"})
