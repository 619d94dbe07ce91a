"""What the page does next: one thing at a time, the most urgent of those that are due."""

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import anvil
import pytest


class Clock:
    """The page's clock, and its one Timer."""

    def __init__(self) -> None:
        self.now_ms = 1000.0
        self.interval = 0.0

    def add_event_handler(self, event: str, handler: Callable[[], None]) -> None:
        assert event == "tick"
        self.tick = handler

    def run(self, seconds: float) -> None:
        """Let time pass, with the ticks that come."""
        end = self.now_ms + seconds * 1000
        while self.interval and self.now_ms + self.interval * 1000 <= end:
            self.now_ms += self.interval * 1000 + 0.01
            self.tick()
        self.now_ms = end


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    browser = ModuleType("anvil.js")
    browser.window = SimpleNamespace(performance=SimpleNamespace(now=lambda: found.now_ms))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "anvil.js", browser)
    monkeypatch.setattr(anvil, "js", browser, raising=False)
    monkeypatch.delitem(sys.modules, "anvil_app.agenda", raising=False)
    return found


def test_a_job_is_done_once_when_it_is_due(clock: Clock) -> None:
    from anvil_app.agenda import Agenda

    done: list[str] = []
    agenda = Agenda(clock)
    agenda.jobs = [("look", lambda: done.append("look"))]
    agenda.plan("look", 2)
    clock.run(1.9)
    assert not done
    clock.run(5)
    assert done == ["look"]
    assert clock.interval == 0


def test_of_those_that_are_due_the_most_urgent_goes_first(clock: Clock) -> None:
    from anvil_app.agenda import Agenda

    done: list[str] = []
    agenda = Agenda(clock)
    agenda.jobs = [(name, lambda name=name: done.append(name)) for name in ("heat", "photos")]
    agenda.plan("photos")
    agenda.plan("heat")
    clock.run(1)
    assert done == ["heat", "photos"]


def test_what_becomes_due_during_a_job_waits_for_its_end(clock: Clock) -> None:
    from anvil_app.agenda import Agenda

    done: list[str] = []

    def photos() -> None:
        agenda.plan("heat", -1)
        clock.tick()  # Anvil's client lets timers tick while a call is on its way
        done.append("photos")

    agenda = Agenda(clock)
    agenda.jobs = [("heat", lambda: done.append("heat")), ("photos", photos)]
    agenda.plan("photos")
    clock.run(1)
    assert done == ["photos", "heat"]


def test_a_job_that_fails_does_not_hold_up_the_next(clock: Clock) -> None:
    from anvil_app.agenda import Agenda

    done: list[str] = []
    agenda = Agenda(clock)
    agenda.jobs = [("look", lambda: done.append("look")), ("photos", lambda: 1 / 0)]
    agenda.plan("photos")
    agenda.plan("look", 1)
    with pytest.raises(ZeroDivisionError):
        clock.run(0.5)
    clock.run(2)
    assert done == ["look"]
