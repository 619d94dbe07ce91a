"""The uplink over real sockets, with the real library in processes of its own."""

import asyncio
import hashlib
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.local_anvil.media_pattern import pattern
from tests.local_anvil.peers import FUNCTIONS, bare_link, notebook
from tests.stand_in import ROOT, Page, StandIn, process, stand_in, wait_until, worker

SIZES = [0, 1, 65_536, 65_537, 1_000_000]
LOST = {"type": "anvil.server.UplinkDisconnectedError", "message": "Uplink disconnected"}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in with one worker that serves functions.py, for tests that leave both as they are."""
    with stand_in(tmp_path_factory.mktemp("host")) as started, worker(started, FUNCTIONS):
        yield started


def upload(*sizes: int) -> list[tuple[list[Any], str, bytes]]:
    return [(["args", number], "a/b", pattern(size, number)) for number, size in enumerate(sizes)]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("size", SIZES)
def test_media_go_from_the_page_to_the_worker_and_back(host: StandIn, size: int) -> None:
    page = host.page()
    answer = page.call("back", None, media=upload(size))
    (media,) = answer["objects"]
    assert media["length"] == size
    assert page.media(media["url"]) == pattern(size)


def test_media_go_from_a_notebook_to_the_worker_and_back(host: StandIn) -> None:
    code = f"""
result = []
for size in {SIZES}:
    back = anvil.server.call("back", anvil.BlobMedia("a/b", pattern(size), name="n"))["args"][0]
    result.append([back.content_type, back.name, back.get_bytes() == pattern(size)])"""
    assert notebook(host, code) == [["a/b", "n", True]] * len(SIZES)


def test_media_from_a_file_without_a_type_are_a_photo_like_any_other(host: StandIn, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"bytes")
    code = f"""
import anvil.media
sent = [anvil.media.from_file({str(tmp_path / "photo")!r}), anvil.BlobMedia(None, b"bytes")]
back = anvil.server.call("back", *sent)["args"]
result = [[media.content_type, media.name, media.get_bytes().decode()] for media in back]"""
    assert notebook(host, code) == [[None, "photo", "bytes"], [None, None, "bytes"]]
    [media] = host.page().call("back", None, media=[(["args", 0], None, b"bytes")])["objects"]
    assert (media["mime-type"], media["url"]) == (
        "application/octet-stream",
        "data:application/octet-stream;base64,Ynl0ZXM=",
    )


def test_media_of_two_calls_at_once_do_not_mix(host: StandIn) -> None:
    """Two callers, two files each way; the chunks of both pass through the worker's one link interleaved."""
    page, sizes = host.page(), (700_000, 400_001)

    def back(_: int) -> list[str]:
        objects = page.call("back", None, None, media=upload(*sizes))["objects"]
        return [digest(page.media(media["url"])) for media in objects]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(back, range(4)))
    assert answers == [[digest(pattern(size, number)) for number, size in enumerate(sizes)]] * 4


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
for value in (date(2024, 2, 29), float("nan"), deep, [[]] * 300_000):
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
        "A message has too many parts",
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


def test_a_caller_that_vanishes_while_it_sends_does_not_hang_the_call(host: StandIn) -> None:
    async def run() -> None:
        async with bare_link(host) as link:
            entry = {"path": ["args", 0], "type": ["DataMedia"], "id": "m", "mime-type": "a/b", "name": None}
            await link.call("one", "media_or_error", None, objects=[entry])
            header = {"type": "CHUNK_HEADER", "requestId": "one", "mediaId": "m", "chunkIndex": 0, "lastChunk": False}
            await link.send(header, b"x")

    asyncio.run(run())
    seen = wait_until(lambda: host.page().call("last_media")["response"], 30)
    assert seen == "UplinkDisconnectedError: Uplink disconnected"


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


def test_a_frame_of_17_mb_ends_the_link_and_the_worker_comes_back(tmp_path: Path) -> None:
    with stand_in(tmp_path) as host, worker(host, FUNCTIONS), ThreadPoolExecutor(1) as pool:
        page = host.page()
        other = pool.submit(page.call, "hold", str(tmp_path / "go"))
        wait_until(lambda: page.call("held")["response"][1], 10)
        too_big = {
            "type": "anvil.server.UplinkDisconnectedError",
            "message": "Data payload too big - please use Media objects to transfer large amounts of data.",
        }
        assert page.call("text", 17_000_000) == {"error": too_big}
        assert other.result(20) == {"error": too_big}
        (tmp_path / "go").touch()
        wait_until(lambda: "response" in page.call("pid"), 15, host.log)


