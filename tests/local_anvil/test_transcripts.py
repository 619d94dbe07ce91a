"""The stand-in says what the real service says: transcripts.yaml, played frame by frame over real sockets."""

import asyncio
import contextlib
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.http_client import Reply, ask
from tests.local_anvil.peers import BareLink, bare_link
from tests.stand_in import StandIn, stand_in

TRANSCRIPTS = yaml.safe_load(Path(__file__).with_name("transcripts.yaml").read_text())


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("host")) as started:
        yield started


class Player:
    """Plays one script. A name that is kept is filled in where it is sent, and compared where it is got."""

    def __init__(self, host: StandIn, stack: AsyncExitStack) -> None:
        self.host = host
        self.stack = stack
        self.names: dict[str, Any] = {"$uplink_key": host.uplink_key, "$client_key": host.client_key}
        self.links: dict[str, BareLink] = {}
        self.open: dict[str, AsyncExitStack] = {}
        self.asked: dict[str, asyncio.Task[Any]] = {}

    async def play(self, step: str, value: Any) -> None:
        end, _, what = step.partition(" ")
        if end in ("page", "http"):
            await self.request(end, what, self.filled(value))
        elif what == "opens":
            self.open[end] = await self.stack.enter_async_context(AsyncExitStack())
            self.links[end] = await self.open[end].enter_async_context(bare_link(self.host, self.filled(value)))
        else:
            await self.frame(end, self.links[end], what, value)

    async def frame(self, end: str, link: BareLink, what: str, value: Any) -> None:
        match what:
            case "sends":
                await link.send(self.filled(value))
            case "sends bytes":
                await link.socket.send_bytes(value.encode())
            case "sends bytes of":
                with contextlib.suppress(ConnectionError):  # the link may be ended before all of it has gone
                    await link.socket.send_bytes(bytes(value))
            case "gets":
                self.compare(await link.get(), value, end)
            case "gets bytes":
                assert await link.socket.receive_bytes(timeout=10) == value.encode()
            case "gets nothing":
                await link.call("nothing?", "anvil.private.echo", "nothing")
                assert (await link.get())["id"] == "nothing?"
            case "ends":
                await self.open[end].aclose()
            case "is ended":
                assert await link.closed()
            case _:
                raise ValueError(what)

    async def request(self, end: str, what: str, value: dict[str, Any]) -> None:
        if what == "calls":
            call = {"args": [], "kwargs": {}, **value}
            page = await asyncio.to_thread(self.host.page)
            asking = asyncio.to_thread(page.call, call["command"], *call["args"], **call["kwargs"])
        elif what == "asks":
            headers = {"Content_Type": value["type"]} if "type" in value else {}
            body = value["body"].encode() if "body" in value else None
            asking = asyncio.to_thread(ask, self.host.port, value["method"], value["path"], body, **headers)
        else:
            got = await self.asked.pop(end)
            if isinstance(got, Reply):
                got = {"status": got.status, "type": got.headers.get("content-type"), "body": got.body.decode()}
            self.compare(got, value, end)
            return
        self.asked[end] = asyncio.create_task(asking)

    def filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        return self.names.get(value, value) if isinstance(value, str) else value

    def compare(self, got: Any, wanted: Any, where: str) -> None:
        match wanted:
            case dict():
                assert isinstance(got, dict), (where, got)
                for key, item in wanted.items():
                    assert key in got, (where, key, got)
                    self.compare(got[key], item, f"{where}.{key}")
            case list():
                assert isinstance(got, list), (where, got)
                assert len(got) == len(wanted), (where, got)
                for number, item in enumerate(wanted):
                    self.compare(got[number], item, f"{where}.{number}")
            case str() if wanted.startswith("$"):
                assert self.names.setdefault(wanted, got) == got, (where, got)
            case str() if wanted.startswith("~"):
                assert re.fullmatch(wanted[1:], got, re.DOTALL), (where, got)
            case _:
                assert got == wanted, where


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=[entry["title"] for entry in TRANSCRIPTS])
def test_the_stand_in_says_what_the_service_says(host: StandIn, transcript: dict[str, Any]) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            player = Player(host, stack)
            for step in transcript["script"]:
                [(what, value)] = step.items()
                await player.play(what, value)
        # Where the script leaves them without an answer, they have one now that the links are ended.
        await asyncio.gather(*player.asked.values())

    asyncio.run(asyncio.wait_for(run(), 20))


def test_each_transcript_has_its_mark_and_a_title_of_its_own() -> None:
    assert {entry["fact"] for entry in TRANSCRIPTS} <= {"V", "S"}
    assert len({entry["title"] for entry in TRANSCRIPTS}) == len(TRANSCRIPTS) >= 40
