"""Who answers which call, seen through peers in memory."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from local_anvil import wire
from local_anvil.dispatch import Kind
from local_anvil.limits import Limits
from local_anvil.wire import Call, Failure
from tests.local_anvil.world import MEDIA, RETURNED, Peer, World
from worker.settings import Settings


def test_an_answer_goes_back_under_the_callers_own_id() -> None:
    world = World()
    world.call("mine")
    world.answer(world.given)
    assert world.caller.got == [{"id": "mine", "response": "r", "objects": []}]


def test_answers_to_unknown_calls_and_from_the_wrong_worker_are_passed_over() -> None:
    world = World()
    world.call()
    world.answer("server-unknown")
    world.answer(world.given, worker=world.add_worker("g"))
    assert world.caller.got == []
    world.answer(world.given)
    world.answer(world.given)
    assert len(world.caller.got) == 1


def test_the_choice_among_workers_is_uniform() -> None:
    world = World(Limits(calls=1000, calls_per_caller=1000))
    other = world.add_worker("f")
    for number in range(400):
        world.call(str(number))
    counts = Counter({"first": len(world.worker.got), "second": len(other.got)})
    assert counts.total() == 400
    assert min(counts.values()) > 130


def test_a_dot_in_a_name_matches_any_character_and_the_whole_name_counts() -> None:
    world = World()
    worker = world.add_worker("dot.name")
    for command, reached in [("dot.name", 1), ("dotXname", 2), ("dot.names", 2), ("adot.name", 2)]:
        world.call(command=command)
        assert len(worker.got) == reached


def test_never_registered_and_no_longer_registered_are_told_apart() -> None:
    world = World()
    world.call(command="g")
    assert world.caller.got[-1]["error"] == {
        "type": "anvil.server.NoServerFunctionError",
        "message": 'No server function matching "g" has been registered',
    }
    asyncio.run(world.dispatcher.drop(world.worker))
    world.call()
    assert world.caller.got[-1]["error"] == {
        "type": "anvil.server.UplinkDisconnectedError",
        "message": 'The uplink server for "f" has been disconnected',
    }


@pytest.mark.parametrize("kind", ["browser", "client-uplink"])
def test_names_with_a_colon_are_not_for_untrusted_callers(kind: Kind) -> None:
    world = World()
    world.add_worker("http:/x")
    caller = Peer(kind)
    world.call(command="http:/x", caller=caller)
    assert caller.error == "anvil.server.PermissionDenied"


def test_a_flood_of_one_caller_leaves_room_for_others() -> None:
    world = World(Limits(calls=7, calls_per_caller=4, calls_kept_for_page=1))
    for number in range(10):
        world.call(str(number))
    assert len(world.worker.got) == 4
    assert [message["response"]["error"]["type"] for message in world.caller.got] == ["Busy"] * 6
    page = Peer("browser")
    world.call(caller=page)
    assert len(world.worker.got) == 5
    for number in range(10):
        world.call(str(number), caller=Peer("client-uplink"))
    assert len(world.worker.got) == 6
    world.call(caller=page)
    world.call(caller=page)
    assert len(world.worker.got) == 7
    world.answer(world.given)
    world.call(caller=page)
    assert len(world.worker.got) == 8


def test_one_worker_takes_as_many_calls_as_are_relayed() -> None:
    assert Limits.calls <= Settings().classifier.threads + Settings.max_waiting
    assert 2 * Limits.calls_per_caller <= Limits.calls
    assert 0 < Limits.calls_kept_for_page <= Limits.calls_per_caller
    assert Limits.body_bytes >= Limits.media_bytes + wire.FRAME_BYTES


def test_echo_returns_its_argument_even_past_the_limits() -> None:
    world = World(Limits(calls=0, calls_per_caller=0))
    asyncio.run(world.dispatcher.call(world.caller, Call("c", "anvil.private.echo", ["beat"], {})))
    assert world.caller.got == [{"id": "c", "response": "beat", "objects": []}]


def test_media_have_no_echo_by_which_to_fill_the_host() -> None:
    world = World()
    world.call(command="anvil.private.echo", objects=MEDIA)
    world.chunk(world.caller, "c")
    assert world.caller.error == "anvil.server.NoServerFunctionError"
    assert world.caller.blobs == []


def test_a_busy_host_is_an_error_for_http_and_an_answer_for_all_others() -> None:
    """As a busy worker's: the uplink library would hide the type of an error that it does not know."""
    world = World(Limits(calls=0, calls_kept_for_page=0))
    kinds: dict[Kind, str] = {"browser": "response", "client-uplink": "response", "uplink": "response", "http": "error"}
    for kind, key in kinds.items():
        caller = Peer(kind)
        world.call(caller=caller)
        [answer] = caller.got
        assert (answer[key]["error"] if key == "response" else answer[key])["type"] == "Busy"


