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
from tests.stand_in import ROOT, StandIn, process, stand_in, wait_until, worker

SIZES = [0, 1, 65_536, 65_537, 10_000_000]
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


@pytest.mark.parametrize("size", SIZES)
def test_media_go_from_a_notebook_to_the_worker_and_back(host: StandIn, size: int) -> None:
    code = f"""
back = anvil.server.call("back", anvil.BlobMedia("a/b", pattern({size}), name="n"))["args"][0]
result = [back.content_type, back.name, back.get_bytes() == pattern({size})]"""
    assert notebook(host, code) == ["a/b", "n", True]


def test_media_of_two_calls_at_once_do_not_mix(host: StandIn) -> None:
    """Two callers, two files each way; the chunks of both pass through the worker's one link interleaved."""
    page, sizes = host.page(), (3_000_000, 2_000_001)

    def back(_: int) -> list[str]:
        objects = page.call("back", None, None, media=upload(*sizes))["objects"]
        return [digest(page.media(media["url"])) for media in objects]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(back, range(4)))
    assert answers == [[digest(pattern(size, number)) for number, size in enumerate(sizes)]] * 4


def test_interleaved_chunks_of_two_calls_on_one_link(host: StandIn) -> None:
    async def run() -> dict[str, Any]:
        async with bare_link(host) as link:
            for name in ("one", "two"):
                entry = {"path": ["args", 0], "type": ["DataMedia"], "id": "m", "mime-type": "a/b", "name": None}
                await link.call(name, "sizes", None, objects=[entry])
            for index, (name, blob, last) in enumerate(
                [("one", b"1", False), ("two", b"22", False), ("one", b"", True), ("two", b"2", True)]
            ):
                header = {"requestId": name, "mediaId": "m", "chunkIndex": index, "lastChunk": last}
                await link.send({"type": "CHUNK_HEADER", **header}, blob)
            answers = [await link.get(), await link.get()]
            return {answer["id"]: answer["response"] for answer in answers}

    assert asyncio.run(run()) == {"one": [1], "two": [3]}


def test_a_worker_calls_through_the_host_with_media_both_ways(host: StandIn) -> None:
    page = host.page()
    answer = page.call("through", "back", None, media=[(["args", 1], "a/b", pattern(100_000))])
    (media,) = answer["objects"]
    assert page.media(media["url"]) == pattern(100_000)


def test_values_of_all_kinds_survive_the_way(host: StandIn) -> None:
    code = """
from datetime import date, datetime, timezone
values = anvil.server.call("values")
assert values["nan"] != values["nan"] and values["infinity"] == float("-inf"), values
assert values["big"] == 2**70 and values["day"] == date(2024, 2, 29), values
assert values["time"] == datetime(2024, 2, 29, 12, 30, 1, 5, timezone.utc), values
assert values["nested"][0]["media"].get_bytes() == b"deep" and values["nested"][1] is None, values
again = anvil.server.call("back", values, float("inf"), big=-2**90)
assert again["args"][0]["big"] == 2**70 and again["args"][1] == float("inf"), again
assert again["args"][0]["nested"][0]["media"].name == "deep.txt" and again["kwargs"]["big"] == -2**90, again
result = "as they were"
"""
    assert notebook(host, code) == "as they were"


def test_a_worker_knows_who_calls(host: StandIn) -> None:
    page = host.page()
    seen = {"type": "uplink", "client": "browser", "caller": "browser", "trusted": False, "stack": ["browser"]}
    assert page.call("context")["response"] == seen
    through = {**seen, "caller": "uplink", "trusted": True, "stack": ["uplink", "browser"]}
    assert page.call("through", "context")["response"] == through
    assert notebook(host, "result = anvil.server.call('context')")["caller"] == "client-uplink"


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
    seen = wait_until(lambda: host.page().call("last_media")["response"], 5)
    assert seen == "UplinkDisconnectedError: Uplink disconnected"


