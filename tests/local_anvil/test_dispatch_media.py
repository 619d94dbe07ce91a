"""Which media reach whom, seen through peers in memory."""

import asyncio
import re
import time
from typing import Any

import pytest

from local_anvil import wire
from local_anvil.limits import Limits
from local_anvil.wire import Answer, Register
from tests.local_anvil.world import MEDIA, RETURNED, Peer, World


def test_media_follow_a_call_to_its_worker_and_an_answer_to_its_caller() -> None:
    world = World()
    world.call("mine", objects=MEDIA)
    world.chunk(world.caller, "mine", b"up", last=False)
    world.chunk(world.caller, "mine", b"", last=True)
    assert [message["requestId"] for message in world.worker.got[1:]] == [world.given] * 2
    assert world.worker.blobs == [b"up", b""]
    world.answer(world.given, objects=RETURNED)
    world.chunk(world.worker, world.given, b"down")
    assert world.caller.got[-1]["requestId"] == "mine"
    assert world.caller.blobs == [b"down"]


def test_a_worker_never_gets_chunks_that_it_does_not_expect() -> None:
    """Each of these would end its receive thread."""
    world = World(Limits(calls=1, calls_kept_for_page=0))
    world.call("mine", objects=MEDIA)
    world.call("busy", objects=MEDIA)
    world.chunk(world.caller, "busy")
    world.chunk(world.caller, "unknown")
    world.chunk(world.caller, "mine", media="other")
    world.chunk(Peer(), "mine")
    world.chunk(world.worker, world.given)
    assert world.worker.blobs == []
    world.chunk(world.caller, "mine")
    world.chunk(world.caller, "mine")
    assert world.worker.blobs == [b"x"]


def test_what_lies_with_a_worker_is_bounded_in_all_and_has_room_again_when_it_is_answered() -> None:
    world = World(Limits(relayed_bytes=10))
    for name, blob in (("first", b"12345678"), ("second", b"123")):
        world.call(name, objects=MEDIA)
        world.chunk(world.caller, name, blob)
        if name == "first":
            first = world.given
    assert world.worker.blobs == [b"12345678"]
    assert (world.worker.got[-1]["type"], world.worker.got[-1]["cause"]["type"]) == ("MEDIA_ERROR", "Busy")
    world.answer(first)
    world.answer(world.given)
    world.call("third", objects=MEDIA)
    world.chunk(world.caller, "third", b"123")
    assert world.worker.blobs[-1] == b"123"


def test_media_for_a_worker_that_is_gone_go_nowhere() -> None:
    world = World()
    world.call("mine", objects=MEDIA)
    asyncio.run(world.dispatcher.drop(world.worker))
    world.chunk(world.caller, "mine")
    assert world.worker.blobs == []


def test_media_that_keep_coming_are_not_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    world = World(Limits(media_idle_seconds=60, media_seconds=1000))
    world.call("mine", objects=MEDIA)
    for now[0] in (50.0, 100.0):
        asyncio.run(world.dispatcher.sweep())
        world.chunk(world.caller, "mine", last=False)
    now[0] = 159.0
    asyncio.run(world.dispatcher.sweep())
    assert [message["type"] for message in world.worker.got] == ["CALL", "CHUNK_HEADER", "CHUNK_HEADER"]
    now[0] = 161.0
    asyncio.run(world.dispatcher.sweep())
    assert world.worker.got[-1]["type"] == "MEDIA_ERROR"


def test_a_stream_that_drips_for_ever_fails() -> None:
    world = World(Limits(media_seconds=0))
    world.call("mine", objects=MEDIA)
    world.chunk(world.caller, "mine", last=False)
    asyncio.run(world.dispatcher.sweep())
    assert world.worker.got[-1]["cause"]["type"] == "anvil.server.TimeoutError"


def test_where_the_sender_is_gone_the_receiver_is_last() -> None:
    world = World()
    world.call("mine", objects=MEDIA)
    world.chunk(world.caller, "mine", last=False)
    world.caller.closed = True
    asyncio.run(world.dispatcher.drop(world.caller))
    last = world.worker.got[-1]
    assert (last["type"], last["requestId"], last["mediaIds"]) == ("MEDIA_ERROR", world.given, ["m"])
    assert last["cause"]["type"] == "anvil.server.UplinkDisconnectedError"
    world.chunk(world.caller, "mine")
    assert world.worker.got[-1] is last


def test_a_receiver_that_takes_nothing_keeps_no_other_from_its_timeout() -> None:
    class Stuck(Peer):
        async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
            if message["type"] == "MEDIA_ERROR":
                await asyncio.Event().wait()

    async def sweep() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await world.dispatcher.sweep()

    world = World(Limits(media_idle_seconds=0))
    world.dispatcher.register(Stuck(), Register(re.compile("stuck")))
    world.call("stuck", command="stuck", objects=MEDIA)
    world.call("mine", objects=MEDIA)
    asyncio.run(sweep())
    assert world.worker.got[-1]["type"] == "MEDIA_ERROR"


def test_an_answer_cut_short_by_its_worker_fails_its_media() -> None:
    world = World()
    world.call("mine")
    world.answer(world.given, objects=RETURNED)
    asyncio.run(world.dispatcher.drop(world.worker))
    assert (world.caller.got[-1]["type"], world.caller.got[-1]["requestId"]) == ("MEDIA_ERROR", "mine")


def test_media_that_stand_still_time_out() -> None:
    world = World(Limits(media_idle_seconds=0))
    world.call("mine", objects=MEDIA)
    asyncio.run(world.dispatcher.sweep())
    assert world.worker.got[-1]["cause"] == {
        "type": "anvil.server.TimeoutError",
        "message": "Timeout during media transfer",
    }


def test_media_are_bounded() -> None:
    world = World(Limits(media_bytes=10))
    world.call("mine", objects=MEDIA)
    world.chunk(world.caller, "mine", bytes(11), last=False)
    assert world.worker.blobs == []
    assert world.worker.got[-1]["cause"]["type"] == "TooLarge"


def test_an_answer_that_outgrows_a_frame_is_an_error_for_its_caller_and_its_media_go() -> None:
    world = World()
    world.call("d")
    asyncio.run(world.dispatcher.answer(world.worker, Answer(world.given, "x" * wire.FRAME_BYTES, RETURNED)))
    assert "Payload too large" in world.caller.got[-1]["error"]["message"]
    world.chunk(world.worker, world.given)
    assert world.caller.blobs == []
