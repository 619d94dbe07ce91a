"""A lesson on the shelf: card, head and examples, whole or not at all."""

import json
import os
from pathlib import Path

import pytest

from classifier.errors import BadRequestError, ModelError
from classifier.head import Head
from classifier.shelf import read_shelf
from teach.examples import NONE, Examples
from teach.lesson import Lesson, learn
from teach.model import put
from tests.teach.features import TRUNK, things


@pytest.fixture
def lesson(synthetic_bank: object) -> Lesson:
    return learn(Examples.of(things({"rose": 20, "tulip": 9})), TRUNK)


def test_the_shelf_reads_what_was_put_there(lesson: Lesson, tmp_path: Path) -> None:
    folder = put(lesson, "猫 $HOME <b>", tmp_path, TRUNK, replace=False)
    card = read_shelf(tmp_path).card("猫 $HOME <b>")
    assert card.folder == folder
    assert card.labels == ("rose", "tulip", NONE)
    assert card.none == NONE
    assert card.trunk == TRUNK.sha256
    assert card.activation_map == (6, 6, 3)
    assert card.accuracy == lesson.report.accuracy
    assert Head.read(card).kernel.tolist() == lesson.head.kernel.tolist()
    assert len(Examples.read(folder)) == 29
    assert any("tulip wants more photos" in note for note in card.story["notes"])


def test_a_model_of_that_name_stays_unless_it_is_to_be_replaced(lesson: Lesson, tmp_path: Path) -> None:
    put(lesson, "flowers", tmp_path, TRUNK, replace=False)
    before = (tmp_path / "flowers" / "card.json").stat().st_ino
    with pytest.raises(BadRequestError, match="already"):
        put(lesson, "flowers", tmp_path, TRUNK, replace=False)
    assert (tmp_path / "flowers" / "card.json").stat().st_ino == before
    put(lesson, "flowers", tmp_path, TRUNK, replace=True)
    assert (tmp_path / "flowers" / "card.json").stat().st_ino != before


def test_a_full_disk_leaves_the_old_one(lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(lesson, "flowers", tmp_path, TRUNK, replace=False)

    def full(self: Path, *_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ModelError, match="No space left"):
        put(lesson, "flowers", tmp_path, TRUNK, replace=True)
    assert json.loads((tmp_path / "flowers" / "card.json").read_text())["name"] == "flowers"
    assert [entry.name for entry in tmp_path.iterdir()] == ["flowers"]


def test_the_cards_say_nothing_of_this_machine(lesson: Lesson, tmp_path: Path) -> None:
    put(lesson, "flowers", tmp_path, TRUNK, replace=False)
    assert str(tmp_path) not in (tmp_path / "flowers" / "card.json").read_text()
