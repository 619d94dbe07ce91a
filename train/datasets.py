"""Official archives and folder layouts to uint8 arrays with a fixed split."""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import photo

# Asirra pictures that show no animal: seen by eye, two of them as scaled banners of a shelter's web page.
ASIRRA_NOT_ANIMALS = frozenset(
    {"Cat/8456", "Cat/11565", "Dog/2877", "Dog/8736", "Dog/10401", "Dog/10797"},
)
# Bits of the 256-bit difference hash in which copies of one photo may differ. Over all pairs of Asirra photos the
# copies lie at 0 to 9 bits and the nearest pair of different photos at 25.
DUPLICATE_BITS = 16


@dataclass(frozen=True)
class Part:
    """One part of a split: images uint8 (N, H, W, 3), labels int64 (N,), and the name of each picture."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> "Part":
        keys = tuple(np.array(self.keys, object)[rows])
        return Part(np.ascontiguousarray(self.images[rows]), self.labels[rows], keys)

    def __add__(self, other: "Part") -> "Part":
        return Part(
            np.concatenate([self.images, other.images]),
            np.concatenate([self.labels, other.labels]),
            self.keys + other.keys,
        )


@dataclass(frozen=True)
class Dataset:
    """A data set with its fixed split; `split` says in words which picture went where."""

    name: str
    split: str
    labels: tuple[str, ...]
    train: Part
    validation: Part
    test: Part
    copies: tuple[str, ...] = ()  # pictures that could be had only as JPEG copies of the exact ones


class DataMissingError(Exception):
    """The pictures are not where they were looked for; the message says what to put there."""


def cache_dir() -> Path:
    """Where decoded arrays and unfinished runs are kept: CACHE_DIR, or a folder in the user's cache."""
    return Path(os.environ.get("CACHE_DIR") or Path.home() / ".cache" / "uplink-image-classifier")


def _load_pictures(paths: Sequence[Path], height: int, width: int) -> NDArray[np.uint8]:
    """Decode files with the same functions as serving does, to uint8 (N, height, width, 3)."""

    def load(path: Path) -> NDArray[np.uint8]:
        return photo.fit(photo.decode(path.read_bytes()), height, width)

    images = np.empty((len(paths), height, width, 3), np.uint8)
    with ThreadPoolExecutor() as pool:
        for row, image in enumerate(pool.map(load, paths)):
            images[row] = image
    return images


def duplicates(images: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Pairs (i, j), i < j, of pictures uint8 (N, 16, 17, 3) that are copies of one photo, by difference hash."""
    grey = images.astype(np.int16).sum(-1)
    bits = np.packbits((grey[:, :, 1:] > grey[:, :, :-1]).reshape(len(grey), -1), axis=1).view(np.uint64)
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(bits), 512):
        distance = np.bitwise_count(bits[start : start + 512, None] ^ bits[None, start:]).sum(-1, dtype=np.int16)
        for i, j in np.argwhere(distance <= DUPLICATE_BITS):
            if i < j:
                pairs.append((start + int(i), start + int(j)))
    return pairs


def cached(name: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    """What `make` gives, kept as a file of that name in `cache_dir` and mapped from there; whole or not there."""
    path = cache_dir() / f"{name}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npy")
        np.save(partial, make())
        partial.rename(path)
    array: NDArray[Any] = np.load(path, mmap_mode="r")
    return array


def _asirra_files(root: Path) -> list[str]:
    pictures = root / "PetImages"
    names = [
        f"{kind}/{number}"
        for kind in ("Cat", "Dog")
        for number in range(12_500)
        if (pictures / kind / f"{number}.jpg").exists()
    ]
    if len(names) < 24_000:
        raise DataMissingError(
            f"{pictures} holds {len(names)} of 25,000 Asirra photos; unpack Microsoft's cats-and-dogs archive there "
            "(PetImages/Cat/0.jpg ...), or name the folder that holds PetImages with --data"
        )
    return names


def _asirra_dropped(names: Sequence[str], paths: Sequence[Path]) -> list[str]:
    """Pictures that no figure may use: no animal on them, or a copy of one that comes earlier."""
    listing = cache_dir() / "asirra-dropped.json"
    if not listing.exists():
        listing.parent.mkdir(parents=True, exist_ok=True)
        pairs = duplicates(_load_pictures(paths, 16, 17))
        listing.write_text(json.dumps(sorted(ASIRRA_NOT_ANIMALS | {names[j] for _, j in pairs})))
    dropped: list[str] = json.loads(listing.read_text())
    return dropped


def asirra(root: Path, height: int, width: int, variant: str = "fixed") -> Dataset:
    """Cats and dogs (Asirra, Elson et al. 2007), without pictures of neither and without copies.

    `root` holds PetImages/{Cat,Dog}/N.jpg. Variant "fixed": train N < 9000, validation 9000 <= N < 10000,
    test N >= 10000. Variant "reports": the 8,000 / 2,000 split of two of the reports, train N = 1..4000 of each
    class (of which the last 400 are our validation), test N = 4001..5000; copies inside it are kept, as there.

    Raises:
        DataMissingError: the photos are not in `root`.
    """
    names = _asirra_files(root)
    paths = [root / "PetImages" / f"{name}.jpg" for name in names]
    images = cached(f"asirra-{height}x{width}", lambda: _load_pictures(paths, height, width))
    numbers = np.array([int(name.split("/")[1]) for name in names])
    classes = np.array([name.startswith("Dog") for name in names], np.int64)
    if variant == "fixed":
        keep = ~np.isin(names, _asirra_dropped(names, paths))
        bounds = ((0, 9_000), (9_000, 10_000), (10_000, 12_500))
        split = "train N < 9000, validation 9000 <= N < 10000, test N >= 10000"
    else:
        keep = np.ones(len(names), bool)
        bounds = ((1, 3_601), (3_601, 4_001), (4_001, 5_001))
        split = "train N = 1..3600, validation 3601..4000, test 4001..5000"

    everything = Part(images, classes, tuple(names))

    def part(first: int, end: int) -> Part:
        return everything[np.flatnonzero(keep & (numbers >= first) & (numbers < end))]

    train, validation, test = (part(*bound) for bound in bounds)
    return Dataset("Asirra cats and dogs", split, ("cat", "dog"), train, validation, test)


def sample(part: Part, count: int) -> Part:
    """The first `count` pictures of each class, for trials and tests."""
    rows = [np.flatnonzero(part.labels == label)[:count] for label in np.unique(part.labels)]
    return part[np.sort(np.concatenate(rows))]
