"""What a person can say of a wrong answer, and what the page says when it was learned."""

from .words import label, number, say

# The choice of the menu that stands for a label which is typed, and the one with which it begins.
NEW, NOTHING = "new", ""
# What a worker calls photos of none of the labels, whatever the model calls them.
NONE = "none of these"


def is_possible(model: dict) -> bool:
    """Whether a model of `list_models` can learn from a correction: as a head on the trunk, fitted in seconds."""
    return bool(model.get("head"))


def choices(model: dict, reply: dict, is_own: bool) -> list:
    """The menu of labels as (text, choice), a label's choice being "=" and the label; not the one that was answered.

    A model of one's own can learn a new label.
    """
    names = [name for name in model["labels"] if reply["unsure"] or name != reply["label"]]
    found = [(say("correct_choose"), NOTHING)]
    found += [(text_of(model, name), "=" + name) for name in sorted(names, key=label) if name != model.get("none")]
    if model.get("none") in names:
        found.append((text_of(model, model["none"]), "=" + model["none"]))
    if is_own:
        found.append((say("correct_new"), NEW))
    return found


def text_of(model: dict, name: str) -> str:
    return label(model.get("none") or name if name == NONE else name)


def learned(reply: dict) -> str:
    """What `correct_answer` has done to the model, in words."""
    return say("correct_learned") + " " + effect(reply)


def effect(reply: dict) -> str:
    """What fitting a model again has done to its answers."""
    kept = reply.get("kept")
    if kept:
        return say("corrected_kept", share=share(kept), count=int(kept["n"]))
    if not reply.get("before"):
        return say("corrected_after", after=share(reply["after"]))
    return say("corrected", before=share(reply["before"]), after=share(reply["after"]))


def standing(report: dict) -> str:
    """Whether the corrections of a model count, from the reply of `list_corrections`."""
    if not report["corrections"]:
        return say("corrections_none")
    if report["on"] is None:
        return say("corrections_own")
    return say("corrections_on") if report["on"] else say("corrections_off")


def share(measured: dict) -> str:
    return say("percent", number=number(100 * measured["value"], 1))
