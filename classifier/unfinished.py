"""A table in a file that grows row by row, and is continued where it ended."""

import csv
from pathlib import Path

from classifier.errors import BadRequestError
from classifier.output import COLUMNS


class Unfinished:
    """The rows that a file of an earlier run has."""

    def __init__(self, file: Path, model: str) -> None:
        """Read the file, which need not be there; a last row that was not written whole is cut off.

        Raises BadRequestError for a file that cannot be read or written, that is no such table, or that has answers of
        another model.
        """
        self.names: set[str] = set()
        try:
            with file.open("a+b") as opened:
                opened.seek(0)
                data = opened.read()
                whole = data[: data.rfind(b"\n") + 1]
                rows = list(csv.reader(whole.decode().splitlines()))
                _check(file, data, rows, model)
                opened.truncate(len(whole))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not a table"
            raise BadRequestError(f"{file} cannot be continued: {why}.") from error
        self.begun = bool(rows)
        self.names.update(row[0] for row in rows[1:])


def _check(file: Path, data: bytes, rows: list[list[str]], model: str) -> None:
    head = ",".join(COLUMNS).encode()
    if not (data.startswith(head) or head.startswith(data)) or any(len(row) != len(COLUMNS) for row in rows):
        raise BadRequestError(f"{file} is not a table that classify --resume has begun. Name another file.")
    others = {row[4] for row in rows[1:]} - {"", model}
    if others:
        raise BadRequestError(
            f"{file} has answers of {min(others)}. Continue it with --model {min(others)}, or name another file."
        )
