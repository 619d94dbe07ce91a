"""The taught models of the owner's shelf: found, renamed, deleted. Shipped models are none of them."""

import json
import secrets
import shutil
from pathlib import Path

from classifier.card import CARD_FILE, Card, write_card
from classifier.errors import BadRequestError, ModelError
from classifier.new_model import check_name, new_model
from classifier.settings import Settings
from classifier.shelf import HIDDEN, SHIPPED, read_shelves

# What new_model removes in time, should this process be killed before it does.
_GONE = f"{HIDDEN}new.gone"


def owned(name: str, settings: Settings) -> Card:
    """The card of a taught model of the owner's. Raises UnknownModelError, BadRequestError for any other."""
    card = read_shelves(settings.models_dir, settings.shipped_models).card(name)
    if is_shipped(card):
        raise BadRequestError(f"Model {name} comes with the project and is not changed. Teach one of your own.")
    if card.trunk is None:
        raise BadRequestError(f"Model {name} is a network of its own, and was not taught.")
    return card


def photos_of_each(settings: Settings) -> dict[str, dict[str, int]]:
    """The owner's taught models by name, and with how many photos of each label each was taught."""
    cards = read_shelves(settings.models_dir, settings.shipped_models).cards.values()
    own = [card for card in cards if card.trunk is not None and not is_shipped(card)]
    return {card.name: json.loads((card.folder / CARD_FILE).read_bytes())["data"].get("photos", {}) for card in own}


def is_shipped(card: Card) -> bool:
    """Whether the model comes with the project, be it corrected or not."""
    return bool(card.over) or card.folder.is_relative_to(SHIPPED)


def rename(name: str, new: str, settings: Settings) -> str:
    """Give a taught model another name, which is returned as it stands on the shelf.

    Raises UnknownModelError, BadRequestError, ModelError where the shelf cannot be written.
    """
    card = owned(name, settings)
    card.check_digests()
    new = check_name(new, settings.models_dir)
    with new_model(settings.models_dir, new) as folder:
        for file in card.folder.iterdir():
            shutil.copyfile(file, folder / file.name)
        write_card(folder, {**json.loads((folder / CARD_FILE).read_bytes()), "name": new, "title": new})
    delete(name, settings)
    return new


def delete(name: str, settings: Settings) -> None:
    """Take a taught model off the shelf, for good. Raises the errors of `rename`."""
    remove(owned(name, settings).folder)


def remove(folder: Path) -> None:
    """Take the folder of a model off its shelf, at once and whole. Raises ModelError."""
    gone = folder.parent / f"{_GONE}{secrets.token_hex(4)}"
    try:
        folder.rename(gone)
    except OSError as error:
        raise ModelError(f"Model {folder.name} cannot be removed: {error.strerror}.") from error
    shutil.rmtree(gone, ignore_errors=True)
