"""The status for Prometheus, read as Prometheus reads it."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.worker.published import Published, published
from worker import __version__
from worker.metrics import exposition


def samples(ours: Published) -> dict[tuple[str, tuple[str, ...]], float]:
    """The values by name, and the labels' values in the order of their names."""
    families = text_string_to_metric_families(exposition(ours.status))
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_worker_that_has_had_no_call_has_its_gauges(shelf_dir: Path) -> None:
    ours = published(shelf_dir)
    ours.status.started -= 100
    found = samples(ours)
    for name in ("worker_running", "worker_waiting", "worker_reconnects_total"):
        assert found[name, ()] == 0
    assert found["worker_info", (__version__,)] == 1
    assert 100 <= found["worker_uptime_seconds", ()] < 110
    assert 30 * 2**20 < found["worker_memory_bytes", ()] < 4000 * 2**20
    assert found["worker_call_seconds_count", ()] == 0


def test_calls_refusals_latency_and_reconnects(shelf_dir: Path) -> None:
    ours = published(shelf_dir)
    ours.status.ups = 3
    add = ours.status.tally.add
    for milliseconds in (4, 5, 6, 700):
        add("ok", "plain", milliseconds, {})
    add("ok", "other", 60_000, {"NotAPhoto": 2})
    add("Busy", "plain", 1, {"Busy": 1})
    add("BadRequest", None, 1, {"BadRequest": 1})
    found = samples(ours)
    assert found["worker_calls_total", ("plain", "ok")] == 4
    assert found["worker_calls_total", ("other", "ok")] == 1
    assert found["worker_calls_total", ("plain", "Busy")] == 1
    assert found["worker_calls_total", ("", "BadRequest")] == 1
    assert {kind: found["worker_refusals_total", (kind,)] for kind in ("NotAPhoto", "Busy", "BadRequest")} == {
        **{"NotAPhoto": 2, "Busy": 1, "BadRequest": 1}
    }
    buckets = {labels[0]: value for (name, labels), value in found.items() if name == "worker_call_seconds_bucket"}
    assert (buckets["0.005"], buckets["0.01"], buckets["0.5"], buckets["1.0"]) == (2, 3, 3, 4)
    assert (buckets["10.0"], buckets["+Inf"]) == (4, 5)
    assert found["worker_call_seconds_count", ()] == 5
    assert found["worker_call_seconds_sum", ()] == 60.715
    assert found["worker_reconnects_total", ()] == 2
