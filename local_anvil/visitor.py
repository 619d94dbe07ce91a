"""The peer behind one HTTP request: it calls once, takes the answer and its media, and is gone."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from .dispatch import Dispatcher, Kind
from .wire import Call, ChunkHeader, Failure, media_ids

# What clients cut their media into.
CHUNK_BYTES = 65_536
# What media without a type of their own are to a browser.
NO_TYPE = "application/octet-stream"


class Visitor:
    """A `dispatch.Peer` for one call. `response` is the answer's, None before there is one."""

    def __init__(self, kind: Kind) -> None:
        self.kind: Kind = kind
        self.account: object = kind
        self.closed = False
        self._answer: dict[str, Any] = {}
        self._media: dict[str, bytearray] = {}
        self._open: set[str] = set()
        self._done: asyncio.Future[Failure | None] = asyncio.get_running_loop().create_future()

    async def ask(self, dispatcher: Dispatcher, call: Call, blobs: Mapping[str, bytes | memoryview]) -> Failure | None:
        """Make the call with the bytes of its media, by their ids, and wait until its answer is whole.

        Returns what it failed with. Whoever gives up waiting cancels this: the call then counts no more.
        """
        try:
            await dispatcher.call(self, call)
            for media, blob in blobs.items():
                for header, chunk in _chunks(call.id, media, blob):
                    if self._done.done():
                        break
                    await dispatcher.chunk(self, header, chunk)
                    # A large upload goes into the worker's backlog without a wait: others get their turn here.
                    await asyncio.sleep(0)
            return await self._done
        finally:
            self.closed = True
            await dispatcher.forget(self)

    async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
        if self.closed:
            return
        match message.get("type"):
            case "CHUNK_HEADER":
                self._media[message["mediaId"]] += blob or b""
                if message["lastChunk"]:
                    self._open.discard(message["mediaId"])
            case "MEDIA_ERROR":
                self._end(Failure(**message["cause"]))
            case _ if "error" in message:
                self._end(Failure(**message["error"]))
            case _:
                self._answer = message
                self._media = {media: bytearray() for media in media_ids(message["objects"])}
                self._open = set(self._media)
        if self._answer and not self._open:
            self._end(None)

    @property
    def response(self) -> Any:
        return self._answer.get("response")

    def returned_media(self) -> list[tuple[dict[str, Any], bytearray]]:
        """The media of the answer, each with its entry of `objects`; large numbers are put in their places."""
        found = []
        for entry in self._answer["objects"]:
            if entry["type"] == ["DataMedia"]:
                found.append(({**entry, "mime-type": entry["mime-type"] or NO_TYPE}, self._media[entry["id"]]))
                continue
            *parents, last = entry["path"]
            holder = self._answer
            for key in parents:
                holder = holder[key]
            holder[last] = int(entry["value"])
        return found

    def _end(self, failure: Failure | None) -> None:
        self.closed = True
        if not self._done.done():
            self._done.set_result(failure)


def _chunks(request: str, media: str, data: bytes | memoryview) -> Iterator[tuple[ChunkHeader, bytes]]:
    """The pairs of header and bytes that carry `data`: at least one, however little there is."""
    last = max(0, len(data) - 1) // CHUNK_BYTES
    for index in range(last + 1):
        start = index * CHUNK_BYTES
        yield ChunkHeader(request, media, index, index == last), bytes(data[start : start + CHUNK_BYTES])
