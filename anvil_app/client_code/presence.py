"""Whether a worker is there, and what the page says of it."""

from . import troubles
from .words import say

# Seconds between two looks at the worker: rarely while it is there, often while a person waits for it.
SECONDS_WHILE_THERE = 10
SECONDS_WHILE_AWAY = 2

# Troubles with a call that tell of the worker: it cannot be reached.
UNREACHABLE = ("away", "offline", "expired", "silent")


def of(reply: dict) -> dict:
    """How the worker is, from the reply of `worker_status`.

    Keys of the result: there (bool), name (also of its words), version, models (their number) and seconds to the next
    look.
    """
    if "error" in reply:
        trouble = troubles.of(reply["error"])["name"]
        return named(trouble if trouble in UNREACHABLE else "away", False)
    if reply["state"] == "draining":
        return named("draining", True)
    name = "busy" if reply.get("waiting") else "ready"
    return named(name, True, reply.get("version") or "", len(reply.get("models") or []))


def named(name: str, there: bool, version: str = "", models: int = 0) -> dict:
    """The presence of that name, as `of` gives it."""
    seconds = SECONDS_WHILE_THERE if there else SECONDS_WHILE_AWAY
    return {"there": there, "name": name, "version": version, "models": models, "seconds": seconds}


def details(worker: dict) -> str:
    """Version and number of models of a worker, as `of` gives them; empty where they are not known."""
    if not worker["models"]:
        return ""
    if worker["models"] == 1:
        return say("worker_one_model", version=worker["version"])
    return say("worker_models", version=worker["version"], count=worker["models"])
