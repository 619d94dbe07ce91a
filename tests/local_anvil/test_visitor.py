"""What one HTTP request sends to a worker, and how its answer is put together."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_anvil.dispatch import Dispatcher
from local_anvil.limits import Limits
from local_anvil.visitor import Visitor
from local_anvil.wire import Answer, Call, ChunkHeader, Failure, Register
from tests.local_anvil.world import MEDIA, Peer

Chunk = tuple[str, bytes, bool]


class Worker(Peer):
    """Answers when all media of its call have come, and sends these chunks then."""

    def __init__(self, dispatcher: Dispatcher, answer: Answer, chunks: Sequence[Chunk]) -> None:
        super().__init__()
        self.dispatcher = dispatcher
        self.answer = answer
        self.chunks = chunks
        dispatcher.register(self, Register(re.compile("f")))

    async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
        await super().send(message, blob)
        if message["type"] == "CALL":
            self.call_id = message["id"]
        if message.get("lastChunk", not message.get("objects")):
            given = Answer(self.call_id, self.answer.response, self.answer.objects, self.answer.error)
            await self.dispatcher.answer(self, given)
            for media, data, last in self.chunks:
                await self.dispatcher.chunk(self, ChunkHeader(self.call_id, media, 0, last), data)


Asked = tuple[Visitor, Failure | None, Worker]


def asked(answer: Answer, chunks: Sequence[Chunk] = (), sent: bytes | None = None) -> Asked:
    """The visitor after its call, what that failed with, and the worker."""

    async def run() -> Asked:
        dispatcher = Dispatcher(Limits())
        worker = Worker(dispatcher, answer, chunks)
        visitor = Visitor("http")
        call = Call("c", "f", [None], {}, MEDIA if sent is not None else [])
        return visitor, await visitor.ask(dispatcher, call, {} if sent is None else {"m": sent}), worker

    return asyncio.run(asyncio.wait_for(run(), 10))


def returned(*media: str) -> Answer:
    entry = {"type": ["DataMedia"], "mime-type": None, "name": None}
    objects = [{**entry, "path": ["response", number], "id": name} for number, name in enumerate(media)]
    return Answer("", [None] * len(media), objects)


@pytest.mark.parametrize(
    ("size", "sizes"), [(0, [0]), (1, [1]), (65_536, [65_536]), (65_537, [65_536, 1]), (131_072, [65_536, 65_536])]
)
def test_media_are_cut_into_chunks_of_65536_bytes_and_at_least_one(size: int, sizes: list[int]) -> None:
    data = bytes(range(256)) * 512
    visitor, failure, worker = asked(Answer("", "got it", []), sent=data[:size])
    assert (visitor.response, failure) == ("got it", None)
    assert [len(blob) for blob in worker.blobs] == sizes
    assert b"".join(worker.blobs) == data[:size]
    headers = worker.got[1:]
    assert [header["chunkIndex"] for header in headers] == list(range(len(sizes)))
    assert [header["lastChunk"] for header in headers] == [False] * (len(sizes) - 1) + [True]


@given(
    st.dictionaries(st.text(min_size=1), st.lists(st.binary(max_size=20), min_size=1), min_size=1, max_size=4),
    st.randoms(),
)
def test_chunks_of_any_size_in_any_interleaving_make_the_media_again(parts: dict[str, list[bytes]], order: Any) -> None:
    queue = {media: list(blobs) for media, blobs in parts.items()}
    chunks: list[Chunk] = []
    while queue:
        media = order.choice(sorted(queue))
        blob = queue[media].pop(0)
        chunks.append((media, blob, not queue[media]))
        if not queue[media]:
            del queue[media]
    visitor, failure, _ = asked(returned(*parts), chunks)
    assert failure is None
    assert {entry["id"]: bytes(data) for entry, data in visitor.returned_media()} == {
        media: b"".join(blobs) for media, blobs in parts.items()
    }


def test_chunks_that_do_not_belong_change_nothing() -> None:
    chunks = [("other", b"x", True), ("m", b"1", True), ("m", b"2", True), ("n", b"3", True)]
    visitor, _, _ = asked(returned("m", "n"), chunks)
    assert [bytes(data) for _, data in visitor.returned_media()] == [b"1", b"3"]


def test_an_error_ends_the_call_with_it() -> None:
    visitor, failure, _ = asked(Answer("", None, [], Failure("ValueError", "boom")))
    assert failure == Failure("ValueError", "boom")
    assert (visitor.response, visitor.closed) == (None, True)


def test_a_call_that_is_refused_sends_none_of_its_media() -> None:
    async def run() -> Failure | None:
        dispatcher = Dispatcher(Limits())
        return await Visitor("http").ask(dispatcher, Call("c", "f", [None], {}, MEDIA), {"m": bytes(10)})

    failure = asyncio.run(run())
    assert failure
    assert failure.type == "anvil.server.NoServerFunctionError"
