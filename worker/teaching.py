"""The functions by which a page teaches: photos to features, features to a model, corrections.

Nothing of it is kept between calls, so each may reach another worker: whoever teaches keeps the features. As in
callables.py, arguments may be anything; what is wrong with them is raised.
"""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import anvil

from classifier.errors import BadRequestError, BusyError
from teach import corrections, owned
from teach.apart import apart
from teach.embedding import Embedder, Embedding
from teach.examples import FEWEST, Example, check_label
from teach.export import export
from teach.teacher import Choices, teach_examples
from teach.trial import Trial
from worker.gate import Gate
from worker.models import Models
from worker.passphrase import Passphrase
from worker.photos import LONGEST_WAIT_S, answer_each, check_list, check_size
from worker.record import Record
from worker.settings import Settings
from worker.upload import bytes_of

PUBLISHED = (
    "teaching_status",
    "embed_images",
    "teach",
    "try_taught",
    "correct_answer",
    "list_corrections",
    "take_back_corrections",
    "switch_corrections",
    "rename_model",
    "delete_model",
    "download_model",
)
# The fit of 50 labels with 200 photos each takes about half of this on two cores.
_LONGEST_FIT_S = 100.0
_MOST_PHOTOS = 20_000
_BYTES = "application/octet-stream"

T = TypeVar("T")


