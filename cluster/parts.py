"""The answers as a folder of Parquet files, the parts, each of which is there whole or not at all."""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

import pyarrow as pa
from pyarrow import parquet
from pyarrow.dataset import Dataset, dataset
from pyarrow.fs import FileSelector, FileType

from classifier.errors import BadRequestError
from cluster.places import place, storage_troubles

SCHEMA = pa.schema(
    {
        "path": pa.string(),
        "label": pa.string(),
        "confidence": pa.float32(),
        "unsure": pa.bool_(),
        "probabilities": pa.map_(pa.string(), pa.float32()),
        "model": pa.string(),
        "digest": pa.string(),  # SHA-256 of the model's card, which has those of its files
        "error": pa.string(),
        "warning": pa.string(),
    }
)
# Which run may add parts. Readers of tables overlook names that begin with a line below or a dot.
_RUN = "_run"
_UNDER_WAY = ".part-"


class OvertakenError(Exception):
    """Another run goes on with the table, so that this one must add nothing more."""


@dataclass(frozen=True)
class Table:
    """A folder of parts, and which run is writing to it."""

    out: str
    run: str

    @classmethod
    def begin(cls, out: str, resume: bool) -> Self:
        """Make the folder, and take it over from a run that has ended or may still be about to end.

        Raises BadRequestError where the folder has answers and is not to be continued, or cannot be written.
        """
        filesystem, folder = place(out)
        table = cls(out, uuid4().hex[:8])
        with storage_troubles(out):
            filesystem.create_dir(folder)
            if table._parts() and not resume:
                raise BadRequestError(f"{out} has answers already. Continue it with --resume, or name another folder.")
            with filesystem.open_output_stream(posixpath.join(folder, _RUN)) as opened:
                opened.write(table.run.encode())
            for info in filesystem.get_file_info(FileSelector(folder)):
                if info.base_name.startswith(_UNDER_WAY):
                    filesystem.delete_file(info.path)
        return table

    def has(self, number: int) -> bool:
        """Whether the part of that number is there."""
        filesystem, path = place(self._file(number))
        return bool(filesystem.get_file_info(path).type == FileType.File)

    def tried(self, number: int) -> int:
        """Note that the part of that number is begun once more; how many times it was before."""
        filesystem, path = place(self._tries(number))
        before = 0
        if filesystem.get_file_info(path).type == FileType.File:
            with filesystem.open_input_stream(path) as opened:
                before = int(opened.read() or 0)
        with filesystem.open_output_stream(path) as opened:
            opened.write(str(before + 1).encode())
        return before

    def add(self, number: int, rows: list[dict[str, Any]]) -> None:
        """Write a part beside its place and rename it. Raises OvertakenError once another run has taken over."""
        filesystem, path = place(self._file(number))
        _, beside = place(self._beside(uuid4().hex))
        with filesystem.open_output_stream(beside) as opened:
            parquet.write_table(pa.Table.from_pylist(rows, SCHEMA), opened, compression="zstd")
        with filesystem.open_input_stream(posixpath.join(posixpath.dirname(path), _RUN)) as opened:
            if opened.read() != self.run.encode():
                filesystem.delete_file(beside)
                raise OvertakenError(f"another run has taken {self.out} over")
        filesystem.move(beside, path)
        _, tries = place(self._tries(number))
        if filesystem.get_file_info(tries).type == FileType.File:
            filesystem.delete_file(tries)

    def done(self, model: str, digest: str) -> set[str]:
        """The photos that are in the table. Raises BadRequestError for answers of another model or state of it."""
        found: set[str] = set()
        for batch in self.batches(["path", "model", "digest"]):
            for other in set(batch.column("model").to_pylist()) - {None, model}:
                raise BadRequestError(
                    f"{self.out} has answers of {other}. Continue it with --model {other}, or name another folder."
                )
            if set(batch.column("digest").to_pylist()) - {None, digest}:
                raise BadRequestError(f"{self.out} has answers of {model} as it was before. Name another folder.")
            found.update(batch.column("path").to_pylist())
        return found

    def batches(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """The rows of all parts, some at a time."""
        if parts := self._parts():
            yield from self._dataset(parts).to_batches(columns=columns, batch_readahead=1, fragment_readahead=1)

    def size(self) -> tuple[int, int]:
        """How many parts there are, and their bytes."""
        filesystem, _ = place(self.out)
        parts = self._parts()
        return len(parts), sum(info.size for info in filesystem.get_file_info(parts))

    def _dataset(self, parts: Iterable[str]) -> Dataset:
        filesystem, _ = place(self.out)
        with storage_troubles(self.out):
            found = dataset(parts, filesystem=filesystem, format="parquet")
        if found.schema.names != SCHEMA.names:
            raise BadRequestError(f"{self.out} has Parquet files that are no answers. Name another folder.")
        return found

    def _parts(self) -> list[str]:
        filesystem, folder = place(self.out)
        found = filesystem.get_file_info(FileSelector(folder, allow_not_found=True))
        return [info.path for info in found if info.extension == "parquet" and not info.base_name.startswith(".")]

    def _tries(self, number: int) -> str:
        return self._beside(f"{self.run}-{number:07}.tries")

    def _beside(self, name: str) -> str:
        return f"{self.out.rstrip('/')}/{_UNDER_WAY}{name}"

    def _file(self, number: int) -> str:
        return f"{self.out.rstrip('/')}/{self.run}-{number:07}.parquet"


def text(name: str) -> str:
    """A file's name, which may be any bytes, as a table can hold it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
