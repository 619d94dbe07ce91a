"""A portion: the photos that one actor answers in one go, and whose answers are one part of the table."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from pyarrow.parquet import ParquetFile

from classifier.errors import BadRequestError
from classifier.sources import Source
from cluster.places import in_bucket, place

# The column of a table that has the content of photos, and the one that has their names.
BYTES, PATH = "bytes", "path"
# A bucket answers a request after some ten photos' work, so that many are under way.
_AHEAD = 16
_ROWS = 16


class Portion(Protocol):
    """Some photos. Small, since it travels: it holds names, and no photos."""

    def __len__(self) -> int:
        """How many photos there are."""

    def __str__(self) -> str:
        """Which they are, in a sentence."""

    def sources(self, most: int) -> Iterator[Source]:
        """The photos; of each in a bucket `most` bytes are read and one more.

        Raises OSError where the storage fails for another reason than the photo.
        """


@dataclass(frozen=True)
class Files:
    """Photos that are files, or objects in buckets."""

    photos: Sequence[Source]

    def __len__(self) -> int:
        return len(self.photos)

    def __str__(self) -> str:
        first, last = self.photos[0].name, self.photos[-1].name
        return first if first == last else f"{first} to {last}"

    def sources(self, most: int) -> Iterator[Source]:
        """The photos; objects are fetched some ahead."""
        if not any(in_bucket(photo.name) for photo in self.photos):
            yield from self.photos
            return
        waiting: deque[Future[Source]] = deque()
        with ThreadPoolExecutor(_AHEAD) as pool:
            for photo in self.photos:
                waiting.append(pool.submit(_fetched, photo, most))
                if len(waiting) == _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


@dataclass(frozen=True)
class Rows:
    """Photos whose bytes are in a row group of a Parquet file: their names by the number of the row."""

    file: str
    row_group: int
    names: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.names)

    def __str__(self) -> str:
        return f"row group {self.row_group} of {self.file}"

    def sources(self, most: int) -> Iterator[Source]:
        """The photos, read some rows at a time."""
        filesystem, path = place(self.file)
        with filesystem.open_input_file(path) as opened:
            batches = ParquetFile(opened).iter_batches(_ROWS, row_groups=[self.row_group], columns=[BYTES])
            content = (value for batch in batches for value in batch.column(BYTES))
            for row, value in enumerate(content):
                if row in self.names:
                    data = value.as_py()
                    trouble = "The row has no bytes." if data is None else None
                    yield Source(self.names[row], data, trouble)


def _fetched(photo: Source, most: int) -> Source:
    """The photo with its bytes; one that is not there has its trouble."""
    if not in_bucket(photo.name):
        return photo
    try:
        filesystem, path = place(photo.name)
        with filesystem.open_input_stream(path) as opened:
            return Source(photo.name, opened.read(most + 1))
    except FileNotFoundError:
        return Source(photo.name, trouble="The file cannot be read: it is not in the bucket.")
    except BadRequestError as error:
        return Source(photo.name, trouble=str(error))
