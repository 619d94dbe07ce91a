"""How a worker is doing."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from worker import __version__
from worker.gate import Gate
from worker.memory import resident_mb
from worker.models import Models
from worker.tally import Tally


@dataclass
class Status:
    """What the parts of a worker know, and what happens to it as a whole."""

    models: Models
    gate: Gate
    tally: Tally
    started: float = field(default_factory=monotonic)
    ups: int = 0  # times that the link came up
    draining: bool = False  # it is stopping, and soon takes no new calls

    @property
    def reconnects(self) -> int:
        """Times that the link was lost and came back."""
        return max(0, self.ups - 1)

    def report(self) -> dict[str, Any]:
        """As plain data, without a path or a name of a caller."""
        classifier = self.models.classifier
        return {
            "state": "draining" if self.draining else "ready",
            "version": __version__,
            "models": [card.name for card in classifier.cards],
            "default_model": classifier.default,
            "reload": self.models.report(),
            "uptime_s": round(monotonic() - self.started, 1),
            **self.tally.report(),
            "running": self.gate.running,
            "waiting": self.gate.waiting,
            "reconnects": self.reconnects,
            "memory_mb": resident_mb(),
        }
