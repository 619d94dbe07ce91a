"""Who answers which call: registrations, calls in flight, and the media that flow with them.

Every peer - a link or a call from the page - sends and is sent the protocol's messages. Calls get an id of our own on
their way to a worker, and what belongs to an id is passed on only between the two peers of that call.
"""

import asyncio
import base64
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from . import wire
from .limits import Limits
from .wire import Failure, media_ids

Kind = Literal["browser", "uplink", "client-uplink", "http"]

# The service's own function: it returns its first argument. Links and workers see by it that they are heard.
ECHO = "anvil.private.echo"
APP_INFO = {"id": "", "branch": None, "environment": {"description": "local_anvil"}}
BUSY = "Busy"
DISCONNECTED = Failure("anvil.server.UplinkDisconnectedError", "Uplink disconnected")


class Peer(Protocol):
    """An end of a call. `account` is what calls in flight are counted by; a closed peer is sent nothing any more."""

    kind: Kind
    account: object
    closed: bool

    async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
        """Send a message and, right behind it, the bytes it announces. Raises wire.PayloadTooLarge."""


@dataclass(eq=False, slots=True)
class _InFlight:
    caller: Peer
    caller_id: str
    worker: Peer
    received: int = 0  # bytes of its media


@dataclass(eq=False, slots=True)
class _Stream:
    """Media on their way from one peer to another, for one message."""

    sink: Peer
    request: str
    open: set[str]
    flight: _InFlight | None = None  # the call that its media come with
    size: int = 0
    begun: float = field(default_factory=time.monotonic)
    active: float = field(default_factory=time.monotonic)


