"""What the page says of a model, from the worker's `model_card`."""

from .words import label, number, of_card, percent, say


def facts(card: dict) -> list:
    """Terms with their texts; what the card does not tell is left out."""
    found = [(say("card_knows"), ", ".join([label(name) for name in card["labels"]]))]
    accuracy = card.get("accuracy")
    if accuracy:
        found.append((say("card_accuracy"), accuracy_text(accuracy)))
    data = card.get("data") or {}
    if data.get("set"):
        found.append((say("card_data"), say("card_data_text", set=of_card(data["set"]), count=grouped(data["train"]))))
    size = card["input"]
    found.append((say("card_input"), say("card_input_text", width=size["width"], height=size["height"])))
    if card.get("parameters"):
        found.append((say("card_size"), say("card_size_text", count=grouped(card["parameters"]))))
    if card.get("date"):
        found.append((say("card_trained"), card["date"]))
    return found


def accuracy_text(accuracy: dict) -> str:
    return say(
        "card_accuracy_text",
        value=share(accuracy["value"]),
        low=share(accuracy["low"]),
        high=share(accuracy["high"]),
        count=grouped(accuracy["n"]),
    )


def doubts(card: dict) -> list:
    """When not to trust it, in sentences; the last ones are the card's own notes."""
    found = [say("card_doubt_others", count=len(card["labels"]))]
    accuracy = card.get("accuracy")
    if accuracy:
        found.append(say("card_doubt_wrong", wrong=number(100 * (1 - accuracy["value"]))))
    found.append(say("card_doubt_unsure", percent=percent(card["unsure_below"])))
    return found + [of_card(note) for note in card.get("notes") or []]


def share(value: float) -> str:
    """A share that was measured, with one decimal."""
    return say("percent", number=number(100 * value, 1))


def grouped(count: int) -> str:
    """A whole number with narrow spaces between its thousands, which every language here can read."""
    return f"{int(count):,}".replace(",", "\u202f")
