"""Photos go to a worker a few at a time; what becomes of each decides what is done next."""

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import anvil
import pytest
from anvil_app.album import Album
from anvil_app.request import ANSWERED, FAILED, QUEUED, STOPPED, Request

from tests.anvil_app.photos import photo

Ask = Callable[[list[Request]], list[dict[str, Any]]]
LOST = {"error": {"type": "UplinkDisconnectedError", "message": "Uplink disconnected"}}
AWAY = {"error": {"type": "NoServerFunctionError", "message": ""}}
OVERDUE = {"error": {"type": "Overdue", "message": ""}}
EXPIRED = {"error": {"type": "SessionExpiredError", "message": ""}}


class Way:
    """A Sender with small photos; `planned` are the jobs it wanted, `shown` what it said had changed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        browser = ModuleType("anvil.js")
        browser.window = SimpleNamespace(performance=SimpleNamespace(now=lambda: 0.0))  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "anvil.js", browser)
        monkeypatch.setattr(anvil, "js", browser, raising=False)
        for name in ("sender", "shrinker", "agenda", "pixels"):
            monkeypatch.delitem(sys.modules, f"anvil_app.{name}", raising=False)
        from anvil_app.sender import Sender

        self.planned: list[str] = []
        self.shown: list[Any] = []
        agenda = SimpleNamespace(plan=lambda name, seconds=0.0: self.planned.append(name))
        service = SimpleNamespace(side=lambda: 320)
        self.sender = Sender(service, agenda, "photos", lambda pack: self.ask(pack), self.shown.append)
        self.ask: Ask = lambda pack: [reply() for _ in pack]

    def give(self, *names: str) -> list[Request]:
        self.sender.album = Album([photo(name) for name in names])
        found: list[Request] = self.sender.album.requests
        return found

    def work(self) -> None:
        """Until nothing is left to be sent by itself."""
        self.planned.append("photos")
        while self.planned and self.planned.pop() == "photos":
            self.sender.send()


def reply() -> dict[str, Any]:
    return {"label": "cat", "confidence": 0.9, "unsure": False, "model": "pets"}


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Way:
    return Way(monkeypatch)


def test_all_photos_are_answered_in_their_order_several_in_a_call(way: Way) -> None:
    requests = way.give(*[f"{number}.jpg" for number in range(20)])
    sent: list[list[str]] = []

    def ask(pack: list[Request]) -> list[dict[str, Any]]:
        sent.append([request.name for request in pack])
        return [reply() for _ in pack]

    way.ask = ask
    way.work()
    assert [name for pack in sent for name in pack] == [request.name for request in requests]
    assert len(sent) < 10
    assert {request.state for request in requests} == {ANSWERED}


def test_a_worker_that_never_answers_does_not_make_the_packs_smaller(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    way.give(*[f"{number}.jpg" for number in range(60)])
    clock = [0.0]
    monkeypatch.setattr(sys.modules["anvil_app.sender"], "now", lambda: clock[0])
    sent: list[int] = []

    def ask(pack: list[Request]) -> list[dict[str, Any]]:
        sent.append(len(pack))
        if len(sent) % 2:
            clock[0] += 0.05
            return [reply() for _ in pack]
        clock[0] += 3
        return [OVERDUE] * len(pack)

    way.ask = ask
    way.work()
    assert sent[:6] == [1, 2, 2, 4, 4, 8], "what a silent worker had goes to another one whole"


def test_one_that_is_lost_with_a_worker_is_sent_once_more(way: Way) -> None:
    [request] = way.give("a.jpg")
    replies = [[LOST], [reply()]]
    way.ask = lambda pack: replies.pop(0)
    way.work()
    assert request.state == ANSWERED
    [request] = way.give("b.jpg")
    way.ask = lambda pack: [LOST]
    way.work()
    assert request.state == FAILED


def test_while_nobody_is_there_it_waits_and_goes_on_when_somebody_returns(way: Way) -> None:
    [request] = way.give("a.jpg")
    way.ask = lambda pack: [AWAY]
    way.sender.send()
    assert request.state == QUEUED
    assert way.planned == ["look"], "the worker is looked for, and the photo is not sent again by itself"
    way.ask = lambda pack: [reply()]
    way.sender.resume()
    assert way.planned[-1] == "photos"
    way.sender.send()
    assert request.state == ANSWERED


def test_a_file_that_cannot_be_read_is_refused_and_the_others_go_on(way: Way) -> None:
    folder, good = way.give("folder", "a.jpg")
    folder.photo = SimpleNamespace(name="folder")  # it has no length
    way.work()
    assert (folder.state, good.state) == (FAILED, ANSWERED)


def test_an_answer_for_what_was_given_up_meanwhile_does_not_count(way: Way) -> None:
    [request] = way.give("a.jpg")

    def ask(pack: list[Request]) -> list[dict[str, Any]]:
        way.sender.once_more(request)
        return [LOST]

    way.ask = ask
    way.sender.send()
    assert (request.state, request.error) == (QUEUED, None)
    assert way.planned[-1] == "photos"


def test_a_session_that_has_ended_stops_all_of_them(way: Way) -> None:
    requests = way.give("a.jpg", "b.jpg", "c.jpg")
    way.ask = lambda pack: [EXPIRED] * len(pack)
    way.work()
    assert {request.state for request in requests} <= {FAILED, STOPPED}
    assert way.shown[-1] is None, "all may have changed"


def test_a_photo_is_shown_and_sent_once_its_copy_is_there(way: Way) -> None:
    [request] = way.give("dog.jpg")
    request.fitted = False
    way.sender.shrinker.at_work.append(request)
    way.sender.shrinker.finish(request)
    assert way.shown == [[request]]
    way.work()
    assert request.state == ANSWERED
