"""The actor: a process on some machine that holds a classifier and answers portions."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyarrow import ArrowInvalid

from classifier.batch import Job, ProcessLostError
from classifier.card import CARD_FILE, HEAD_FILE, MODEL_FILE, Card
from classifier.classifier import Classifier
from classifier.errors import ClassifierError
from cluster.parts import OvertakenError, Table, text
from cluster.places import why
from cluster.portions import Portion

# A photo that ends the process that reads it is not tried forever, as Ray would.
_TRIES = 4


@dataclass(frozen=True)
class Order:
    """What an actor is to do, whichever portions it gets."""

    job: Job
    digest: str
    table: Table
    folder: str  # that relative names start from, as on the machine that asks


class Answerer:
    """Answers portions and writes their parts. It is Ray that calls it."""

    def __init__(self, order: Order, model: Callable[[], dict[str, bytes]]) -> None:
        """Load the model, whose files `model` fetches. Raises ModelError."""
        with suppress(OSError):  # on a machine that has no such folder absolute names and buckets still work
            os.chdir(order.folder)
        self._order = order
        self._job, self._classifier = loaded(order.job, model())

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Answer one portion; how many photos it has, or why it has no part: Ray would wrap it past knowing."""
        try:
            self._answer(row["number"], row["portion"])
        except (OSError, ArrowInvalid, ClassifierError, OvertakenError) as error:
            return {"photos": 0, "trouble": why(error)}
        return {"photos": len(row["portion"]), "trouble": ""}

    def _answer(self, number: int, portion: Portion) -> None:
        """Write the part, unless it is there: the answer was, but the machine that had it died."""
        table = self._order.table
        if not table.has(number):
            if table.tried(number) >= _TRIES:
                raise ProcessLostError(f"the processes that read {portion} ended {_TRIES} times")
            table.add(number, self._rows(portion))

    def _rows(self, portion: Portion) -> list[dict[str, Any]]:
        rows = []
        for source in portion.sources(self._job.settings.photo_limits.max_bytes):
            answer = self._job.answer(self._classifier, source, None)
            rows.append({"path": text(source.name), **_columns(answer, self._order.digest)})
        return rows


def model_files(card: Card) -> dict[str, bytes]:
    """The files that answering needs of a model, by name. Raises ModelError."""
    needed = HEAD_FILE if card.trunk else MODEL_FILE
    return {CARD_FILE: (card.folder / CARD_FILE).read_bytes(), needed: card.read(needed)}


def loaded(job: Job, files: dict[str, bytes]) -> tuple[Job, Classifier]:
    """The job with a shelf that has this model alone and one thread, and its classifier. Raises ModelError."""
    with TemporaryDirectory() as shelf:
        folder = Path(shelf) / job.model
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        alone = replace(job.settings, models_dir=Path(shelf), shipped_models=(), default_model=job.model, threads=1)
        job = replace(job, settings=alone)
        return job, job.classifier()


def _columns(answer: dict[str, Any], digest: str) -> dict[str, Any]:
    if "error" in answer:
        return {"error": answer["error"]["message"]}
    return {
        "label": answer["label"],
        "confidence": answer["confidence"],
        "unsure": answer["unsure"],
        "probabilities": [(entry["label"], entry["probability"]) for entry in answer["predictions"]],
        "model": answer["model"],
        "digest": digest,
        "warning": answer.get("warning"),
    }
