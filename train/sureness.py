"""How sure a model may be of photos: `python -m train calibrate NAME --photos FOLDER`.

Step 3 of a recipe calibrates a network on pictures like those it learned from. This is for the photos that people bring
to a network of small pictures: the temperature of least log-loss, every class counting the same, goes onto its card
(classifier/sureness.py). It is chosen on these photos, so figures to be reported want others.
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from classifier import Classifier
from classifier.card import CARD_FILE, Card, write_card
from classifier.sureness import is_photo
from train import metrics
from train.errors import DataMissingError, TrainError
from train.evaluate import Asked, labelled_photos


def calibrate(model: str, photos: Path) -> str:
    """Write the temperature of photos onto the model's card, and say in a sentence what it changes.

    Raises:
        DataMissingError: a folder is not there or holds nothing that is large beside the model's input, or one of its
            folders is no label of the model.
        UnknownModelError: no shelf has the model.
        TrainError: it is a head on the trunk, whose own pictures are photos.
    """
    asked = Asked(Classifier(model))
    if asked.card.trunk:
        raise TrainError(f"{model} learned from photos and was calibrated on them.")
    large = [(label, file) for label, file in labelled_photos(photos, asked.labels) if _is_photo(file, asked.card)]
    if not large:
        raise DataMissingError(f"{photos} holds no photos of twice the model's input or more.")
    answers, truth = asked.answers(large)
    weights = metrics.balanced(truth)
    # As the network gave them, whatever temperature its card has now.
    logits = np.log(np.maximum(answers.chances, 1e-12)) * asked.card.photo_temperature
    temperature = round(metrics.fit_temperature(logits, truth, weights), 4)
    before, after = (
        round(metrics.log_loss(metrics.probabilities(logits, of), truth, weights), 4) for of in (1, temperature)
    )
    card = json.loads((asked.card.folder / CARD_FILE).read_bytes())
    card["of_photos"] = {"temperature": temperature, "n": len(truth), "loss": after, "loss_without": before}
    write_card(asked.card.folder, card)
    return f"temperature {temperature:.3f}, from {len(truth)} photos: log-loss {after:.3f}, without it {before:.3f}"


def _is_photo(file: Path, card: Card) -> bool:
    try:
        with Image.open(file) as image:
            return is_photo(image.size, card)
    except (OSError, Image.DecompressionBombError):  # of a kind that Pillow alone does not know, or none at all
        return True
