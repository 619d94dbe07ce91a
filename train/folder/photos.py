"""A folder of one's own photos to what is trained on: labels, the trunk's features, and maps of changed views."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from classifier.classifier import reduced
from classifier.fit import fit
from classifier.photo_like import to_image
from classifier.settings import Settings
from teach.bank import read_bank
from teach.copies import find_copies
from teach.embedding import RESIZE, Embedder
from teach.examples import Examples
from teach.report import Report
from teach.teacher import Given, gather
from train.errors import FolderError
from train.learning.augment import Augment
from train.schedule import Augmentation

Pixels = NDArray[np.uint8]
Rows = NDArray[np.bool_]

FEWEST = 10  # photos of a label; below, `python -m teach` is the tool
MOST = 20_000  # photos; their views take 130 kB of disk each
# Looks that are kept of each photo: as it is, and changed ones.
VIEWS = 4
_CHANGES = Augmentation(flip=True, rotation=10, crop=0.4, aspect=0.3, light=0.25)
_BATCH = 16
_TRAINING, _TEST = {"train", "training"}, {"test", "testing", "eval"}


@dataclass(frozen=True)
class Photos:
    """N photos without copies, and what became of the others."""

    examples: Examples
    files: tuple[Path, ...]  # [N]
    parts: tuple[str, ...]  # [N], the folder of a split that each is in, in lower case; all empty without a split
    told: dict[str, Any]  # copies, set_aside and left_out, as a report has them

    @property
    def digest(self) -> str:
        """What is trained on, so that a run of other photos never counts as the same."""
        examples = self.examples
        found = hashlib.sha256(repr((examples.labels, self.parts)).encode())
        for values in (examples.truth, examples.features[:], examples.hashes):
            found.update(np.ascontiguousarray(values).tobytes())
        return found.hexdigest()

    def tell(self, report: Report) -> None:
        """Name in the report what is not used."""
        for name, entries in self.told.items():
            setattr(report, name, entries)

    @property
    def split(self) -> tuple[Rows, Rows] | None:
        """Which photos a folder of a split holds out: those that choose, and those that measure.

        Where it has only one of validation and test, these do both. None without a split.
        """
        if not any(self.parts):
            return None
        training = np.array([part in _TRAINING for part in self.parts])
        test = np.array([part in _TEST for part in self.parts])
        validation = ~training & ~test
        return (validation if validation.any() else test), (test if test.any() else validation)


def load(given: Given, embedder: Embedder) -> Photos:
    """Look at every photo once with the trunk. Raises FolderError, and the errors of `gather`."""
    if len(given.photos) > MOST:
        raise FolderError(f"There are {len(given.photos):,} photos; at most {MOST:,} can be used. Leave some out.")
    gathered = gather(given, embedder)
    mean = read_bank(embedder.trunk.card.sha256).astype(np.float32).mean(axis=0)
    copies = find_copies(gathered.examples, mean)
    used = copies.without(gathered.examples)
    files = {name: Path(str(photo)) for _, name, photo in given.photos}
    parts = tuple(Path(name).parts[0].lower() if given.split else "" for name in used.names)
    told = copies.named(gathered.examples) | {"left_out": gathered.left_out}
    photos = Photos(used, tuple(files[name] for name in used.names), parts, told)
    _check(photos)
    return photos


def _check(photos: Photos) -> None:
    labels, split = photos.examples.labels, photos.split
    if len(labels) < 2:
        raise FolderError("There is only one label. Put the photos of each of two or more things into its own folder.")
    learnt = photos.examples.own if split is None else photos.examples.own & ~split[0] & ~split[1]
    for row, label in enumerate(labels):
        count = int((photos.examples.truth[learnt] == row).sum())
        if count < FEWEST:
            raise FolderError(
                f"{label!r} has {count} usable photos to train on; at least {FEWEST} are needed. "
                "python -m teach makes do with fewer."
            )
    if split is not None and not all(set(range(len(labels))) <= set(photos.examples.truth[part]) for part in split):
        raise FolderError("A part of the split lacks photos of a label. Add some, or put all photos into one part.")


def views(photos: Photos, side: int, settings: Settings) -> Iterator[Pixels]:
    """Looks uint8 [VIEWS, side, side, 3] at each photo, the first as it is; the same ones every time."""
    changed = Augment(_CHANGES, seed=0)
    for file in photos.files:
        image = to_image(file, settings.photo_limits, reduced(side, side), RESIZE)
        looks = np.repeat(fit(image, side, side, RESIZE)[None], VIEWS, axis=0)
        looks[1:] = np.asarray(changed(looks[1:], training=True)).astype(np.uint8)
        yield looks


def kept_maps(photos: Photos, stem: keras.Model, settings: Settings, file: Path) -> NDArray[np.float16]:
    """What `stem` makes of the views, float16 [N, VIEWS, h, w, channels], read from `file` or written there."""
    if not file.exists():
        partial = file.with_suffix(".partial.npy")
        shape = (len(photos.files), VIEWS, *stem.output.shape[1:])
        maps = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
        waiting: list[Pixels] = []
        for row, looks in enumerate(views(photos, stem.input.shape[1], settings), 1):
            waiting.append(looks)
            if len(waiting) == _BATCH or row == len(maps):
                found = stem.predict_on_batch(np.concatenate(waiting).astype(np.float32))
                maps[row - len(waiting) : row] = found.reshape(len(waiting), *shape[1:])
                waiting = []
        maps.flush()
        partial.rename(file)
    kept: NDArray[np.float16] = np.load(file, mmap_mode="r")
    return kept
