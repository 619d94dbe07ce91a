"""A call from the page: one HTTP request with JSON and files, one JSON answer."""

import asyncio
import base64
import itertools
import re
import secrets
from dataclasses import dataclass
from typing import Any

from . import wire
from .dispatch import Dispatcher
from .visitor import NO_TYPE, Visitor
from .wire import Failure, MessageError

_SIZES = re.compile(r"\d{1,12}(,\d{1,12}){0,999}", re.ASCII)
_MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


@dataclass(frozen=True)
class PageRequest:
    """What the page sent: a call, and the bytes of its media by their id."""

    call: wire.Call
    media: dict[str, memoryview]

    @classmethod
    def read(cls, sizes: str, body: bytes | bytearray) -> "PageRequest":
        """Take the JSON and the blobs apart, by their sizes in bytes ("12,345"). Raises MessageError."""
        json_part, *blobs = _cut(sizes, memoryview(body))
        try:
            message = wire.load(str(json_part, "utf-8"))
        except UnicodeDecodeError:
            raise MessageError("The call's JSON is not UTF-8") from None
        objects = message.get("objects", [])
        if not isinstance(objects, list) or len(objects) != len(blobs):
            raise MessageError("There is not one object for each blob")
        for index, entry in enumerate(objects):
            if not isinstance(entry, dict) or entry.get("type") != ["DataMedia"]:
                raise MessageError("A blob belongs to DataMedia")
            entry["id"] = f"media{index}"
        call = wire.call({**message, "id": "page-" + secrets.token_urlsafe(8)})
        if len(call.objects) != len(blobs):
            raise MessageError("An object is not in the arguments")
        return cls(call, {f"media{index}": blob for index, blob in enumerate(blobs)})


def _cut(sizes: str, body: memoryview) -> list[memoryview]:
    if not _SIZES.fullmatch(sizes):
        raise MessageError("X-Sizes is not a list of sizes")
    ends = list(itertools.accumulate(int(size) for size in sizes.split(",")))
    if ends[-1] != len(body):
        raise MessageError("X-Sizes does not add up to the body's length")
    return [body[start:end] for start, end in itertools.pairwise([0, *ends])]


async def answer(request: PageRequest, dispatcher: Dispatcher) -> dict[str, Any]:
    """Make the call, and wait for its answer: `{"response", "objects"}`, media as data URLs, or `{"error"}`."""
    page = Visitor("browser")
    try:
        async with asyncio.timeout(dispatcher.limits.page_call_seconds):
            failure = await page.ask(dispatcher, request.call, request.media)
    except TimeoutError:
        failure = Failure("anvil.server.TimeoutError", "The worker did not answer in time")
    if failure:
        return {"error": failure.json()}
    objects = [_described(entry, data) for entry, data in page.returned_media()]
    return {"response": page.response, "objects": objects}


def _described(entry: dict[str, Any], data: bytearray) -> dict[str, Any]:
    """Media for the page. A browser shows a data URL, and opens none by itself: so what it is can do no harm."""
    mime_type = entry["mime-type"] if _MIME_TYPE.fullmatch(entry["mime-type"]) else NO_TYPE
    url = f"data:{mime_type};base64,{base64.b64encode(data).decode()}"
    kept = {key: entry[key] for key in ("path", "type", "mime-type", "name")}
    return {**kept, "length": len(data), "url": url}
