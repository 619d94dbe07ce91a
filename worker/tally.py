"""What a worker remembers of the calls it has had: how they ended, and how long the last ones took."""

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

# Calls that the latency is told of: some minutes of a busy worker, and 8 kB.
WINDOW = 1_000


class Tally:
    """Counts calls; safe to use from several threads. All keys come from short fixed lists, so it does not grow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcomes: Counter[str] = Counter()
        self._models: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._refusals: Counter[str] = Counter()
        self._milliseconds: deque[float] = deque(maxlen=WINDOW)

    def add(self, outcome: str, model: str | None, milliseconds: float, refusals: Mapping[str, int]) -> None:
        """Count one call: "ok" or the type of its refusal, and the types of what was refused, photos or the call."""
        with self._lock:
            self._outcomes[outcome] += 1
            if model is not None:
                self._models[model][outcome] += 1
            self._refusals.update(refusals)
            if outcome == "ok":
                self._milliseconds.append(milliseconds)

    def report(self) -> dict[str, Any]:
        """The counts as plain data; the latency, in milliseconds, is that of the last `WINDOW` answered calls."""
        with self._lock:
            ordered = sorted(self._milliseconds)
            latency = {f"p{percent}": round(_quantile(ordered, percent), 1) for percent in (50, 90, 99) if ordered}
            return {
                "calls": dict(self._outcomes),
                "calls_by_model": {model: dict(outcomes) for model, outcomes in self._models.items()},
                "refusals": dict(self._refusals),
                "latency_ms": {"calls": len(ordered), **latency},
            }


def _quantile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` of all do not exceed (nearest rank)."""
    return ordered[-(-len(ordered) * percent // 100) - 1]
