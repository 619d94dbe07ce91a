"""A model is put on the shelf whole or not at all, whatever happens meanwhile.

Its files are written into a hidden folder beside its place, checked, flushed to the disk, and that folder is renamed. A
model of the same name stays until then: it is renamed aside, where the shelf still finds it under its name, so that
even a process that is killed between the two renames leaves one of them whole.
"""

import errno
import os
import shutil
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from classifier.card import read_card
from classifier.errors import BadRequestError, ModelError
from classifier.shelf import ASIDE, HIDDEN, SHIPPED, has_card

_NEW = ".new."
_LONGEST = 200
# What file systems take for one name, less what a name gets in front while it is written or put aside.
_MOST_BYTES = 255 - 16
# Two writers of one name take turns within a few renames; more than this is no accident.
_TRIES = 20
# A folder of a writer that has not come so far for this long is of one that was killed.
_LEFT_S = 24 * 3600
_NO_NAME = '/\\<>:"|?*' if sys.platform == "win32" else "/\\"


def check_name(name: str, shelf: Path, replace: bool = False) -> str:
    """The name as an own model will have it: free text, composed (NFC). To be asked before any work is done.

    Raises BadRequestError for a name that a folder cannot have, that of a shipped model, and one that is taken on
    `shelf` unless the model there is to be replaced.
    """
    name = unicodedata.normalize("NFC", name)
    trouble = _trouble(name)
    if trouble:
        raise BadRequestError(f"The model cannot be called {name[:80]!r}: {trouble}. Choose another name.", "name")
    if (SHIPPED / name).exists():
        raise BadRequestError(
            f"{name!r} is the name of a model that comes with the project. Choose another name.", "taken"
        )
    _check_free(name, shelf, replace)
    return name


def check_writable(shelf: Path) -> None:
    """Raise ModelError where no model could be written to `shelf`, which is made where it is missing."""
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=shelf):
            pass
    except OSError as error:
        raise ModelError(
            f"Models cannot be written to {shelf} ({error.strerror}). Choose another folder: --models, or "
            "CLASSIFIER_MODELS_DIR."
        ) from error


@contextmanager
def new_model(shelf: Path, name: str, replace: bool = False) -> Iterator[Path]:
    """A folder to write the model's files into; when the block ends without an error the model is on the shelf.

    The folder `shelf` is made where it is missing. Raises BadRequestError for a name that is taken, unless the model is
    to be replaced, and ModelError where what was written is not a model, or cannot be written or moved into place. Then
    the shelf is as it was before.
    """
    _check_free(name, shelf, replace)
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_NEW, suffix=f".{name}", dir=shelf))
    except OSError as error:
        raise _unwritten(name, error) from error
    try:
        yield folder
        read_card(folder, name).check_digests()
        folder.chmod(0o755)  # mkdtemp's is the writer's alone, and a worker may be another user
        _flush(folder)
        _move(folder, shelf, name, replace)
        _clear(shelf, name)
    except OSError as error:
        raise _unwritten(name, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _trouble(name: str) -> str | None:
    if not name.strip() or name != name.strip():
        return "it is empty, or begins or ends with a space"
    if name.startswith(HIDDEN):
        return "folders whose name begins with a dot are hidden"
    if any(sign in _NO_NAME or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in name):
        return "it holds a slash, a line break or another character that no folder can have"
    if len(name) > _LONGEST or len(name.encode()) > _MOST_BYTES:
        return f"it has {len(name)} characters, {len(name.encode())} bytes; at most {_LONGEST}, and {_MOST_BYTES} fit"
    return None


def _check_free(name: str, shelf: Path, replace: bool) -> None:
    place = shelf / name
    try:
        seen = place.stat()
        if not replace:
            raise BadRequestError(
                f"There is a model called {name!r} already. Choose another name, or replace it.", "taken"
            )
        # A model that another writer puts aside just now is not there to have a card.
        if not has_card(place) and os.path.samestat(place.stat(), seen):
            raise BadRequestError(f"There is a folder called {name!r} that is no model. Choose another name.", "taken")
    except (FileNotFoundError, NotADirectoryError):
        return


def _flush(folder: Path) -> None:
    """Have the system write files and names to the disk, so that no power cut leaves empty ones."""
    for place in [*folder.rglob("*"), folder]:
        if place.is_file():
            with place.open("rb+") as file:
                os.fsync(file.fileno())
        elif sys.platform != "win32":  # which has no such thing
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _move(folder: Path, shelf: Path, name: str, replace: bool) -> None:
    """Rename the folder into its place, and what is there aside."""
    place = shelf / name
    for turn in range(_TRIES):
        aside = shelf / f"{ASIDE}{folder.name.split('.')[2]}{turn}.{name}"
        if replace:
            with suppress(FileNotFoundError):
                place.rename(aside)
        try:
            folder.rename(place)
        except OSError as error:
            # Another writer was quicker. Its model may be aside already, for a third one.
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST) or place.exists():
                _check_free(name, shelf, replace)
                continue
            with suppress(OSError):
                aside.rename(place)
            raise
        return
    raise ModelError(f"Model {name}: another program keeps writing it. Try again.")


def _clear(shelf: Path, name: str) -> None:
    """Remove what was put aside for this model, and what writers that were killed have left."""
    for left in shelf.glob(f"{HIDDEN}*"):
        with suppress(FileNotFoundError):  # another writer's, who was quicker
            aside = left.name.startswith(ASIDE) and left.name.removeprefix(ASIDE).partition(".")[2] == name
            if aside or (left.name.startswith(_NEW) and left.stat().st_mtime < time.time() - _LEFT_S):
                shutil.rmtree(left, ignore_errors=True)


def _unwritten(name: str, error: OSError) -> ModelError:
    return ModelError(
        f"Model {name} cannot be written: {error.strerror}. Free some space, or choose a folder you may write to "
        "(CLASSIFIER_MODELS_DIR). The shelf is as it was."
    )
