"""What the page shows for the worker's answer to one photo."""

from .words import label, number, percent, say


def read(reply: dict, title: str = "") -> dict:
    """What to show for a reply of `classify_image` that is no error.

    `title` names the model for people; without it the model's own name is shown. Keys of the result: state (as of
    `state`), headline, confidence, advice, announcement, footnote (texts) and bars (a list of dicts with label,
    percent, width in per cent of the track, and first).
    """
    best = label(reply["label"])
    chance = percent(reply["confidence"])
    found = state(reply)
    if found == "unsure":
        headline = say("unsure")
        confidence = say("unsure_confidence", label=best, percent=chance)
        advice = say("unsure_advice")
    else:
        headline, confidence = best, chance
        advice = say("none_advice") if found == "none" else ""
    if reply.get("warning"):
        advice = say("warning", text=reply["warning"])
    return {
        "state": found,
        "headline": headline,
        "confidence": confidence,
        "advice": advice,
        "announcement": say("announce", headline=headline, confidence=confidence),
        "footnote": say("footnote", milliseconds=milliseconds(reply["milliseconds"]), model=title or reply["model"]),
        "bars": [bar(prediction, index == 0) for index, prediction in enumerate(reply["predictions"])],
    }


def state(reply: dict) -> str:
    """Whether a reply is an "answer", "unsure", or "none": of nothing that the model knows."""
    if reply["unsure"]:
        return "unsure"
    return "none" if reply.get("none") else "answer"


def bar(prediction: dict, first: bool) -> dict:
    """One row of the chart for `{"label", "probability"}`; the first is the answer."""
    probability = prediction["probability"]
    return {
        "label": label(prediction["label"]),
        "percent": percent(probability),
        "width": round(100 * probability, 1),
        "first": first,
    }


def milliseconds(duration: float) -> str:
    """A duration in milliseconds, in whole ones from ten up."""
    return number(duration, 0 if duration >= 10 else 1)
