"""A trained network on the shelf: its card is that of a lesson, less what only a head has."""

import json
from pathlib import Path

import pytest

from classifier.card import read_card
from teach.examples import Examples
from teach.lesson import Lesson, learn
from tests.classifier.tiny_models import tiny_model
from tests.teach.features import TRUNK, bank, things
from train.folder import model
from train.folder.contest import Outcome
from train.folder.mixture import Mixture

OUTCOME = Outcome(29, 20, 25, Mixture(0.123456, 0.9))


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.setattr("teach.lesson.read_bank", lambda trunk: bank())
    return learn(Examples.of(things({"rose": 20, "tulip": 9})), TRUNK)


def write(lesson: Lesson, shelf: Path, data: bytes = b"network") -> Path:
    return model.write(data, lesson, OUTCOME, "flowers", shelf, TRUNK, replace=False)


def test_the_shelf_reads_a_whole_network(lesson: Lesson, tmp_path: Path) -> None:
    data = tiny_model(False)
    card = read_card(write(lesson, tmp_path, data))
    assert (card.trunk, card.labels[:2], card.accuracy) == (None, ("rose", "tulip"), lesson.report.accuracy)
    assert (tmp_path / "flowers" / "model.tflite").read_bytes() == data


def test_the_card_tells_how_the_network_was_chosen_and_mixed(lesson: Lesson, tmp_path: Path) -> None:
    card = json.loads((write(lesson, tmp_path) / "card.json").read_text())
    assert not {"trunk", "strength", "temperature"} & card.keys()
    assert card["trained"]["command"] == "python -m train folder PHOTOS"
    assert card["mixture"] == {name: round(value, 4) for name, value in OUTCOME.mixture._asdict().items()}
    assert card["notes"][0] == f"Last blocks of the trunk were trained on for it: {OUTCOME}."
    assert any("tulip wants more photos" in note for note in card["notes"]), "what a lesson notes stays"


def test_a_card_that_cannot_be_made_leaves_nothing(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "hardware", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(lesson, tmp_path)
    assert not list(tmp_path.iterdir())
