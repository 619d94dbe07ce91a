"""Calls over the uplink, with the real library in processes of its own."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.local_anvil.peers import FUNCTIONS, bare_link, notebook
from tests.stand_in import StandIn, process, wait_until


def test_values_of_all_kinds_survive_the_way(host: StandIn) -> None:
    code = """
values = {"big": 2**70, "nested": [{"media": anvil.BlobMedia("text/plain", b"deep", name="deep.txt")}, None, 1.5, "ü"]}
again = anvil.server.call("back", values, big=-2**90)
[found] = again["args"]
assert found["big"] == 2**70 and again["kwargs"] == {"big": -2**90}, again
assert found["nested"][0]["media"].get_bytes() == b"deep" and found["nested"][1:] == [None, 1.5, "ü"], again
result = found["nested"][0]["media"].name
"""
    assert notebook(host, code) == "deep.txt"


def test_a_value_that_does_not_travel_costs_its_call_and_not_the_link(host: StandIn) -> None:
    code = """
from datetime import date
result = []
deep = []
for _ in range(150):
    deep = [deep]
for value in (date(2024, 2, 29), float("nan"), deep):
    try:
        anvil.server.call("back", value)
    except anvil.server.SerializationError as error:
        result.append(str(error))
result.append(anvil.server.call("back", "well")["args"])
"""
    assert notebook(host, code) == [
        "Values of the kind Date do not travel through local_anvil",
        "Values of the kind Float do not travel through local_anvil",
        "A message nests too deeply",
        ["well"],
    ]


def test_a_worker_knows_who_calls(host: StandIn) -> None:
    assert host.page().call("context")["response"] == ["uplink", "browser", "browser", False]
    assert notebook(host, "result = anvil.server.call('context')") == [
        "uplink",
        "client-uplink",
        "client-uplink",
        False,
    ]


def test_errors_keep_their_type_and_lose_their_trace(host: StandIn) -> None:
    assert host.page().call("fail") == {"error": {"type": "ValueError", "message": "boom"}}
    code = """
try:
    anvil.server.call("nothing_of_that_name")
except anvil.server.NoServerFunctionError as error:
    result = str(error)"""
    assert notebook(host, code) == 'No server function matching "nothing_of_that_name" has been registered'


def test_a_flood_of_calls_is_refused_while_the_others_are_at_work_and_the_page_is_served(
    host: StandIn, tmp_path: Path
) -> None:
    release = tmp_path / "go"

    async def run() -> list[str]:
        async with bare_link(host) as link:
            for number in range(100):
                await link.call(str(number), "hold", str(release))
            refused = [(await link.get())["response"]["error"]["type"] for _ in range(84)]
            assert (await asyncio.to_thread(host.page().call, "pid"))["response"]
            release.touch()
            done = [await link.get() for _ in range(16)]
            assert all(isinstance(answer["response"], int) for answer in done)
            return refused

    assert asyncio.run(run()) == ["Busy"] * 84


def test_a_busy_host_tells_a_notebook_as_a_busy_worker_does(host: StandIn, tmp_path: Path) -> None:
    release = tmp_path / "go"
    code = f"""
import threading
threads = [threading.Thread(target=anvil.server.call, args=("hold", {str(release)!r})) for _ in range(20)]
for thread in threads:
    thread.start()
while isinstance(result := anvil.server.call("pid"), int):
    pass
open({str(release)!r}, "w").close()
for thread in threads:
    thread.join()
