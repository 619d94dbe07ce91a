"""The committed models on real photos: a folder with cat/ and dog/, named by the environment variable PHOTOS."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.shelf import read_card

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "classifier" / "weights"


@pytest.fixture
def photos() -> list[Path]:
    folder = os.environ.get("PHOTOS")
    if not folder:
        assert not os.environ.get("REQUIRE_PHOTOS"), "REQUIRE_PHOTOS is set and PHOTOS is not"
        pytest.skip("set PHOTOS to a folder with photos in cat/ and dog/")
    return [file for label in ("cat", "dog") for file in sorted((Path(folder) / label).iterdir()) if file.is_file()]


def cats_and_dogs() -> list[str]:
    cards = [json.loads(file.read_text()) for file in sorted(WEIGHTS.glob("*/card.json"))]
    return [card["name"] for card in cards if card["labels"] == ["cat", "dog"]]


@pytest.mark.parametrize("model", cats_and_dogs())
def test_it_is_as_often_right_as_its_card_says(photos: list[Path], model: str) -> None:
    command = [sys.executable, "-m", "classifier", "--json", "--model", model, *map(str, photos)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == [str(photo) for photo in photos]
    right = sum(answer["label"] == photo.parent.name for answer, photo in zip(answers, photos, strict=True))
    accuracy = read_card(WEIGHTS / model).accuracy
    assert accuracy
    # A few hundred photos vary by about two points around the card's thousands.
    assert right / len(photos) > accuracy["low"] - 0.06
