"""What was named on a command line, as photos: files, folders, patterns, and - for standard input."""

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import BadRequestError, TooLargeError
from classifier.photo import SUFFIXES

STDIN = "-"


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
        try:
            data = _read_file(self.name, most) if self.data is None else self.data
        except OSError as error:
            raise BadRequestError(f"The file cannot be read: {error.strerror}.") from error
        if len(data) > most:
            raise TooLargeError(f"The file has more than {most / 2**20:g} MB. Use a smaller copy.")
        return data


def expand(words: Iterable[str], most: int) -> list[Source]:
    """The photos that the words name, in their order; `most` bytes of each may be read.

    A folder stands for the pictures in it and below, told by their names, sorted; a pattern (*, ?, [...], ** for any
    folders) for what it matches, sorted. A word that names nothing is a Source with its trouble.
    """
    return [source for word in words for source in _sources(word, most)]


def _sources(word: str, most: int) -> Iterator[Source]:
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


def _folder(folder: str) -> Iterator[Source]:
    empty = True
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(parent, name)
            if file.suffix.lower() in SUFFIXES:
                empty = False
                yield Source(str(file))
    if empty:
        yield Source(folder, trouble=f"The folder holds no pictures ({', '.join(sorted(SUFFIXES))}).")


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
