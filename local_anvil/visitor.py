"""The peer behind one HTTP request: it calls once, takes the answer and its media, and is gone."""

import asyncio
from collections.abc import Mapping
from typing import Any

from . import media
from .dispatch import Dispatcher, Kind
from .media import Reassembly
from .objects import media_ids
from .wire import Call, Failure

# What media without a type of their own are to a browser.
NO_TYPE = "application/octet-stream"


class Visitor:
    """A `dispatch.Peer` for one call. `response` is the answer's, None before there is one."""

    def __init__(self, kind: Kind) -> None:
        self.kind: Kind = kind
        self.account: object = kind
        self.closed = False
        self._answer: dict[str, Any] = {}
        self._media = Reassembly(())
        self._done: asyncio.Future[Failure | None] = asyncio.get_running_loop().create_future()

    async def ask(self, dispatcher: Dispatcher, call: Call, blobs: Mapping[str, bytes | memoryview]) -> Failure | None:
        """Make the call with the bytes of its media, by their ids, and wait until its answer is whole.

        Returns what it failed with. Whoever gives up waiting cancels this: the call then counts no more.
        """
        try:
            await dispatcher.call(self, call)
            for name, blob in blobs.items():
                for header, chunk in media.chunks(call.id, name, blob):
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
            case "CHUNK_HEADER" if blob is not None:
                self._media.add(message["mediaId"], blob, message["lastChunk"])
            case "MEDIA_ERROR":
                self._end(Failure(**message["cause"]))
            case _ if "error" in message:
                self._end(Failure(**message["error"]))
            case _:
                self._answer = message
                self._media = Reassembly(media_ids(message["objects"]))
        if self._answer and self._media.complete:
            self._end(None)

    @property
    def response(self) -> Any:
        return self._answer.get("response")

    def returned_media(self) -> list[tuple[dict[str, Any], bytes]]:
        """The media of the answer, each with its entry of `objects`; large numbers are put in their places."""
        found = []
        for entry in self._answer["objects"]:
            if entry["type"] == ["DataMedia"]:
                found.append(({**entry, "mime-type": entry["mime-type"] or NO_TYPE}, self._media.data(entry["id"])))
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
