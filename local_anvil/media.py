"""Media on their way: cut into chunks, and put together again."""

from collections.abc import Iterable, Iterator

from .wire import CHUNK_BYTES, ChunkHeader


def chunks(request: str, media: str, data: bytes | memoryview) -> Iterator[tuple[ChunkHeader, bytes]]:
    """The pairs of header and bytes that carry `data`: at least one, however little there is."""
    last = max(0, len(data) - 1) // CHUNK_BYTES
    for index in range(last + 1):
        start = index * CHUNK_BYTES
        yield ChunkHeader(request, media, index, index == last), bytes(data[start : start + CHUNK_BYTES])


class Reassembly:
    """The media of one message, as their chunks come in, in any sizes and interleaved."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parts: dict[str, list[bytes]] = {media: [] for media in ids}
        self._open = set(self._parts)

    @property
    def complete(self) -> bool:
        return not self._open

    def add(self, media: str, blob: bytes, last: bool) -> None:
        """Chunks of media that are not part of this message, or past their last chunk, are passed over."""
        if media in self._open:
            self._parts[media].append(blob)
            if last:
                self._open.discard(media)

    def data(self, media: str) -> bytes:
        return b"".join(self._parts[media])
