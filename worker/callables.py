"""The functions that the worker publishes, and nothing else: each takes the Record of its call and what a caller sent.

Arguments may be anything. What is wrong with them is raised, as an error of classifier/errors.py; guard.py makes it
what the caller gets.
"""

from time import monotonic
from typing import Any

import anvil

from classifier.classifier import Prediction
from classifier.errors import BadRequestError, TimedOutError, TooLargeError
from worker.gate import Gate
from worker.models import Models
from worker.record import Record
from worker.refusal import refusal
from worker.settings import Settings
from worker.status import Status
from worker.upload import bytes_of, size_of

PUBLISHED = ("classify_image", "classify_images", "list_models", "model_card", "worker_status")
# A call that waits longer than this for its turn is refused as busy, as one past the bound is at once.
LONGEST_WAIT_S = 1.5
# Bytes that a form may have around its photo, and times CLASSIFIER_MAX_UPLOAD_MB that a list may bring in all.
_FORM_BYTES = 64 * 1024
_LIST_UPLOADS = 5


class Callables:
    """The published functions, over the models in use."""

    def __init__(self, models: Models, gate: Gate, status: Status, settings: Settings) -> None:
        self._models = models
        self._gate = gate
        self._status = status
        self._settings = settings

    def classify_image(
        self, record: Record, file: object, model: object = None, top: object = 3, heatmap: object = False
    ) -> dict[str, Any]:
        """Classify one photo, a Media object: the dict of the answer, or {"error": {"type", "message"}}."""
        [answer] = self._answers(record, [file], model, top, heatmap)
        if "error" in answer:
            record.outcome = answer["error"]["type"]
        return answer

    def classify_images(
        self, record: Record, files: object, model: object = None, top: object = 3, heatmap: object = False
    ) -> list[dict[str, Any]]:
        """Classify a list of photos: a list with one dict for each, an error dict in place of a bad one.

        A call that is refused as a whole (busy, unknown model, too many photos) gets one error dict instead.
        """
        if not isinstance(files, list):
            raise BadRequestError("files must be a list of Media objects.")
        if len(files) > self._settings.max_files:
            raise BadRequestError(f"{len(files)} photos in one call; the limit is {self._settings.max_files}.")
        return self._answers(record, files, model, top, heatmap)

    def list_models(self, record: Record) -> dict[str, Any]:
        """The models that can be asked for, from their cards."""
        classifier = self._models.classifier
        return {"default": classifier.default, "models": [card.summary() for card in classifier.cards]}

    def model_card(self, record: Record, name: object = None) -> dict[str, Any]:
        """What a person may want to know of a model before trusting it, None for the default one.

        The entry of `list_models`, with data, parameters, date, notes, and curves and confusion: PNG media or None.
        """
        if not (name is None or isinstance(name, str)):
            raise BadRequestError("name must be the name of a model, or None for the default one.")
        classifier = self._models.classifier
        classifier.check_model(name)
        record.model = name or classifier.default
        [card] = [card for card in classifier.cards if card.name == record.model]
        pictures = {
            title: data and anvil.BlobMedia("image/png", data, name=f"{title}.png")
            for title, data in card.pictures().items()
        }
        return {**card.summary(), **card.story, **pictures}

    def worker_status(self, record: Record) -> dict[str, Any]:
        """How this worker is doing. With several workers, the one that the call happened to reach."""
        return self._status.report()

    def _answers(
        self, record: Record, files: list[Any], model: object, top: object, heatmap: object
    ) -> list[dict[str, Any]]:
        if not (model is None or isinstance(model, str)):
            raise BadRequestError("model must be the name of a model, or None for the default one.")
        if not isinstance(top, int) or isinstance(top, bool) or top < 1:
            raise BadRequestError("top must be a whole number, 1 or more.")
        if not isinstance(heatmap, bool):
            raise BadRequestError("heatmap must be True or False.")
        classifier = self._models.classifier
        classifier.check_model(model)
        record.model = model or classifier.default
        record.photos = len(files)
        self._check_size(files)
        timeout = self._settings.call_timeout_s
        answers: list[dict[str, Any]] = []
        with self._gate.turn(min(timeout, LONGEST_WAIT_S)):
            for file in files:
                try:
                    if monotonic() - record.started > timeout:
                        raise TimedOutError(f"The call ran out of its {timeout:g} s. Send fewer photos at a time.")
                    data = bytes_of(file)
                    record.bytes += len(data)
                    answers.append(_as_data(classifier.classify(data, record.model, top, heatmap)))
                except Exception as error:
                    answers.append(refusal(error))
                    record.refused[answers[-1]["error"]["type"]] += 1
        return answers

    def _check_size(self, files: list[Any]) -> None:
        """Refuse what is too large before it waits for its turn: the library holds all of it in memory by now."""
        most = self._settings.classifier.max_upload_mb * (1 if len(files) == 1 else _LIST_UPLOADS)
        if sum(map(size_of, files)) > most * 2**20 + _FORM_BYTES:
            raise TooLargeError(
                f"The call brings more than {most:g} MB. Send a smaller copy, or fewer photos at a time."
            )


def _as_data(prediction: Prediction) -> dict[str, Any]:
    answer = prediction.as_dict()
    if prediction.heatmap is not None:
        answer["heatmap"] = anvil.BlobMedia("image/png", prediction.heatmap, name="heatmap.png")
    return answer
