"""What was named on a command line, as photos: files, folders, patterns, and - for standard input."""

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import BadRequestError, NotAPhotoError, TooLargeError, UnsupportedFormatError
from classifier.formats import SUFFIXES, format_of
from classifier.photo_like import read_photo
from classifier.walk import LeftOut, walk

STDIN = "-"
# Enough of a file to tell what it is.
_BEGINNING = 2048


@dataclass(frozen=True)
class Source:
    """One photo to be read, or why there is none. Small, so that many thousands of them take little memory."""

    name: str  # as the answer calls it
    data: bytes | None = None  # already read: what only this process can read
    trouble: str | None = None

    def read(self, most: int) -> bytes:
        """The content; a file of more than `most` bytes is not read whole.

        Raises BadRequestError where it cannot be read, TooLargeError.
        """
        if self.trouble is not None:
            raise BadRequestError(self.trouble)
        if self.data is None:
            return read_photo(Path(self.name), most)
        if len(self.data) > most:
            raise TooLargeError(f"The file has more than {most / 2**20:g} MB. Use a smaller copy.")
        return self.data


def expand(words: Iterable[str], most: int) -> tuple[list[Source], list[LeftOut]]:
    """The photos that the words name, in their order, and what was left out; `most` bytes of each may be read.

    A folder stands for the photos in it and below, sorted: what is named like one, and what its first bytes show to be
    one. A pattern (*, ?, [...], ** for any folders) stands for what it matches, sorted. A word that names nothing is a
    Source with its trouble.
    """
    found = [source for word in words for source in _sources(word, most)]
    return [entry for entry in found if isinstance(entry, Source)], [
        entry for entry in found if isinstance(entry, LeftOut)
    ]


def _sources(word: str, most: int) -> Iterator[Source | LeftOut]:
    if word == STDIN:
        yield Source(word, sys.stdin.buffer.read(most + 1))
        return
    if not word:  # Path would take it for the folder one is in
        yield Source(word, trouble="The name is empty: a variable that is not set, perhaps.")
        return
    found = [word]
    if glob.has_magic(word) and not os.path.lexists(word):
        found = sorted(glob.glob(word, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not found:
            yield Source(word, trouble="Nothing matches this pattern.")
    for name in found:
        yield from _folder(name) if Path(name).is_dir() else [_file(name, most)]


def photos_in(folder: str) -> Iterator[Path | LeftOut]:
    """The photos in a folder and below, sorted, and what is left out: a photo is named or begins like one."""
    for entry in walk(folder):
        why = _no_photo(entry) if isinstance(entry, Path) else None
        yield LeftOut(str(entry), why) if why else entry


def _folder(folder: str) -> Iterator[Source | LeftOut]:
    empty = True
    for entry in photos_in(folder):
        empty &= isinstance(entry, LeftOut)
        yield entry if isinstance(entry, LeftOut) else Source(str(entry))
    if empty:
        yield Source(folder, trouble="The folder holds no photos.")


def _no_photo(file: Path) -> str | None:
    """Why the file is no photo; None where it is one."""
    if file.suffix.lower() in SUFFIXES:
        return None
    try:
        with file.open("rb") as opened:
            format_of(opened.read(_BEGINNING))
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except UnsupportedFormatError as error:
        return str(error).partition(". ")[0]
    except NotAPhotoError:
        return "not a photo"
    return None


def _file(name: str, most: int) -> Source:
    # A pipe, as in classify <(curl ...), is open in this process only.
    if not Path(name).is_fifo():
        return Source(name)
    try:
        return Source(name, _read_file(name, most))
    except OSError as error:
        return Source(name, trouble=f"The file cannot be read: {error.strerror}.")


def _read_file(name: str, most: int) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(most + 1)
