"""A dispatcher, and peers in memory."""

import asyncio
from typing import Any

from local_anvil import wire
from local_anvil.dispatch import Dispatcher, Kind
from local_anvil.limits import Limits
from local_anvil.wire import Answer, Call, ChunkHeader

MEDIA = [{"path": ["args", 0], "type": ["DataMedia"], "id": "m", "mime-type": "a/b", "name": None}]
RETURNED = [{"path": ["response"], "type": ["DataMedia"], "id": "m", "mime-type": "a/b", "name": None}]


class Peer:
    """Keeps what it is sent."""

    def __init__(self, kind: Kind = "uplink") -> None:
        self.kind: Kind = kind
        self.account: object = self
        self.closed = False
        self.got: list[dict[str, Any]] = []
        self.blobs: list[bytes] = []

    async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
        wire.encode(message)
        self.got.append(message)
        if blob is not None:
            self.blobs.append(blob)

    @property
    def error(self) -> str:
        return str(self.got[-1]["error"]["type"])


class World:
    """A dispatcher with one worker that registered `f`."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.dispatcher = Dispatcher(limits or Limits())
        self.worker = self.add_worker("f")
        self.caller = Peer("client-uplink")

    def add_worker(self, *names: str) -> Peer:
        worker = Peer()
        for name in names:
            register = wire.parse(wire.encode({"type": "REGISTER", "name": name}))
            assert isinstance(register, wire.Register)
            self.dispatcher.register(worker, register)
        return worker

    def call(self, call_id: str = "c", command: str = "f", caller: Peer | None = None, **more: Any) -> None:
        asyncio.run(self.dispatcher.call(caller or self.caller, Call(call_id, command, [None], {}, **more)))

    def chunk(self, source: Peer, request: str, blob: bytes = b"x", last: bool = True, media: str = "m") -> None:
        asyncio.run(self.dispatcher.chunk(source, ChunkHeader(request, media, 0, last), blob))

    def answer(self, call_id: str, worker: Peer | None = None, objects: Any = ()) -> None:
        asyncio.run(self.dispatcher.answer(worker or self.worker, Answer(call_id, "r", list(objects))))

    @property
    def given(self) -> str:
        """The id under which the worker got the last call."""
        return str(next(message["id"] for message in reversed(self.worker.got) if message["type"] == "CALL"))
