"""A folder of one's own photos, a folder in it for each class, as a data set."""

import functools
import hashlib
import logging
import operator
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier import photo
from classifier.errors import ClassifierError
from classifier.sources import photos_in
from classifier.walk import LeftOut, of_system, sentences
from train.data.part import Dataset, Part
from train.data.pictures import duplicates
from train.errors import FolderError

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]

SIDE = 128
MOST = 20_000  # photos: they are all in memory, a gigabyte then
FEWEST = 10  # photos of a class; with fewer, validation and test would be a picture each
# A class with fewer photos than this share of the largest is named: a model of them mostly answers the largest.
UNEVEN = 0.25
# What people call the parts of a split, in any case.
PARTS = {"train", "training", "val", "valid", "validation", "test", "testing", "eval", "evaluation", "dev", "holdout"}


def read(root: Path) -> Dataset:
    """Class folders of photos to a data set: 70 % train, 15 % validation, 15 % test of each class.

    A photo's place follows from its bytes, so it stays when others are added; copies are left out, and so
    are files that are no photos, which are named.

    Raises:
        FolderError: no folder, fewer than two classes, a class of fewer than `FEWEST` photos, more than `MOST` photos
            in all, or folders that are the parts of a split.
    """
    files = {folder: _photos(folder) for folder in find(root)}
    count = sum(map(len, files.values()))
    if count > MOST:
        raise FolderError(f"{root} holds {count:,} photos; at most {MOST:,} can be used. Leave some out of each class.")
    found = [_part(folder, paths, label) for label, (folder, paths) in enumerate(files.items())]
    split = "15 % test, 15 % validation, 70 % train of each class, in the order of the files' SHA-256"
    test, validation, train = (_sum(parts) for parts in zip(*map(_split, found), strict=True))
    labels = tuple(folder.name for folder in files)
    return Dataset(root.resolve().name, split, labels, train, validation, test, root)


def find(root: Path) -> list[Path]:
    """The folders of a class each. Raises FolderError."""
    if not root.is_dir():
        what = "is a file, not a folder; unpack it first" if root.exists() else "is not there"
        raise FolderError(f"{root} {what}. Name a folder that holds a folder of photos for each class.")
    try:
        folders = sorted(entry for entry in root.iterdir() if entry.is_dir() and not of_system(entry.name, True))
    except OSError as error:
        raise FolderError(f"{root} cannot be read: {error.strerror}.") from None
    parts = [folder.name for folder in folders if _is_part_of_a_split(folder)]
    if parts:
        raise FolderError(
            f"{root} holds parts of a split, not classes: {', '.join(parts)}. Put all photos of a class into one "
            "folder. Which of them are for validation and test is decided here."
        )
    if len(folders) < 2:
        raise FolderError(f"{root} has {len(folders)} class folders; put the photos of each class into one of its own")
    for folder in folders:
        try:
            folder.name.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(folder.name).decode(errors="replace")
            raise FolderError(f"The name of the folder {shown!r} is not UTF-8. Rename it.") from None
    return folders


def _is_part_of_a_split(folder: Path) -> bool:
    """A train is also a thing: one folder of that name with photos and no folders in it is a class."""
    name = folder.name.lower()
    return name in PARTS and (name != "train" or any(entry.is_dir() for entry in folder.iterdir()))


def _photos(folder: Path) -> list[Path]:
    found = list(photos_in(str(folder)))
    for sentence in sentences(entry for entry in found if isinstance(entry, LeftOut)):
        log.info("%s: %s", folder.name, sentence)
    return [entry for entry in found if isinstance(entry, Path)]


def _split(part: Part) -> tuple[Part, Part, Part]:
    """One class to its test, validation and training photos."""
    held_out = max(2, round(0.15 * len(part)))
    return part[:held_out], part[held_out : 2 * held_out], part[2 * held_out :]


def _sum(parts: Iterable[Part]) -> Part:
    return functools.reduce(operator.add, parts)


def _part(folder: Path, paths: list[Path], label: int) -> Part:
    """The photos of one class at SIDE px, in the order of their digests, without copies."""
    found = sorted(_decoded(folder, paths), key=lambda item: item[0])
    thumbnails = [thumbnail for _, _, thumbnail in found]
    copies = {later for _, later in duplicates(np.stack(thumbnails))} if found else set()
    kept = [(key, image) for row, (key, image, _) in enumerate(found) if row not in copies]
    if len(kept) < FEWEST:
        raise FolderError(f"class {folder.name} has {len(kept)} usable photos; at least {FEWEST} are needed")
    log.info("%s: %d photos%s", folder.name, len(kept), f", {len(copies)} copies left out" if copies else "")
    images = np.stack([image for _, image in kept])
    return Part(images, np.full(len(kept), label, np.int64), tuple(key for key, _ in kept))


def _decoded(folder: Path, paths: list[Path]) -> Iterator[tuple[str, Pixels, Pixels]]:
    """Digest, picture at SIDE px and thumbnail of every photo; what is none is named and left out."""
    for path in paths:
        try:
            data = path.read_bytes()
            picture = photo.decode(data, at_least=(2 * SIDE, 2 * SIDE))
        except (ClassifierError, OSError) as error:
            log.warning("left out %s/%s: %s", folder.name, path.name, getattr(error, "strerror", None) or error)
            continue
        yield hashlib.sha256(data).hexdigest(), photo.fit(picture, SIDE, SIDE), photo.fit(picture, 16, 17)


def uneven(dataset: Dataset) -> tuple[str, ...]:
    """A sentence for each class that has far fewer photos than the largest; said at once, and on the card."""
    counts = np.bincount(dataset.train.labels)
    few = [label for label in np.argsort(counts) if counts[label] < UNEVEN * counts.max()]
    if not few:
        return ()
    names = ", ".join(f"{dataset.labels[label]} ({counts[label]})" for label in few)
    most = f"{dataset.labels[counts.argmax()]} ({counts.max()})"
    words = f"Few photos to learn from of {names}, beside {most}: add more of them."
    log.warning("%s", words)
    return (words,)
