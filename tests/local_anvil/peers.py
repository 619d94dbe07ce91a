"""Other ends of an uplink, for the tests: the real library in a process of its own, and bare frames."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.stand_in import ROOT, StandIn

FUNCTIONS = Path(__file__).parent / "functions.py"

_PROGRAM = """
import json, os
import anvil, anvil.server
from tests.local_anvil.media_pattern import pattern
anvil.server.connect(os.environ["ANVIL_UPLINK_KEY"], url=os.environ["ANVIL_UPLINK_URL"], quiet=True)
result = None
{code}
print(json.dumps(result))
"""


def notebook(host: StandIn, code: str) -> Any:
    """Run code as a notebook would, over a client uplink of the real library, and give its `result`."""
    command = [sys.executable, "-c", _PROGRAM.format(code=code)]
    environment = {**os.environ, **host.environment, "ANVIL_UPLINK_KEY": host.client_key}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout.splitlines()[-1])


class BareLink:
    """A link whose frames the test writes itself."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
        await self.socket.send_str(json.dumps(message))
        if blob is not None:
            await self.socket.send_bytes(blob)

    async def call(self, call_id: str, command: str, *args: Any, objects: Any = ()) -> None:
        call = {"type": "CALL", "id": call_id, "command": command, "args": args, "kwargs": {}, "objects": objects}
        await self.send(call)

    async def get(self) -> dict[str, Any]:
        """The next message; its error where the host has closed the link."""
        message: dict[str, Any] = json.loads(await self.socket.receive_str(timeout=10))
        return message

    async def closed(self) -> bool:
        """Whether the host closes the link now."""
        frame = await self.socket.receive(timeout=10)
        return frame.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


@asynccontextmanager
async def bare_link(host: StandIn, hello: dict[str, Any] | None = None) -> AsyncIterator[BareLink]:
    """A link that has sent its key (or `hello`); as a client uplink it has been let in."""
    async with aiohttp.ClientSession() as session, session.ws_connect(host.uplink_url) as socket:
        link = BareLink(socket)
        await link.send(hello or {"key": host.client_key, "v": 8})
        if hello is None:
            assert (await link.get())["auth"] == "OK"
        yield link
