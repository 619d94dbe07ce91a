"""From a folder of drawn photos to a served model; the blocks that are trained on are tiny."""

import json
from pathlib import Path

import numpy as np
import pytest

from classifier.card import read_card
from classifier.classifier import Classifier
from classifier.settings import Settings
from teach.teacher import Taught, find
from tests.classifier.tiny_models import write_shelf
from tests.teach.drawn import fill, thing
from tests.train.folder import tiny
from train.folder import run, way
from train.folder.contest import Outcome
from train.folder.tail import Plan, train_on

PLAN = Plan(seen=1, least_epochs=1)
FOLDS = 2  # in place of five, for the sake of time


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawings")
    for shape in ("disc", "cross"):
        fill(folder / shape, shape, 12)
    return folder


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(way.served, "network", tiny.network)
    monkeypatch.setattr("teach.validation.FOLDS", FOLDS)
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))


class Trainings:
    """Which rows each training saw; it can be stopped before one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[set[int]] = []
        self.stop_before: int | None = None
        monkeypatch.setattr(run, "train_on", self)

    def __call__(self, tail: object, maps: object, rows: np.ndarray, *others: object) -> object:
        if len(self.rows) + 1 == self.stop_before:
            raise KeyboardInterrupt
        self.rows.append(set(rows.tolist()))
        return train_on(tail, maps, rows, *others)


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> Trainings:
    return Trainings(monkeypatch)


def train(photos: Path, shelf: Path) -> Taught:
    shelf.mkdir(exist_ok=True)
    return way.train(find(photos), "shapes", Settings(models_dir=shelf, shipped_models=()), plan=PLAN)


def wins(monkeypatch: pytest.MonkeyPatch, both: bool) -> None:
    monkeypatch.setattr(Outcome, "both_win", property(lambda self: both))


def test_blocks_that_are_right_more_often_become_a_network_of_their_own(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trainings: Trainings
) -> None:
    wins(monkeypatch, both=True)
    taught = train(drawings, tmp_path / "models")
    card = read_card(taught.folder)
    assert (card.trunk, card.labels, card.none) == (None, ("cross", "disc", "none of these"), "none of these")
    assert sorted(file.name for file in taught.folder.iterdir()) == ["card.json", "model.tflite"]
    fields = json.loads((taught.folder / "card.json").read_text())
    assert any("24 held-out photos the head is right for" in note for note in fields["notes"])
    assert str(tmp_path) not in (taught.folder / "card.json").read_text()
    answer = Classifier("shapes", settings=taught.settings).classify(thing("disc", 900), heatmap=True)
    assert answer.heatmap
    assert [len(rows) for rows in trainings.rows[:FOLDS]] == [12, 12]
    assert trainings.rows[FOLDS:] == [set(range(24))], "all photos serve in the end"
    assert not list((tmp_path / "cache" / "runs").iterdir()), "what is on the shelf needs no run"


def test_else_the_head_is_taken_as_teach_makes_it(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trainings: Trainings
) -> None:
    wins(monkeypatch, both=False)
    write_shelf(tmp_path / "models")
    taught = train(drawings, tmp_path / "models")
    assert read_card(taught.folder).trunk is not None
    assert taught.report.photos == {"cross": 12, "disc": 12}
    assert len(trainings.rows) == FOLDS, "trainings are as many, whatever is on the shelf"


def interrupt(drawings: Path, shelf: Path, trainings: Trainings) -> None:
    """Begin, and end as Ctrl-C does before the second training."""
    trainings.stop_before = 2
    with pytest.raises(KeyboardInterrupt):
        train(drawings, shelf)
    trainings.stop_before = None


def test_an_interrupted_run_goes_on_with_the_training_it_was_at(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trainings: Trainings
) -> None:
    wins(monkeypatch, both=False)
    interrupt(drawings, tmp_path / "models", trainings)
    assert not list((tmp_path / "models").iterdir())
    train(drawings, tmp_path / "models")
    assert len(trainings.rows) == FOLDS, "the first was not trained twice"


def test_a_split_is_kept_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trainings: Trainings) -> None:
    wins(monkeypatch, both=True)
    for shape in ("disc", "cross"):
        for part, count, start in (("train", 10, 0), ("val", 3, 20), ("test", 4, 30)):
            fill(tmp_path / "photos" / part / shape, shape, count, start)
    taught = train(tmp_path / "photos", tmp_path / "models")
    first, last = trainings.rows
    assert first == last
    assert len(first) == 20
    assert taught.report.accuracy["n"] == 8
    fields = json.loads((taught.folder / "card.json").read_text())
    assert fields["data"]["split"].startswith("as its folders say")
    assert not taught.report.notes
