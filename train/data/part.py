"""Pictures: one part of a split, and a data set of three."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Part:
    """One part of a split: images uint8 (N, H, W, 3), labels int64 (N,), and the name of each picture.

    The images may be mapped from a file; an excerpt, and two parts together, are in memory.
    """

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

    @cached_property
    def digest(self) -> str:
        """SHA-256 of pictures and labels, in hexadecimal: the same pictures, whatever their files are called."""
        found = hashlib.sha256(repr(self.images.shape).encode())
        found.update(np.ascontiguousarray(self.images).data)
        found.update(np.ascontiguousarray(self.labels).data)
        return found.hexdigest()


@dataclass(frozen=True)
class Dataset:
    """A data set with its fixed split; `split` says in words which picture went where."""

    name: str
    split: str
    labels: tuple[str, ...]
    train: Part
    validation: Part
    test: Part
    root: Path  # the folder it was read from
    copies: tuple[str, ...] = ()  # pictures that are only JPEG copies of the exact ones
    files: tuple[Path, ...] = ()  # of the test pictures, where there are any
    none: Part | None = None  # pictures of none of the classes to learn from, labelled one beyond them
    held_out_none: Part | None = None  # others of that kind, not learned from

    @property
    def pictures(self) -> Part:
        """All pictures to learn from."""
        return self.train + self.none if self.none else self.train
