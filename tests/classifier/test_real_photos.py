"""The committed models on real photos."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.settings import Settings
from classifier.shelf import read_card, read_shelf
from tests.photos import photos

ROOT = Path(__file__).parents[2]
SHELF = read_shelf(Settings().models_dir)


def test_the_default_model_is_there_and_right_nine_times_in_ten() -> None:
    card = SHELF[Settings().default_model]
    card.check_digests()
    assert card.accuracy
    assert card.accuracy["value"] >= 0.90
    assert card.accuracy["n"] >= 4_900


@pytest.mark.parametrize("model", [name for name, card in SHELF.items() if card.labels == ("cat", "dog")])
def test_it_is_as_often_right_as_its_card_says(model: str) -> None:
    files = photos("cat") + photos("dog")
    command = [sys.executable, "-m", "classifier", "--json", "--model", model, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == [str(file) for file in files]
    right = sum(answer["label"] == file.parent.name for answer, file in zip(answers, files, strict=True))
    accuracy = read_card(Settings().models_dir / model).accuracy
    assert accuracy
    # A few hundred photos vary by about two points around the card's thousands.
    assert right / len(files) > max(0.5, accuracy["low"] - 0.06)
