"""What the page's requests may bring in all, and how slowly."""

import asyncio
import http.client
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from local_anvil.host import Host
from local_anvil.keys import load_keys
from local_anvil.limits import Limits
from tests.stand_in import ROOT, wait_until

CALL = b'{"command":"nobody","args":[],"kwargs":{}}'
LIMITS = Limits(body_bytes=1_000_000)


class Page(NamedTuple):
    """Where the calls of a page go, and with what."""

    port: int
    token: str


class Request:
    """A call of the page whose body is sent as the test goes on."""

    def __init__(self, page: Page, length: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=10)
        self._connection.putrequest("POST", "/_/call")
        for name, value in (("X-Page-Token", page.token), ("X-Sizes", str(length)), ("Content-Length", str(length))):
            self._connection.putheader(name, value)
        self._connection.endheaders()

    def send(self, data: bytes) -> None:
        self._connection.send(data)

    def answer(self) -> tuple[int, str]:
        """Status and type of the error."""
        response = self._connection.getresponse()
        error = json.load(response)["error"]
        self.close()
        return response.status, str(error["type"])

    def close(self) -> None:
        self._connection.close()


def beside(tmp_path: Path, requests: Callable[[Page], None], limits: Limits = LIMITS) -> None:
    """Run `requests` in a thread, beside the host's event loop."""

    async def run() -> None:
        host = Host(load_keys(tmp_path / "keys.json"), ROOT / "anvil_app", limits)
        async with host.running(0) as port:
            await asyncio.to_thread(requests, Page(port, host._token))
            assert host._bodies._held == 0

    asyncio.run(run())


def whole(page: Page, body: bytes) -> tuple[int, str]:
    request = Request(page, len(body))
    request.send(body)
    return request.answer()


NOBODY = (200, "anvil.server.NoServerFunctionError")
BUSY = (503, "Busy")


def test_a_body_past_the_bound_is_told_busy_and_others_are_answered(tmp_path: Path) -> None:
    def requests(page: Page) -> None:
        large = CALL + b" " * 5_000_000
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: whole(page, large), range(8))) == {BUSY}
        assert whole(page, CALL) == NOBODY
        assert whole(page, CALL + b" " * 900_000) == NOBODY

    beside(tmp_path, requests)


def test_a_slow_sender_takes_no_room(tmp_path: Path) -> None:
    def requests(page: Page) -> None:
        slow, body = Request(page, 990_000), CALL.ljust(990_000)
        for start in range(0, 300, 100):
            slow.send(body[start : start + 100])
            assert whole(page, CALL + b" " * 900_000) == NOBODY
        slow.send(body[300:])
        assert slow.answer() == NOBODY

    beside(tmp_path, requests)


def test_a_sender_that_stops_is_ended_and_gives_its_room_back(tmp_path: Path) -> None:
    def requests(page: Page) -> None:
        stopped = Request(page, 900_000)
        stopped.send(b" " * 800_000)
        assert stopped.answer() == (408, "anvil.server.TimeoutError")
        assert whole(page, CALL + b" " * 900_000) == NOBODY

    beside(tmp_path, requests, Limits(body_bytes=1_000_000, media_idle_seconds=0.5))


def test_a_sender_that_vanishes_gives_its_room_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def requests(page: Page) -> None:
        for _ in range(5):
            gone = Request(page, 900_000)
            gone.send(b" " * 800_000)
            gone.close()
        wait_until(lambda: whole(page, CALL + b" " * 900_000) == NOBODY, 30)

    beside(tmp_path, requests)
    assert caplog.text == ""
