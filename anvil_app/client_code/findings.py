"""What teaching has found out, in words, from the report that the function `teach` gives."""

from .modelcards import grouped, mixed_text, share
from .words import duration, label, number, percent, say


def accuracy(report: dict) -> str:
    """How often it is right, with how sure that is."""
    found = report["accuracy"]
    return say(
        "found_accuracy",
        right=grouped(found["value"] * found["n"] + 0.5),
        count=grouped(found["n"]),
        low=say("percent", number=number(100 * found["low"])),
        high=say("percent", number=number(100 * found["high"])),
    )


def lines(report: dict) -> list:
    """What else a person should know, in sentences."""
    found = [say("found_none", share=share(report["none_of_these"]["bank"]["value"]))]
    if report["mixed_up"]:
        pairs = ", ".join([mixed_text(pair) for pair in report["mixed_up"]])
        found.append(say("found_mixed", pairs=pairs))
    else:
        found.append(say("found_unmixed"))
    if report["wants_more"]:
        wishes = ", ".join(
            [say("found_wish", label=label(wish["label"]), count=wish["photos"]) for wish in report["wants_more"]]
        )
        found.append(say("found_wants", wishes=wishes))
    if report["copies"]:
        found.append(say("found_copies", count=len(report["copies"])))
    if report["set_aside"]:
        found.append(say("found_aside", count=len(report["set_aside"])))
    found.append(say("found_seconds", time=duration(report["seconds"])))
    return found


def suspicion(suspect: dict) -> str:
    """Why a photo is to be looked at."""
    return say(
        "found_suspect",
        label=label(suspect["label"]),
        answer=label(suspect["answer"]),
        percent=percent(suspect["probability"]),
    )
