"""Who may teach: the passphrase is asked for once, again where it was wrong, and goes nowhere but to the worker."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from anvil_app.owner import Owner

WRONG = {"error": {"type": "Unauthorized", "message": "The passphrase is missing or wrong."}}


class Worker:
    """Gives these replies in turn; `calls` are those that came."""

    def __init__(self, *replies: dict[str, Any]) -> None:
        self.replies = list(replies)
        self.calls: list[tuple[Any, ...]] = []
        self.connection = SimpleNamespace(ask=self.ask)

    def ask(self, name: str, *args: Any, patience: float = 0, **kwargs: Any) -> dict[str, Any]:
        assert patience > 100 or name == "teaching_status"
        self.calls.append((name, *args, kwargs))
        return self.replies.pop(0)


class Question:
    """A dialog in which somebody types; `notes` is what it has said."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def open(self, text: str, note: str, yes: str, take: Callable[[str], None], secret: bool) -> None:
        assert secret
        self.notes.append(note)
        self.type = take


def owner(state: str, *replies: dict[str, Any]) -> tuple[Owner, Worker, Question]:
    worker, question = Worker({"state": state, "fewest": 3, "models": {}}, *replies), Question()
    found = Owner(worker, question)
    found.look()
    worker.calls.clear()
    return found, worker, question


def test_it_is_asked_for_once_and_sent_with_each_call() -> None:
    found, worker, question = owner("passphrase", {"model": "a"}, {"model": "b"})
    done: list[str] = []
    found.let(lambda: done.append("first"))
    assert not done
    question.type("a horse")
    found.let(lambda: done.append("second"))
    assert done == ["first", "second"]
    assert found.ask(lambda: None, "teach", "a", keep=False) == {"model": "a"}
    found.ask(lambda: None, "delete_model", "b")
    assert worker.calls == [
        ("teach", "a", {"passphrase": "a horse", "keep": False}),
        ("delete_model", "b", {"passphrase": "a horse"}),
    ]
    assert len(question.notes) == 1


def test_a_wrong_one_is_forgotten_and_asked_for_again() -> None:
    found, worker, question = owner("passphrase", WRONG, {"model": "a"})
    found.let(lambda: None)
    question.type("a cow")
    assert found.ask(lambda: found.ask(lambda: None, "teach", "a"), "teach", "a") == WRONG
    assert question.notes[1] == "That was not it. Try again."
    assert found.passphrase is None
    question.type("a horse")
    assert worker.calls[1] == ("teach", "a", {"passphrase": "a horse"})


def test_where_it_is_open_nobody_is_asked() -> None:
    found, _, question = owner("open")
    done: list[bool] = []
    found.let(lambda: done.append(True))
    assert done
    assert not question.notes


def test_a_call_that_fails_changes_nothing_of_it() -> None:
    found, worker, _ = owner("open", {"error": {"type": "UplinkDisconnectedError", "message": ""}})
    found.look()
    assert found.is_on()
    assert worker.calls == [("teaching_status", {})]


OFF = {"state": "off", "fewest": 3, "models": {}}


@pytest.mark.parametrize("reply", [OFF, {"error": {"type": "NoServerFunctionError", "message": ""}}])
def test_a_worker_that_does_not_teach_is_believed(reply: dict[str, Any]) -> None:
    found = Owner(Worker(reply), Question())
    found.look()
    assert not found.is_on()
