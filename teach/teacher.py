"""Photos to a model on the owner's shelf: the whole way of teaching, as Python callers and the command walk it."""

import functools
import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from classifier.classifier import Classifier, Prediction
from classifier.errors import BadRequestError, ClassifierError, ModelError
from classifier.new_model import check_name, check_writable
from classifier.photo_like import PhotoLike
from classifier.runtime import without_greeting
from classifier.settings import Settings
from classifier.trunk import TrunkCard
from teach.embedding import Embedder, Embedding
from teach.examples import NONE, Example, Examples, check_count, check_label
from teach.lesson import learn
from teach.model import put
from teach.owned import owned
from teach.photo_folder import Found, add_none, look, shown
from teach.report import Report
from teach.summary import summary
from teach.trial import Trial

# Told how many photos have been looked at, of how many.
Progress = Callable[[int, int], None]
Photos = str | os.PathLike[str] | Mapping[str, Iterable[PhotoLike]]


@dataclass(frozen=True)
class Taught:
    """A model that has just been put on the shelf. Shown, it says how good it is."""

    name: str
    folder: Path
    report: Report
    settings: Settings

    def classify(self, photo: PhotoLike, top: int = 3, heatmap: bool = False) -> Prediction:
        """Ask it about a photo. Raises the errors of `Classifier.classify`."""
        return self._classifier.classify(photo, top=top, heatmap=heatmap)

    @functools.cached_property
    def _classifier(self) -> Classifier:
        with without_greeting():
            return Classifier(self.name, settings=self.settings)

    def __str__(self) -> str:
        return summary(self.report, self.name)


@dataclass(frozen=True)
class Gathered:
    """What was given to learn from, turned into embeddings."""

    examples: Examples
    left_out: list[dict[str, str]]  # name, why
    notes: list[str]


