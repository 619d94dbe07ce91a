"""One call, as the log and the tally tell it."""

import pytest

from worker import record
from worker.record import Record


def test_a_record_is_a_line_without_anything_that_the_caller_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(record, "monotonic", lambda: now[0])
    call = Record("classify_images", started=100)
    assert str(call) == "call classify_images outcome=ok ms=0.0 bytes=0 photos=0 refused=0 model=-"
    now[0] = 100.0125
    call.outcome, call.model, call.photos, call.bytes = "Busy", "plain", 3, 70
    call.refused.update(NotAPhoto=2, TooLarge=1)
    assert str(call) == "call classify_images outcome=Busy ms=12.5 bytes=70 photos=3 refused=3 model=plain"


def test_a_record_begins_when_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Record("a").started <= Record("b").started
    assert Record("a").milliseconds < 1000
