"""Corrections: an answer was wrong, somebody says what is right, and the head is fitted again.

What is kept is the photo's features and its label, among the examples beside the model; it counts in each teaching to
come, until it is taken back.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from classifier.errors import BadRequestError, ModelError
from classifier.settings import Settings
from classifier.shelf import HIDDEN
from classifier.trunk import TrunkCard
from teach.bank import read_bank
from teach.copies import are_copies
from teach.examples import NONE, Example, Examples
from teach.lesson import learn
from teach.model import put
from teach.owned import owned

_LOCK = f"{HIDDEN}corrections.lock"


class Correction(NamedTuple):
    """One, as it is listed."""

    id: str
    label: str
    name: str  # of the photo, as whoever corrected knew it
    day: str


@dataclass(frozen=True)
class Change:
    """What fitting again has done to the cross-validated figures, as cards have them."""

    before: dict[str, float] | None
    after: dict[str, float]
    report: dict[str, Any]


def listed(name: str, settings: Settings) -> list[Correction]:
    """The corrections of a model, the oldest first. Raises UnknownModelError, BadRequestError, ModelError."""
    kept = Examples.read(owned(name, settings).folder).rows()
    found = [Correction(_id(one), one.label, one.name, one.corrected) for one in kept if one.corrected]
    return sorted(found, key=lambda correction: (correction.day, correction.id))


def correct(name: str, corrections: Sequence[Example], trunk: TrunkCard, settings: Settings) -> Change:
    """Fit a taught model again with these examples among its own; one that it knew under another label gives way.

    Raises UnknownModelError, BadRequestError, ModelError.
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
        missing = set(ids) - {_id(one) for one in kept if one.corrected}
        if missing:
            raise BadRequestError(f"Model {name} has no correction {min(missing)!r}. List them first.")
        return [one for one in kept if not one.corrected or _id(one) not in ids]

    return _fit_again(name, changed, trunk, settings)


def _fit_again(
    name: str, changed: Callable[[list[Example]], list[Example]], trunk: TrunkCard, settings: Settings
) -> Change:
    with _alone(settings.models_dir):
        card = owned(name, settings)
        if card.trunk != trunk.sha256:
            raise BadRequestError(f"Model {name} was taught on another trunk. Teach it again from its photos first.")
        examples = Examples.of(changed(Examples.read(card.folder).rows()))
        lesson = learn(examples, trunk, settings.threads, fewest=1)
        put(lesson, name, settings.models_dir, trunk, replace=True)
    return Change(card.accuracy, lesson.report.accuracy, lesson.report.as_dict())


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """One at a time among all workers of this machine: each reads what the one before has written."""
    try:
        file = (shelf / _LOCK).open("w")
    except OSError as error:
        raise ModelError(f"Models cannot be written to {shelf}: {error.strerror}.") from error
    with file:
        if sys.platform != "win32":  # which has no such lock: there, two at once may lose one of their corrections
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _id(example: Example) -> str:
    """Short, and the same on every worker."""
    embedding = example.embedding
    return hashlib.sha256(embedding.hash + embedding.features.tobytes() + example.label.encode()).hexdigest()[:8]


def shown(correction: Correction) -> str:
    """One line for a terminal."""
    label = "none of its labels" if correction.label == NONE else correction.label
    return f"{correction.id}  {correction.day}  {label}  {correction.name}"
