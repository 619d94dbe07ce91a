"""A promise comes to its end in both clients: one hands it over, the other has waited for it."""

from collections.abc import Callable
from typing import Any

from anvil_app.promises import settle


class Promise:
    """What Brython hands over."""

    def __init__(self, value: Any = None, error: Any = None) -> None:
        self.value, self.error = value, error

    def then(self, done: Callable[[Any], None], failed: Callable[[Any], None]) -> None:
        if self.error:
            failed(self.error)
        else:
            done(self.value)


def settled(call: Callable[[], Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    settle(call, lambda value: found.append(("done", value)), lambda error: found.append(("failed", str(error))))
    return found


def refuse() -> None:
    raise ValueError("no")


def test_a_promise_and_a_value() -> None:
    assert settled(lambda: Promise(7)) == settled(lambda: 7) == [("done", 7)]


def test_a_promise_that_fails_and_a_call_that_raises() -> None:
    assert settled(lambda: Promise(error="no")) == settled(refuse) == [("failed", "no")]
