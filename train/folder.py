"""A folder of class folders to a served model: `python -m train folder PATH --name NAME`.

Three candidates are trained and the best on the validation pictures is taken: a small network from scratch, a new head
on the features of the shipped cats_vs_dogs_scratch, and that with the features trained on. The card says which.
"""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path

import keras
import numpy as np

from classifier.card import read_card
from classifier.shelf import SHIPPED
from train import metrics
from train.calibrate import calibrate
from train.data.class_folders import SIDE, read, uneven
from train.data.part import Dataset
from train.errors import FolderError, StaleRunError
from train.export import export
from train.fit import check_made_by
from train.learning.loop import learn
from train.measure import Measured, measure
from train.networks.residual import residual
from train.networks.transfer import at_size, trunk, with_head
from train.recipe import Recipe, Run
from train.schedule import Augmentation, Schedule
from train.way import announce
from train.write import write

__all__ = ["FolderError", "read", "train"]

log = logging.getLogger(__name__)

# Every candidate sees about this many pictures, so that two classes of 50 photos take a minute or two on two cores.
SEEN = 6_000
# The network to build on, one and no more: own models on the shelf would make every training longer than the last.
BASE = SHIPPED / "cats_vs_dogs_scratch"


@dataclass(frozen=True)
class Candidate:
    """One way to train, its run, and its log-loss on the validation pictures."""

    run: Run
    network: keras.Model
    loss: float


def train(root: Path, name: str, models: Path, seed: int) -> Path:
    """Train the candidates on the photos under `root`, publish the best, and return its model folder, models/name.

    An interrupted training of the same photos under the same name goes on from its last epoch.

    Raises:
        FolderError: the folder cannot become a model.
        ExportError: the exported file does not answer as the network does.
        ModelError: `models` cannot be written.
    """
    announce("load")
    dataset = read(root)
    counts = (len(part) for part in (dataset.train, dataset.validation, dataset.test))
    log.info(
        "%d classes: %s; %d train, %d validation, %d test", len(dataset.labels), ", ".join(dataset.labels), *counts
    )
    few = uneven(dataset)
    announce("fit")
    candidates = list(_candidates(dataset, name, seed))
    best = min(candidates, key=lambda candidate: candidate.loss)
    log.info("taking: %s", best.run.schedule)
    announce("calibrate")
    temperature = calibrate(best.run, best.network, dataset)
    announce("export")
    exported = export(best.run, best.network, temperature, dataset)
    announce("measure")
    measured = measure(best.run, exported, dataset)
    announce("write")
    run = changed(best.run, recipe=changed(best.run.recipe, notes=(*_notes(dataset, measured), *few)))
    written = write(run, best.network, exported, measured, models)
    for candidate in candidates:
        shutil.rmtree(candidate.run.folder, ignore_errors=True)
    return written


def _notes(dataset: Dataset, measured: Measured) -> tuple[str, ...]:
    """What the card says of a test on few photos."""
    right = [
        f"{label} {row[number]} of {row.sum()}"
        for number, (label, row) in enumerate(zip(dataset.labels, measured.confusion, strict=True))
    ]
    return (
        f"Measured on {len(dataset.test)} photos only: see the interval.",
        f"Right of the test photos of each class: {', '.join(right)}.",
    )


def _candidates(dataset: Dataset, name: str, seed: int) -> Iterator[Candidate]:
    classes = len(dataset.labels)
    keras.utils.set_random_seed(seed)
    scratch = residual((SIDE, SIDE, 3), classes, (16, 32, 64, 128))
    yield _fitted(_run("from scratch", 2e-3, dataset, name, seed), scratch, dataset)
    base = _base()
    base.trainable = False
    run = _run(f"a new head on the features of {BASE.name}", 5e-3, dataset, name, seed)
    head = _fitted(run, with_head(base, classes), dataset)
    yield head
    network = keras.saving.load_model(head.run.folder / "network.keras", safe_mode=True)  # the head stays as it is
    for layer in network.layers:  # BatchNormalization keeps the trunk's statistics: few photos have none of their own
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    run = _run(f"the features of {BASE.name}, trained on", 2e-4, dataset, name, seed)
    yield _fitted(run, network, dataset)


def _base() -> keras.Model:
    """The shipped network's trunk, for pictures of this size; digests are checked, nothing in it is run."""
    card = read_card(BASE)
    card.check_digests()
    return at_size(trunk(keras.saving.load_model(BASE / "model.keras", safe_mode=True)), SIDE)


def _run(schedule: str, rate: float, dataset: Dataset, name: str, seed: int) -> Run:
    """The run of one candidate."""
    shown = ", ".join(dataset.labels[:4]) + (", ..." if len(dataset.labels) > 4 else "")
    plan = Schedule(
        optimizer="adamw",
        learning_rate=rate,
        batch=16 if len(dataset.train) < 1_000 else 64,
        epochs=min(60, max(6, SEEN // len(dataset.train))),
        one_cycle=True,
        weight_decay=0.05,
        label_smoothing=0.05,
        augmentation=Augmentation(flip=True, rotation=10, shift=0.1, zoom=0.15, aspect=0.15, light=0.2),
    )
    recipe = Recipe(
        name=name,
        title=f"{name} ({shown})",
        data="folder",
        variant="folder",
        height=SIDE,
        width=SIDE,
        network=schedule,
        schedules={schedule: plan},
        default=schedule,
        kept=True,
        command=f"folder PATH --name {name}",
    )
    return Run(recipe, schedule, seed)


def _fitted(run: Run, network: keras.Model, dataset: Dataset) -> Candidate:
    """The candidate, trained or taken up where an interrupted training left it."""
    try:
        check_made_by(run, network, dataset)
    except StaleRunError:
        log.info("%s: the photos are not those of the last time, so it begins again", run.schedule)
        shutil.rmtree(run.folder)
        check_made_by(run, network, dataset)
    finished = run.folder / "network.keras"
    if finished.exists():
        network = keras.saving.load_model(finished, safe_mode=True)
    else:
        log.info("%s: %d epochs", run.schedule, run.plan.epochs)
        weights = metrics.balanced(dataset.train.labels).astype(np.float32)
        network = learn(network, run.plan, dataset.train, dataset.validation, run.folder, run.seed, weights=weights)
    logits = network.predict(dataset.validation.images, batch_size=256, verbose=0)
    loss = balanced_loss(metrics.probabilities(logits), dataset.validation.labels)
    log.info("%s: log-loss %.3f on %d validation photos", run.schedule, loss, len(dataset.validation))
    return Candidate(run, network, loss)


def balanced_loss(chances: metrics.Floats, labels: metrics.Labels) -> float:
    """The mean over the classes of each one's log-loss, so that a class of few photos counts like the others."""
    return float(np.mean([metrics.log_loss(chances[labels == each], labels[labels == each]) for each in set(labels)]))
