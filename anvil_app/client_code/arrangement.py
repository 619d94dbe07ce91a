"""Which photos of many are shown, in which order, and what each says."""

from . import answers, troubles
from .request import ANSWERED, FAILED, QUEUED, STOPPED
from .words import label, percent, say

# What a menu can show besides the photos of one label, which it names "=label".
ALL, UNSURE, UNANSWERED = "all", "unsure", "unanswered"
GIVEN, HIGH, LOW = "given", "high", "low"


def group(request) -> str:
    """The choice of the menu under which a photo is found, besides ALL."""
    if request.state in (FAILED, STOPPED):
        return UNANSWERED
    if request.state == QUEUED:
        return ""
    return UNSURE if request.reply["unsure"] else "=" + request.reply["label"]


def choices(requests: list) -> list:
    """The menu of what to show, as (text, choice): all, each label that was answered, not sure, without an answer."""
    counts = {}
    for request in requests:
        counts[group(request)] = counts.get(group(request), 0) + 1
    names = sorted([choice[1:] for choice in counts if choice.startswith("=")], key=label)
    found = [(say("show_all", count=len(requests)), ALL)]
    found += [(say("show_label", label=label(name), count=counts["=" + name]), "=" + name) for name in names]
    if counts.get(UNSURE):
        found.append((say("show_unsure", count=counts[UNSURE]), UNSURE))
    if counts.get(UNANSWERED):
        found.append((say("show_failed", count=counts[UNANSWERED]), UNANSWERED))
    return found


def orders() -> list:
    """The menu of orders, as (text, order)."""
    return [(say("sort_given"), GIVEN), (say("sort_high"), HIGH), (say("sort_low"), LOW)]


def is_shown(request, choice: str) -> bool:
    return choice in (ALL, group(request))


def ordered(requests: list, order: str) -> list:
    """The photos by confidence, those without an answer last; in the order given otherwise."""
    if order == GIVEN:
        return list(requests)
    answered = [request for request in requests if request.state == ANSWERED]
    others = [request for request in requests if request.state != ANSWERED]
    return sorted(answered, key=lambda request: request.reply["confidence"], reverse=order == HIGH) + others


def caption(request) -> dict:
    """What a tile says: state (for its style), label and percent."""
    if request.state == ANSWERED:
        reply = request.reply
        state = answers.state(reply)
        best = label(reply["label"])
        return {
            "state": state,
            "label": say("tile_unsure", label=best) if state == "unsure" else best,
            "percent": percent(reply["confidence"]),
        }
    if request.state == FAILED:
        return {"state": "failed", "label": troubles.of(request.error)["headline"], "percent": ""}
    text = say("tile_stopped") if request.state == STOPPED else say("tile_queued")
    return {"state": request.state, "label": text, "percent": ""}
