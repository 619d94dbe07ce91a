"""What a worker remembers of its calls."""

from collections import Counter

from worker.tally import WINDOW, Tally


def test_nothing_yet() -> None:
    nothing = {"calls": {}, "calls_by_model": {}, "refusals": {}, "latency_ms": {"calls": 0}}
    assert Tally().report() == nothing


def test_calls_by_outcome_and_model_and_refusals_by_reason() -> None:
    tally = Tally()
    tally.add("ok", "a", 1, {})
    tally.add("ok", "a", 1, Counter(NotAPhoto=2, Truncated=1))
    tally.add("Busy", "b", 1, {"Busy": 1})
    tally.add("BadRequest", None, 1, {"BadRequest": 1})
    report = tally.report()
    assert report["calls"] == {"ok": 2, "Busy": 1, "BadRequest": 1}
    assert report["calls_by_model"] == {"a": {"ok": 2}, "b": {"Busy": 1}}
    assert report["refusals"] == {"NotAPhoto": 2, "Truncated": 1, "Busy": 1, "BadRequest": 1}


def test_quantiles_are_of_answered_calls() -> None:
    tally = Tally()
    for milliseconds in range(200, 0, -1):
        tally.add("ok", "a", milliseconds, {})
    tally.add("Busy", "a", 100_000, {"Busy": 1})
    assert tally.report()["latency_ms"] == {"calls": 200, "p50": 100, "p90": 180, "p99": 198}


def test_one_call_is_all_quantiles() -> None:
    tally = Tally()
    tally.add("ok", "a", 7.04, {})
    assert tally.report()["latency_ms"] == {"calls": 1, "p50": 7.0, "p90": 7.0, "p99": 7.0}


def test_the_window_is_bounded_and_forgets_the_oldest() -> None:
    tally = Tally()
    tally.add("ok", "a", 1_000_000, {})
    for _ in range(WINDOW):
        tally.add("ok", "a", 1, {})
    assert tally.report()["latency_ms"] == {"calls": WINDOW, "p50": 1, "p90": 1, "p99": 1}
