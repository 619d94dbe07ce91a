"""A lesson to a model on the owner's shelf: head, card, examples."""

import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.card import HEAD_FILE, write_card
from classifier.new_model import new_model
from classifier.trunk import TrunkCard
from teach.embedding import RESIZE
from teach.examples import NONE
from teach.lesson import CROSS_VALIDATED, Lesson


def put(lesson: Lesson, name: str, shelf: Path, trunk: TrunkCard, replace: bool) -> Path:
    """Put the model on the shelf, whole or not at all, and return its folder. Raises the errors of `new_model`."""
    with new_model(shelf, name, replace) as folder:
        (folder / HEAD_FILE).write_bytes(lesson.head.bytes())
        lesson.examples.write(folder)
        write_card(folder, card_of(lesson, name, trunk))
    return shelf / name


def card_of(lesson: Lesson, name: str, trunk: TrunkCard) -> dict[str, Any]:
    """The card without its files."""
    report, labels = lesson.report, [*lesson.report.labels, NONE]
    return {
        "name": name,
        "title": name,
        "labels": labels,
        "none": NONE,
        "input": {"height": trunk.side, "width": trunk.side, "resize": RESIZE},
        "outputs": {
            "probabilities": [len(labels)],
            "activation_map": [*trunk.feature_map[:2], len(labels)],
        },
        "trunk": trunk.sha256,
        "data": {
            "set": "own photos",
            "split": lesson.measured,
            "train": int(lesson.examples.own.sum()),
            "photos": report.photos,
        },
        "parameters": lesson.head.kernel.size + lesson.head.bias.size,
        "trained": {
            "seconds": report.seconds,
            "hardware": platform.machine(),
            "date": datetime.now(UTC).date().isoformat(),
        },
        "notes": _notes(lesson),
        "corrections": sum(map(bool, lesson.examples.corrected)),
        "strength": lesson.validated.strength,
        "temperature": round(lesson.calibration.temperature, 4),
        "unsure_below": lesson.unsure_below,
        "metrics": {
            "accuracy": report.accuracy,
            "per_label": report.per_label,
            "none_of_these": report.none_of_these,
        },
        "confusion": report.confusion,
        "mixed_up": report.mixed_up,
    }


def _notes(lesson: Lesson) -> list[str]:
    """What a person should know before trusting the model."""
    how = (
        "cross-validated on the photos it was taught with"
        if lesson.measured == CROSS_VALIDATED
        else "of held-out photos"
    )
    notes = [f"Its accuracy is {how}; photos of another kind may fare worse."]
    notes += [f"{entry['label']} wants more photos: {entry['why']}." for entry in lesson.report.wants_more]
    return notes
