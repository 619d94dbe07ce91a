"""A trained network and its data to a model folder: calibration, choice of file, one reading of the test pictures."""

import csv
import logging
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from classifier.photo import ResizeRule
from train import evaluate, export, plots, robustness
from train.datasets import Dataset, Part

log = logging.getLogger(__name__)

# The cheaper file is taken only when it costs less than this share of the validation answers.
QUANTISATION_COST = 0.002


@dataclass(frozen=True)
class Trained:
    """A network that has learnt, and what its card has to say about that."""

    name: str
    title: str
    network: keras.Model  # uint8 (N, H, W, 3) to logits
    dataset: Dataset
    variant: str
    curves: Path  # CSV, a line an epoch
    command: str
    seed: int
    schedule: str
    resize: ResizeRule = "squash"
    mirror: bool = False
    reported: float | None = None  # accuracy
    notes: tuple[str, ...] = ()
    kept: bool = True  # the network itself too, as model.keras
    none: Part | None = None  # pictures of none of the classes, not trained on: how many are called unsure
    files: tuple[Path, ...] = ()  # of the test pictures, where the card shall say how they stand changes


def publish(trained: Trained, models: Path) -> dict[str, Any]:
    """Write models/<name>/ and return its card.

    Raises:
        ExportError: the exported file does not answer as the network does, or is too large; nothing was written.
    """
    dataset = trained.dataset
    export.still_silent_units(trained.network)
    temperature = evaluate.fit_temperature(_logits(trained), dataset.validation.labels)
    serving = export.serving_model(trained.network, temperature, trained.mirror)
    kind, data, validation = _choose_file(serving, dataset)
    chances = export.answers(data, dataset.test.images)
    confusion = evaluate.confusion(chances, dataset.test.labels)
    in_float = serving.predict(dataset.test.images, batch_size=256, verbose=0)["probabilities"]
    card = _card(trained, serving) | {
        "temperature": round(temperature, 4),
        "unsure_below": evaluate.unsure_below(validation),
        "metrics": evaluate.metrics(chances, dataset.test.labels),
        "weights": {
            "kind": kind,
            "accuracy_of_float32": evaluate.metrics(in_float, dataset.test.labels)["accuracy"]["value"],
        },
        "mixed_up": evaluate.mixed_up(confusion, dataset.labels),
    }
    if trained.none is not None:
        of_none = export.answers(data, trained.none.images)
        card["unsure"] = evaluate.unsure(chances, of_none, card["unsure_below"])
    if trained.files:
        card["robustness"] = _robustness(trained, data)
    folder = models / trained.name
    card = export.write(folder, data, trained.network if trained.kept else None, card)
    plots.curves(trained.curves, folder / "curves.png", trained.reported)
    plots.confusion(confusion, dataset.labels, folder / "confusion.png")
    return card


def _logits(trained: Trained) -> evaluate.Floats:
    """What the network says of the validation pictures before it is calibrated."""
    images = trained.dataset.validation.images
    looks = [images, images[:, :, ::-1]] if trained.mirror else [images]
    logits: evaluate.Floats = np.mean([trained.network.predict(look, batch_size=256, verbose=0) for look in looks], 0)
    return logits


def _choose_file(serving: keras.Model, dataset: Dataset) -> tuple[str, bytes, evaluate.Floats]:
    """The eight-bit file where it answers as well on the validation pictures, else the float one."""
    pictures = export.agreeing_pictures(dataset.validation)
    labels = dataset.validation.labels
    expected = serving.predict(dataset.validation.images, batch_size=256, verbose=0)["probabilities"]
    small = export.convert(serving, quantise=True)
    chances = export.answers(small, dataset.validation.images)
    cost = float((expected.argmax(1) == labels).mean() - (chances.argmax(1) == labels).mean())
    log.info("eight-bit weights cost %.2f points on %d validation pictures", 100 * cost, len(labels))
    if cost < QUANTISATION_COST:
        try:
            export.check(small, serving, pictures, "dynamic int8")
            return "dynamic int8", small, chances
        except export.ExportError as error:
            log.info("%s: taking 32-bit weights", error)
    large = export.convert(serving, quantise=False)
    export.check(large, serving, pictures, "float32")
    return "float32", large, export.answers(large, dataset.validation.images)


def _robustness(trained: Trained, data: bytes) -> dict[str, float]:
    """Accuracy on the test pictures after each change."""
    height, width = trained.network.input.shape[1:3]
    labels = trained.dataset.test.labels
    found = {}
    for name, pictures in robustness.changed(trained.files, height, width, trained.resize):
        right = export.answers(data, pictures).argmax(axis=1) == labels
        found[name] = round(float(right.mean()), 4)
        log.info("%s: %.4f", name, found[name])
    return found


def _card(trained: Trained, serving: keras.Model) -> dict[str, Any]:
    dataset, (height, width) = trained.dataset, trained.network.input.shape[1:3]
    with trained.curves.open(newline="") as file:
        seconds = [float(row["seconds"]) for row in csv.DictReader(file)]
    activation_map = serving.output.get("activation_map")
    return {
        "name": trained.name,
        "title": trained.title,
        "labels": list(dataset.labels),
        "input": {"height": height, "width": width, "resize": trained.resize},
        "outputs": {
            "probabilities": [len(dataset.labels)],
            "activation_map": None if activation_map is None else list(activation_map.shape[1:]),
        },
        "data": {
            "set": dataset.name,
            "variant": trained.variant,
            "split": dataset.split,
            "train": len(dataset.train),
            "validation": len(dataset.validation),
            "test": len(dataset.test),
            **({"copies": list(dataset.copies)} if dataset.copies else {}),
        },
        "parameters": trained.network.count_params(),
        "trained": {
            "command": trained.command,
            "schedule": trained.schedule,
            "epochs": len(seconds),
            "seconds": round(sum(seconds), 1),
            "hardware": hardware(),
            "seed": trained.seed,
            "commit": _commit(),
            "date": datetime.now(UTC).date().isoformat(),
        },
        "answers": "mean over the picture and its mirror image" if trained.mirror else "the picture as it is",
        "notes": list(trained.notes + _on_copies(dataset)),
    }


def _on_copies(dataset: Dataset) -> tuple[str, ...]:
    if not dataset.copies:
        return ()
    return (
        f"{len(dataset.copies)} of the pictures could be had only as JPEG copies; card.json in the model's folder "
        "names them.",
    )


def hardware() -> str:
    """The processor, its cores and TensorFlow's version."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, TensorFlow {tf.__version__}"


def _commit() -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    words = [git, "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip() or None  # noqa: S603  # fixed words
