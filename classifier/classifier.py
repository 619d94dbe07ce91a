"""Photo bytes to a Prediction."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple, Self

from classifier.errors import BadRequestError, SettingsError, UnknownModelError
from classifier.heatmap import overlay
from classifier.photo import PhotoLimits, decode, fit
from classifier.runtime import Runtime
from classifier.settings import Settings
from classifier.shelf import Card, read_shelf

# A big JPEG is decoded at a reduced scale, but at no less than this many times the network's input, so that the
# bilinear filter, which training used alone, still does part of the shrinking; nor at fewer pixels than a heat map
# needs.
_REDUCE_TO = 2
_SMALLEST_SIDE = 256


class LabelProbability(NamedTuple):
    """One class and its calibrated probability."""

    label: str
    probability: float


@dataclass(frozen=True)
class Prediction:
    """The answer for one photo."""

    model: str
    predictions: tuple[LabelProbability, ...]  # most probable first, `top` of them
    unsure: bool  # the confidence is below what the card of the model asks for
    milliseconds: float  # decoding, network and heat map
    heatmap: bytes | None  # PNG
    warning: str | None = None  # a sentence where the photo was not read whole

    @property
    def label(self) -> str:
        """The most probable label."""
        return self.predictions[0].label

    @property
    def confidence(self) -> float:
        """The probability of the label, 0 to 1, calibrated by the model itself."""
        return self.predictions[0].probability

    def as_dict(self) -> dict[str, Any]:
        """The answer as a caller gets it; the heat map stays PNG bytes or None.

        "warning" is among the keys only where there is one.
        """
        answer = {
            "model": self.model,
            "label": self.label,
            "confidence": self.confidence,
            "unsure": self.unsure,
            "predictions": [entry._asdict() for entry in self.predictions],
            "milliseconds": round(self.milliseconds, 2),
            "heatmap": self.heatmap,
        }
        return answer if self.warning is None else {**answer, "warning": self.warning}


class Classifier:
    """Loaded models, ready to answer. Safe to call from several threads."""

    def __init__(self, models: Mapping[str, tuple[Card, Runtime]], default: str, limits: PhotoLimits) -> None:
        self._models = dict(models)
        self.default = default
        self._limits = limits

    @classmethod
    def load(cls, settings: Settings, only: str | None = None) -> Self:
        """Load and warm every model of the shelf, or `only` one, which is then the default.

        Raises ModelError for a damaged model, SettingsError for a default model and UnknownModelError for an `only`
        that the shelf does not have.
        """
        shelf = read_shelf(settings.models_dir)
        if only is not None and only not in shelf:
            raise _unknown(only, shelf)
        if only is None and settings.default_model not in shelf:
            raise SettingsError(
                f"CLASSIFIER_DEFAULT_MODEL is {settings.default_model!r}; the models in CLASSIFIER_MODELS_DIR are: "
                f"{', '.join(shelf) or 'none'}. Change it in the environment or in .env."
            )
        cards = shelf if only is None else {only: shelf[only]}
        models = {name: (card, Runtime(card, settings.threads)) for name, card in cards.items()}
        return cls(models, only or settings.default_model, settings.photo_limits)

    @property
    def cards(self) -> list[Card]:
        """The cards of the loaded models."""
        return [card for card, _ in self._models.values()]

    def classify(self, data: bytes, model: str | None = None, top: int = 3, heatmap: bool = False) -> Prediction:
        """Classify one photo; `model` None is the default model, `top` how many labels to name.

        A heat map is drawn where it is asked for and the model has an activation map.
        Raises the errors of `decode`, UnknownModelError, BadRequestError for a `top` below 1, ModelError.
        """
        started = perf_counter()
        card, runtime = self._model(model)
        if top < 1:
            raise BadRequestError(f"top is {top}; it must be 1 or more.")
        photo = decode(data, self._limits, at_least=reduced(card.height, card.width), rule=card.resize)
        output = runtime(fit(photo, card.height, card.width, card.resize)[None])
        [probabilities] = output.probabilities
        order = probabilities.argsort(kind="stable")[::-1]
        drawn = None
        if heatmap and output.activation_map is not None:
            drawn = overlay(photo, output.activation_map[0, :, :, order[0]], card.resize)
        return Prediction(
            model=card.name,
            predictions=tuple(LabelProbability(card.labels[i], float(probabilities[i])) for i in order[:top]),
            unsure=bool(probabilities[order[0]] < card.unsure_below),
            milliseconds=(perf_counter() - started) * 1000,
            heatmap=drawn,
            warning=photo.info.get("warning"),
        )

    def check_model(self, name: str | None) -> None:
        """Raise UnknownModelError unless a model of that name is loaded; None is the default model."""
        self._model(name)

    def _model(self, name: str | None) -> tuple[Card, Runtime]:
        try:
            return self._models[self.default if name is None else name]
        except KeyError:
            raise _unknown(str(name), self._models) from None


def reduced(height: int, width: int) -> tuple[int, int]:
    """The height and width that a photo keeps at least when it is decoded for a network of that input."""
    return max(_REDUCE_TO * height, _SMALLEST_SIDE), max(_REDUCE_TO * width, _SMALLEST_SIDE)


def _unknown(name: str, known: Mapping[str, Any]) -> UnknownModelError:
    names = ", ".join(sorted(known))
    hint = f"The models are: {names}." if names else "No model is there at all: check CLASSIFIER_MODELS_DIR."
    return UnknownModelError(f"There is no model {name[:80]!r}. {hint}")