def teach(
    photos: Photos,
    name: str,
    *,
    none: str | os.PathLike[str] | None = None,
    replace: bool = False,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Taught:
    """Teach a model from a folder with a folder for each label, or a mapping of labels to photos.

    `none` is a folder of photos of none of the labels. A model of that name is replaced only with `replace`; the
    corrections of its answers count again. Settings come from the environment and .env unless they are given.
    Raises BadRequestError for photos or a name that cannot become a model, ModelError where it cannot be written.
    """
    started = perf_counter()
    settings = settings or Settings.load()
    name = check_name(name, settings.models_dir, replace)
    check_writable(settings.models_dir)
    given = find(photos, none)
    with without_greeting():
        embedder = Embedder(settings)
    gathered = gather(given, embedder, progress)
    labels = gathered.examples.labels
    corrected, dropped = _corrections(settings.models_dir / name, labels) if replace else ([], [])
    examples = Examples.of(chain(gathered.examples, corrected)) if corrected else gathered.examples
    lesson = learn(examples, embedder.trunk.card, settings.threads)
    lesson.report.left_out, lesson.report.notes = gathered.left_out + dropped, gathered.notes
    lesson.report.seconds = round(perf_counter() - started, 2)
    folder = put(lesson, name, settings.models_dir, embedder.trunk.card, replace)
    return Taught(name, folder, lesson.report, settings)


class Choices(NamedTuple):
    """How to teach from features."""

    replace: bool = False  # the model of that name, if there is one
    add: bool = False  # to what the model of that name was taught with
    keep: bool = True  # put it on the shelf


def teach_examples(
    name: str, examples: Sequence[Example], trunk: TrunkCard, settings: Settings, choices: Choices
) -> tuple[Report, Trial]:
    """Teach from features, as a worker does: the report, and the head to be tried. Raises the errors of `teach`."""
    kept: Iterable[Example] = []
    dropped: list[dict[str, str]] = []
    if choices.add:
        kept = Examples.read(owned(name, settings).folder)
    elif choices.keep:
        name = check_name(name, settings.models_dir, choices.replace)
        kept, dropped = _corrections(settings.models_dir / name, {example.label for example in examples})
    lesson = learn(Examples.of(chain(kept, examples)), trunk, settings.threads)
    lesson.report.left_out = dropped
    if choices.keep:
        put(lesson, name, settings.models_dir, trunk, choices.replace or choices.add)
    return lesson.report, Trial((*lesson.report.labels, NONE), lesson.unsure_below, lesson.head)


@dataclass(frozen=True)
class Given:
    """What there is to learn from: label, shown name and photo of each; name and reason of what is left out."""

    photos: list[tuple[str, str, PhotoLike]]
    left_out: list[tuple[str, str]]
    split: tuple[str, ...] = ()  # folders that are the parts of a data set, and were read together

    @property
    def notes(self) -> list[str]:
        """What a person should know of how they were read."""
        if not self.split:
            return []
        return [
            f"{', '.join(self.split)} are parts of one data set and were read together: every photo serves for "
            "training, and the accuracy is cross-validated."
        ]


def find(photos: Photos, none: str | os.PathLike[str] | None = None) -> Given:
    """The photos of a folder or mapping, none of them opened yet. Raises BadRequestError."""
    if isinstance(photos, Mapping):
        named: list[tuple[str, str, PhotoLike]] = [
            (check_label(label), f"{label} {number}", photo)
            for label, some in photos.items()
            for number, photo in enumerate(_several(label, some), 1)
        ]
        root, found = Path(), Found()
        if none is not None:
            add_none(Path(none), found)
    else:
        root, named = Path(photos), []
        found = look(root, None if none is None else Path(none))
    files = [(label, shown(file, root), file) for label, file in found.files]
    return Given([*named, *files], found.left_out, tuple(found.split))


def _several(label: str, photos: Iterable[PhotoLike]) -> Iterable[PhotoLike]:
    if isinstance(photos, str | bytes | os.PathLike):  # each letter of a path would be a path
        raise BadRequestError(f"{label!r} has one path, and needs a list of photos. Or give the folder of all labels.")
    return photos


def gather(given: Given, embedder: Embedder, progress: Progress | None = None) -> Gathered:
    """Look at each photo. Raises BadRequestError for labels that no model can have."""
    check_count({label for label, _, _ in given.photos})
    left_out = list(given.left_out)

    def seen() -> Iterator[Example]:
        embedded = embedder.embed_many(photo for _, _, photo in given.photos)
        for done, ((label, name, _), found) in enumerate(zip(given.photos, embedded, strict=True), 1):
            if isinstance(found, ModelError):
                raise found
            if progress:
                progress(done, len(given.photos))
            if isinstance(found, Embedding):
                yield Example(label, name, found)
            else:
                left_out.append((name, str(found)))

    examples = Examples.of(seen())
    _check_labels(given, examples)
    return Gathered(examples, [{"name": name, "why": why} for name, why in left_out], given.notes)


def _check_labels(given: Given, examples: Examples) -> None:
    """Raise BadRequestError for a label of whose photos none could be used."""
    used = {label for label, count in zip((*examples.labels, NONE), examples.counts(), strict=True) if count}
    for label in sorted({label for label, _, _ in given.photos} - used):
        raise BadRequestError(f"None of the files of {label!r} is a photo that can be used.")
    if not used:
        raise BadRequestError("There are no photos. Put those of each thing into a folder of its own.")


def _corrections(folder: Path, labels: Container[str]) -> tuple[list[Example], list[dict[str, str]]]:
    """The corrections of the model that is replaced, and name and reason of those whose label is not there again."""
    try:
        before = Examples.read(folder)
    except ClassifierError:
        return [], []
    kept: list[Example] = []
    dropped: list[dict[str, str]] = []
    for example in before:
        if not example.corrected:
            continue
        if example.label in labels or example.label == NONE:
            kept.append(example)
        else:
            why = f"It was corrected to {example.label!r}, which is not among the labels now."
            dropped.append({"name": example.name, "why": why})
    return kept, dropped
