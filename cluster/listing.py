"""What SOURCE names, as portions: a folder, a pattern, a list, a bucket, or a table with bytes or names of photos."""

import glob
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path, PurePosixPath

from pyarrow.fs import FileSelector, FileType
from pyarrow.parquet import ParquetFile

from classifier.errors import BadRequestError
from classifier.formats import SUFFIXES
from classifier.sources import Source, expand
from classifier.walk import LeftOut, of_system
from cluster.parts import text
from cluster.places import in_bucket, place, storage_troubles
from cluster.portions import BYTES, PATH, Files, Portion, Rows

# So many photos are lost to a node that dies, and asked again; a table of ten million has 20,000 parts.
_PORTION = 500
# For each actor, so that all end about together.
_PORTIONS = 8


@dataclass
class Listing:
    """The photos that are to be answered, and what is not among them."""

    files: list[Source] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    done: int = 0  # photos that are in the table already
    repeated: int = 0  # names that stand a second time

    def __len__(self) -> int:
        return len(self.files) + sum(map(len, self.rows))

    def portions(self, actors: int) -> list[Portion]:
        """The photos in portions for that many actors."""
        size = min(_PORTION, ceil(len(self.files) / (_PORTIONS * actors)) or 1)
        return [*(Files(self.files[at : at + size]) for at in range(0, len(self.files), size)), *self.rows]


def listing(source: str, most: int, done: set[str]) -> Listing:
    """The photos that `source` names, each once, without those that are `done`; `most` bytes of each may be read.

    As `classify` finds them. Of a bucket what is named like a photo is taken. Raises BadRequestError for a table or
    bucket that cannot be read, and for a table without a column `bytes` or `path`.
    """
    found = Listing()
    seen: set[str] = set()

    def wanted(name: str) -> bool:
        name = text(name)
        if name in done:
            found.done += name not in seen
        elif name in seen:
            found.repeated += 1
        fresh = name not in done and name not in seen
        seen.add(name)
        return fresh

    if source.endswith(".parquet"):
        for rows in _tables(source):
            if isinstance(rows, Rows):
                names = {row: name for row, name in rows.names.items() if wanted(name)}
                found.rows += [Rows(rows.file, rows.row_group, names)] if names else []
            elif wanted(rows.name):
                found.files.append(rows)
        return found
    photos, found.left_out = _photos(source, most)
    found.files = [photo for photo in photos if wanted(photo.name)]
    return found


def _photos(source: str, most: int) -> tuple[Iterable[Source], list[LeftOut]]:
    if source.endswith(".txt"):
        with storage_troubles(source):
            lines = Path(source).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        return (Source(line) for line in lines if line.strip()), []
    if not in_bucket(source):
        return expand([source], most)
    found = list(_objects(source))
    photos = [entry for entry in found if isinstance(entry, Source)]
    if not photos:
        raise BadRequestError(f"{source} holds no photos: no object whose name ends as a photo's does.")
    return photos, [entry for entry in found if isinstance(entry, LeftOut)]


def _objects(source: str) -> Iterator[Source | LeftOut]:
    filesystem, top = place(source)
    scheme = source.partition("://")[0]
    with storage_troubles(source):
        info = filesystem.get_file_info(top)
        if info.type == FileType.File:
            yield Source(source)
            return
        objects = filesystem.get_file_info(FileSelector(top, recursive=True))
    for info in sorted(objects, key=lambda entry: entry.path):
        name = f"{scheme}://{info.path}"
        parts = PurePosixPath(info.path).relative_to(top).parts
        if info.type != FileType.File:
            continue
        if any(of_system(part, at < len(parts)) for at, part in enumerate(parts, 1)):
            yield LeftOut(name, "hidden or of the system")
        elif PurePosixPath(info.path).suffix.lower() not in SUFFIXES:
            yield LeftOut(name, "not named as a photo")
        else:
            yield Source(name)


def _tables(source: str) -> Iterator[Source | Rows]:
    """The photos of Parquet files: those with bytes by row group, those with names one by one."""
    for file in _parquet_files(source):
        filesystem, path = place(file)
        with storage_troubles(file), filesystem.open_input_file(path) as opened:
            table = ParquetFile(opened)
            columns = table.schema_arrow.names
            if not {BYTES, PATH} & set(columns):
                raise BadRequestError(f"{file} has neither a column {BYTES!r} nor a column {PATH!r}.")
            row = 0
            for group in range(table.num_row_groups):
                count = table.metadata.row_group(group).num_rows
                names = [f"{file}#{row + at}" for at in range(count)]
                if PATH in columns:
                    given = table.read_row_group(group, columns=[PATH]).column(PATH).to_pylist()
                    names = [name if said is None else str(said) for name, said in zip(names, given, strict=True)]
                row += count
                if BYTES in columns:
                    yield Rows(file, group, dict(enumerate(names)))
                else:
                    yield from map(Source, names)


def _parquet_files(source: str) -> list[str]:
    if not in_bucket(source) and glob.has_magic(source):
        found = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - as patterns of photos are read
        if not found:
            raise BadRequestError(f"Nothing matches {source}.")
        return [file for name in found for file in _parquet_files(name)]
    filesystem, top = place(source)
    with storage_troubles(source):
        kind = filesystem.get_file_info(top).type
        if kind == FileType.File:
            return [source]
        infos = filesystem.get_file_info(FileSelector(top, recursive=True))
    scheme = f"{source.partition('://')[0]}://" if in_bucket(source) else ""
    return sorted(f"{scheme}{info.path}" for info in infos if info.extension == "parquet")
