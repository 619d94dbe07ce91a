"""What the page knows of the worker: whether it is there, and which models it offers."""

from . import troubles
from .words import say

# Seconds between two looks at the worker: rarely while it is there, often while a person waits for it.
SECONDS_WHILE_THERE = 10
SECONDS_WHILE_AWAY = 2


def state(reply: dict) -> dict:
    """How the worker is, from the reply of `worker_status`: there (bool), name (for the style), text, seconds."""
    if "error" in reply:
        trouble = troubles.of(reply["error"])["name"]
        name = trouble if trouble in ("offline", "expired") else "away"
        return {"there": False, "name": name, "text": say("worker_" + name), "seconds": SECONDS_WHILE_AWAY}
    name = "draining" if reply["state"] == "draining" else "ready"
    return {"there": True, "name": name, "text": say("worker_" + name), "seconds": SECONDS_WHILE_THERE}


def choices(reply: dict) -> list:
    """The models of a `list_models` reply as (title, name), for a menu."""
    return [(title(model), model["name"]) for model in reply["models"]]


def title(model: dict) -> str:
    """A model's name for people."""
    return model.get("title") or model["name"]


def find(reply: dict, name: str) -> dict:
    """The model of that name in a `list_models` reply, or an empty dict."""
    for model in reply["models"]:
        if model["name"] == name:
            return model
    return {}
