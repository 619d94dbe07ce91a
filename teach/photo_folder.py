"""A folder of class folders, as people and systems leave them: which files are photos of what, and what is left out."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from classifier.errors import BadRequestError
from classifier.walk import LeftOut, entries, walk
from teach.examples import NONE, check_label

# How people call the parts of a data set; compared without case.
_SPLITS = frozenset({"train", "training", "val", "valid", "validation", "dev", "test", "testing", "eval"})


@dataclass
class Found:
    """The files of each label, in order, and what is left out: shown names with the reason."""

    files: list[tuple[str, Path]] = field(default_factory=list)  # label, file
    left_out: list[tuple[str, str]] = field(default_factory=list)
    split: list[str] = field(default_factory=list)  # the names of the folders of a split, which are read together


def look(root: Path, none: Path | None = None) -> Found:
    """The photos under `root`, a folder for each label, and those of none of the labels under `none`.

    What a file is, its content will tell: any name will do. A folder called none, or none of these, is no label.
    Raises BadRequestError for a folder that cannot be read, a split that is none, and labels that no model can have.
    """
    found = Found()
    _check(root)
    tops = _class_folders(root, found)
    labels: dict[str, str] = {}
    for top in tops:
        label = check_label(top.name)
        if label != NONE and labels.setdefault(label.casefold(), label) != label:
            raise BadRequestError(
                f"The folders {labels[label.casefold()]!r} and {label!r} differ by case only. Rename or join them."
            )
        _add_files(top, root, label, found)
    if none is not None:
        add_none(none, found)
    return found


def add_none(folder: Path, found: Found) -> None:
    """Add the photos of a folder that are of none of the labels. Raises BadRequestError where it cannot be read."""
    _check(folder)
    _add_files(folder, folder.parent, NONE, found)


def _check(folder: Path) -> None:
    if not folder.exists():
        raise BadRequestError(f"There is no folder {str(folder)!r}.")
    if not folder.is_dir():
        raise BadRequestError(f"{str(folder)!r} is a file. Name the folder that holds a folder for each label.")
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise BadRequestError(f"The folder {str(folder)!r} cannot be read: {error.strerror}.") from error


def _class_folders(root: Path, found: Found) -> list[Path]:
    """The folders of labels; those inside the parts of a split, where there is one."""
    folders = _folders(root, root, found)
    splits = [folder for folder in folders if folder.name.casefold() in _SPLITS and _has_folders(folder)]
    flat = [folder for folder in folders if folder.name.casefold() in _SPLITS and folder not in splits]
    if not splits:
        if len(flat) > 1:
            names = ", ".join(folder.name for folder in flat)
            raise BadRequestError(
                f"{names}: these are parts of a data set, not labels. Name folders after what is on the photos."
            )
        return folders
    others = [folder.name for folder in folders if folder not in splits and folder not in flat]
    if others:
        raise BadRequestError(
            f"{splits[0].name} is the name of a part of a data set, but {others[0]} stands beside it. Move the folders "
            f"of labels out of {splits[0].name}, or name {splits[0].name} alone: {str(splits[0])!r}."
        )
    found.left_out += [(f"{folder.name}/", "its photos have no label") for folder in flat]
    found.split = [folder.name for folder in splits]
    return [inner for folder in splits for inner in _folders(folder, root, found)]


def _has_folders(folder: Path) -> bool:
    return bool(_folders(folder, folder, Found()))


def _folders(folder: Path, root: Path, found: Found) -> list[Path]:
    """The folders in one, sorted, without those of the system; files in it belong to no label."""
    inner = []
    for entry in entries(folder):
        if isinstance(entry, LeftOut):
            found.left_out.append((shown(Path(entry.name), root), entry.why))
        elif entry.is_dir():
            inner.append(entry)
        else:
            found.left_out.append((shown(entry, root), "not in the folder of a label"))
    return inner


def _add_files(folder: Path, root: Path, label: str, found: Found) -> None:
    for entry in walk(str(folder)):
        if isinstance(entry, LeftOut):
            found.left_out.append((shown(Path(entry.name), root), entry.why))
        else:
            found.files.append((label, entry))


def shown(file: Path, root: Path) -> str:
    """A file as a person knows it who has named the folder `root`."""
    return str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
