"""The page's patience with a worker: what it does where Anvil's own client would wait forever.

Timer and line stand in for Anvil's, since there is no such client here; what they obey is what the real ones do.
"""

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import anvil.server
import pytest


class Timer:
    """Anvil's Timer: ticks again and again while its interval is not 0."""

    def __init__(self) -> None:
        self._interval = 0.0
        self.set: list[float] = []

    @property
    def interval(self) -> float:
        return self._interval

    @interval.setter
    def interval(self, seconds: float) -> None:
        self._interval = seconds
        if seconds:
            self.set.append(seconds)

    def add_event_handler(self, event: str, handler: Callable[[], None]) -> None:
        assert event == "tick"
        self.tick = handler


class Line:
    """The websocket of the page, with what of a photo has not gone out at each look at it."""

    def __init__(self, *unsent: int) -> None:
        self._unsent = list(unsent)
        self.closed = False

    @property
    def bufferedAmount(self) -> int:  # noqa: N802 - the browser's name
        return self._unsent.pop(0) if self._unsent else 0

    def close(self) -> None:
        self.closed = True


class Desk:
    """A Connection with its timer, its line and the number of times that it spoke of silence."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, line: Line | None) -> None:
        browser = ModuleType("anvil.js")
        browser.window = SimpleNamespace(anvilWebsocket=line)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "anvil.js", browser)
        monkeypatch.setattr(anvil, "js", browser, raising=False)
        monkeypatch.delitem(sys.modules, "anvil_app.connection", raising=False)
        from anvil_app.connection import Connection

        self.timer, self.silences = Timer(), 0
        self.connection = Connection(self.timer, self._silent)

    def _silent(self) -> None:
        self.silences += 1


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desk]:
    return lambda line=None: Desk(monkeypatch, line)


def answers(monkeypatch: pytest.MonkeyPatch, call: Callable[..., Any]) -> None:
    monkeypatch.setattr(anvil.server, "call_s", call, raising=False)


def test_an_answer_comes_through_and_the_timer_rests(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk()
    answers(monkeypatch, lambda name, *args, **kwargs: [name, args, kwargs])
    assert made.connection.ask("classify_image", "photo", size=400_000, top=5) == [
        "classify_image",
        ("photo",),
        {"top": 5},
    ]
    assert made.timer.interval == 0


def test_patience_grows_with_what_has_to_travel(desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk()
    answers(monkeypatch, lambda *args: "an answer")
    for size in (10_000, 5_000_000, 10_000):
        made.connection.ask("classify_image", size=size)
    assert made.timer.set[0] < 7
    assert made.timer.set[1] > 25
    assert made.timer.set[2] < made.timer.set[0], "once a worker has answered, the next answer is overdue sooner"


def test_a_call_that_fails_reads_like_a_refusal(desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk()

    def lost(*args: Any) -> None:
        raise anvil.server.UplinkDisconnectedError("Uplink disconnected")

    answers(monkeypatch, lost)
    error = made.connection.ask("worker_status")["error"]
    assert error["type"].endswith("UplinkDisconnectedError")
    assert made.silences == 0


def test_a_worker_that_says_nothing_is_silent_and_its_line_is_cut(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line()
    made = desk(line)

    def hang(*args: Any) -> None:
        made.timer.tick()  # patience is over; cutting the line ends the call
        assert line.closed
        raise RuntimeError("the line is gone")

    answers(monkeypatch, hang)
    assert made.connection.ask("worker_status") == {"error": {"type": "Silent", "message": ""}}
    assert made.silences == 1


def test_where_others_answered_it_is_overdue_and_that_a_few_times_only(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk(Line())

    def hang(*args: Any) -> None:
        made.timer.tick()
        raise RuntimeError("the line is gone")

    for _ in range(2):
        answers(monkeypatch, lambda *args: "an answer")
        made.connection.ask("worker_status")
        answers(monkeypatch, hang)
        kinds = [made.connection.ask("worker_status")["error"]["type"] for _ in range(6)]
        assert kinds == ["Overdue"] * 4 + ["Silent"] * 2


def test_where_there_is_no_line_to_cut_the_page_at_least_says_so(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk()

    def late(*args: Any) -> str:
        made.timer.tick()
        return "an answer after all"

    answers(monkeypatch, late)
    assert made.connection.ask("worker_status") == "an answer after all"
    assert made.silences == 1


def test_a_slow_line_on_which_the_photo_still_goes_out_is_no_silence(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(900_000, 500_000, 500_000)
    made = desk(line)

    def slow(*args: Any) -> str:
        made.timer.tick()
        made.timer.tick()
        assert (made.silences, line.closed) == (0, False)
        assert made.timer.set[1:] == [6, 6]
        made.timer.tick()  # nothing more has gone out
        return "late"

    answers(monkeypatch, slow)
    made.connection.ask("classify_image", size=1_000_000)
    assert (made.silences, line.closed) == (1, True)