def test_a_call_that_is_refused_reaches_no_worker() -> None:
    world = World()
    world.call(refusal=Failure("T", "not readable"))
    assert (world.caller.error, world.worker.got) == ("T", [])


def test_a_workers_calls_fail_when_its_link_ends_and_others_go_on() -> None:
    world = World()
    other = world.add_worker("g")
    world.call("lost", objects=MEDIA)
    world.call("kept", command="g")
    asyncio.run(world.dispatcher.drop(world.worker))
    assert world.caller.got == [
        {
            "id": "lost",
            "error": {"type": "anvil.server.UplinkDisconnectedError", "message": "Uplink disconnected"},
            "objects": [],
        }
    ]
    world.answer(other.got[-1]["id"], worker=other)
    assert world.caller.got[-1]["id"] == "kept"


def test_a_caller_that_takes_nothing_keeps_no_other_from_its_failure() -> None:
    class Stuck(Peer):
        async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
            await asyncio.Event().wait()

    async def drop() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await world.dispatcher.drop(world.worker)

    world = World()
    world.call(caller=Stuck("client-uplink"))
    world.call()
    asyncio.run(drop())
    assert world.caller.error == "anvil.server.UplinkDisconnectedError"


def test_a_call_that_outgrows_a_frame_is_an_error_for_its_caller_and_forgotten() -> None:
    world = World(Limits(calls_per_caller=1))
    for _ in range(2):
        call = Call("c", "f", ["x" * wire.FRAME_BYTES, None], {}, [{**MEDIA[0], "path": ["args", 1]}])
        asyncio.run(world.dispatcher.call(world.caller, call))
        assert "Payload too large" in world.caller.got[-1]["error"]["message"]
    world.chunk(world.caller, "c")
    assert world.worker.got == []
    world.call("d")  # it takes no place
    assert [message["command"] for message in world.worker.got] == ["f"]


def test_a_caller_that_is_gone_gets_no_answer_and_none_of_its_media() -> None:
    world = World()
    world.call("mine")
    world.caller.closed = True
    world.answer(world.given, objects=RETURNED)
    world.chunk(world.worker, world.given)
    assert (world.caller.got, world.caller.blobs) == ([], [])


def test_a_caller_that_gives_up_makes_room_and_what_still_comes_reaches_nobody() -> None:
    world = World(Limits(calls_per_caller=1))
    world.call("first", objects=MEDIA)
    first = world.given
    asyncio.run(world.dispatcher.forget(world.caller))
    last = world.worker.got[-1]
    assert (last["type"], last["cause"]["message"]) == ("MEDIA_ERROR", "The caller gave up")
    world.call("second")
    assert world.given != first
    world.answer(first)
    assert world.caller.got == []


def test_an_id_is_not_used_again_while_its_media_are_on_their_way() -> None:
    world = World()
    world.call("mine", objects=MEDIA)
    world.call("mine")
    assert world.caller.got[-1]["error"]["message"] == "A call with this id is still being sent"
    world.chunk(world.caller, "mine")
    world.call("mine")
    assert [message["type"] for message in world.worker.got] == ["CALL", "CHUNK_HEADER", "CALL"]