def test_a_flood_of_calls_is_refused_at_once_and_the_page_is_served(host: StandIn) -> None:
    async def run() -> list[str]:
        async with bare_link(host) as link:
            for number in range(100):
                await link.call(str(number), "wait", 3)
            refused = [(await link.get())["error"]["type"] for _ in range(84)]
            started = time.monotonic()
            answer = await asyncio.to_thread(host.page().call, "pid")
            assert answer["response"]
            assert time.monotonic() - started < 2
            done = [await link.get() for _ in range(16)]
            assert all("response" in answer for answer in done)
            return refused

    assert asyncio.run(run()) == ["Busy"] * 84


def test_a_key_that_is_not_ours_is_refused(host: StandIn, tmp_path: Path) -> None:
    environment = {**host.environment, "ANVIL_UPLINK_KEY": "server_ABCDEFGHIJKLMNOPQRSTUVWX"}
    log = tmp_path / "log"
    with process([sys.executable, str(FUNCTIONS)], log, environment) as wrong:
        wait_until(lambda: "Fatal error from Anvil server: Incorrect uplink key" in log.read_text(), 20, log)
        assert wrong.wait(10) != 0


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
    ("hello", "text"),
    [
        ({"key": "x", "v": 8}, "Incorrect uplink key"),
        ({"key": "x", "v": 3}, "outdated version"),
        ({"type": "CALL"}, "outdated version"),
    ],
)
def test_a_bad_handshake_is_told_and_closed(host: StandIn, hello: dict[str, Any], text: str) -> None:
    async def run() -> None:
        async with bare_link(host, hello) as link:
            assert text in (await link.get())["error"]
            assert await link.closed()

    asyncio.run(run())


@pytest.mark.parametrize(
    "frame",
    [b"bytes without a header", "no json", '{"type": "CALL"}', '{"type": "REGISTER", "name": "f"}', "[" * 100_000],
)
def test_a_link_that_breaks_the_protocol_ends_and_others_do_not(host: StandIn, frame: str | bytes) -> None:
    async def run() -> None:
        async with bare_link(host) as other, bare_link(host) as link:
            await (link.socket.send_bytes(frame) if isinstance(frame, bytes) else link.socket.send_str(frame))
            assert (await link.get())["error"]
            assert await link.closed()
            await other.call("one", "pid")
            assert (await other.get())["response"]

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
        other = pool.submit(page.call, "wait", 20)
        wait_until(lambda: page.call("waiting")["response"], 10)
        too_big = {
            "type": "anvil.server.UplinkDisconnectedError",
            "message": "Data payload too big - please use Media objects to transfer large amounts of data.",
        }
        assert page.call("text", 17_000_000) == {"error": too_big}
        assert other.result(5) == {"error": too_big}
        wait_until(lambda: "response" in page.call("pid"), 15, host.log)
        assert len(page.call("text", 15_000_000)["response"]) == 15_000_000


def test_two_workers_share_the_calls_and_one_that_is_killed_fails_only_its_own(tmp_path: Path) -> None:
    with stand_in(tmp_path) as host, worker(host, FUNCTIONS) as first, worker(host, FUNCTIONS) as second:
        page = host.page()
        shares = Counter(page.call("pid")["response"] for _ in range(60))
        assert set(shares) == {first.pid, second.pid}
        assert min(shares.values()) >= 10

        with ThreadPoolExecutor(14) as pool:
            calls = [pool.submit(page.call, "wait", 4) for _ in range(14)]
            time.sleep(1)
            first.send_signal(signal.SIGKILL)
            failed = wait_until(lambda: [call.result() for call in calls if call.done()], 2)
            outcomes = [call.result(10) for call in calls]
        assert all(answer == {"error": LOST} for answer in failed)
        finished = [answer["response"] for answer in outcomes if "response" in answer]
        assert set(finished) == {second.pid}
        assert len(finished) + sum(answer == {"error": LOST} for answer in outcomes) == 14
        assert {page.call("pid")["response"] for _ in range(10)} == {second.pid}


