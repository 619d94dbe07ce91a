"""The functions that the worker publishes, and nothing else: each takes the Record of its call and what a caller sent.

Arguments may be anything. What is wrong with them is raised, as an error of classifier/errors.py; guard.py makes it
what the caller gets.
"""

from typing import Any

import anvil

from classifier.classifier import Prediction
from classifier.errors import BadRequestError, ClassifierError
from classifier.formats import format_of
from worker.gate import Gate
from worker.models import Models
from worker.photos import answer_each, check_list
from worker.record import Record
from worker.settings import Settings
from worker.status import Status

# What few browsers show: the page shows what the worker saw of such a photo.
_UNSHOWN = {"HEIC", "TIFF"}

PUBLISHED = ("classify_image", "classify_images", "list_models", "model_card", "worker_status")


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
        return self.answer(record, file, model, top, heatmap)

    def answer(
        self, record: Record, file: object, model: object, top: object, heatmap: object, for_page: bool = True
    ) -> dict[str, Any]:
        """As `classify_image`; a page also gets, of a photo that few browsers show, what was seen."""
        [answer] = self._answers(record, [file], model, top, heatmap, for_page)
        if "error" in answer:
            record.outcome = answer["error"]["type"]
        return answer

    def classify_images(
        self, record: Record, files: object, model: object = None, top: object = 3, heatmap: object = False
    ) -> list[dict[str, Any]]:
        """Classify a list of photos: a list with one dict for each, an error dict in place of a bad one.

        A call that is refused as a whole (busy, unknown model, too many photos) gets one error dict instead.
        """
        return self._answers(record, check_list(files, self._settings), model, top, heatmap)

    def list_models(self, record: Record) -> dict[str, Any]:
        """The models that can be asked for, from their cards."""
        classifier = self._models.current()
        return {"default": classifier.default, "models": [card.summary() for card in classifier.cards]}

    def model_card(self, record: Record, name: object = None) -> dict[str, Any]:
        """What a person may want to know of a model before trusting it, None for the default one.

        The entry of `list_models`, with data, parameters, date, notes, and curves and confusion: PNG media or None.
        """
        if not (name is None or isinstance(name, str)):
            raise BadRequestError("name must be the name of a model, or None for the default one.")
        classifier = self._models.holding(name)
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
        self, record: Record, files: list[Any], model: object, top: object, heatmap: object, for_page: bool = True
    ) -> list[dict[str, Any]]:
        if not (model is None or isinstance(model, str)):
            raise BadRequestError("model must be the name of a model, or None for the default one.")
        if not isinstance(top, int) or isinstance(top, bool) or top < 1:
            raise BadRequestError("top must be a whole number, 1 or more.")
        if not isinstance(heatmap, bool):
            raise BadRequestError("heatmap must be True or False.")
        classifier = self._models.holding(model)
        record.model = model or classifier.default

        def classified(data: bytes) -> dict[str, Any]:
            seen = for_page and _is_unshown(data)
            return _as_data(classifier.classify(data, record.model, top, heatmap, seen))

        return answer_each(record, files, self._gate, self._settings, classified)


def _as_data(prediction: Prediction) -> dict[str, Any]:
    answer = prediction.as_dict()
    if prediction.heatmap is not None:
        answer["heatmap"] = anvil.BlobMedia("image/png", prediction.heatmap, name="heatmap.png")
    if prediction.seen is not None:
        answer["seen"] = anvil.BlobMedia("image/jpeg", prediction.seen, name="seen.jpg")
    return answer


def _is_unshown(data: bytes) -> bool:
    try:
        return format_of(data) in _UNSHOWN
    except ClassifierError:  # classifying tells
        return False