class Dispatcher:
    """Passes calls, answers and media between peers."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._registrations: list[tuple[re.Pattern[str], Peer]] = []
        self._once_registered: set[re.Pattern[str]] = set()
        self._calls: dict[str, _InFlight] = {}
        # By the peer that the bytes come from and the id that it uses for the message.
        self._streams: dict[tuple[Peer, str], _Stream] = {}

    def register(self, worker: Peer, registration: wire.Register) -> None:
        self._registrations.append((registration.pattern, worker))
        self._once_registered.add(registration.pattern)

    async def call(self, caller: Peer, call: wire.Call) -> None:
        """Send a call to one of the workers that registered its name, or answer it with what is in the way."""
        if call.command == ECHO and call.args and not call.objects:
            await _answer(caller, call.id, {"response": call.args[0]})
            return
        workers = [worker for pattern, worker in self._registrations if pattern.fullmatch(call.command)]
        if failure := self._refusal(caller, call) or (None if workers else self._nobody(call.command)):
            await _refuse(caller, call.id, failure)
            return
        await self._send_call(_InFlight(caller, call.id, secrets.choice(workers)), call)

    async def answer(self, worker: Peer, answer: wire.Answer) -> None:
        """Pass on an answer. One to a call that `worker` has not been given, or not any more, is passed over."""
        flight = self._calls.get(answer.id)
        if flight is None or flight.worker is not worker:
            return
        del self._calls[answer.id]
        if flight.caller.closed:
            return
        if answer.error:
            await _fail(flight.caller, flight.caller_id, answer.error)
            return
        if ids := media_ids(answer.objects):
            self._streams[worker, answer.id] = _Stream(flight.caller, flight.caller_id, set(ids))
        if not await _answer(flight.caller, flight.caller_id, {"response": answer.response}, answer.objects):
            self._streams.pop((worker, answer.id), None)

    async def chunk(self, source: Peer, header: wire.ChunkHeader, blob: bytes) -> None:
        """Pass on one chunk. One that belongs to nothing in flight is passed over."""
        stream = self._streams.get((source, header.request))
        if stream is None or header.media not in stream.open:
            return
        stream.active = time.monotonic()
        stream.size += len(blob)
        if stream.flight:
            stream.flight.received += len(blob)
        if failure := self._too_much(stream):
            await self._fail_stream(source, header.request, failure)
            return
        if header.last:
            stream.open.discard(header.media)
            if not stream.open:
                del self._streams[source, header.request]
        message = {
            "type": "CHUNK_HEADER",
            "requestId": stream.request,
            "mediaId": header.media,
            "chunkIndex": header.index,
            "lastChunk": header.last,
        }
        await stream.sink.send(message, blob)

    async def drop(self, peer: Peer, failure: Failure = DISCONNECTED) -> None:
        """Forget a peer that is gone: its calls in flight fail with `failure` at once, its media too."""
        self._registrations = [entry for entry in self._registrations if entry[1] is not peer]
        lost = [(call_id, flight) for call_id, flight in self._calls.items() if flight.worker is peer]
        for call_id, flight in lost:
            del self._calls[call_id]
            self._streams.pop((flight.caller, flight.caller_id), None)
        for key in [key for key, stream in self._streams.items() if stream.sink is peer]:
            del self._streams[key]
        # All at once: one that takes nothing does not keep the others waiting for theirs.
        await asyncio.gather(
            *(self._fail_stream(*key, failure) for key in list(self._streams) if key[0] is peer),
            *(_fail(flight.caller, flight.caller_id, failure) for _, flight in lost),
        )

    async def forget(self, caller: Peer) -> None:
        """As `drop`, for a caller whose calls shall not count any more, though a worker may still be at them."""
        for call_id in [call_id for call_id, flight in self._calls.items() if flight.caller is caller]:
            del self._calls[call_id]
        await self.drop(caller, Failure("anvil.server.TimeoutError", "The caller gave up"))

    async def sweep(self) -> None:
        """Fail the streams that have stood still, or dripped, for too long."""
        now = time.monotonic()
        oldest, earliest = now - self.limits.media_idle_seconds, now - self.limits.media_seconds
        idle = Failure("anvil.server.TimeoutError", "Timeout during media transfer")
        await asyncio.gather(
            *(
                self._fail_stream(*key, idle)
                for key, stream in self._streams.items()
                if stream.active < oldest or stream.begun < earliest
            )
        )

    def _refusal(self, caller: Peer, call: wire.Call) -> Failure | None:
        if call.refusal:
            return call.refusal
        if ":" in call.command and caller.kind not in ("uplink", "http"):
            message = f'Cannot call scoped server function "{call.command}"'
            return Failure("anvil.server.PermissionDenied", message)
        if (caller, call.id) in self._streams:
            return Failure("anvil.server.InternalError", "A call with this id is still being sent")
        mine = sum(flight.caller.account == caller.account for flight in self._calls.values())
        room = self.limits.calls - (0 if caller.kind == "browser" else self.limits.calls_kept_for_page)
        if mine >= self.limits.calls_per_caller or len(self._calls) >= room:
            return Failure(BUSY, "Too many calls are waiting for an answer. Try again in a moment.")
        return None

    def _too_much(self, stream: _Stream) -> Failure | None:
        if stream.size > self.limits.media_bytes:
            return Failure("TooLarge", f"More than {self.limits.media_bytes} bytes of media in one message")
        if stream.flight and sum(flight.received for flight in self._calls.values()) > self.limits.relayed_bytes:
            return Failure(BUSY, "Too much is being sent at once. Try again in a moment.")
        return None

    def _nobody(self, command: str) -> Failure:
        if any(pattern.fullmatch(command) for pattern in self._once_registered):
            message = f'The uplink server for "{command}" has been disconnected'
            return Failure("anvil.server.UplinkDisconnectedError", message)
        message = f'No server function matching "{command}" has been registered'
        return Failure("anvil.server.NoServerFunctionError", message)

    async def _send_call(self, flight: _InFlight, call: wire.Call) -> None:
        asker = "server" if flight.caller.kind == "uplink" else "client"
        call_id = f"{asker}-{base64.b64encode(secrets.token_bytes(10)).decode()}"
        self._calls[call_id] = flight
        if ids := media_ids(call.objects):
            self._streams[flight.caller, call.id] = _Stream(flight.worker, call_id, set(ids), flight)
        try:
            await flight.worker.send(_call_message(call_id, flight, call))
        except wire.PayloadTooLarge as error:
            self._calls.pop(call_id, None)
            self._streams.pop((flight.caller, call.id), None)
            await _fail(flight.caller, call.id, Failure("anvil.server.InternalError", str(error)))

    async def _fail_stream(self, source: Peer, request: str, cause: Failure) -> None:
        """Tell the receiving end that the media that are still open will not come."""
        if stream := self._streams.pop((source, request), None):
            message = {"type": "MEDIA_ERROR", "requestId": stream.request, "mediaIds": sorted(stream.open)}
            await stream.sink.send({**message, "cause": cause.json()})


def _call_message(call_id: str, flight: _InFlight, call: wire.Call) -> dict[str, Any]:
    """What the uplink library reads of the fields that the service sends with a call."""
    return {
        "type": "CALL",
        "id": call_id,
        "call-stack-id": call_id,
        "command": call.command,
        "args": call.args,
        "kwargs": call.kwargs,
        "objects": call.objects,
        "call-stack": [{"type": flight.caller.kind, "protocol-version": wire.PROTOCOL_VERSION}],
        "client": {"type": flight.caller.kind, "ip": "127.0.0.1", "location": None},
        "sessionData": {},
        "app-info": APP_INFO,
    }


async def _answer(caller: Peer, call_id: str, outcome: dict[str, Any], objects: Iterable[dict[str, Any]] = ()) -> bool:
    """Whether the answer went out, and not an error that says it is too large."""
    try:
        await caller.send({"id": call_id, **outcome, "objects": list(objects)})
    except wire.PayloadTooLarge as error:
        await _fail(caller, call_id, Failure("anvil.server.InternalError", str(error)))
        return False
    return True


async def _refuse(caller: Peer, call_id: str, failure: Failure) -> None:
    """As `_fail`; a busy host answers as a busy worker does, with data.

    The service has no such error, so that the uplink library would raise one of its own in which the type is hidden.
    """
    if failure.type == BUSY and caller.kind != "http":
        await _answer(caller, call_id, {"response": {"error": failure.json()}})
    else:
        await _fail(caller, call_id, failure)


async def _fail(caller: Peer, call_id: str, failure: Failure) -> None:
    await _answer(caller, call_id, {"error": failure.json()})
