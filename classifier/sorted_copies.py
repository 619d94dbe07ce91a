"""Copies of photos in a folder for each label, those that the model is unsure of apart."""

import filecmp
import shutil
from pathlib import Path
from typing import Any

from classifier.errors import BadRequestError
from classifier.names import Names
from classifier.sources import STDIN, Source

UNSURE = "unsure"


class SortedCopies:
    """Copies each photo as it is answered; the photos themselves stay where they are."""

    def __init__(self, folder: Path) -> None:
        """Make the folder. Raises BadRequestError where it cannot be made."""
        self._folder = folder
        self._names: dict[str, Names] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadRequestError(f"The folder to sort into cannot be made: {error.strerror}.") from error

    def add(self, source: Source, answer: dict[str, Any]) -> None:
        """Copy the photo to the folder of its answer; a refused one is not copied.

        Nothing is overwritten: where the name is taken the copy is numbered, and what is already there, because the
        command was given before, is not copied again. Raises BadRequestError where it cannot be written.
        """
        if "error" in answer:
            return
        label = UNSURE if answer["unsure"] else _folder_name(answer["label"])
        names = self._names.setdefault(label, Names())
        original = Path("stdin" if source.name == STDIN else source.name)
        place = self._folder / label / names.free(original.stem, original.suffix)
        try:
            while place.exists():
                if _same(source, original, place):
                    return
                place = place.with_name(names.free(original.stem, original.suffix))
            _copy(source, original, place)
        except OSError as error:
            raise BadRequestError(f"{place} cannot be written: {error.strerror}.") from error


def _same(source: Source, original: Path, place: Path) -> bool:
    if source.data is None:
        return filecmp.cmp(original, place, shallow=False)
    return source.data == place.read_bytes()


def _copy(source: Source, original: Path, place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    beside = place.with_name(f".{place.name}.part")
    try:
        if source.data is None:
            shutil.copy2(original, beside)
        else:
            beside.write_bytes(source.data)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _folder_name(label: str) -> str:
    """The label as the name of a folder."""
    name = "".join("_" if sign in '/\\\0<>:"|?*' else sign for sign in label).strip(" .")
    return name or "_"