"""
    told = notebook(host, code)
    assert told == {
        "error": {"type": "Busy", "message": "Too many calls are waiting for an answer. Try again in a moment."}
    }


def test_a_key_that_is_not_ours_is_refused(host: StandIn, tmp_path: Path) -> None:
    environment = {**host.environment, "ANVIL_UPLINK_KEY": "server_ABCDEFGHIJKLMNOPQRSTUVWX"}
    log = tmp_path / "log"
    with process([sys.executable, str(FUNCTIONS)], log, environment) as wrong:
        wait_until(lambda: "Fatal error from Anvil server: Incorrect uplink key" in log.read_text(), 20, log)
        assert wrong.wait(30) != 0


def test_a_client_key_cannot_register(host: StandIn, tmp_path: Path) -> None:
    log, script = tmp_path / "log", tmp_path / "climber.py"
    script.write_text(
        "import os, anvil.server\n"
        "anvil.server.callable('climbed')(lambda: 'up')\n"
        "anvil.server.connect(os.environ['ANVIL_UPLINK_KEY'], url=os.environ['ANVIL_UPLINK_URL'])\n"
        "anvil.server.wait_forever()\n"
    )
    environment = {**host.environment, "ANVIL_UPLINK_KEY": host.client_key}
    with process([sys.executable, str(script)], log, environment):
        wait_until(lambda: "Cannot register @anvil.server.callable functions" in log.read_text(), 20, log)
        answer = host.page().call("climbed")
        assert answer["error"]["type"] == "anvil.server.NoServerFunctionError"


@pytest.mark.parametrize(
    "frame",
    [
        b"bytes without a header",
        "no json",
        "[" * 100_000,
        '{"type": "CALL"}',
        '{"type": "CHUNK_HEADER", "requestId": 7}',
        '{"id": 1, "response": 2}',
    ],
)
def test_a_bad_message_costs_that_message(host: StandIn, frame: str | bytes) -> None:
    async def run() -> None:
        async with bare_link(host) as link:
            await (link.socket.send_bytes(frame) if isinstance(frame, bytes) else link.socket.send_str(frame))
            await link.call("one", "pid")
            assert (await link.get())["response"]

    asyncio.run(run())


@pytest.mark.parametrize(
    "call",
    [
        {"command": "pid"},
        {"command": "pid", "args": {}, "kwargs": {}},
        {"command": 7, "args": [], "kwargs": {}},
        {"command": "back", "args": [None], "kwargs": {}, "objects": [{"path": ["args", 0], "type": ["DataMedia"]}]},
        {"command": "back", "args": [], "kwargs": {}, "objects": [{"path": ["args", 0], "type": ["Long"]}]},
    ],
)
def test_a_bad_call_is_answered_with_what_is_wrong(host: StandIn, call: dict[str, Any]) -> None:
    async def run() -> None:
        async with bare_link(host) as link:
            await link.send({"type": "CALL", "id": "bad", **call})
            answer = await link.get()
            assert (answer["id"], answer["error"]["type"]) == ("bad", "anvil.server.SerializationError")
            await link.call("good", "pid")
            assert (await link.get())["response"]

    asyncio.run(run())


def test_a_worker_that_answers_badly_fails_that_call_and_keeps_its_link(host: StandIn) -> None:
    page = host.page()

    async def run() -> None:
        async with bare_link(host, {"key": host.uplink_key, "v": 8}) as link:
            assert (await link.get())["auth"] == "OK"
            await link.send({"type": "REGISTER", "name": "odd_answers"})
            await link.call("registered?", "anvil.private.echo", None)
            await link.get()
            asking = asyncio.create_task(asyncio.to_thread(page.call, "odd_answers"))
            call = await link.get()
            entry = {"path": ["response"], "type": ["DateTime"], "value": "2024-02-29 12:30:01.000005"}
            await link.send({"id": call["id"], "response": None, "objects": [entry]})
            assert (await asking)["error"]["type"] == "anvil.server.SerializationError"
            asking = asyncio.create_task(asyncio.to_thread(page.call, "odd_answers"))
            await link.send({"id": (await link.get())["id"], "response": "well", "objects": []})
            assert (await asking)["response"] == "well"

    asyncio.run(run())


def test_an_uplink_is_not_for_pages(host: StandIn) -> None:
    async def status(**headers: str) -> int:
        async with aiohttp.ClientSession() as session:
            try:
                async with session.ws_connect(host.uplink_url, headers=headers):
                    return 101
            except aiohttp.WSServerHandshakeError as error:
                return error.status

    ours = f"127.0.0.1:{host.port}"
    assert asyncio.run(status(Origin=f"ws://{ours}")) == 101
    for origin in ("https://example.org", f"http://{ours}", "null", "ws://127.0.0.1:1", ""):
        assert asyncio.run(status(Origin=origin)) == 403
    assert asyncio.run(status(Host=f"example.org:{host.port}")) == 403
