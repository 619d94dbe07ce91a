"""The models that a worker offers, from its `list_models`: `{"default": name, "models": [...]}`."""

from .words import card_text

# A photo travels with so many times the pixels, along its longer side, that the model looks at; and with so many
# where no worker has said yet what it offers.
FINER = 2
SIDE = 640


def choices(reply: dict) -> list:
    """The models as (title, name), for a menu."""
    return [(title(model), model["name"]) for model in reply["models"]]


def title(model: dict) -> str:
    """A model's name for people."""
    return card_text(model, "title", model.get("title") or model["name"])


def find(reply: dict, name: str) -> dict:
    """The model of that name, or an empty dict."""
    for model in reply["models"]:
        if model["name"] == name:
            return model
    return {}


def side(reply: dict) -> int:
    """Pixels along the longer side with which a photo has enough for each of the models."""
    inputs = [model["input"] for model in reply["models"] if model.get("input")]
    sides = [side for size in inputs for side in (size["width"], size["height"])]
    return FINER * max(sides) if sides else SIDE
