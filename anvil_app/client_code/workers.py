"""What the page knows of the worker: whether it is there, and which models it offers."""

from . import troubles
from .words import of_card, say

# Seconds between two looks at the worker: rarely while it is there, often while a person waits for it.
SECONDS_WHILE_THERE = 10
SECONDS_WHILE_AWAY = 2

# Seconds that a call may take before the worker is said to be silent, and what a slow line carries in one.
PATIENCE_SECONDS = 6
BYTES_A_SECOND = 200_000

# Troubles with a call that tell of the worker: it cannot be reached.
UNREACHABLE = ("away", "offline", "expired", "silent")


def patience(size: int = 0) -> float:
    """How many seconds to wait for the answer to a call with a file of that many bytes."""
    return PATIENCE_SECONDS + size / BYTES_A_SECOND


def state(reply: dict) -> dict:
    """How the worker is, from the reply of `worker_status`.

    Keys of the result: there (bool), name (also of its words), version, models (their number) and seconds to the next
    look.
    """
    if "error" in reply:
        trouble = troubles.of(reply["error"])["name"]
        name = trouble if trouble in UNREACHABLE else "away"
        return shown(name, False)
    if reply["state"] == "draining":
        return shown("draining", True)
    name = "busy" if reply.get("waiting") else "ready"
    return shown(name, True, reply.get("version") or "", len(reply.get("models") or []))


def shown(name: str, there: bool, version: str = "", models: int = 0) -> dict:
    """The state of that name as `state` gives it."""
    seconds = SECONDS_WHILE_THERE if there else SECONDS_WHILE_AWAY
    return {"there": there, "name": name, "version": version, "models": models, "seconds": seconds}


def details(worker: dict) -> str:
    """Version and number of models of a worker, as `state` gives them; empty where they are not known."""
    if not worker["models"]:
        return ""
    word = "worker_one_model" if worker["models"] == 1 else "worker_models"
    return say(word, version=worker["version"], count=worker["models"])


def choices(reply: dict) -> list:
    """The models of a `list_models` reply as (title, name), for a menu."""
    return [(title(model), model["name"]) for model in reply["models"]]


def title(model: dict) -> str:
    """A model's name for people."""
    return of_card(model.get("title") or model["name"])


def find(reply: dict, name: str) -> dict:
    """The model of that name in a `list_models` reply, or an empty dict."""
    for model in reply["models"]:
        if model["name"] == name:
            return model
    return {}