def test_a_frozen_worker_is_dropped_and_comes_back_when_it_thaws(tmp_path: Path) -> None:
    with (
        stand_in(tmp_path, options=["--ping-seconds", "3"]) as host,
        worker(host, FUNCTIONS) as frozen,
        ThreadPoolExecutor(1) as pool,
    ):
        page = host.page()
        time.sleep(6)  # two pings that are answered
        assert page.call("pid")["response"] == frozen.pid
        frozen.send_signal(signal.SIGSTOP)
        call: Future[dict[str, Any]] = pool.submit(page.call, "pid")
        assert call.result(12) == {"error": LOST}
        assert "no answer to pings" in host.log.read_text()
        assert page.call("pid")["error"]["message"] == 'The uplink server for "pid" has been disconnected'
        frozen.send_signal(signal.SIGCONT)
        wait_until(lambda: page.call("pid").get("response") == frozen.pid, 15, host.log)


def test_a_caller_that_takes_nothing_is_dropped_and_holds_up_nobody_else(tmp_path: Path) -> None:
    with stand_in(tmp_path) as host, worker(host, FUNCTIONS), ThreadPoolExecutor(1) as pool:
        page = host.page()
        at_work = pool.submit(page.call, "wait", 12)  # longer than the default pings take to find it gone
        wait_until(lambda: page.call("waiting")["response"], 10)

        async def run() -> float:
            slowest = 0.0
            async with bare_link(host) as link:
                # Nothing is read from here on: no media, and no pings either.
                await link.call("one", "make_media", 40_000_000)
                while "Link ended: client-uplink (no answer to pings)" not in host.log.read_text():
                    started = time.monotonic()
                    answer = await asyncio.to_thread(page.call, "pid")
                    assert "response" in answer
                    slowest = max(slowest, time.monotonic() - started)
                    await asyncio.sleep(0.1)
            return slowest

        assert asyncio.run(asyncio.wait_for(run(), 40)) < 5
        assert "response" in at_work.result(30)
        assert "Link ended: uplink" not in host.log.read_text()


def test_a_worker_finds_a_host_that_was_started_again_and_its_late_answer_is_ignored(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        with stand_in(tmp_path) as first:
            # The worker outlives this host, so its end is up to the inner block.
            context = worker(first, FUNCTIONS)
            running = context.__enter__()
            try:
                call = pool.submit(first.page().call, "wait", 4)
                time.sleep(0.5)
            except BaseException:
                context.__exit__(None, None, None)
                raise
        try:
            assert call.result(5) == {"error": LOST}
            with stand_in(tmp_path, port=first.port) as second:
                started = time.monotonic()
                assert second.uplink_key == first.uplink_key
                page = second.page()
                wait_until(lambda: page.call("pid").get("response") == running.pid, 15, second.log)
                assert time.monotonic() - started < 15
                time.sleep(4)
                assert page.call("pid")["response"] == running.pid
                assert "Link ended" not in second.log.read_text()
        finally:
            context.__exit__(None, None, None)


def test_no_key_is_in_the_log_and_no_path_but_the_key_files(tmp_path: Path) -> None:
    """Even after a handler's error, whose trace names files, a key that is wrong, a broken link and a killed worker."""
    wrong = "server_ABCDEFGHIJKLMNOPQRSTUVWX"

    async def misbehave(host: StandIn) -> None:
        async with bare_link(host, {"key": wrong, "v": 8}) as link:
            assert (await link.get())["error"]
        async with bare_link(host) as link:
            await link.socket.send_str(f"{host.client_key} is no message")
            assert (await link.get())["error"]

    with stand_in(tmp_path) as host, worker(host, FUNCTIONS) as running:
        assert host.page().call("fail")["error"]["type"] == "ValueError"
        asyncio.run(misbehave(host))
        running.kill()
        wait_until(lambda: "Link ended: uplink" in host.log.read_text(), 10, host.log)
    text = host.log.read_text()
    assert "Link ended: client-uplink (Not a JSON message)" in text
    for key in (host.uplink_key, host.client_key, wrong):
        assert key not in text
    # The owner's own console says where the keys are; beside that line no file is named.
    rest = text.replace(f"Keys: {host.key_file} (client_uplink_key is for notebooks)\n", "")
    assert rest.count("\n") == text.count("\n") - 1
    for path in (ROOT, tmp_path, sys.prefix):
        assert str(path) not in rest
    assert ".py" not in rest
