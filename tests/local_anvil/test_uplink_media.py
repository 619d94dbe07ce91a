"""Media over the uplink, with the real library in processes of its own."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.local_anvil.media_pattern import pattern
from tests.local_anvil.peers import bare_link, notebook
from tests.stand_in import StandIn, wait_until

SIZES = [0, 1, 65_536, 65_537, 1_000_000]


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
