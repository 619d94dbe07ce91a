"""Features of any number of photos: in memory while they are few, beyond that in a temporary file."""

import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelError

Halves = NDArray[np.float16]
Floats = NDArray[np.float32]

# Bytes of features; 26,000 photos. More than the page may send, so that a worker needs no room on a disk.
_IN_MEMORY = 64 << 20
# Photos that are read at a time: 10 MB as 32-bit floats.
BLOCK = 2048


class Features:
    """Features float16 [N, F]. Several threads may read them; the file is gone when nobody holds them any more."""

    def __init__(self, blocks: Iterable[Halves]) -> None:
        """Keep these, float16 [n, F] each. Raises ModelError where the disk is full."""
        self._count, self._width = 0, 0
        self._lock = threading.Lock()
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # it lives as long as this
        weakref.finalize(self, self._file.close)
        for block in blocks:
            self._add(block)

    def _add(self, block: Halves) -> None:
        try:
            self._file.write(block.tobytes())
            self._file.flush()
        except OSError as error:
            raise ModelError(
                f"The features of so many photos do not fit into {tempfile.gettempdir()}: {error.strerror}. They take "
                "2.6 kB a photo, up to three times. Free some space, or name another folder in TMPDIR."
            ) from error
        self._count += len(block)
        self._width = block.shape[1]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, rows: slice) -> Halves:
        """The rows from start to stop, float16 [n, F]."""
        start, stop, _ = rows.indices(self._count)
        return self._read(start, max(0, stop - start))

    def __iter__(self) -> Iterator[Halves]:
        """Block by block, float16 [n, F]."""
        for start in range(0, self._count, BLOCK):
            yield self[start : start + BLOCK]

    def rows(self, rows: NDArray[np.int64]) -> Halves:
        """These rows in their order, float16 [n, F]."""
        found = np.empty((len(rows), self._width), np.float16)
        for place, row in enumerate(rows.tolist()):
            found[place] = self._read(row, 1)
        return found

    def take(self, rows: NDArray[np.int64]) -> "Features":
        """Features of these rows alone, in their order."""
        return Features(self.rows(rows[start : start + BLOCK]) for start in range(0, len(rows), BLOCK))

    def write(self, file: IO[bytes]) -> None:
        """Write them as NumPy's .npy does."""
        shape = (self._count, self._width)
        header = {"descr": np.dtype(np.float16).str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for block in self:
            file.write(block.tobytes())

    @classmethod
    def read(cls, file: IO[bytes]) -> Self:
        """What `write` wrote. Raises ValueError for anything else, ModelError where the disk is full."""
        np.lib.format.read_magic(file)
        (count, width), in_columns, kind = np.lib.format.read_array_header_1_0(file)
        if in_columns or kind != np.float16:
            raise ValueError("features are not float16")

        def blocks() -> Iterator[Halves]:
            for start in range(0, count, BLOCK):
                rows = min(BLOCK, count - start)
                yield np.frombuffer(file.read(2 * rows * width), np.float16).reshape(rows, width)

        return cls(blocks())

    def _read(self, start: int, count: int) -> Halves:
        row = 2 * self._width
        with self._lock:
            self._file.seek(start * row)
            data = self._file.read(count * row)
        return np.frombuffer(data, np.float16).reshape(count, self._width)


class Readable(Protocol):
    """Features float32 [N, F] that are read a few rows at a time, as from an array."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: slice, /) -> Floats: ...


@dataclass(frozen=True)
class Scaled:
    """Features float32 [N + M, F] as a layer is fitted to them: those of the photos, and behind them of the bank."""

    photos: Features  # [N, F]
    bank: Halves  # [M, F]
    mean: Floats  # [F]
    scale: float

    def __len__(self) -> int:
        return len(self.photos) + len(self.bank)

    def __getitem__(self, rows: slice, /) -> Floats:
        start, stop, _ = rows.indices(len(self))
        count = len(self.photos)
        parts = [self.photos[start:stop], self.bank[max(0, start - count) : max(0, stop - count)]]
        found = np.concatenate([part for part in parts if len(part)]).astype(np.float32)
        found -= self.mean
        found /= self.scale
        return found


@dataclass(frozen=True)
class Blocks:
    """Chosen rows in blocks, float32 [n, F], which can be gone through again and again."""

    features: Readable  # [N, F]
    which: NDArray[np.bool_]  # [N]

    def __iter__(self) -> Iterator[Floats]:
        for start in range(0, len(self.which), BLOCK):
            chosen = self.which[start : start + BLOCK]
            if chosen.any():
                block = self.features[start : start + BLOCK]
                yield block if chosen.all() else block[chosen]
