"""What every published function goes through."""

import json
import logging
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from classifier.errors import BusyError, ModelError, SettingsError
from worker.guard import Guard
from worker.record import Record
from worker.refusal import INTERNAL
from worker.tally import Tally


def function(record: Record, first: object = None) -> dict[str, object]:
    return {"first": first}


def raising(error: Exception) -> Callable[[Record], None]:
    def fail(record: Record) -> None:
        raise error

    return fail


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def guard(tally: Tally) -> Guard:
    return Guard(tally)


def test_an_answer_comes_back_as_it_is(guard: Guard) -> None:
    assert guard(function)(7) == {"first": 7}
    assert guard(function)(first=7) == {"first": 7}


@pytest.mark.parametrize(("arguments", "keywords"), [((1, 2), {}), ((), {"path": "/etc"}), ((), {"record": "x"})])
def test_arguments_that_do_not_fit_are_data_too(
    guard: Guard, arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    answer = guard(function)(*arguments, **keywords)
    assert answer["error"]["type"] == "BadRequest"
    assert answer["error"]["message"].startswith("function: ")


def test_a_refusal_keeps_its_type_and_its_sentence(guard: Guard) -> None:
    assert guard(raising(BusyError("Try again.")))() == {"error": {"type": "Busy", "message": "Try again."}}


@pytest.mark.parametrize(
    "error",
    [ZeroDivisionError("in /srv/owner"), ModelError("/srv/owner/m is bad"), SettingsError("/srv/owner")],
)
def test_what_is_for_the_owner_is_in_the_log_and_not_in_the_answer(
    guard: Guard, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    answer = guard(raising(error))()
    assert answer == {"error": {"type": "InternalError", "message": str(INTERNAL)}}
    assert "/srv/owner" not in json.dumps(answer)
    assert "/srv/owner" in caplog.text
    assert type(error).__name__ in caplog.text


def test_a_call_with_photos_or_a_refusal_is_counted_and_logged_in_a_line(
    guard: Guard, tally: Tally, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def seen(record: Record) -> None:
        record.photos, record.model, record.bytes = 3, "plain", 70
        record.refused = Counter(NotAPhoto=1)

    guard(seen)()
    guard(raising(BusyError("x")))()
    guard(function)()
    assert tally.report()["calls"] == {"ok": 1, "Busy": 1}
    assert tally.report()["refusals"] == {"NotAPhoto": 1, "Busy": 1}
    first, second = caplog.messages
    assert first.startswith("call seen outcome=ok ms=")
    assert first.endswith(" bytes=70 photos=3 refused=1 model=plain")
    assert second.startswith("call fail outcome=Busy ms=")
    assert second.endswith(" bytes=0 photos=0 refused=0 model=-")


def test_a_call_without_photos_is_told_in_detail_only(guard: Guard, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    guard(function)()
    [record] = caplog.records
    assert (record.levelname, record.message.split()[:3]) == ("DEBUG", ["call", "function", "outcome=ok"])


def test_finished_calls_are_forgotten(guard: Guard) -> None:
    for _ in range(50):
        thread = threading.Thread(target=guard(function))
        thread.start()
        thread.join()
    assert len(guard._threads) == 1


def test_it_waits_for_the_calls_at_work_and_tells_how_many_are_left(guard: Guard) -> None:
    let_go, entered = threading.Event(), threading.Barrier(3)

    def hold(record: Record) -> None:
        entered.wait(10)
        assert let_go.wait(10)

    threads = [threading.Thread(target=guard(hold)) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.wait(10)
    assert guard.wait(monotonic()) == 2
    threading.Timer(0.05, let_go.set).start()
    assert guard.wait(monotonic() + 10) == 0
    assert not any(thread.is_alive() for thread in threads)
