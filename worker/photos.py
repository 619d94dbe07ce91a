"""The photos of one call, worked on within its bounds: one answer for each, an error dict in place of a bad one."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from classifier.errors import BadRequestError, TimedOutError, TooLargeError
from worker.gate import Gate
from worker.record import Record
from worker.refusal import refusal
from worker.settings import Settings
from worker.upload import bytes_of, size_of

# A call that waits longer than this for its turn is refused as busy, as one past the bound is at once.
LONGEST_WAIT_S = 1.5
# Bytes that a form may have around its photo, and times CLASSIFIER_MAX_UPLOAD_MB that a list may bring in all.
_FORM_BYTES = 64 * 1024
_LIST_UPLOADS = 5


def check_list(files: object, settings: Settings) -> list[Any]:
    """The files of a call that brings a list. Raises BadRequestError."""
    if not isinstance(files, list):
        raise BadRequestError("files must be a list of Media objects.")
    if len(files) > settings.max_files:
        raise BadRequestError(f"{len(files)} photos in one call; the limit is {settings.max_files}.")
    return files


def answer_each(
    record: Record, files: Sequence[Any], gate: Gate, settings: Settings, answer: Callable[[bytes], dict[str, Any]]
) -> list[dict[str, Any]]:
    """What `answer` says of each photo. Raises BusyError, TooLargeError."""
    record.photos = len(files)
    check_size(files, settings)
    timeout = settings.call_timeout_s
    answers: list[dict[str, Any]] = []
    with gate.turn(min(timeout, LONGEST_WAIT_S)):
        for file in files:
            try:
                if monotonic() - record.started > timeout:
                    raise TimedOutError(f"The call ran out of its {timeout:g} s. Send fewer photos at a time.")
                data = bytes_of(file)
                record.bytes += len(data)
                answers.append(answer(data))
            except Exception as error:
                answers.append(refusal(error))
                record.refused[answers[-1]["error"]["type"]] += 1
    return answers


def check_size(files: Sequence[Any], settings: Settings) -> None:
    """Refuse what is too large before it waits for its turn: the library holds all of it in memory by now."""
    most = settings.classifier.max_upload_mb * (1 if len(files) == 1 else _LIST_UPLOADS)
    if sum(map(size_of, files)) > most * 2**20 + _FORM_BYTES:
        raise TooLargeError(f"The call brings more than {most:g} MB. Send a smaller copy, or fewer photos at a time.")
