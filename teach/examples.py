"""Labelled photos as a table: what a head is fitted to, and what is kept beside it for the next time."""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from classifier.errors import BadRequestError, ModelError
from teach.embedding import HASH_BYTES, Embedding

# Beside the head in the model's folder. A worker does not read it.
EXAMPLES_FILE = "examples.npz"
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
    features: NDArray[np.float16]  # [N, 1280]
    hashes: NDArray[np.uint64]  # [N, 4]
    names: tuple[str, ...]
    corrected: tuple[str, ...]

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Self:
        """The table of these. Raises BadRequestError for labels that no model can have."""
        labels = tuple(sorted({example.label for example in examples} - {NONE}))
        check_count(set(labels))
        ordered = sorted(examples, key=lambda one: (one.label, one.embedding.hash, one.embedding.features.tobytes()))
        rows = {label: row for row, label in enumerate(labels)} | {NONE: len(labels)}
        hashes = b"".join(example.embedding.hash for example in ordered)
        return cls(
            labels,
            np.array([rows[example.label] for example in ordered], np.int64),
            np.stack([example.embedding.features for example in ordered]) if ordered else np.zeros((0, 0), np.float16),
            np.frombuffer(hashes, np.uint64).reshape(len(ordered), HASH_BYTES // 8),
            tuple(example.name for example in ordered),
            tuple(example.corrected for example in ordered),
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

    def without(self, rows: set[int]) -> Self:
        """The table without these rows. The labels stay."""
        keep = [row for row in range(len(self)) if row not in rows]
        return replace(
            self,
            truth=self.truth[keep],
            features=self.features[keep],
            hashes=self.hashes[keep],
            names=tuple(self.names[row] for row in keep),
            corrected=tuple(self.corrected[row] for row in keep),
        )

    def rows(self) -> list[Example]:
        """The photos one by one."""
        return [
            Example(
                self.label(row),
                self.names[row],
                Embedding(self.features[row], self.hashes[row].tobytes()),
                self.corrected[row],
            )
            for row in range(len(self))
        ]

    def write(self, folder: Path) -> None:
        """Write the table into the folder of a model."""
        with (folder / EXAMPLES_FILE).open("wb") as file:
            np.savez(
                file,
                labels=_texts(self.labels),
                truth=self.truth,
                features=self.features,
                hashes=self.hashes,
                names=_texts(self.names),
                corrected=_texts(self.corrected),
            )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The table in the folder of a model. Raises ModelError where there is none, or a damaged one."""
        try:
            with np.load(io.BytesIO((folder / EXAMPLES_FILE).read_bytes()), allow_pickle=False) as arrays:
                found = cls(
                    _words(arrays["labels"]),
                    arrays["truth"].astype(np.int64),
                    arrays["features"].astype(np.float16),
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
