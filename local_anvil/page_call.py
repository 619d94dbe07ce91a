"""A call from the page: one HTTP request with JSON and files, one JSON answer."""

import asyncio
import itertools
import re
import secrets
from dataclasses import dataclass
from typing import Any

from . import wire
from .caller import Caller, NotPlain
from .dispatch import Dispatcher
from .media import MediaStore
from .wire import Failure, ProtocolError

JSON_BYTES = wire.FRAME_BYTES

_SIZES = re.compile(r"\d{1,12}(,\d{1,12}){0,999}", re.ASCII)


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
    """Make the call, and wait for its answer: `{"response", "objects"}`, the media in `store`, or `{"error"}`."""
    page = Caller("browser", session)
    try:
        async with asyncio.timeout(dispatcher.limits.page_call_seconds):
            failure = await page.ask(dispatcher, request.call, request.media)
        if failure is None:
            objects = [_stored(entry, data, store) for entry, data in page.returned_media()]
            return {"response": page.response, "objects": objects}
    except NotPlain as error:
        failure = Failure("anvil.server.SerializationError", str(error))
    except TimeoutError:
        failure = Failure("anvil.server.TimeoutError", "The worker did not answer in time")
    return {"error": failure.json()}


def _stored(entry: dict[str, Any], data: bytes, store: MediaStore) -> dict[str, Any]:
    url = "/_/media/" + store.put(data, entry["mime-type"], entry["name"])
    kept = {key: entry[key] for key in ("path", "type", "mime-type", "name")}
    return {**kept, "length": len(data), "url": url}
