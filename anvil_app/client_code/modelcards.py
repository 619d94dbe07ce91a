"""What the page says of a model, from the worker's `model_card`."""

from .words import card_text, label, number, percent, say

# More names than this come last, behind what is short.
FEW_LABELS = 20


def facts(card: dict) -> list:
    """Terms with their texts; what the card does not tell is left out."""
    found = []
    accuracy = card.get("accuracy")
    if accuracy:
        found.append((say("card_accuracy"), accuracy_text(accuracy)))
    data = card.get("data") or {}
    if data.get("set"):
        found.append(
            (
                say("card_data"),
                say("card_data_text", set=card_text(card, "set", data["set"]), count=grouped(data["train"])),
            )
        )
    size = card["input"]
    found.append((say("card_input"), say("card_input_text", width=size["width"], height=size["height"])))
    if card.get("parameters"):
        found.append((say("card_size"), say("card_size_text", count=grouped(card["parameters"]))))
    if card.get("date"):
        found.append((say("card_trained"), card["date"]))
    if card.get("mixed_up"):
        found.append((say("card_mixed"), ", ".join([mixed_text(pair) for pair in card["mixed_up"]])))
    knows = (say("card_knows"), ", ".join(sorted([label(name) for name in card["labels"]])))
    found.insert(0 if len(card["labels"]) <= FEW_LABELS else len(found), knows)
    return found


def mixed_text(pair: dict) -> str:
    """How often pictures of one class were taken for another: `{"truth", "answer", "count", "of"}`."""
    return say(
        "card_mixed_text",
        truth=label(pair["truth"]),
        answer=label(pair["answer"]),
        count=grouped(pair["count"]),
        all=grouped(pair["of"]),
    )


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
    if card.get("corrections"):
        found.append(say("card_corrected", count=grouped(card["corrections"])))
    return found + card_text(card, "notes", card.get("notes") or [])


def share(value: float) -> str:
    """A share that was measured, with one decimal."""
    return say("percent", number=number(100 * value, 1))


def grouped(count: int) -> str:
    """A whole number with narrow spaces between its thousands, which every language here can read."""
    return f"{int(count):,}".replace(",", "\u202f")