class Teaching:
    """The published functions of teaching, over the owner's shelf."""

    def __init__(self, models: Models, gate: Gate, settings: Settings) -> None:
        self._models = models
        self._gate = gate
        self._settings = settings
        self._shelf = settings.classifier
        self._passphrase = Passphrase(settings.teach_passphrase)
        self._fitting = threading.Lock()

    def teaching_status(self, record: Record) -> dict[str, Any]:
        """Whether one can teach here, `state` off, open or passphrase; the fewest photos of a label; the own `models`.

        `models` is {name: {label: photos it was taught with}}, empty where teaching is off.
        """
        models = {} if self._passphrase.state == "off" else owned.photos_of_each(self._shelf)
        most = self._settings.max_files
        return {"state": self._passphrase.state, "fewest": FEWEST, "max_files": most, "models": models}

    def embed_images(self, record: Record, files: object) -> list[dict[str, Any]]:
        """Photos to features: for each {"features": media of 2.6 kB}, or an error dict. Needs no passphrase."""
        self._passphrase.check_on()
        embedder = Embedder(self._shelf)
        trunk = embedder.trunk.card.sha256

        def embedded(data: bytes) -> dict[str, Any]:
            return {"features": anvil.BlobMedia(_BYTES, embedder.embed(data).pack(trunk), name="features")}

        return answer_each(record, check_list(files, self._settings), self._gate, self._settings, embedded)

    def teach(
        self,
        record: Record,
        name: object,
        classes: object,
        replace: object = False,
        add: object = False,
        keep: object = True,
        passphrase: object = None,
    ) -> dict[str, Any]:
        """Fit a model to features and put it on the shelf: its report, with "model" and "head".

        `classes` is a list of {"label", "features": [media, ...], "names": [...]}, where one media may hold the
        features of several photos. `add` takes what the model of that name was taught with as well, and replaces it.
        Without `keep` nothing is written, and the head, media for `try_taught`, is all there is.
        """
        self._passphrase.check(passphrase)
        text, examples = _text(name, "name"), self._examples(record, classes)
        choices = Choices(_flag(replace, "replace"), _flag(add, "add"), _flag(keep, "keep"))
        with self._alone():
            trunk = Embedder(self._shelf).trunk.card
            report, trial = apart(teach_examples, text, examples, trunk, self._shelf, choices, timeout=_LONGEST_FIT_S)
        self._models.reload_now()
        return {"model": text, **report.as_dict(), "head": anvil.BlobMedia(_BYTES, trial.pack(), name="head")}

    def try_taught(self, record: Record, head: object, files: object) -> list[dict[str, Any]]:
        """What a head that is not on the shelf says of photos: for each {"predictions", "label", ...}, or an error."""
        self._passphrase.check_on()
        check_size([head], self._settings)
        trial = Trial.unpack(bytes_of(head))
        embedder = Embedder(self._shelf)

        def tried(data: bytes) -> dict[str, Any]:
            started = perf_counter()
            answer = trial.answer(embedder.embed(data))
            return {**answer, "milliseconds": round((perf_counter() - started) * 1000, 1)}

        return answer_each(record, check_list(files, self._settings), self._gate, self._settings, tried)

    def correct_answer(
        self, record: Record, name: object, file: object, label: object, passphrase: object = None
    ) -> dict[str, Any]:
        """Fit a model again with this photo under the right label: "before" and "after", as of `corrections.Change`.

        Of the photo its features and its name are kept. "answer" is what the model says of it now, and "id" names the
        correction.
        """
        self._passphrase.check(passphrase)
        text, right = _text(name, "name"), check_label(_text(label, "label"))
        check_size([file], self._settings)
        with self._gate.turn(LONGEST_WAIT_S):
            started = perf_counter()
            embedder = Embedder(self._shelf, corrections.resize(text, self._shelf))
            embedding = embedder.embed(bytes_of(file))
        milliseconds = round(1000 * (perf_counter() - started), 2)
        shown = str(getattr(file, "name", None) or "")[:200]
        example = Example(right, shown, embedding, datetime.now(UTC).date().isoformat())
        change = self._fit_again(corrections.correct, text, [example])
        answer = {"model": text, "milliseconds": milliseconds, "heatmap": None}
        return {
            **self._shown(text, change),
            "id": corrections.identity(example),
            "answer": {**change.trial.answer(embedding), **answer},
        }

    def list_corrections(self, record: Record, name: object, passphrase: object = None) -> dict[str, Any]:
        """The `corrections` of a model, the oldest first: id, label, name of the photo, day.

        "on" is whether a shipped model answers with them, None where there is nothing to switch.
        """
        self._passphrase.check(passphrase)
        text = _text(name, "name")
        found = [one._asdict() for one in corrections.listed(text, self._shelf)]
        return {"model": text, "corrections": found, "on": corrections.counts(text, self._shelf)}

    def take_back_corrections(
        self, record: Record, name: object, ids: object, passphrase: object = None
    ) -> dict[str, Any]:
        """Fit a model again without these of its corrections: "before" and "after", as of `corrections.Change`."""
        self._passphrase.check(passphrase)
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise BadRequestError("ids must be a list of the ids that list_corrections gives.")
        text = _text(name, "name")
        return self._shown(text, self._fit_again(corrections.take_back, text, ids))

    def switch_corrections(self, record: Record, name: object, on: object, passphrase: object = None) -> dict[str, Any]:
        """Have a shipped model answer with its corrections, or as it came: what `list_corrections` says then."""
        self._passphrase.check(passphrase)
        self._fit_again(corrections.switch, _text(name, "name"), _flag(on, "on"))
        return self.list_corrections(record, name, passphrase)

    def rename_model(self, record: Record, name: object, new: object, passphrase: object = None) -> dict[str, Any]:
        """Give a model of the owner's another name."""
        self._passphrase.check(passphrase)
        found = owned.rename(_text(name, "name"), _text(new, "new"), self._shelf)
        self._models.reload_now()
        return {"model": found}

    def delete_model(self, record: Record, name: object, passphrase: object = None) -> dict[str, Any]:
        """Take a model of the owner's off the shelf, for good."""
        self._passphrase.check(passphrase)
        owned.delete(_text(name, "name"), self._shelf)
        self._models.reload_now()
        return {"model": name}

    def download_model(self, record: Record, name: object, passphrase: object = None) -> dict[str, Any]:
        """A taught model to take elsewhere: {"file": a zip with one LiteRT file, labels and a program}."""
        self._passphrase.check(passphrase)
        card = owned.owned(_text(name, "name"), self._shelf)
        with self._alone(), tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "model.zip"
            export(card, file)
            return {"file": anvil.BlobMedia("application/zip", file.read_bytes(), name=f"{card.name}.zip")}

    def _fit_again(self, function: Callable[..., T], name: str, what: object) -> T:
        with self._alone():
            trunk = Embedder(self._shelf).trunk.card
            change: T = apart(function, name, what, trunk, self._shelf, timeout=_LONGEST_FIT_S)
        self._models.reload_now()
        return change

    def _shown(self, name: str, change: corrections.Change) -> dict[str, Any]:
        return {
            "model": name,
            "before": change.before,
            "after": change.after,
            "kept": change.kept,
            "report": change.report,
        }

    def _examples(self, record: Record, classes: object) -> list[Example]:
        if not isinstance(classes, list):
            raise BadRequestError("classes must be a list of dicts with label and features.")
        examples: list[Example] = []
        for one in classes:
            if not isinstance(one, dict) or not isinstance(one.get("features"), list):
                raise BadRequestError("Each class must be a dict with its label and a list of features.")
            label = check_label(_text(one.get("label"), "label"))
            found, names = self._unpack(one["features"]), one.get("names") or []
            for number, embedding in enumerate(found):
                name = str(names[number])[:200] if number < len(names) else f"{label} {number + 1}"
                examples.append(Example(label, name, embedding))
            if len(examples) > _MOST_PHOTOS:
                raise BadRequestError(
                    f"More than {_MOST_PHOTOS} photos. Teach it from a folder: python -m teach.", "many"
                )
        record.photos = len(examples)
        return examples

    def _unpack(self, files: list[Any]) -> list[Embedding]:
        check_size(files, self._settings)
        card = Embedder(self._shelf).trunk.card
        data = b"".join(map(bytes_of, files))
        return Embedding.unpack(data, card.sha256, card.feature_map[-1]) if files else []

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One fit at a time: it takes a core."""
        if not self._fitting.acquire(timeout=LONGEST_WAIT_S):
            raise BusyError("The worker is teaching another model. Try again in a moment.")
        try:
            yield
        finally:
            self._fitting.release()


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise BadRequestError(f"{what} must be text.")
    return value


def _flag(value: object, what: str) -> bool:
    if not isinstance(value, bool):
        raise BadRequestError(f"{what} must be True or False.")
    return value
