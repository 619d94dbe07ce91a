"""CIFAR-10 and CIFAR-100 (Krizhevsky 2009) from the pickled files of their official archives."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.data.part import Dataset, Part
from train.errors import DataMissingError

# Copies exist only of some pictures, where the archive was put together again; see `_copies`.
COPIES = "from_jpeg.json"
# All that these files are made of besides plain Python; the names are those of NumPy before 2.0.
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}


class _Unpickler(pickle.Unpickler):
    """Reads arrays, lists, numbers and text, and nothing that could run code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a CIFAR archive")
        return super().find_class(module, name)


def cifar10(root: Path) -> Dataset:
    """Ten things, 50,000 training and 10,000 test pictures. `root` holds cifar-10-batches-py/.

    Raises:
        DataMissingError: it does not, or its files are no pickled pictures.
    """
    folder = root / "cifar-10-batches-py"
    train = _part(folder, [f"data_batch_{number}" for number in range(1, 6)], b"labels")
    return _dataset("CIFAR-10", folder, train, _part(folder, ["test_batch"], b"labels"), "batches.meta", b"label_names")


def cifar100(root: Path) -> Dataset:
    """A hundred things, 50,000 training and 10,000 test pictures. `root` holds cifar-100-python/.

    Raises:
        DataMissingError: it does not, or its files are no pickled pictures.
    """
    folder = root / "cifar-100-python"
    train, test = (_part(folder, [name], b"fine_labels") for name in ("train", "test"))
    return _dataset("CIFAR-100", folder, train, test, "meta", b"fine_label_names")


def _dataset(name: str, folder: Path, official: Part, test: Part, meta: str, names: bytes) -> Dataset:
    labels = tuple(text.decode() for text in _read(folder / meta)[names])
    last_tenth = np.zeros(len(official), bool)
    for label in range(len(labels)):
        rows = np.flatnonzero(official.labels == label)
        last_tenth[rows[len(rows) * 9 // 10 :]] = True
    train, validation = (official[np.flatnonzero(rows)] for rows in (~last_tenth, last_tenth))
    split = "official; of the training pictures the last tenth of each class for validation"
    return Dataset(name, split, labels, train, validation, test, folder.parent, _copies(folder, official, test))


def _read(path: Path) -> dict[bytes, Any]:
    try:
        with path.open("rb") as file:
            content: dict[bytes, Any] = _Unpickler(file, encoding="bytes").load()
    except FileNotFoundError:
        raise DataMissingError(
            f"{path} is missing; unpack {path.parent.name.replace('-batches-py', '-python')}.tar.gz from "
            "https://www.cs.toronto.edu/~kriz/cifar.html, or name the folder that holds "
            f"{path.parent.name} with --data"
        ) from None
    except (pickle.UnpicklingError, EOFError) as error:
        raise DataMissingError(f"{path} cannot be read ({error}); unpack the archive again") from None
    return content


def _part(folder: Path, files: list[str], labels: bytes) -> Part:
    batches = [_read(folder / name) for name in files]
    planes: NDArray[np.uint8] = np.concatenate([batch[b"data"] for batch in batches])
    return Part(
        np.ascontiguousarray(planes.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)),
        np.concatenate([batch[labels] for batch in batches]).astype(np.int64),
        tuple(key.decode() for batch in batches for key in batch[b"filenames"]),
    )


def _copies(folder: Path, train: Part, test: Part) -> tuple[str, ...]:
    """The pictures that are no exact ones, as a file beside the archive lists them by number: train, test."""
    listing = folder / COPIES
    if not listing.exists():
        return ()
    rows: dict[str, list[int]] = json.loads(listing.read_text())
    return tuple(f"{part} {of.keys[row]}" for part, of in (("train", train), ("test", test)) for row in rows[part])
