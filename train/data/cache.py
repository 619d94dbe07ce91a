"""What takes minutes to make and is kept outside the source tree: decoded pictures, copies found, lessons, runs."""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def cache_dir() -> Path:
    """The folder: CACHE_DIR, or one in the user's cache."""
    return Path(os.environ.get("CACHE_DIR") or Path.home() / ".cache" / "uplink-image-classifier")


def run_dir(name: str) -> Path:
    """Where the training of that name keeps its checkpoints, curves and network."""
    return cache_dir() / "runs" / name


def identity(paths: Iterable[Path]) -> str:
    """A digest of the files' places, sizes and times of change, so that another file never counts as the same."""
    found = hashlib.sha256()
    for path in paths:
        state = path.stat()
        found.update(f"{path.absolute()}\0{state.st_size}\0{state.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return found.hexdigest()


def cached(name: str, made_of: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    """What `make` gives, kept as a file and mapped from there; whole or not there.

    `made_of` says what it is made of. Of each `name` the latest is kept: the cache does not grow with every folder
    that is tried.
    """
    return kept(name, made_of, lambda path: np.save(path, make()))


def kept(name: str, made_of: str, write: Callable[[Path], None]) -> NDArray[Any]:
    """As `cached`, for what is larger than the memory: `write` leaves the array in the .npy file that it gets."""
    path = cache_dir() / f"{name}.{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npy")
        write(partial)
        for older in path.parent.glob(f"{name}.*.npy"):
            if older != partial:
                older.unlink()
        partial.rename(path)
    array: NDArray[Any] = np.load(path, mmap_mode="r")
    return array
