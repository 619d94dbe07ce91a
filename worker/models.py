"""The models of a running worker are loaded anew when its owner asks: new ones take over, bad ones change nothing."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from typing import Any, Literal

from classifier.classifier import Classifier
from classifier.errors import ClassifierError
from worker.memory import give_back

log = logging.getLogger("worker")


class Models:
    """The classifier in use. A call takes it once, and so ends on the models that it began with."""

    def __init__(self, load: Callable[[], Classifier]) -> None:
        """Load the models, warm them, and be ready to do it again. Raises the errors of `load`."""
        self._load = load
        self.classifier = load()
        self._last: tuple[Literal["ok", "failed"], float] | None = None
        # A SimpleQueue, because `reload` is called by a signal handler: an Event could deadlock there.
        self._asked: SimpleQueue[None] = SimpleQueue()
        threading.Thread(target=self._serve, name="models", daemon=True).start()

    def reload(self) -> None:
        """Load the models anew, in the background. May be called by a signal handler."""
        self._asked.put(None)

    def report(self) -> dict[str, Any] | None:
        """How the last reload ended, as plain data; None where there was none. Why one failed is in the log."""
        if self._last is None:
            return None
        outcome, at = self._last
        return {"outcome": outcome, "seconds_ago": round(monotonic() - at, 1)}

    def _serve(self) -> None:
        while True:
            self._asked.get()
            started = monotonic()
            try:
                self.classifier = self._load()
            except Exception as error:
                # The owner finds the trace of what we did not foresee; a bad model has a message of its own.
                log.error(
                    "the models are not loaded anew, those of before go on serving: %s",
                    error or type(error).__name__,
                    exc_info=not isinstance(error, ClassifierError),
                )
                self._last = ("failed", monotonic())
                continue
            names = ", ".join(card.name for card in self.classifier.cards)
            log.info("models loaded anew in %.2f s: %s", monotonic() - started, names)
            give_back()
            self._last = ("ok", monotonic())
