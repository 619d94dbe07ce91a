"""A call from the page: one HTTP request with JSON and files, one JSON answer."""

import asyncio
import itertools
import re
import secrets
from dataclasses import dataclass
from typing import Any

from . import media, wire
from .dispatch import Dispatcher, Kind
from .media import MediaStore, Reassembly
from .objects import media_ids
from .wire import Failure, ProtocolError

JSON_BYTES = wire.FRAME_BYTES

_SIZES = re.compile(r"\d{1,12}(,\d{1,12}){0,999}", re.ASCII)


class PageCall:
    """The `dispatch.Peer` that a call from the page is: it takes the answer and its media, then has a result."""

    def __init__(self, session: str) -> None:
        self.kind: Kind = "browser"
        self.session = session
        self.account: object = "browser"
        self.closed = False
        self._answer: dict[str, Any] = {}
        self._media = Reassembly(())
        self._done: asyncio.Future[Failure | None] = asyncio.get_running_loop().create_future()

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
    def done(self) -> bool:
        return self._done.done()

    async def result(self, store: MediaStore) -> dict[str, Any]:
        """The answer as the page gets it, its media in `store`."""
        failure = await self._done
        if failure is None:
            try:
                return self._stored(store)
            except _NotForThePage as error:
                failure = Failure("anvil.server.SerializationError", str(error))
        return {"error": failure.json()}

    def _end(self, failure: Failure | None) -> None:
        self.closed = True
        if not self._done.done():
            self._done.set_result(failure)

    def _stored(self, store: MediaStore) -> dict[str, Any]:
        objects = []
        for entry in self._answer["objects"]:
            if entry["type"] == ["DataMedia"]:
                data = self._media.data(entry["id"])
                url = "/_/media/" + store.put(data, entry["mime-type"], entry["name"])
                kept = {key: entry[key] for key in ("path", "type", "mime-type", "name")}
                objects.append({**kept, "length": len(data), "url": url})
            else:
                *parents, last = entry["path"]
                holder = self._answer
                for key in parents:
                    holder = holder[key]
                holder[last] = _plain(entry)
        return {"response": self._answer["response"], "objects": objects}


class _NotForThePage(Exception):  # noqa: N818 - becomes a SerializationError
    """A value that this page does not know."""


def _plain(entry: dict[str, Any]) -> Any:
    match entry["type"][0]:
        case "Primitive":
            return entry["value"]
        case "Long":
            return int(entry["value"])
    raise _NotForThePage(f"Values of the kind {entry['type'][0]} do not travel to this page")


@dataclass(frozen=True)
class PageRequest:
    """What the page sent: a call, and the bytes of its media by their id."""

    call: wire.Call
    media: dict[str, memoryview]

    @classmethod
    def read(cls, sizes: str, body: bytes | bytearray) -> "PageRequest":
        """Take the JSON and the blobs apart, by their sizes in bytes ("12,345"). Raises ProtocolError."""
        json_part, *blobs = _cut(sizes, memoryview(body))
        if len(json_part) > JSON_BYTES:
            raise ProtocolError("The call's JSON is too large: send large data as media")
        try:
            message = wire.load(str(json_part, "utf-8"))
        except UnicodeDecodeError:
            raise ProtocolError("The call's JSON is not UTF-8") from None
        objects = message.get("objects", [])
        if not isinstance(objects, list) or len(objects) != len(blobs):
            raise ProtocolError("There is not one object for each blob")
        for index, entry in enumerate(objects):
            if not isinstance(entry, dict) or entry.get("type") != ["DataMedia"]:
                raise ProtocolError("A blob belongs to DataMedia")
            entry["id"] = f"media{index}"
        call = wire.call({**message, "id": "page-" + secrets.token_urlsafe(8)})
        if len(call.objects) != len(blobs):
            raise ProtocolError("An object is not in the arguments")
        return cls(call, {f"media{index}": blob for index, blob in enumerate(blobs)})


def _cut(sizes: str, body: memoryview) -> list[memoryview]:
    if not _SIZES.fullmatch(sizes):
        raise ProtocolError("X-Sizes is not a list of sizes")
    ends = list(itertools.accumulate(int(size) for size in sizes.split(",")))
    if ends[-1] != len(body):
        raise ProtocolError("X-Sizes does not add up to the body's length")
    return [body[start:end] for start, end in itertools.pairwise([0, *ends])]


async def run(request: PageRequest, dispatcher: Dispatcher, session: str, store: MediaStore) -> dict[str, Any]:
    """Make the call, and wait for its answer: `{"response", "objects"}` or `{"error"}`."""
    page = PageCall(session)
    try:
        async with asyncio.timeout(dispatcher.limits.page_call_seconds):
            await dispatcher.call(page, request.call)
            for name, blob in request.media.items():
                for header, chunk in media.chunks(request.call.id, name, blob):
                    if page.done:
                        break
                    await dispatcher.chunk(page, header, chunk)
                    # A large upload goes into the worker's backlog without a wait: others get their turn here.
                    await asyncio.sleep(0)
            return await page.result(store)
    except TimeoutError:
        return {"error": Failure("anvil.server.TimeoutError", "The worker did not answer in time").json()}
    finally:
        page.closed = True
        await dispatcher.forget(page)
