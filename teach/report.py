"""What teaching has found out: figures by cross-validation, what is mixed up, which photos to look at, what to do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teach.calibration import Answers
from teach.examples import NONE, Examples

# Fewer photos of a label than this are few; so is a small share of those of the largest.
_FEW = 20
_SMALL_SHARE = 0.25
_OFTEN_WRONG = 0.8
_ENOUGH = 200
# How sure the wrong answer must be before the photo, and not the model, is suspected.
_SUSPECT = 0.6
_MOST_SUSPECTS = 12
_MOST_MIXED_UP = 5


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    right: int
    of: int

    def as_dict(self) -> dict[str, float]:
        """As a card has it: value, low, high, n."""
        low, high = self.interval()
        return {"value": round(self.value, 4), "low": round(low, 4), "high": round(high, 4), "n": self.of}

    @property
    def value(self) -> float:
        """The share, 0 where there is nothing."""
        return self.right / self.of if self.of else 0.0

    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return interval(self.right, self.of) if self.of else (0.0, 1.0)


def interval(right: float, count: float) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    z, share = 1.959964, right / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)))
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass
class Report:
    """Plain data for a person, a page or --json. Every figure is cross-validated."""

    labels: list[str]  # the model's own; NONE comes last in `confusion`
    photos: dict[str, int]  # used, of each label; NONE only where there are some
    accuracy: dict[str, float]  # of all photos with a label: value, low, high (95 %), n
    per_label: list[dict[str, Any]]  # label, value, low, high, n
    confusion: list[list[int]]  # row the truth, column the answer
    mixed_up: list[dict[str, Any]]  # truth, answer, count, of; the most frequent first
    none_of_these: dict[str, Any]  # bank: of other things; lost: of own photos; own: of photos given as none, or None
    suspects: list[dict[str, Any]]  # name, label, answer, probability: photos that may have the wrong label
    wants_more: list[dict[str, Any]]  # label, photos, why
    unsure: float  # share of the photos with a label whose answer is called unsure
    copies: list[dict[str, str]] = field(default_factory=list)  # name, copy_of: counted once
    set_aside: list[dict[str, str]] = field(default_factory=list)  # name, label, other, other_label: not used
    left_out: list[dict[str, str]] = field(default_factory=list)  # name, why
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def report(examples: Examples, said: Answers, of_bank: NDArray[np.int64], below: float) -> Report:
    """The report on what is said of the examples, held out, and the classes [M] that the bank is taken for."""
    answers, truth, own, count = said.classes, examples.truth, examples.own, len(examples.labels)
    confusion = np.bincount(truth * (count + 1) + answers, minlength=(count + 1) ** 2).reshape(count + 1, count + 1)
    right = answers == truth
    counts = examples.counts()
    shares = [Share(int(confusion[row, row]), int(counts[row])) for row in range(count)]
    names = [*examples.labels, NONE]
    return Report(
        labels=list(examples.labels),
        photos={name: int(n) for name, n in zip(names, counts, strict=True) if n or name != NONE},
        accuracy=Share(int(right[own].sum()), int(own.sum())).as_dict(),
        per_label=[{"label": label, **share.as_dict()} for label, share in zip(examples.labels, shares, strict=True)],
        confusion=confusion.tolist(),
        mixed_up=mixed_up(confusion, names),
        none_of_these={
            "bank": Share(int((of_bank == count).sum()), len(of_bank)).as_dict(),
            "lost": Share(int(confusion[:count, count].sum()), int(own.sum())).as_dict(),
            "own": Share(int(confusion[count, count]), int(counts[count])).as_dict() if counts[count] else None,
        },
        suspects=_suspects(examples, said),
        wants_more=_wants_more(examples.labels, shares),
        unsure=round(float((said.confidence < below)[own].mean()), 4),
    )


def mixed_up(confusion: NDArray[np.int64], names: Sequence[str], most: int = _MOST_MIXED_UP) -> list[dict[str, Any]]:
    """The labels most often taken for another: how many photos, of all of that label. Counts [C, C], row the truth."""
    wrong = confusion - np.diag(np.diag(confusion))
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    return [
        {
            "truth": names[row],
            "answer": names[column],
            "count": int(wrong[row, column]),
            "of": int(confusion[row].sum()),
        }
        for row, column in zip(*np.unravel_index(order, wrong.shape), strict=True)
        if wrong[row, column]
    ]


def _suspects(examples: Examples, said: Answers) -> list[dict[str, Any]]:
    answers, confidence = said
    names, order = (*examples.labels, NONE), np.argsort(-confidence, kind="stable")
    wrong = order[answers[order] != examples.truth[order]]
    return [
        {
            "name": examples.names[row],
            "label": examples.label(row),
            "answer": names[answers[row]],
            "probability": round(float(confidence[row]), 3),
        }
        for row in wrong[:_MOST_SUSPECTS]
        if confidence[row] >= _SUSPECT
    ]


def _wants_more(labels: tuple[str, ...], shares: list[Share]) -> list[dict[str, Any]]:
    largest = max(range(len(shares)), key=lambda row: shares[row].of)
    found = []
    for label, share in zip(labels, shares, strict=True):
        why = None
        if share.of < _SMALL_SHARE * shares[largest].of:
            why = f"it has {share.of} photos, {labels[largest]} has {shares[largest].of}"
        elif share.of < _FEW:
            why = f"it has {share.of} photos; {_FEW} or more are better"
        elif share.value < _OFTEN_WRONG and share.of < _ENOUGH:
            why = f"only {share.right} of its {share.of} photos are answered right"
        if why:
            found.append({"label": label, "photos": share.of, "why": why})
    return found
