"""A worker that has run for long needs no more memory than one that has just begun."""

import asyncio
import os
from collections import Counter

import psutil
import pytest

from tests.classifier.pictures import encoded, exif_jpeg, noise, scene
from tests.local_anvil.peers import BareLink, bare_link
from tests.stand_in import StandIn, worker

WARM_UP = 10_000
CALLS = int(os.environ.get("GROWTH_CALLS") or 100_000)
AT_ONCE = 8
MOST_MB = 20.0

# Answers and refusals, with and without a heat map; small, for the time this takes.
PHOTOS = [
    encoded(noise(64, 64), "JPEG"),
    encoded(scene(200, 150), "PNG"),
    exif_jpeg(scene(120, 90), 6),
    encoded(scene(), "WEBP"),
    encoded(scene(), "PNG")[:200],
    b"no photo",
]


async def make(link: BareLink, calls: int) -> Counter[str]:
    """Make so many calls, `AT_ONCE` at a time; how they ended."""
    outcomes: Counter[str] = Counter()

    async def send(number: int) -> None:
        photo, model = PHOTOS[number % len(PHOTOS)], ["plain", "with_map"][number % 2]
        entry = {"path": ["args", 0], "type": ["DataMedia"], "id": "m", "mime-type": "image/jpeg", "name": None}
        await link.call(str(number), "classify_image", None, model, 3, number % 5 == 0, objects=[entry])
        header = {"requestId": str(number), "mediaId": "m", "chunkIndex": 0, "lastChunk": True}
        await link.send({"type": "CHUNK_HEADER", **header}, photo)

    for number in range(min(AT_ONCE, calls)):
        await send(number)
    ended = 0
    while ended < calls:
        answer = await link.get()
        if answer.get("type") == "CHUNK_HEADER":  # a heat map
            await link.socket.receive_bytes(timeout=10)
            continue
        result = answer if "error" in answer else answer["response"]
        outcomes["label" if "label" in result else result["error"]["type"]] += 1
        if ended + AT_ONCE < calls:
            await send(ended + AT_ONCE)
        ended += 1
    return outcomes


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_memory_does_not_grow_with_the_number_of_calls(host: StandIn, tiny_settings: dict[str, str]) -> None:
    """Through the real uplink library, since that holds calls and media, too."""
    with worker(host, environment=tiny_settings) as served:

        def memory(process: int) -> float:
            return psutil.Process(process).memory_info().rss / 2**20

        async def run() -> Counter[str]:
            async with bare_link(host) as link:
                await make(link, WARM_UP)
                before.extend(memory(pid) for pid in pids)
                return await make(link, CALLS)

        pids, before = (served.pid, host.process.pid), []
        outcomes = asyncio.run(run())
        after = [memory(pid) for pid in pids]
    print(f"{outcomes}; worker {before[0]:.1f} -> {after[0]:.1f} MB, stand-in {before[1]:.1f} -> {after[1]:.1f} MB")
    assert set(outcomes) == {"label", "Truncated", "NotAPhoto"}
    assert after[0] - before[0] < MOST_MB
    assert after[1] - before[1] < MOST_MB
