"""How far a model's answers carry: `python -m train evaluate NAME --photos FOLDER --none FOLDER`.

Photos from elsewhere, in their own shape, are asked as a worker would be asked. Every class counts the same, however
many photos it has. An answer of the label for none of the classes is no right one.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from classifier import Classifier, photo
from classifier.card import CARD_FILE, write_card
from classifier.classifier import Prediction
from classifier.errors import ClassifierError
from train import metrics, robustness
from train.errors import DataMissingError
from train.robustness import Change

log = logging.getLogger(__name__)

Labelled = list[tuple[int, Path]]


def evaluate(model: str, photos: Path, none: Path | None, record: bool) -> str:
    """The figures as a table; with `record` on the model's card too, under "elsewhere" and the folder's name.

    Raises:
        DataMissingError: a folder is not there or has no photos, or one of its folders is no label of the model.
        UnknownModelError: no shelf has the model.
    """
    asked = Asked(Classifier(model))
    figures = asked.figures(labelled_photos(photos, asked.labels))
    if none:
        figures["none"] = {kind: asked.of_none(files) for kind, files in _kinds(none).items()}
    if record:
        card = json.loads((asked.card.folder / CARD_FILE).read_bytes())
        card["elsewhere"] = card.get("elsewhere", {}) | {photos.resolve().name: figures}
        write_card(asked.card.folder, card)
    return as_table(figures)


class Asked:
    """One model, and what it answers."""

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier
        [self.card] = classifier.cards
        self.labels = self.card.labels
        none = self.card.none  # the label of what is none of the others
        self.none = None if none is None else self.labels.index(none)

    def figures(self, labelled: Labelled) -> dict[str, Any]:
        """What the answers to labelled photos are worth, as they are and after each change of robustness.ELSEWHERE."""
        answers, truth = self.answers(labelled)
        weights = metrics.balanced(truth)
        accuracy = metrics.balanced_accuracy(answers.chances, truth)
        figures: dict[str, Any] = {
            "accuracy": accuracy,
            "recall": {
                self.labels[label]: {"value": round(share, 4), "n": count}
                for label, (share, count) in sorted(metrics.recall(answers.chances, truth).items())
            },
            "unsure": _share(answers.unsure, weights),
            "ece": round(metrics.calibration_error(answers.chances, truth, weights), 4),
        }
        if self.none is not None:
            neither = answers.chances.argmax(1) == self.none
            classes = np.delete(answers.chances, self.none, axis=1)
            others = truth - (truth > self.none)
            figures["neither"] = _share(neither, weights)
            figures["unsure_or_neither"] = _share(neither | answers.unsure, weights)
            figures["accuracy_among_classes"] = metrics.balanced_accuracy(classes, others)["value"]
        figures["changed"] = {}
        for name, change in robustness.ELSEWHERE.items():
            changed, of = self.answers(labelled, change)
            figures["changed"][name] = metrics.balanced_accuracy(changed.chances, of)["value"]
            log.info("%s: %.4f, from %.4f", name, figures["changed"][name], accuracy["value"])
        return figures

    def of_none(self, files: list[Path]) -> dict[str, Any]:
        """How photos of none of the labels are answered: the shares unsure, called neither, and either."""
        answers, _ = self.answers([(0, file) for file in files])
        neither = answers.chances.argmax(1) == self.none if self.none is not None else np.zeros_like(answers.unsure)
        return {
            "n": len(answers.unsure),
            "unsure": round(float(answers.unsure.mean()), 4),
            "neither": round(float(neither.mean()), 4),
            "unsure_or_neither": round(float((answers.unsure | neither).mean()), 4),
        }

    def answers(self, labelled: Labelled, change: Change | None = None) -> tuple["Answers", metrics.Labels]:
        """The answers to the photos that can be read, and their labels."""
        asked = (file if change is None else _changed(file, change) for _, file in labelled)
        found = self.classifier.classify_many(asked, top=len(self.labels))
        kept = []
        for (label, file), answer in zip(labelled, found, strict=True):
            if isinstance(answer, ClassifierError):
                log.warning("left out %s: %s", file, answer)
            else:
                kept.append((label, answer))
        if not kept:
            raise DataMissingError("None of the photos can be read.")
        return Answers([answer for _, answer in kept], self.labels), np.array([label for label, _ in kept])


class Answers:
    """Probabilities float64 (N, C) in the order of the labels, and which answers are unsure, bool (N,)."""

    def __init__(self, predictions: list[Prediction], labels: tuple[str, ...]) -> None:
        rows = [dict(prediction.predictions) for prediction in predictions]
        self.chances = np.array([[row[label] for label in labels] for row in rows])
        self.unsure = np.array([prediction.unsure for prediction in predictions])


def _changed(file: Path, change: Change) -> Image.Image | bytes:
    """The photo after a change; one that cannot be read is left for the classifier to refuse."""
    data = file.read_bytes()
    try:
        return change(photo.decode(data))
    except ClassifierError:
        return data


def _share(which: Any, weights: metrics.Floats) -> float:
    return round(float(np.average(which, weights=weights)), 4)


def labelled_photos(root: Path, labels: tuple[str, ...]) -> Labelled:
    """Every photo under root/LABEL/ with the number of its label."""
    folders = _folders(root)
    others = [folder.name for folder in folders if folder.name not in labels]
    if others or not folders:
        raise DataMissingError(
            f"{root} must hold a folder for each label, called {', '.join(labels)}"
            + (f"; {', '.join(others)} is none of them." if others else ".")
        )
    return [(labels.index(folder.name), file) for folder in folders for file in _photos(folder)]


def _kinds(root: Path) -> dict[str, list[Path]]:
    """The photos under root/KIND/ by kind; all of `root` where it has no folders."""
    return {folder.name: _photos(folder) for folder in _folders(root) or [root.resolve()]}


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        raise DataMissingError(f"{root} is not a folder.")
    return sorted(entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith("."))


def _photos(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in photo.SUFFIXES and file.is_file())
    if not files:
        raise DataMissingError(f"{folder} holds no photos.")
    return files


def as_table(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    table = Table("what", "figure", "n")
    for row in _rows(figures):
        table.add_row(*row)
    console = Console(width=100)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def _rows(figures: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    accuracy = figures["accuracy"]
    yield (
        "accuracy, balanced",
        f"{accuracy['value']:.4f} ({accuracy['low']:.4f} to {accuracy['high']:.4f})",
        str(accuracy["n"]),
    )
    for label, of in figures["recall"].items():
        yield f"recall of {label}", f"{of['value']:.4f}", str(of["n"])
    for name in ("unsure", "neither", "unsure_or_neither", "accuracy_among_classes", "ece"):
        if name in figures:
            yield name.replace("_", " "), f"{figures[name]:.4f}", ""
    for name, value in figures["changed"].items():
        yield name, f"{value:.4f} ({100 * (value - accuracy['value']):+.1f} points)", ""
    yield from _rows_of_none(figures.get("none", {}))


def _rows_of_none(kinds: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for kind, of in kinds.items():
        yield f"{kind}, unsure or neither", f"{of['unsure_or_neither']:.4f} (neither {of['neither']:.4f})", str(of["n"])
