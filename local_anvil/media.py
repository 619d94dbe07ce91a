"""Media on their way: cut into chunks, put together again, and kept for the page to fetch."""

import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class StoredMedia:
    data: bytes
    mime_type: str
    name: str | None
    expires: float


class MediaStore:
    """Media that were returned to the page, under ids that cannot be guessed.

    Each is kept for `seconds`; past `max_bytes` in all the oldest go first.
    """

    def __init__(self, max_bytes: int, seconds: float) -> None:
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._media: dict[str, StoredMedia] = {}

    def put(self, data: bytes, mime_type: str, name: str | None) -> str:
        """The id of the stored media."""
        media = secrets.token_urlsafe(16)
        self._media[media] = StoredMedia(data, mime_type, name, time.monotonic() + self._seconds)
        self.expire()
        return media

    def get(self, media: str) -> StoredMedia | None:
        self.expire()
        return self._media.get(media)

    def expire(self) -> None:
        """Drop what is too old, then the oldest of what is too much."""
        now = time.monotonic()
        held = sum(len(stored.data) for stored in self._media.values())
        for media, stored in list(self._media.items()):
            if stored.expires > now and held <= self._max_bytes:
                return
            held -= len(self._media.pop(media).data)
