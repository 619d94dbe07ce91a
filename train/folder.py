"""A folder of class folders to a served model: `python -m train folder PATH --name NAME`.

Three candidates are trained and the best on the validation pictures is taken: a small network from scratch, a new head
on the features of one of our own trained networks, and that with the features trained on. The card says which.
"""

import functools
import hashlib
import logging
import operator
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from classifier import photo
from classifier.errors import ClassifierError
from classifier.shelf import read_shelf
from train import evaluate
from train.datasets import Dataset, Part, duplicates
from train.fit import fit
from train.networks import at_size, residual, trunk, with_head
from train.publish import Trained, publish
from train.schedule import Augmentation, Schedule

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]

SIDE = 128
FEWEST = 10  # photos of a class; with fewer, validation and test would be a picture each
# Every candidate sees about this many pictures, so that two classes of 50 photos take a minute or two on two cores.
SEEN = 6_000


class FolderError(Exception):
    """The folder cannot become a model; the message says why and what to do."""


@dataclass(frozen=True)
class Candidate:
    """One way to train, with its log-loss on the validation pictures."""

    name: str
    network: keras.Model
    curves: Path
    loss: float


def read(root: Path) -> Dataset:
    """Class folders of photos to a data set: 70 % train, 15 % validation, 15 % test of each class.

    A photo's place follows from its bytes, so it stays when others are added; copies are left out, and so
    are files that are no photos, which are named.

    Raises:
        FolderError: fewer than two classes, or a class of fewer than `FEWEST` photos.
    """
    classes = sorted(entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if len(classes) < 2:
        raise FolderError(f"{root} has {len(classes)} class folders; put the photos of each class into one of its own")
    found = [_part(entry, label) for label, entry in enumerate(classes)]
    split = "15 % test, 15 % validation, 70 % train of each class, in the order of the files' SHA-256"
    test, validation, train = (_sum(parts) for parts in zip(*map(_split, found), strict=True))
    return Dataset(root.resolve().name, split, tuple(entry.name for entry in classes), train, validation, test)


def _split(part: Part) -> tuple[Part, Part, Part]:
    """One class to its test, validation and training photos."""
    held_out = max(2, round(0.15 * len(part)))
    return part[:held_out], part[held_out : 2 * held_out], part[2 * held_out :]


def _sum(parts: Iterable[Part]) -> Part:
    return functools.reduce(operator.add, parts)


def _part(folder: Path, label: int) -> Part:
    """The photos of one class at SIDE px, in the order of their digests, without copies."""
    found = sorted(_decoded(folder), key=lambda item: item[0])
    thumbnails = [thumbnail for _, _, thumbnail in found]
    copies = {later for _, later in duplicates(np.stack(thumbnails))} if found else set()
    kept = [(key, image) for row, (key, image, _) in enumerate(found) if row not in copies]
    if len(kept) < FEWEST:
        raise FolderError(f"class {folder.name} has {len(kept)} usable photos; at least {FEWEST} are needed")
    if copies:
        log.info("%s: left out %d copies", folder.name, len(copies))
    images = np.stack([image for _, image in kept])
    return Part(images, np.full(len(kept), label, np.int64), tuple(key for key, _ in kept))


def _decoded(folder: Path) -> Iterator[tuple[str, Pixels, Pixels]]:
    """Digest, picture at SIDE px and thumbnail of every photo; what is none is named and left out."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in photo.SUFFIXES or not path.is_file():
            continue
        data = path.read_bytes()
        try:
            picture = photo.decode(data, at_least=(2 * SIDE, 2 * SIDE))
        except ClassifierError as error:
            log.warning("left out %s/%s: %s", folder.name, path.name, error)
            continue
        yield hashlib.sha256(data).hexdigest(), photo.fit(picture, SIDE, SIDE), photo.fit(picture, 16, 17)


def train(root: Path, name: str, models: Path, seed: int) -> Path:
    """Train the candidates on the photos under `root`, publish the best, and return its model folder.

    Raises:
        FolderError: the folder cannot become a model.
        ExportError: the exported file does not answer as the network does.
    """
    dataset = read(root)
    counts = (len(part) for part in (dataset.train, dataset.validation, dataset.test))
    log.info(
        "%d classes: %s; %d train, %d validation, %d test", len(dataset.labels), ", ".join(dataset.labels), *counts
    )
    with tempfile.TemporaryDirectory() as runs:
        best = min(_candidates(dataset, models, Path(runs), seed), key=lambda candidate: candidate.loss)
        log.info("taking: %s", best.name)
        publish(
            Trained(
                name=name,
                title=f"{name} ({', '.join(dataset.labels[:4])}{', ...' if len(dataset.labels) > 4 else ''})",
                network=best.network,
                dataset=dataset,
                variant="folder",
                curves=best.curves,
                command=f"python -m train folder PATH --name {name}" + (f" --seed {seed}" if seed else ""),
                seed=seed,
                schedule=best.name,
                notes=(f"Measured on {len(dataset.test)} photos only: see the interval.",),
            ),
            models,
        )
    return models / name


def _candidates(dataset: Dataset, models: Path, runs: Path, seed: int) -> Iterator[Candidate]:
    classes = len(dataset.labels)
    keras.utils.set_random_seed(seed)
    scratch = residual((SIDE, SIDE, 3), classes, (16, 32, 64, 128))
    yield _fitted("from scratch", scratch, 2e-3, dataset, runs / "scratch", seed)
    for name, trained in _own_networks(models):
        trained.trainable = False
        network = with_head(trained, classes)
        yield _fitted(f"a new head on the features of {name}", network, 5e-3, dataset, runs / f"{name}-head", seed)
        for (
            layer
        ) in network.layers:  # BatchNormalization keeps the trunk's statistics: few photos have none of their own
            layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
        yield _fitted(f"the features of {name}, trained on", network, 2e-4, dataset, runs / f"{name}-all", seed)


def _own_networks(models: Path) -> Iterator[tuple[str, keras.Model]]:
    """The trunks of trained networks, for pictures of this size; digests are checked, nothing in them is run."""
    for name, card in read_shelf(models).items():
        if "model.keras" in card.digests:
            card.check_digests()
            network = keras.saving.load_model(card.folder / "model.keras", safe_mode=True)
            yield name, at_size(trunk(network), SIDE)


def _fitted(name: str, network: keras.Model, rate: float, dataset: Dataset, run: Path, seed: int) -> Candidate:
    schedule = Schedule(
        optimizer="adamw",
        learning_rate=rate,
        batch=16 if len(dataset.train) < 1_000 else 64,
        epochs=min(60, max(6, SEEN // len(dataset.train))),
        one_cycle=True,
        weight_decay=0.05,
        label_smoothing=0.05,
        augmentation=Augmentation(flip=True, rotation=10, shift=0.1, zoom=0.15, aspect=0.15, light=0.2),
    )
    log.info("%s: %d epochs", name, schedule.epochs)
    network = fit(network, schedule, dataset.train, dataset.validation, run, seed)
    logits = network.predict(dataset.validation.images, batch_size=256, verbose=0)
    loss = evaluate.log_loss(evaluate.probabilities(logits), dataset.validation.labels)
    log.info("%s: log-loss %.3f on %d validation photos", name, loss, len(dataset.validation))
    return Candidate(name, network, run / "curves.csv", loss)
