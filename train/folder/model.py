"""The trained network to a model on the owner's shelf."""

from pathlib import Path
from typing import Any

from classifier.card import MODEL_FILE, write_card
from classifier.new_model import new_model
from classifier.trunk import TrunkCard
from teach.lesson import Lesson
from teach.model import card_of
from train.folder.contest import Outcome
from train.machine import hardware


def write(
    data: bytes, lesson: Lesson, outcome: Outcome, name: str, shelf: Path, trunk: TrunkCard, replace: bool
) -> Path:
    """Put model.tflite and its card on the shelf, whole or not at all, and return the folder.

    Raises the errors of `new_model`.
    """
    with new_model(shelf, name, replace) as folder:
        (folder / MODEL_FILE).write_bytes(data)
        write_card(folder, _card(lesson, outcome, name, trunk))
    return shelf / name


def _card(lesson: Lesson, outcome: Outcome, name: str, trunk: TrunkCard) -> dict[str, Any]:
    card = card_of(lesson, name, trunk)
    del card["trunk"], card["strength"], card["temperature"]
    card["trained"] |= {"command": "python -m train folder PHOTOS", "hardware": hardware()}
    card["mixture"] = {name: round(value, 4) for name, value in outcome.mixture._asdict().items()}
    card["notes"][0:0] = [f"Last blocks of the trunk were trained on for it: {outcome}."]
    card["notes"].append("How many other things it calls none of these is the least that is possible, not a count.")
    return card
