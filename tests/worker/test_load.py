"""Five hundred calls at once, over a link that sends them as fast as it can: each is answered or told "busy"."""

import asyncio
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.classifier.pictures import RED, encoded, noise
from tests.local_anvil.peers import BareLink, bare_link
from tests.stand_in import StandIn, stand_in, worker

SLOW = pytest.mark.slow
CALLS = 500
# Thirty kilobytes that take a millisecond, three that take several, and 300 as a shrunken photo has.
LIGHT = encoded(noise(180, 180), "JPEG", quality=90)
HEAVY = encoded(Image.new("RGB", (1200, 900), RED), "PNG")
LARGE = encoded(noise(580, 580), "JPEG", quality=90)

# What a flood may add: in the worker the uploads, their threads and the pictures at work; in the stand-in what it
# relays.
WORKER_GROWS_MB = 100.0
HOST_GROWS_MB = 50.0

# The stand-in as the service is, which sets no bound: every call reaches the worker.
WIDE = """
import dataclasses, sys
from local_anvil import __main__
@dataclasses.dataclass(frozen=True)
class Wide(__main__.Limits):
    calls: int = 10_000
    calls_per_caller: int = 10_000
    calls_kept_for_page: int = 0
__main__.Limits = Wide
sys.exit(__main__.main())
"""


def peak_mb(pid: int) -> float:
    """The highest resident memory of a process so far."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


class Flood:
    """Calls sent at once over one link, and what came back for each."""

    def __init__(self, photo: bytes) -> None:
        self._photo = photo
        self._sent: set[str] = set()
        self.outcomes: Counter[str] = Counter()

    async def run(self, link: BareLink) -> None:
        """Send all calls; each gets exactly one answer."""
        sending = asyncio.create_task(self._send(link))
        for _ in range(CALLS):
            self._take(await link.get())
        await sending
        # What is doubled would have come before the answer to this.
        await link.call("last", "anvil.private.echo", "nothing more")
        assert (await link.get())["id"] == "last"
        assert not self._sent

    async def _send(self, link: BareLink) -> None:
        entry = {"path": ["args", 0], "type": ["DataMedia"], "id": "m", "mime-type": "image/jpeg", "name": None}
        for number in range(CALLS):
            call_id = f"call {number}"
            self._sent.add(call_id)
            await link.call(call_id, "classify_image", None, objects=[entry])
            header = {"requestId": call_id, "mediaId": "m", "chunkIndex": 0}
            await link.send({"type": "CHUNK_HEADER", **header, "lastChunk": True}, self._photo)

    def _take(self, answer: dict[str, Any]) -> None:
        self._sent.remove(answer["id"])
        result = answer["response"]
        self.outcomes["label" if "label" in result else result["error"]["type"]] += 1


def flooded(host: StandIn, photo: bytes) -> tuple[Flood, int]:
    """A flood, and how many calls of the page were answered while it went on."""
    flood, page, answered = Flood(photo), host.page(), 0

    async def look(ended: asyncio.Event) -> None:
        nonlocal answered
        while not ended.is_set():
            assert "response" in await asyncio.to_thread(page.call, "worker_status")
            answered += not ended.is_set()

    async def run() -> None:
        async with bare_link(host) as link:
            looking = asyncio.create_task(look(ended := asyncio.Event()))
            await asyncio.wait_for(flood.run(link), 100)
            ended.set()
            await looking

    asyncio.run(run())
    return flood, answered


@pytest.mark.parametrize(
    ("bounded", "photo"),
    [
        (True, LIGHT),
        (False, HEAVY),
        pytest.param(True, LARGE, marks=SLOW),
        # Without bounds, 150 MB go through two processes before anybody can refuse them.
        pytest.param(False, LARGE, marks=SLOW),
    ],
    ids=["bounded", "wide", "bounded-large", "wide-large"],
)
def test_500_calls_at_once(bounded: bool, photo: bytes, tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    """With the stand-in's bounds, and with those of the worker alone. How long it takes, `make bench` tells."""
    program = ["-m", "local_anvil"] if bounded else ["-c", WIDE]
    with stand_in(tmp_path, program=program) as host, worker(host, environment=tiny_settings) as served:
        before = peak_mb(served.pid), peak_mb(host.process.pid)
        flood, answered = flooded(host, photo)
        after = peak_mb(served.pid), peak_mb(host.process.pid)
    refused = flood.outcomes["Busy"]
    assert refused + flood.outcomes["label"] == CALLS
    assert flood.outcomes["label"] > 10
    # Large ones that nothing holds back may come more slowly than a fast machine answers them.
    assert refused > 10 or (photo is LARGE and not bounded)
    assert answered > 0
    assert after[0] - before[0] < WORKER_GROWS_MB
    assert after[1] - before[1] < (HOST_GROWS_MB if bounded else CALLS * len(photo) / 2**20 + HOST_GROWS_MB)
