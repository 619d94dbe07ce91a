"""The worker's status in Prometheus's text format."""

import itertools
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from worker import __version__
from worker.status import Status
from worker.tally import BUCKETS


def exposition(status: Status) -> str:
    """All metrics of a worker, names and units as Prometheus recommends: seconds and bytes, counters in _total."""
    registry = CollectorRegistry()
    registry.register(_Collector(status))
    return generate_latest(registry).decode()


class _Collector:
    """What `generate_latest` asks."""

    def __init__(self, status: Status) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """One family of metrics after the other."""
        tally, report = self._status.tally, self._status.report()
        calls = CounterMetricFamily("worker_calls", "Calls by outcome and model", labels=("outcome", "model"))
        for (outcome, model), count in sorted(dict(tally.calls).items(), key=str):
            calls.add_metric((outcome, model or ""), count)
        yield calls
        refusals = CounterMetricFamily("worker_refusals", "Refused photos and calls by type", labels=("type",))
        for kind, count in sorted(dict(tally.refusals).items()):
            refusals.add_metric((kind,), count)
        yield refusals
        latency = HistogramMetricFamily("worker_call_seconds", "Seconds that an answered call took")
        upto = zip(map(_le, BUCKETS), itertools.accumulate(tally.latency.calls), strict=True)
        latency.add_metric((), list(upto), tally.latency.seconds)
        yield latency
        yield GaugeMetricFamily("worker_running", "Calls at work", report["running"])
        yield GaugeMetricFamily("worker_waiting", "Calls that wait for their turn", report["waiting"])
        yield CounterMetricFamily("worker_reconnects", "Times that the link came back", report["reconnects"])
        yield GaugeMetricFamily("worker_uptime_seconds", "Seconds since the start", report["uptime_s"])
        if report["memory_mb"] is not None:
            yield GaugeMetricFamily("worker_memory_bytes", "Resident memory", report["memory_mb"] * 2**20)
        about = GaugeMetricFamily("worker_info", "The version, as a label", labels=("version",))
        about.add_metric((__version__,), 1)
        yield about


def _le(bound: float) -> str:
    return "+Inf" if bound == float("inf") else str(bound)
