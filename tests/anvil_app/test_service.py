"""The workers as the page knows them: whether one is there, what it offers, and what failed calls tell of it."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import anvil
import anvil.server
import pytest

CATS = {"name": "cats_vs_dogs", "labels": ["cat", "dog"], "input": {"width": 192, "height": 192}}


class AppOfflineError(Exception):
    """As Anvil's client has it: the page has no connection."""


class Page:
    """A Service before a worker that gives `replies` by the name of the function, or raises them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        browser = ModuleType("anvil.js")
        browser.window = SimpleNamespace()  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "anvil.js", browser)
        monkeypatch.setattr(anvil, "js", browser, raising=False)
        monkeypatch.setattr(anvil.server, "call_s", self.call, raising=False)
        for name in ("service", "connection"):
            monkeypatch.delitem(sys.modules, f"anvil_app.{name}", raising=False)
        from anvil_app.service import Service

        self.replies: dict[str, Any] = {
            "worker_status": {"state": "ready", "version": "1", "models": ["cats_vs_dogs"]},
            "list_models": {"default": "cats_vs_dogs", "models": [CATS]},
        }
        self.calls: list[str] = []
        self.told: list[str] = []
        self.looks: list[float] = []
        self.service = Service(
            SimpleNamespace(interval=0, add_event_handler=lambda event, handler: None),
            SimpleNamespace(plan=lambda name, seconds: self.looks.append(seconds)),
            lambda: self.told.append(self.service.presence["name"]),
            lambda: self.told.append("offer"),
            lambda: self.told.append("return"),
        )

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self.calls.append(name)
        found = self.replies[name]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(monkeypatch)


def test_a_worker_that_is_there_is_asked_once_what_it_offers(page: Page) -> None:
    page.service.look()
    page.service.look()
    assert page.told == ["ready", "offer", "return", "ready", "return"]
    assert page.service.side() == 384


def test_models_that_have_come_or_gone_are_read_again(page: Page) -> None:
    page.service.look()
    page.replies["worker_status"]["models"] = ["cats_vs_dogs", "garden"]
    page.service.look()
    assert page.calls.count("list_models") == 2


def test_one_that_is_away_is_looked_for_more_often_and_asked_again_when_it_is_back(page: Page) -> None:
    ready = page.replies["worker_status"]
    page.service.look()
    page.replies["worker_status"] = anvil.server.NoServerFunctionError("No server function")
    page.service.look()
    assert page.told[-1] == "away"
    assert page.looks[-1] < page.looks[0]
    page.replies["worker_status"] = ready
    page.service.look()
    assert page.calls.count("list_models") == 2


def test_a_failed_call_tells_of_the_worker_and_a_refusal_does_not(page: Page) -> None:
    request = SimpleNamespace(photo="photo", size=10)
    page.replies["classify_images"] = {"error": {"type": "Busy", "message": ""}}
    assert page.service.classify([request], "cats_vs_dogs", False)[0]["error"]["type"] == "Busy"
    assert page.told == []
    page.replies["classify_images"] = AppOfflineError("Connection to server failed")
    both = page.service.classify([request, request], "cats_vs_dogs", False)
    assert len(both) == 2
    assert both[0]["error"]["type"] == "AppOfflineError"
    assert page.told == ["offline"]
