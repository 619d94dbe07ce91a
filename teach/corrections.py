"""Corrections: an answer was wrong, somebody says what is right, and the head is fitted again.

What is kept is the photo's features and its label. With a taught model they stand among its examples and count in each
teaching to come; for a shipped model they make a head over it, on the owner's shelf (overlay.py).
"""

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from classifier.card import Card, read_card
from classifier.errors import BadRequestError, ModelError
from classifier.fit import ResizeRule
from classifier.settings import Settings
from classifier.shelf import HIDDEN, read_shelves
from classifier.trunk import TrunkCard
from teach import overlay
from teach.bank import read_bank
from teach.copies import are_copies
from teach.examples import NONE, Example, Examples
from teach.lesson import learn
from teach.model import put
from teach.owned import is_shipped
from teach.trial import Trial

_LOCK = f"{HIDDEN}corrections.lock"


class Correction(NamedTuple):
    """One, as it is listed."""

    id: str
    label: str
    name: str  # of the photo, as whoever corrected knew it
    day: str


@dataclass(frozen=True)
class Change:
    """What fitting again has done, in shares as cards have them, and the new head.

    Of a taught model, `before` and `after` are its cross-validated accuracy. Of a shipped one, whose photos are not
    here, they are of the corrected photos alone, and `kept` is of other pictures that are answered as before.
    """

    before: dict[str, float] | None
    after: dict[str, float]
    trial: Trial
    kept: dict[str, float] | None = None
    report: dict[str, Any] = field(default_factory=dict)


def listed(name: str, settings: Settings) -> list[Correction]:
    """The corrections of a model, the oldest first. Raises UnknownModelError, BadRequestError, ModelError."""
    kept = _examples(_correctable(name, settings), settings)
    found = [Correction(identity(one), one.label, one.name, one.corrected) for one in kept if one.corrected]
    return sorted(found, key=lambda correction: (correction.day, correction.id))


def resize(name: str, settings: Settings) -> ResizeRule:
    """How photos come to the square that the model looks at. Raises the errors of `correct`."""
    return _correctable(name, settings).resize


def correct(name: str, corrections: Sequence[Example], trunk: TrunkCard, settings: Settings) -> Change:
    """Fit a model again with these examples among its own; one that it knew under another label gives way.

    Raises UnknownModelError, BadRequestError for a whole network or a label that a shipped model lacks, ModelError.
    """
    mean = read_bank(trunk.sha256).astype(np.float32).mean(axis=0)

    def changed(kept: list[Example]) -> list[Example]:
        others = [one for one in kept if not any(are_copies(one.embedding, c.embedding, mean) for c in corrections)]
        return [*others, *corrections]

    return _fit_again(name, changed, trunk, settings)


def take_back(name: str, ids: Sequence[str], trunk: TrunkCard, settings: Settings) -> Change:
    """Fit a model again without these of its corrections.

    Raises BadRequestError for an id that it does not have, UnknownModelError, ModelError.
    """

    def changed(kept: list[Example]) -> list[Example]:
        missing = set(ids) - {identity(one) for one in kept if one.corrected}
        if missing:
            raise BadRequestError(f"Model {name} has no correction {min(missing)!r}. List them first.", "gone")
        return [one for one in kept if not one.corrected or identity(one) not in ids]

    return _fit_again(name, changed, trunk, settings)


def switch(name: str, on: bool, trunk: TrunkCard, settings: Settings) -> None:
    """Have a shipped model answer with its corrections, fitted again, or as it came. They are kept in both cases.

    Raises UnknownModelError, BadRequestError for a model of the owner's, ModelError.
    """
    if not is_shipped(_correctable(name, settings)):
        raise BadRequestError(f"Model {name} is your own: its corrections can be taken back, not switched off.")
    if not on:
        with _alone(settings.models_dir):
            overlay.switch_off(name, settings)
    else:
        _fit_again(name, lambda kept: kept, trunk, settings)


def counts(name: str, settings: Settings) -> bool | None:
    """Whether a shipped model answers with its corrections; None where there is nothing to switch.

    Raises UnknownModelError, BadRequestError.
    """
    folder = overlay.folder_of(name, settings) if is_shipped(_correctable(name, settings)) else None
    return not read_card(folder, name).off if folder else None


def _correctable(name: str, settings: Settings) -> Card:
    """The card of the model that answers to the name. Raises UnknownModelError, BadRequestError for a whole network."""
    card = read_shelves(settings.models_dir, settings.shipped_models).card(name)
    if card.trunk is None:
        raise BadRequestError(
            f"Model {name} is a whole network and cannot be corrected. Models that stand on the trunk can."
        )
    return card


def _examples(card: Card, settings: Settings) -> list[Example]:
    if is_shipped(card):
        return overlay.kept_examples(card.name, settings)
    return list(Examples.read(card.folder))


def _fit_again(
    name: str, changed: Callable[[list[Example]], list[Example]], trunk: TrunkCard, settings: Settings
) -> Change:
    with _alone(settings.models_dir):
        card = _correctable(name, settings)
        if card.trunk != trunk.sha256:
            raise BadRequestError(
                f"Model {name} was taught on another trunk. Teach it again from its photos first.", "trunk"
            )
        examples = changed(_examples(card, settings))
        if is_shipped(card):
            fitted = overlay.put(name, examples, settings)
            trial = Trial(card.labels, card.unsure_below, fitted.head, card.none or "")
            return Change(fitted.before.as_dict(), fitted.after.as_dict(), trial, fitted.kept.as_dict())
        lesson = learn(Examples.of(examples), trunk, settings.threads, fewest=1)
        put(lesson, name, settings.models_dir, trunk, replace=True)
    trial = Trial((*lesson.report.labels, NONE), lesson.unsure_below, lesson.head)
    return Change(card.accuracy, lesson.report.accuracy, trial, report=lesson.report.as_dict())


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """One at a time among all workers of this machine: each reads what the one before has written."""
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        file = (shelf / _LOCK).open("w")
    except OSError as error:
        raise ModelError(f"Models cannot be written to {shelf}: {error.strerror}.") from error
    with file:
        if sys.platform != "win32":  # which has no such lock: there, two at once may lose one of their corrections
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def identity(example: Example) -> str:
    """Short, and the same on every worker."""
    embedding = example.embedding
    return hashlib.sha256(embedding.hash + embedding.features.tobytes() + example.label.encode()).hexdigest()[:8]


def shown(correction: Correction) -> str:
    """One line for a terminal."""
    label = "none of its labels" if correction.label == NONE else correction.label
    return f"{correction.id}  {correction.day}  {label}  {correction.name}"