def test_two_workers_share_the_calls_and_one_that_is_killed_fails_only_its_own(tmp_path: Path) -> None:
    release = tmp_path / "go"
    with stand_in(tmp_path) as host, worker(host, FUNCTIONS) as first, worker(host, FUNCTIONS) as second:
        page = host.page()
        shares = Counter(page.call("pid")["response"] for _ in range(60))
        assert set(shares) == {first.pid, second.pid}
        assert min(shares.values()) >= 10

        with ThreadPoolExecutor(14) as pool:
            calls = [pool.submit(page.call, "hold", str(release)) for _ in range(14)]
            wait_until(lambda: at_work(page, {first.pid, second.pid}) == 14, 10)
            first.send_signal(signal.SIGKILL)
            wait_until(lambda: any(call.done() for call in calls), 10)
            assert not release.exists()  # they fail while the others are at work
            release.touch()
            outcomes = [call.result(10) for call in calls]
        assert all(answer in ({"error": LOST}, {"response": second.pid, "objects": []}) for answer in outcomes)
        assert {page.call("pid")["response"] for _ in range(10)} == {second.pid}


def at_work(page: Page, pids: set[int]) -> int:
    """How many calls are held by these workers, each of which is asked until it has answered."""
    found: dict[int, int] = {}
    while found.keys() != pids:
        pid, number = page.call("held")["response"]
        found[pid] = number
    return sum(found.values())


def test_a_frozen_worker_is_dropped_and_comes_back_when_it_thaws(tmp_path: Path) -> None:
    with (
        stand_in(tmp_path, options=["--ping-seconds", "0.5"]) as host,
        worker(host, FUNCTIONS) as frozen,
        ThreadPoolExecutor(1) as pool,
    ):
        page = host.page()
        time.sleep(1.1)  # two pings that are answered
        assert page.call("pid")["response"] == frozen.pid
        assert "Link ended" not in host.log.read_text()
        frozen.send_signal(signal.SIGSTOP)
        call: Future[dict[str, Any]] = pool.submit(page.call, "pid")
        assert call.result(20) == {"error": LOST}
        assert "no answer to pings" in host.log.read_text()
        assert page.call("pid")["error"]["message"] == 'The uplink server for "pid" has been disconnected'
        frozen.send_signal(signal.SIGCONT)
        wait_until(lambda: page.call("pid").get("response") == frozen.pid, 15, host.log)


def test_a_caller_that_takes_nothing_holds_up_nobody_else(tmp_path: Path) -> None:
    with stand_in(tmp_path, options=["--ping-seconds", "60"]) as host, worker(host, FUNCTIONS):
        page = host.page()

        async def run() -> None:
            async with bare_link(host) as link:
                # Nothing is read from here on.
                await link.call("one", "make_media", 40_000_000)
                for _ in range(20):
                    assert "response" in await asyncio.to_thread(page.call, "pid")
                assert "Link ended" not in host.log.read_text()

        asyncio.run(run())


def test_no_key_is_in_the_log_and_no_path_but_the_key_files(tmp_path: Path) -> None:
    """Even after a handler's error, whose trace names files, a key that is wrong, a broken link and a killed worker."""
    wrong = "server_ABCDEFGHIJKLMNOPQRSTUVWX"

    async def misbehave(host: StandIn) -> None:
        async with bare_link(host, {"key": wrong, "v": 8}) as link:
            assert (await link.get())["error"]
        async with bare_link(host) as link:
            await link.socket.send_str(f"{host.client_key} is no message")
            await link.call("heard", "anvil.private.echo", "nothing")
            assert (await link.get())["id"] == "heard"

    with stand_in(tmp_path) as host, worker(host, FUNCTIONS) as running:
        assert host.page().call("fail")["error"]["type"] == "ValueError"
        asyncio.run(misbehave(host))
        running.kill()
        wait_until(lambda: "Link ended: uplink" in host.log.read_text(), 10, host.log)
    text = host.log.read_text()
    assert "A message of a link is passed over: Not a JSON message" in text
    for key in (host.uplink_key, host.client_key, wrong):
        assert key not in text
    # The owner's own console says where the keys are; beside that line no file is named.
    rest = text.replace(f"Keys: {host.key_file} (client_uplink_key is for notebooks)\n", "")
    assert rest.count("\n") == text.count("\n") - 1
    for path in (ROOT, tmp_path, sys.prefix):
        assert str(path) not in rest
    assert ".py" not in rest
