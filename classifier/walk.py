"""A folder as people and systems leave it: the files in it and below, without what is hidden or of the system."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from classifier.names import printable

# What systems put beside people's files, besides all whose names begin with a dot; compared without case.
_FOLDERS = frozenset({"__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found"})
_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
HIDDEN = "hidden or of the system"
# How many are named of what was left out for one reason.
_NAMED = 5


@dataclass(frozen=True)
class LeftOut:
    """Something in a folder that is not looked at, and why, in words that fit after its name."""

    name: str
    why: str


def walk(folder: str) -> Iterator[Path | LeftOut]:
    """The files in the folder, sorted, and then those in each folder below; what is left out stands in its place.

    Links to folders are followed, and each folder is read once however many links lead to it, so that none leads round
    in a circle. Everything that is hidden or of the system is left out as a whole.
    """
    seen: set[Path] = set()
    waiting = [Path(folder)]
    while waiting:
        place = waiting.pop()
        if (real := place.resolve()) in seen:
            continue
        seen.add(real)
        inner = []
        for entry in entries(place):
            if isinstance(entry, LeftOut) or entry.is_file():
                yield entry
            elif entry.is_dir():
                inner.append(entry)
            else:  # a pipe, say, would have its reader wait
                yield LeftOut(str(entry), "not a file" if entry.exists() else "a link to nothing")
        waiting += reversed(inner)


def entries(folder: Path) -> Iterator[Path | LeftOut]:
    """What is in the folder itself, sorted; what is hidden, of the system or cannot be read is left out."""
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield LeftOut(str(folder), f"cannot be read: {error.strerror}")
        return
    for entry in found:
        path = folder / entry.name
        yield LeftOut(str(path), HIDDEN) if of_system(entry.name, entry.is_dir()) else path


def of_system(name: str, is_folder: bool) -> bool:
    """Whether a file or folder of that name is hidden, or was put there by a system and not by a person."""
    return name.startswith(".") or name.casefold() in (_FOLDERS if is_folder else _FILES)


def sentences(left_out: Iterable[LeftOut]) -> Iterator[str]:
    """A sentence for each reason for which something was left out: the names of the first, and how many."""
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for entry in left_out:
        reasons[entry.why].append(printable(entry.name))
    for why, names in reasons.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"Left out, {why}: {', '.join(names[:_NAMED])}{more} ({len(names)} in all)."
