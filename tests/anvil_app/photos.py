"""Requests in any state, without a browser."""

from types import SimpleNamespace
from typing import Any

from anvil_app.album import Album
from anvil_app.request import Request

Photo = tuple[SimpleNamespace, SimpleNamespace]


def photo(name: str = "photo.jpg", size: int = 1000) -> Photo:
    """A photo as media and as the browser's own File."""
    return SimpleNamespace(name=name, length=size), SimpleNamespace(size=size)


def album(*names: str) -> Album:
    return Album([photo(name) for name in names])


def answered(request: Request, label: str, confidence: float, unsure: bool = False) -> Request:
    reply: dict[str, Any] = {"label": label, "confidence": confidence, "unsure": unsure, "model": "pets"}
    request.answered(reply)
    return request
