"""Labelled photos as a table: what a head is fitted to, and what is kept beside it for the next time."""

import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from classifier.errors import BadRequestError, ModelError
from teach.embedding import HASH_BYTES, Embedding
from teach.features import BLOCK, Features

# Beside the head in the model's folder. A worker does not read it.
EXAMPLES_FILE = "examples.npz"
_FEATURES = "features.npy"  # in it
# How a model calls what is none of its labels, and how people call the folder of it.
NONE = "none of these"
_NONE_TOO = {"none", NONE}
_LONGEST_LABEL = 200
MOST_LABELS = 1000
FEWEST = 3  # photos of a label; with fewer, none could be held out and two be left to learn from


class Example(NamedTuple):
    """One labelled photo."""

    label: str  # NONE for a photo of none of the labels
    name: str  # as the person who teaches knows it
    embedding: Embedding
    corrected: str = ""  # the day on which somebody said that the answer was wrong, ISO 8601


@dataclass(frozen=True)
class Examples:
    """N labelled photos, in an order that does not depend on the one in which they came."""

    labels: tuple[str, ...]  # the model's own, sorted
    truth: NDArray[np.int64]  # [N], rows of `labels`; len(labels) for none of them
    features: Features  # [N, 1280]
    hashes: NDArray[np.uint64]  # [N, 4]
    names: tuple[str, ...]
    corrected: tuple[str, ...]

    @classmethod
    def of(cls, examples: Iterable[Example]) -> Self:
        """The table of these, which may be any number. Raises BadRequestError for labels that no model can have."""
        given: list[str] = []
        names: list[str] = []
        corrected: list[str] = []
        hashes = bytearray()

        def features() -> Iterator[NDArray[np.float16]]:
            for example in examples:
                given.append(example.label)
                names.append(example.name)
                corrected.append(example.corrected)
                hashes.extend(example.embedding.hash)
                yield example.embedding.features[None]

        kept = Features(features())
        check_count(set(given))
        labels = tuple(sorted(set(given) - {NONE}))
        rows = {label: row for row, label in enumerate((*labels, NONE))}
        words = np.frombuffer(hashes, np.uint64).reshape(len(names), HASH_BYTES // 8)
        order = _order(given, words, kept)
        return cls(
            labels,
            np.array([rows[given[row]] for row in order], np.int64),
            kept.take(order),
            words[order],
            tuple(names[row] for row in order),
            tuple(corrected[row] for row in order),
        )

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def own(self) -> NDArray[np.bool_]:
        """Which photos are of one of the labels."""
        return self.truth < len(self.labels)

    def counts(self) -> NDArray[np.int64]:
        """Photos of each label, and at the end of none of them."""
        return np.bincount(self.truth, minlength=len(self.labels) + 1)

    def label(self, row: int) -> str:
        """The label of one photo, NONE for none."""
        return (*self.labels, NONE)[int(self.truth[row])]

    def __iter__(self) -> Iterator[Example]:
        """The photos one by one."""
        for start in range(0, len(self), BLOCK):
            for row, features in enumerate(self.features[start : start + BLOCK], start):
                embedding = Embedding(features, self.hashes[row].tobytes())
                yield Example(self.label(row), self.names[row], embedding, self.corrected[row])

    def without(self, rows: set[int]) -> Self:
        """The table without these rows. The labels stay."""
        if not rows:
            return self
        keep = np.setdiff1d(np.arange(len(self)), np.fromiter(rows, np.int64))
        return replace(
            self,
            truth=self.truth[keep],
            features=self.features.take(keep),
            hashes=self.hashes[keep],
            names=tuple(self.names[row] for row in keep),
            corrected=tuple(self.corrected[row] for row in keep),
        )

    def write(self, folder: Path) -> None:
        """Write the table into the folder of a model."""
        np.savez(
            folder / EXAMPLES_FILE,
            labels=_texts(self.labels),
            truth=self.truth,
            hashes=self.hashes,
            names=_texts(self.names),
            corrected=_texts(self.corrected),
        )
        archive = zipfile.ZipFile(folder / EXAMPLES_FILE, "a")
        with archive, archive.open(_FEATURES, "w", force_zip64=True) as file:
            self.features.write(file)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The table in the folder of a model. Raises ModelError where there is none, or a damaged one."""
        try:
            with (
                (folder / EXAMPLES_FILE).open("rb") as file,
                np.load(file, allow_pickle=False) as arrays,
                arrays.zip.open(_FEATURES) as features,
            ):
                found = cls(
                    _words(arrays["labels"]),
                    arrays["truth"].astype(np.int64),
                    Features.read(features),
                    arrays["hashes"].astype(np.uint64),
                    _words(arrays["names"]),
                    _words(arrays["corrected"]),
                )
        except FileNotFoundError:
            raise ModelError(f"Model {folder.name} keeps no examples, so it cannot be taught further.") from None
        except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(f"Model {folder.name}: {EXAMPLES_FILE} cannot be read: {error}.") from error
        count = len(found.truth)
        lengths = {len(found.features), len(found.hashes), len(found.names), len(found.corrected)}
        if (
            lengths != {count}
            or found.hashes.shape[1:] != (HASH_BYTES // 8,)
            or (found.truth > len(found.labels)).any()
        ):
            raise ModelError(f"Model {folder.name}: {EXAMPLES_FILE} is not a table of examples.")
        return found


def _order(labels: Sequence[str], hashes: NDArray[np.uint64], features: Features) -> NDArray[np.int64]:
    """Rows by label, then hash, then features: an order that does not depend on the one in which they came."""
    ranks = {label: rank for rank, label in enumerate(sorted(set(labels)))}
    keys = [np.array([ranks[label] for label in labels], np.int64), *hashes.view(">u8").astype(np.uint64).T]
    order = np.lexsort(keys[::-1])
    alike = np.ones(max(0, len(order) - 1), np.bool_)
    for key in keys:
        alike &= key[order[1:]] == key[order[:-1]]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], alike, [False]])))
    for start, end in edges.reshape(-1, 2).tolist():
        rows = order[start : end + 1]
        packed = [block.tobytes() for block in features.rows(rows)]
        order[start : end + 1] = rows[sorted(range(len(rows)), key=packed.__getitem__)]
    return order


def check_count(labels: set[str]) -> None:
    """Raise BadRequestError where there are more labels than a model may have."""
    count = len(labels - {NONE})
    if count > MOST_LABELS:
        raise BadRequestError(f"There are {count} labels; at most {MOST_LABELS} are possible.", "many")


def check_label(label: str) -> str:
    """A label as a model will have it, composed (NFC); NONE for what people call none of the labels.

    Raises BadRequestError for one that is empty, too long, or holds what cannot be shown.
    """
    text = unicodedata.normalize("NFC", label).strip()
    if any(unicodedata.category(sign) == "Cs" for sign in text):
        raise BadRequestError(f"The label {label!a} is not UTF-8. Rename its folder.")
    if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in text):
        raise BadRequestError(f"The label {label!a} holds a line break or control character. Choose another.", "label")
    if not 0 < len(text) <= _LONGEST_LABEL:
        raise BadRequestError(f"A label of {len(text)} characters: it needs 1 to {_LONGEST_LABEL}.", "label")
    return NONE if text.casefold() in _NONE_TOO else text


def _texts(words: Sequence[str]) -> NDArray[np.uint8]:
    """Texts as bytes: NumPy's own texts take the room of the longest for each, and lose zeros at their end."""
    return np.frombuffer("\0".join(words).encode("utf-8", "surrogateescape") + b"\0", np.uint8)


def _words(data: NDArray[np.uint8]) -> tuple[str, ...]:
    text = data.tobytes().decode("utf-8", "surrogateescape")
    return tuple(text[:-1].split("\0"))
