"""Links that end, freeze or take nothing, with the real library in processes of its own."""

import asyncio
import signal
import sys
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.local_anvil.peers import FUNCTIONS, bare_link
from tests.stand_in import ROOT, Page, StandIn, stand_in, wait_until, worker

LOST = {"type": "anvil.server.UplinkDisconnectedError", "message": "Uplink disconnected"}


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
