"""How sure a model may be of photos: `python -m train calibrate NAME --photos FOLDER`.

The temperature of photos (classifier/sureness.py) is the one of least log-loss, every class counting the same. It is
chosen on these photos, so figures to be reported want others.
"""

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from classifier import Classifier
from classifier.card import CARD_FILE, write_card
from classifier.settings import Settings
from train import metrics
from train.evaluate import Answers, Asked, labelled_photos


def calibrate(model: str, photos: Path) -> str:
    """Write the temperature of photos onto the model's card, and say in a sentence what it changes.

    Raises:
        DataMissingError: a folder is not there or has no photos, or one of its folders is no label of the model.
        UnknownModelError: no shelf has the model.
    """
    [shelved] = Classifier(model).cards
    card = json.loads((shelved.folder / CARD_FILE).read_bytes())
    card.pop("of_photos", None)
    answers, truth = _without(card, shelved.folder, photos)
    weights = metrics.balanced(truth)
    logits = np.log(np.maximum(answers.chances, 1e-12))
    temperature = metrics.fit_temperature(logits, truth, weights)
    before, after = (
        round(metrics.log_loss(metrics.probabilities(logits, of), truth, weights), 4) for of in (1, temperature)
    )
    card["of_photos"] = {"temperature": round(temperature, 4), "n": len(truth), "loss": after, "loss_without": before}
    write_card(shelved.folder, card)
    return f"temperature {temperature:.3f}, from {len(truth)} photos: log-loss {after:.3f}, without it {before:.3f}"


def _without(card: dict[str, Any], folder: Path, photos: Path) -> tuple[Answers, metrics.Labels]:
    """The answers, and the true labels, of a copy of the model with another card."""
    with tempfile.TemporaryDirectory() as place:
        copy = shutil.copytree(folder, Path(place) / folder.name)
        write_card(copy, card)
        settings = replace(Settings.load(), models_dir=Path(place), shipped_models=())
        asked = Asked(Classifier(card["name"], settings=settings))
        return asked.answers(labelled_photos(photos, asked.labels))
