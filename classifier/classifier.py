"""Photo bytes to a Prediction."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple, Self

from PIL import Image

from classifier.card import Card
from classifier.errors import BadRequestError, ClassifierError, ModelError, SettingsError, UnknownModelError
from classifier.fit import fit
from classifier.heatmap import overlay
from classifier.in_order import in_order
from classifier.network import Network, load_network
from classifier.photo_like import PhotoLike, to_image
from classifier.settings import Settings
from classifier.shelf import Shelf, read_shelves, steady, unknown
from classifier.sureness import as_sure, is_photo

# A big JPEG is decoded at a reduced scale, but at no less than this many times the network's input, so that the
# bilinear filter, which training used alone, still does part of the shrinking; nor at fewer pixels than a heat map
# needs.
_REDUCE_TO = 2
_SMALLEST_SIDE = 256
_SEEN_SIDE = 512


class LabelProbability(NamedTuple):
    """One class and its calibrated probability."""

    label: str
    probability: float


@dataclass(frozen=True)
class Prediction:
    """The answer for one photo."""

    model: str
    predictions: tuple[LabelProbability, ...]  # most probable first, `top` of them
    unsure: bool  # the confidence is below what the card of the model asks for: it cannot tell which
    none: bool  # it shows none of the model's things, and the model is sure of that
    milliseconds: float  # decoding, network and heat map
    heatmap: bytes | None  # PNG
    warning: str | None = None  # a sentence where the photo was not read whole
    seen: bytes | None = None  # JPEG, small: the photo as it was read, upright

    @property
    def label(self) -> str:
        """The most probable label."""
        return self.predictions[0].label

    @property
    def confidence(self) -> float:
        """The probability of the label, 0 to 1, calibrated by the model and, for photos, its card."""
        return self.predictions[0].probability

    def as_dict(self) -> dict[str, Any]:
        """The answer as a caller gets it; the heat map stays PNG bytes or None.

        "none", "warning" and "seen" are among the keys only where they hold.
        """
        answer: dict[str, Any] = {
            "model": self.model,
            "label": self.label,
            "confidence": self.confidence,
            "unsure": self.unsure,
            "predictions": [entry._asdict() for entry in self.predictions],
            "milliseconds": round(self.milliseconds, 2),
            "heatmap": self.heatmap,
        }
        if self.none:
            answer["none"] = True
        if self.warning is not None:
            answer["warning"] = self.warning
        if self.seen is not None:
            answer["seen"] = self.seen
        return answer


class Classifier:
    """Loaded models, ready to answer. Safe to call from several threads.

    Attributes:
        default: the name of the model that answers when a call names none.
        broken: why each model that was left out cannot be used, by name.
    """

    def __init__(self, model: str | None = None, *, settings: Settings | None = None) -> None:
        """Load and warm one model of the shelves, None for the default one of `settings`.

        Settings come from the environment and .env unless they are given. Raises UnknownModelError, ModelError for a
        damaged model, and SettingsError where a setting or the default model cannot be used.
        """
        self._load(settings or Settings.load(), model)

    @classmethod
    def load(cls, settings: Settings, before: "Classifier | None" = None) -> Self:
        """Load and warm every model of the shelves; those that cannot be used are named in `broken`.

        A network that `before` holds is taken over where its card is still the same. Raises SettingsError where the
        default model cannot be used.
        """
        classifier = cls.__new__(cls)
        shelf = classifier._load(settings, None, before)
        for name in shelf.cards.keys() - {classifier.default}:
            try:
                classifier._models[name] = classifier._loaded(shelf, name, before)
            except ModelError as error:
                classifier.broken[name] = str(error)
        return classifier

    def _load(self, settings: Settings, model: str | None, before: "Classifier | None" = None) -> Shelf:
        self._settings = settings
        self.default = settings.default_model if model is None else model

        def read() -> tuple[Shelf, tuple[Card, Network]]:
            shelf = read_shelves(settings.models_dir, settings.shipped_models)
            return shelf, self._loaded(shelf, self.default, before)

        try:
            shelf, loaded = steady(settings.models_dir, read)
        except (ModelError, UnknownModelError) as error:
            if model is not None:
                raise
            raise SettingsError(f"CLASSIFIER_DEFAULT_MODEL: {error}") from error
        self._models = {self.default: loaded}
        self.broken = dict(shelf.broken)
        return shelf

    def _loaded(self, shelf: Shelf, name: str, before: "Classifier | None") -> tuple[Card, Network]:
        card = shelf.card(name)
        known = before._models.get(name) if before else None
        if known is None or known[0] != card:
            return card, load_network(card, self._settings.threads)
        card.check_digests()
        return known

    @property
    def cards(self) -> list[Card]:
        """The cards of the loaded models, sorted by name."""
        return [card for _, (card, _) in sorted(self._models.items())]

    def classify(
        self, photo: PhotoLike, model: str | None = None, top: int = 3, heatmap: bool = False, seen: bool = False
    ) -> Prediction:
        """Classify one photo: a path, bytes, a Pillow image, or uint8 [height, width, 3].

        `model` is one of the loaded ones, None the default; `top` how many labels to name. A heat map is drawn where it
        is asked for and the model has an activation map. With `seen` the answer holds the photo as it was read.
        Raises the errors of `to_image`, UnknownModelError, BadRequestError for a `top` below 1, ModelError.
        """
        started = perf_counter()
        card, network = self._model(model)
        _check_top(top)
        at_least = reduced(card.height, card.width)
        image = to_image(photo, self._settings.photo_limits, at_least, card.resize)
        output = network(fit(image, card.height, card.width, card.resize)[None])
        [probabilities] = output.probabilities
        if is_photo(image.size, card):
            probabilities = as_sure(probabilities, card.photo_temperature)
        order = probabilities.argsort(kind="stable")[::-1]
        drawn = None
        if heatmap and output.activation_map is not None:
            drawn = overlay(image, output.activation_map[0, :, :, order[0]], card.resize)
        unsure = bool(probabilities[order[0]] < card.unsure_below)
        return Prediction(
            model=card.name,
            predictions=tuple(LabelProbability(card.labels[i], float(probabilities[i])) for i in order[:top]),
            unsure=unsure,
            none=card.labels[order[0]] == card.none and not unsure,
            milliseconds=(perf_counter() - started) * 1000,
            heatmap=drawn,
            warning=image.info.get("warning"),
            seen=_small_jpeg(image) if seen else None,
        )

    def classify_many(
        self, photos: Iterable[PhotoLike], model: str | None = None, top: int = 3, heatmap: bool = False
    ) -> Iterator[Prediction | ClassifierError]:
        """Classify photos on several threads: one answer for each, in their order, as soon as it is there.

        A photo that is refused has its error in the place of its answer, and the others go on. Only a few photos are
        read ahead, so any number of them takes little memory. Raises UnknownModelError, and BadRequestError for a
        `top` below 1, for all of them.
        """
        self.check_model(model)
        _check_top(top)
        yield from in_order(lambda photo: self.classify(photo, model, top, heatmap), photos, self._settings.threads)

    def check_model(self, name: str | None) -> None:
        """Raise UnknownModelError unless a model of that name is loaded; None is the default model."""
        self._model(name)

    def _model(self, name: str | None) -> tuple[Card, Network]:
        name = self.default if name is None else name
        if name not in self._models:
            raise unknown(name, self._models, self.broken)
        return self._models[name]


def _check_top(top: int) -> None:
    if top < 1:
        raise BadRequestError(f"top is {top}; it must be 1 or more.")


def reduced(height: int, width: int) -> tuple[int, int]:
    """The height and width that a photo keeps at least when it is decoded for a network of that input."""
    return max(_REDUCE_TO * height, _SMALLEST_SIDE), max(_REDUCE_TO * width, _SMALLEST_SIDE)


def _small_jpeg(image: Image.Image) -> bytes:
    copy, file = image.copy(), io.BytesIO()
    copy.thumbnail((_SEEN_SIDE, _SEEN_SIDE))
    copy.save(file, "JPEG", quality=85)
    return file.getvalue()
