"""Calls from the page: what comes in with the request, and what goes back."""

import asyncio
import contextlib
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_anvil import page_call
from local_anvil.dispatch import Dispatcher
from local_anvil.limits import Limits
from local_anvil.page_call import PageRequest
from local_anvil.wire import Answer, Call, ChunkHeader, Failure, MessageError, Register

FILE = {"path": ["args", 0], "type": ["DataMedia"], "mime-type": "image/png", "name": "x.png"}


def read(message: Any, *blobs: bytes) -> PageRequest:
    parts = [json.dumps(message).encode(), *blobs]
    return PageRequest.read(",".join(str(len(part)) for part in parts), b"".join(parts))


def test_files_lie_behind_the_json() -> None:
    objects = [FILE, {**FILE, "path": ["kwargs", "k"]}]
    message = {"command": "f", "args": [None], "kwargs": {"k": None}, "objects": objects}
    request = read(message, b"one", b"")
    assert request.call.command == "f"
    assert [bytes(request.media[entry["id"]]) for entry in request.call.objects] == [b"one", b""]


@given(st.text() | st.from_regex(r"\d{1,3}(,\d{1,3}){0,3}"), st.binary() | st.just(b'{"command":"f"}'))
def test_any_request_is_read_or_refused(sizes: str, body: bytes) -> None:
    with contextlib.suppress(MessageError):
        PageRequest.read(sizes, body)


@pytest.mark.parametrize(
    "message",
    [
        {"command": "f", "args": [None], "kwargs": {}, "objects": []},
        {"command": "f", "args": [None], "kwargs": {}},
        {"command": "f", "args": [None], "kwargs": {}, "objects": [FILE, FILE]},
        {"command": "f", "args": [], "kwargs": {}, "objects": [FILE]},
        {"command": "f", "args": [None], "kwargs": {}, "objects": [{**FILE, "type": ["Long"], "value": "1"}]},
        {"command": "f", "args": [None], "kwargs": {}, "objects": [{**FILE, "path": ["command"]}]},
        {"args": [None], "kwargs": {}, "objects": [FILE]},
    ],
)
def test_each_blob_has_its_place_in_the_arguments(message: dict[str, Any]) -> None:
    with pytest.raises(MessageError):
        read(message, b"blob")


@pytest.mark.parametrize("sizes", ["", "5", "-1,3", "1,1,1", "9" * 5000, "2,,", "\uff12"])
def test_sizes_must_add_up(sizes: str) -> None:
    with pytest.raises(MessageError, match="X-Sizes"):
        PageRequest.read(sizes, b"{}")


class Worker:
    """Answers a call with these replies."""

    kind = "uplink"
    account = None
    closed = False

    def __init__(self, dispatcher: Dispatcher, *replies: Any) -> None:
        self.dispatcher = dispatcher
        self.replies = replies

    async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
        for reply in self.replies:
            match reply:
                case Answer():
                    reply = Answer(message["id"], reply.response, reply.objects, reply.error)
                    await self.dispatcher.answer(self, reply)
                case Failure():
                    await self.dispatcher.drop(self, reply)
                case bytes():
                    await self.dispatcher.chunk(self, ChunkHeader(message["id"], "m", 0, last=True), reply)


def answered(*replies: Any, limits: Limits | None = None) -> dict[str, Any]:
    """What the page gets where the worker replies so."""

    async def run() -> dict[str, Any]:
        dispatcher = Dispatcher(limits or Limits())
        dispatcher.register(Worker(dispatcher, *replies), Register(re.compile("f")))
        return await page_call.answer(PageRequest(Call("p", "f", [], {}), {}), dispatcher)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("mime_type", "shown"),
    [
        ("image/png", "image/png"),
        (None, "application/octet-stream"),
        ("text/html, <script>", "application/octet-stream"),
        ("image/svg+xml", "image/svg+xml"),
    ],
)
def test_returned_media_are_data_urls_of_a_harmless_type(mime_type: str | None, shown: str) -> None:
    entry = {"path": ["response", "x"], "type": ["DataMedia"], "id": "m", "mime-type": mime_type, "name": "x.png"}
    (media,) = answered(Answer("", {"x": None}, [entry]), b"bytes")["objects"]
    assert (media["path"], media["name"], media["length"]) == (["response", "x"], "x.png", 5)
    assert media["url"] == f"data:{shown};base64,Ynl0ZXM="


def test_media_that_fail_fail_the_call() -> None:
    entry = {"path": ["response"], "type": ["DataMedia"], "id": "m", "mime-type": "image/png", "name": None}
    answer = answered(Answer("", None, [entry]), Failure("T", "lost"))
    assert answer == {"error": {"type": "T", "message": "lost"}}


def test_large_numbers_arrive_as_numbers() -> None:
    entry = {"path": ["response", 1], "type": ["Long"], "value": "1099511627776"}
    assert answered(Answer("", [1, None], [entry])) == {"response": [1, 2**40], "objects": []}


def test_others_have_their_turn_during_a_large_upload() -> None:
    turns = 0
    turns_at_chunk = []

    class Watching(Worker):
        async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
            if blob is not None:
                turns_at_chunk.append(turns)

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def run() -> None:
        dispatcher = Dispatcher(Limits(page_call_seconds=0.2))
        dispatcher.register(Watching(dispatcher), Register(re.compile("f")))
        request = read({"command": "f", "args": [None], "kwargs": {}, "objects": [FILE]}, bytes(500_000))
        ticking = asyncio.create_task(others())
        await page_call.answer(request, dispatcher)
        ticking.cancel()

    asyncio.run(run())
    assert len(set(turns_at_chunk)) == len(turns_at_chunk) == 8


def test_a_page_does_not_wait_for_ever() -> None:
    answer = answered(limits=Limits(page_call_seconds=0.05))
    assert answer["error"]["type"] == "anvil.server.TimeoutError"
