"""The committed models on real photos."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from classifier.card import CARD_FILE
from classifier.settings import Settings
from classifier.shelf import SHIPPED, read_shelf
from tests.classifier.things import hundred_things, ten_things
from tests.photos import photos

ROOT = Path(__file__).parents[2]
SHELF = read_shelf(SHIPPED).cards


DEFAULT = Settings().default_model


def _answers(model: str, files: list[Path]) -> list[dict[str, Any]]:
    """What the shell command says of each photo."""
    command = [sys.executable, "-m", "classifier", "--json", "--model", model, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == [str(file) for file in files]
    return answers


def _right(model: str, files: list[Path]) -> float:
    """The share of photos that are called as their folder is."""
    pairs = zip(_answers(model, files), files, strict=True)
    return sum(answer["label"] == file.parent.name for answer, file in pairs) / len(files)


def test_the_default_model_is_there_and_keeps_its_bar() -> None:
    card = SHELF[DEFAULT]
    card.check_digests()
    assert card.activation_map, "so that it can show where it looked"
    assert card.accuracy
    assert card.accuracy["value"] >= 0.96
    assert card.accuracy["n"] >= 4_900


@pytest.mark.parametrize("model", [name for name, card in SHELF.items() if card.labels == ("cat", "dog")])
def test_it_is_as_often_right_as_its_card_says(model: str) -> None:
    accuracy = SHELF[model].accuracy
    assert accuracy
    # A few hundred photos vary by about two points around the card's thousands.
    assert _right(model, photos("cat") + photos("dog")) > max(0.5, accuracy["low"] - 0.06)


def test_the_default_model_is_right_of_photos_from_elsewhere() -> None:
    assert _right(DEFAULT, photos("wild/cat") + photos("wild/dog")) > 0.93


def test_the_default_model_says_neither_of_photos_of_neither_or_is_unsure() -> None:
    answers = _answers(DEFAULT, photos("neither"))
    assert sum(answer["unsure"] or answer.get("none", False) for answer in answers) / len(answers) > 0.9


@pytest.mark.parametrize("model", [name for name in SHELF if name.startswith("cifar")])
def test_of_photos_from_elsewhere_it_is_as_often_right_as_its_card_says(model: str) -> None:
    shown = hundred_things() if model.startswith("cifar100") else ten_things()
    labels = [answer["label"] for answer in _answers(model, list(shown))]
    right = sum(label == truth for label, truth in zip(labels, shown.values(), strict=True))
    said = json.loads((SHELF[model].folder / CARD_FILE).read_text())["elsewhere"]["public sets"]["accuracy"]["value"]
    chance = 2 * math.sqrt(said * (1 - said) / len(shown))  # two standard deviations of so few photos
    assert right / len(shown) > said - chance, f"{right} of {len(shown)}"
