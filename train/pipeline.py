"""From a recipe to a served model: data, training, calibration, export, one reading of the test pictures, the card."""

import csv
import json
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

from train import evaluate, export, plots
from train.datasets import Dataset, asirra, cache_dir
from train.fit import fit
from train.recipes import Recipe, Schedule

log = logging.getLogger(__name__)

RESULTS = Path(__file__).parent / "results"
# The cheaper file is taken only when it costs less than this share of the validation answers.
QUANTISATION_COST = 0.002


@dataclass(frozen=True)
class Request:
    """What `python -m train RECIPE` was asked for."""

    recipe: Recipe
    schedule: str  # "fast" or "faithful"
    data: Path
    models: Path
    seed: int
    again: bool

    @property
    def plan(self) -> Schedule:
        plan = self.recipe.fast if self.schedule == "fast" else self.recipe.faithful
        assert plan is not None  # noqa: S101  # the command line offers only schedules that are there
        return plan

    @property
    def command(self) -> str:
        """The command that makes this model again."""
        schedule = "" if self.schedule == "fast" or self.recipe.fast is None else f" --schedule {self.schedule}"
        return f"python -m train {self.recipe.name}{schedule}" + (f" --seed {self.seed}" if self.seed else "")

    @property
    def run(self) -> Path:
        """Where checkpoints live, outside the source tree, so that a stopped run can go on."""
        return cache_dir() / "runs" / f"{self.recipe.name}-{self.schedule}-seed{self.seed}"


def load(recipe: Recipe, data: Path) -> Dataset:
    """The data set of a recipe, at its size."""
    return asirra(data, recipe.height, recipe.width, recipe.variant)


def train(request: Request) -> Path:
    """Train, calibrate, export and describe a recipe's network; returns its model folder.

    Raises:
        DataMissingError: the pictures are not there.
        ExportError: the exported file does not answer as the network does.
    """
    dataset = load(request.recipe, request.data)
    log.info(
        "%s: %d train, %d validation, %d test pictures",
        dataset.name,
        len(dataset.train),
        len(dataset.validation),
        len(dataset.test),
    )
    network = _trained(request, dataset)
    logits = network.predict(dataset.validation.images, batch_size=256, verbose=0)
    temperature = evaluate.fit_temperature(logits, dataset.validation.labels)
    serving = export.serving_model(network, temperature)
    kind, data, validation = _choose_file(serving, dataset)
    chances = export.answers(data, dataset.test.images)
    float_chances = evaluate.probabilities(network.predict(dataset.test.images, batch_size=256, verbose=0), temperature)
    measured = evaluate.metrics(chances, dataset.test.labels)
    card = _card(request, dataset, network) | {
        "temperature": round(temperature, 4),
        "unsure_below": evaluate.unsure_below(validation),
        "metrics": measured,
        "weights": {
            "kind": kind,
            "accuracy_of_float32": evaluate.metrics(float_chances, dataset.test.labels)["accuracy"]["value"],
        },
    }
    folder = request.models / request.recipe.name
    export.write(folder, data, card)
    plots.curves(request.run / "curves.csv", folder / "curves.png", request.recipe.reported.accuracy)
    plots.confusion(evaluate.confusion(chances, dataset.test.labels), dataset.labels, folder / "confusion.png")
    _keep_evidence(request, card)
    return folder


def _trained(request: Request, dataset: Dataset) -> keras.Model:
    finished = request.run / "network.keras"
    if request.again:
        shutil.rmtree(request.run, ignore_errors=True)
    if finished.exists():
        log.info("taking the finished run in %s (--again trains anew)", request.run)
        return keras.saving.load_model(finished, safe_mode=True)
    return fit(
        request.recipe,
        request.plan,
        dataset.train,
        dataset.validation,
        len(dataset.labels),
        request.run,
        request.seed,
    )


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
        export.check(small, serving, pictures, "dynamic int8")
        return "dynamic int8", small, chances
    large = export.convert(serving, quantise=False)
    export.check(large, serving, pictures, "float32")
    return "float32", large, export.answers(large, dataset.validation.images)


def _seconds(request: Request) -> float:
    with (request.run / "curves.csv").open(newline="") as file:
        return round(sum(float(row["seconds"]) for row in csv.DictReader(file)), 1)


def _card(request: Request, dataset: Dataset, network: keras.Model) -> dict[str, Any]:
    recipe = request.recipe
    return {
        "name": recipe.name,
        "title": recipe.title,
        "labels": list(dataset.labels),
        "input": {"height": recipe.height, "width": recipe.width, "resize": "squash"},
        "outputs": {"probabilities": [len(dataset.labels)], "activation_map": None},
        "data": {
            "set": dataset.name,
            "variant": recipe.variant,
            "split": dataset.split,
            "train": len(dataset.train),
            "validation": len(dataset.validation),
            "test": len(dataset.test),
        },
        "parameters": network.count_params(),
        "trainable": int(sum(np.prod(weight.shape) for weight in network.trainable_weights)),
        "trained": {
            "command": request.command,
            "schedule": request.schedule,
            "epochs": request.plan.epochs,
            "seconds": _seconds(request),
            "hardware": hardware(),
            "seed": request.seed,
            "commit": _commit(),
            "date": datetime.now(UTC).date().isoformat(),
        },
    }


def _keep_evidence(request: Request, card: dict[str, Any]) -> None:
    stem = f"{request.recipe.name}-{request.schedule}"
    RESULTS.mkdir(exist_ok=True)
    shutil.copyfile(request.run / "curves.csv", RESULTS / f"{stem}.csv")
    summary = {key: card[key] for key in ("name", "metrics", "weights", "temperature", "parameters", "data", "trained")}
    (RESULTS / f"{stem}.json").write_text(json.dumps(summary, indent=2) + "\n")


def hardware() -> str:
    """The processor, its cores and TensorFlow's version, for a card."""
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
