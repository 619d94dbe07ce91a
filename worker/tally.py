"""What a worker remembers of the calls it has had: how they ended, and how long they took."""

import threading
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Calls that the quantiles are of: some minutes of a busy worker, and 8 kB.
WINDOW = 1_000
# Upper ends of the latency's buckets, in seconds: a photo takes milliseconds, and no call more than its timeout.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))


@dataclass
class Latency:
    """How long all answered calls took."""

    seconds: float = 0.0
    calls: list[int] = field(default_factory=lambda: [0] * len(BUCKETS))  # by bucket


class Tally:
    """Counts calls; safe to use from several threads. All keys come from short fixed lists, so it does not grow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.calls: Counter[tuple[str, str | None]] = Counter()  # by outcome and model
        self.refusals: Counter[str] = Counter()
        self.latency = Latency()
        self._milliseconds: deque[float] = deque(maxlen=WINDOW)

    def add(self, outcome: str, model: str | None, milliseconds: float, refusals: Mapping[str, int]) -> None:
        """Count one call: "ok" or the type of its refusal, and the types of what was refused, photos or the call."""
        with self._lock:
            self.calls[outcome, model] += 1
            self.refusals.update(refusals)
            if outcome == "ok":
                self._milliseconds.append(milliseconds)
                self.latency.seconds += milliseconds / 1000
                self.latency.calls[bisect_left(BUCKETS, milliseconds / 1000)] += 1

    def report(self) -> dict[str, Any]:
        """The counts as plain data; the latency, in milliseconds, is that of the last `WINDOW` answered calls."""
        with self._lock:
            outcomes: Counter[str] = Counter()
            models: defaultdict[str, Counter[str]] = defaultdict(Counter)
            for (outcome, model), calls in self.calls.items():
                outcomes[outcome] += calls
                if model is not None:
                    models[model][outcome] += calls
            ordered = sorted(self._milliseconds)
            latency = {f"p{percent}": round(_quantile(ordered, percent), 1) for percent in (50, 90, 99) if ordered}
            return {
                "calls": dict(outcomes),
                "calls_by_model": {model: dict(counts) for model, counts in models.items()},
                "refusals": dict(self.refusals),
                "latency_ms": {"calls": len(ordered), **latency},
            }


def _quantile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` of all do not exceed (nearest rank)."""
    return ordered[-(-len(ordered) * percent // 100) - 1]
