"""The models of a running worker: new ones are noticed and take over, bad ones change nothing."""

import logging
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Literal

from classifier.classifier import Classifier
from classifier.errors import ClassifierError, UnknownModelError
from classifier.settings import Settings
from classifier.shelf import stamp
from worker.memory import give_back

log = logging.getLogger("worker")

# How often the owner's shelf is looked at. What has changed is loaded once it has stayed as it is for this long.
_LOOK_EVERY_S = 1.0
_LONGEST_LOAD_S = 10.0


class Models:
    """The classifier in use. A call takes it once, and so ends on the models that it began with."""

    def __init__(self, settings: Settings) -> None:
        """Load the models, warm them, and be ready to do it again. Raises SettingsError."""
        self._settings = settings
        self._stamp = stamp(settings.models_dir)
        self.classifier = Classifier.load(settings)
        self._tell_broken({})
        self._last: tuple[Literal["ok", "failed"], float] | None = None
        # A SimpleQueue, because `reload` is called by a signal handler: an Event could deadlock there.
        self._asked: SimpleQueue[threading.Event | None] = SimpleQueue()
        threading.Thread(target=self._serve, name="models", daemon=True).start()

    def reload(self) -> None:
        """Load the models again, in the background. May be called by a signal handler."""
        self._asked.put(None)

    def reload_now(self) -> None:
        """Load the models again, and wait until that is done: what has just been written is served from then on."""
        done = threading.Event()
        self._asked.put(done)
        done.wait(_LONGEST_LOAD_S)

    def current(self) -> Classifier:
        """The classifier in use; first loaded again where the shelf has changed, as another worker may have done."""
        if stamp(self._settings.models_dir) != self._stamp:
            self.reload_now()
        return self.classifier

    def holding(self, name: str | None) -> Classifier:
        """A classifier with that model, None for the default one. Raises UnknownModelError."""
        try:
            self.classifier.check_model(name)
        except UnknownModelError:
            self.current().check_model(name)
        return self.classifier

    def report(self) -> dict[str, Any] | None:
        """How the last reload ended, as plain data; None where there was none. Why one failed is in the log."""
        if self._last is None:
            return None
        outcome, at = self._last
        return {"outcome": outcome, "seconds_ago": round(monotonic() - at, 1)}

    def _serve(self) -> None:
        seen = self._stamp
        while True:
            with suppress(Empty):
                done = self._asked.get(timeout=_LOOK_EVERY_S)
                self._load_again()
                if done:
                    done.set()
                continue
            before, seen = seen, stamp(self._settings.models_dir)
            if seen == before != self._stamp:
                self._load_again()

    def _load_again(self) -> None:
        started = monotonic()
        self._stamp = stamp(self._settings.models_dir)
        try:
            classifier = Classifier.load(self._settings, self.classifier)
        except Exception as error:
            # The owner finds the trace of what we did not foresee; a bad model has a message of its own.
            log.error(
                "the models are not loaded again, those of before go on serving: %s",
                error or type(error).__name__,
                exc_info=not isinstance(error, ClassifierError),
            )
            self._last = ("failed", monotonic())
            return
        known, self.classifier = self.classifier.broken, classifier
        self._tell_broken(known)
        names = ", ".join(card.name for card in classifier.cards)
        log.info("models loaded again in %.2f s: %s", monotonic() - started, names)
        give_back()
        self._last = ("ok", monotonic())

    def _tell_broken(self, known: dict[str, str]) -> None:
        for name, why in self.classifier.broken.items():
            if known.get(name) != why:
                log.error("a model is left out, the others are served: %s", why)
