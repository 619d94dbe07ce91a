"""The functions that the worker publishes, and nothing else.

Every refusal leaves as data: an exception would carry absolute paths of this machine to the caller. What callers sent,
its name and what was seen on it stay out of the log.
"""

import functools
import inspect
import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import anvil
import anvil.server

from classifier.classifier import Prediction
from classifier.errors import BadRequestError, ClassifierError, TimedOutError, TooLargeError
from worker import __version__
from worker.gate import Gate
from worker.memory import resident_mb
from worker.models import Models
from worker.settings import Settings
from worker.tally import Tally

log = logging.getLogger("worker")

# A call that waits longer than this for its turn is told that the worker is busy, as one past the bound is at once.
_WAIT_S = 1.5
# Bytes that a form may have around its photo, and times CLASSIFIER_MAX_UPLOAD_MB that a list may bring in all.
_FORM_BYTES = 64 * 1024
_LIST_UPLOADS = 5

_INTERNAL = ClassifierError("The worker could not answer. Its owner finds the reason in its log.")


@dataclass
class Event:
    """One call, as the log tells it."""

    function: str
    started: float = field(default_factory=monotonic)
    outcome: str = "ok"
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


class Callables:
    """The published functions, over the models in use."""

    def __init__(self, models: Models, settings: Settings) -> None:
        self._models = models
        self._settings = settings
        self._gate = Gate(settings.classifier.threads, settings.max_waiting)
        self._started = monotonic()
        self._lock = threading.Lock()
        self._tally = Tally()
        self._threads: set[threading.Thread] = set()
        self._draining = False
        self.reconnects = 0

    def publish(self) -> None:
        """Register the functions with the uplink library."""
        functions = (self.classify_image, self.classify_images, self.list_models, self.model_card, self.worker_status)
        for function in functions:
            anvil.server.callable(function.__name__)(self.guarded(function))

    @property
    def draining(self) -> bool:
        """Whether the worker is stopping, and soon takes no new calls."""
        return self._draining

    def drain(self, timeout: float) -> int:
        """Wait until the calls at work are answered; returns how many are not after `timeout` seconds.

        There is no way to tell the service to send no more. So calls that come meanwhile are answered, too, and only
        those of the last moment are told to try again: for a caller that does, another worker is soon the only one.
        """
        self._draining = True
        end = monotonic() + timeout
        self._wait_for_calls(end - timeout / 2)
        self._gate.closed = True
        return self._wait_for_calls(end)

    def classify_image(
        self, event: Event, file: object, model: object = None, top: object = 3, heatmap: object = False
    ) -> dict[str, Any]:
        """Classify one photo, a Media object: the dict of the answer, or {"error": {"type", "message"}}."""
        [answer] = self._answers(event, [file], model, top, heatmap)
        if "error" in answer:
            event.outcome = answer["error"]["type"]
        return answer

    def classify_images(
        self, event: Event, files: object, model: object = None, top: object = 3, heatmap: object = False
    ) -> list[dict[str, Any]]:
        """Classify a list of photos: a list with one dict for each, an error dict in place of a bad one.

        A call that is refused as a whole (busy, unknown model, too many photos) gets one error dict instead.
        """
        if not isinstance(files, list):
            raise BadRequestError("files must be a list of Media objects.")
        if len(files) > self._settings.max_files:
            raise BadRequestError(f"{len(files)} photos in one call; the limit is {self._settings.max_files}.")
        return self._answers(event, files, model, top, heatmap)

    def list_models(self, event: Event) -> dict[str, Any]:
        """The models that can be asked for, from their cards."""
        classifier = self._models.classifier
        return {"default": classifier.default, "models": [card.summary() for card in classifier.cards]}

    def model_card(self, event: Event, name: object = None) -> dict[str, Any]:
        """What a person may want to know of a model before trusting it, None for the default one.

        The entry of `list_models`, with data, parameters, date, notes, and curves and confusion: PNG media or None.
        """
        if not (name is None or isinstance(name, str)):
            raise BadRequestError("name must be the name of a model, or None for the default one.")
        classifier = self._models.classifier
        classifier.check_model(name)
        event.model = name or classifier.default
        [card] = [card for card in classifier.cards if card.name == event.model]
        pictures = {
            title: data and anvil.BlobMedia("image/png", data, name=f"{title}.png")
            for title, data in card.pictures().items()
        }
        return {**card.summary(), **card.story, **pictures}

    def worker_status(self, event: Event) -> dict[str, Any]:
        """How this worker is doing. With several workers, the one that the call happened to reach."""
        classifier = self._models.classifier
        return {
            "state": "draining" if self._draining else "ready",
            "version": __version__,
            "models": [card.name for card in classifier.cards],
            "default_model": classifier.default,
            "reload": self._models.report(),
            "uptime_s": round(monotonic() - self._started, 1),
            **self._tally.report(),
            "running": self._gate.running,
            "waiting": self._gate.waiting,
            "reconnects": self.reconnects,
            "memory_mb": resident_mb(),
        }

    def guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is published: nothing but data comes out, and each call leaves one line in the log."""
        signature = inspect.signature(function)

        @functools.wraps(function)
        def published(*args: Any, **kwargs: Any) -> Any:
            event = Event(function.__name__)
            self._remember(threading.current_thread())
            try:
                try:
                    call = signature.bind(event, *args, **kwargs)
                except TypeError as error:
                    raise BadRequestError(f"{function.__name__}: {error}.") from None
                answer = function(*call.args, **call.kwargs)
            except ClassifierError as error:
                event.outcome = error.type
                answer = self._refusal(error)
            except Exception as error:
                event.outcome = _INTERNAL.type
                answer = self._refusal(error)
            self._note(event)
            return answer

        return published

    def _answers(
        self, event: Event, files: list[Any], model: object, top: object, heatmap: object
    ) -> list[dict[str, Any]]:
        if not (model is None or isinstance(model, str)):
            raise BadRequestError("model must be the name of a model, or None for the default one.")
        if not isinstance(top, int) or isinstance(top, bool) or top < 1:
            raise BadRequestError("top must be a whole number, 1 or more.")
        if not isinstance(heatmap, bool):
            raise BadRequestError("heatmap must be True or False.")
        classifier = self._models.classifier
        classifier.check_model(model)
        event.model = model or classifier.default
        event.photos = len(files)
        self._check_size(files)
        timeout = self._settings.call_timeout_s
        answers: list[dict[str, Any]] = []
        with self._gate.turn(min(timeout, _WAIT_S)):
            for file in files:
                try:
                    if monotonic() - event.started > timeout:
                        raise TimedOutError(f"The call ran out of its {timeout:g} s. Send fewer photos at a time.")
                    data = self._bytes(file)
                    event.bytes += len(data)
                    answers.append(_as_data(classifier.classify(data, event.model, top, heatmap)))
                except Exception as error:
                    answers.append(self._refusal(error))
                    event.refused[answers[-1]["error"]["type"]] += 1
        return answers

    def _check_size(self, files: list[Any]) -> None:
        """Refuse what is too large before it waits for its turn: the library holds all of it in memory by now."""
        most = self._settings.classifier.max_upload_mb * (1 if len(files) == 1 else _LIST_UPLOADS)
        if sum(map(_length, files)) > most * 2**20 + _FORM_BYTES:
            raise TooLargeError(
                f"The call brings more than {most:g} MB. Send a smaller copy, or fewer photos at a time."
            )

    def _bytes(self, file: Any) -> bytes:
        if not _brings_bytes(file):
            raise BadRequestError("file must be Media with its bytes: the file of a FileLoader, or anvil.BlobMedia.")
        try:
            data: bytes = file.get_bytes()
        except ClassifierError:
            raise
        except Exception:  # the library rebuilds whatever error broke the upload off
            raise BadRequestError("The upload did not arrive whole. Send it again.") from None
        return data

    def _refusal(self, error: Exception) -> dict[str, Any]:
        if isinstance(error, ClassifierError) and error.type != _INTERNAL.type:
            return dict(error.as_dict())
        log.error("call failed", exc_info=error)
        return dict(_INTERNAL.as_dict())

    def _note(self, event: Event) -> None:
        if event.photos or event.outcome != "ok":
            refused = event.refused or ({event.outcome: 1} if event.outcome != "ok" else {})
            self._tally.add(event.outcome, event.model, event.milliseconds, refused)
            log.info("%s", event)
        else:  # a page may ask for the status every few seconds
            log.debug("%s", event)

    def _remember(self, thread: threading.Thread) -> None:
        with self._lock:
            self._threads = {known for known in self._threads if known.is_alive()} | {thread}

    def _wait_for_calls(self, end: float) -> int:
        with self._lock:
            threads = list(self._threads)
        for thread in threads:  # the uplink library sends the answer on the thread of the call
            thread.join(max(0, end - monotonic()))
        return sum(thread.is_alive() for thread in threads)


def _brings_bytes(file: object) -> bool:
    """Media that are only a reference would be fetched from where the caller says, for as long as that takes."""
    return isinstance(file, anvil.Media) and not isinstance(file, anvil.URLMedia | anvil.server.LazyMedia)


def _length(file: Any) -> int:
    """Bytes that a file brings, 0 for one that cannot be read: why, is told when it is its turn."""
    try:
        return int(file.length) if _brings_bytes(file) else 0
    except Exception:
        return 0


def _as_data(prediction: Prediction) -> dict[str, Any]:
    answer = prediction.as_dict()
    if prediction.heatmap is not None:
        answer["heatmap"] = anvil.BlobMedia("image/png", prediction.heatmap, name="heatmap.png")
    return answer
