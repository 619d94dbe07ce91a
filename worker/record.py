"""One call, as the log and the tally tell it: nothing that its caller sent, no name, and not what was seen."""

from collections import Counter
from dataclasses import dataclass, field
from time import monotonic


@dataclass
class Record:
    """Filled in as the call goes on."""

    function: str
    started: float = field(default_factory=monotonic)
    outcome: str = "ok"  # or the type of the call's refusal
    model: str | None = None
    photos: int = 0
    refused: Counter[str] = field(default_factory=Counter)  # photos by the type of their refusal
    bytes: int = 0

    @property
    def milliseconds(self) -> float:
        """How long it has taken so far."""
        return (monotonic() - self.started) * 1000

    def __str__(self) -> str:
        return (
            f"call {self.function} outcome={self.outcome} ms={self.milliseconds:.1f} bytes={self.bytes} "
            f"photos={self.photos} refused={self.refused.total()} model={self.model or '-'}"
        )
