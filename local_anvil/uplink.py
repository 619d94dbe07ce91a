"""The uplink links: the websocket that a worker or a notebook dials in on."""

import asyncio
import contextlib
import logging
from typing import Any

from aiohttp import WebSocketError, WSCloseCode, WSMessage, WSMsgType, web

from . import wire
from .dispatch import APP_INFO, DISCONNECTED, Dispatcher, Kind
from .keys import Keys
from .limits import Limits
from .wire import Failure, MessageError, ProtocolError

log = logging.getLogger("local_anvil")

HANDSHAKE_SECONDS = 10.0
# A peer that takes nothing for so long, with BACKLOG_BYTES waiting for it, is not there any more.
SEND_SECONDS = 30.0
# What waits in memory for a slow peer before whoever sends to it has to wait: all media of one message, since a link
# whose reader waits does not see its own pongs. A peer that has stopped reading is freed of it by the pings.
BACKLOG_BYTES = Limits.media_bytes
CLOSE_SECONDS = 1.0

TOO_BIG = Failure(
    "anvil.server.UplinkDisconnectedError",
    "Data payload too big - please use Media objects to transfer large amounts of data.",
)
CLIENT_MAY_NOT_REGISTER = "Cannot register @anvil.server.callable functions from an unprivileged (client) uplink."


class Connection:
    """One end of an uplink: a `dispatch.Peer` over a websocket."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport, kind: Kind) -> None:
        self.kind: Kind = kind
        self.account: object = self
        self.closed = False
        self._socket = socket
        self._transport = transport
        self._lock = asyncio.Lock()

    async def send(self, message: dict[str, Any], blob: bytes | None = None) -> None:
        """Send a message and, with nothing between, its bytes. To a peer that is gone nothing is sent.

        Raises wire.PayloadTooLarge.
        """
        text = wire.encode(message)
        async with self._lock:
            if self.closed:
                return
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await self._socket.send_str(text)
                    if blob is not None:
                        await self._socket.send_bytes(blob)
            except TimeoutError:
                log.warning("A link takes no data any more and is cut")
                self.cut()
            except ConnectionError:
                self.closed = True

    def cut(self) -> None:
        """End the connection now. What waits to be sent is lost, and so nobody waits for it."""
        self.closed = True
        self._transport.abort()


class Uplinks:
    """Accepts links and serves each until it ends."""

    def __init__(self, dispatcher: Dispatcher, keys: Keys) -> None:
        self._dispatcher = dispatcher
        self._keys = keys
        self._sockets: set[web.WebSocketResponse] = set()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """The request handler of `/_/uplink`."""
        socket = web.WebSocketResponse(
            heartbeat=self._dispatcher.limits.ping_seconds,
            max_msg_size=wire.FRAME_BYTES + 1,  # aiohttp refuses what is as large as this
            compress=False,
            timeout=CLOSE_SECONDS,
        )
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await self._serve(socket, request)
        except ProtocolError as error:
            await _refuse(socket, str(error))
        finally:
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Close all links, as a host that goes down does."""
        await asyncio.gather(
            *(socket.close(code=WSCloseCode.GOING_AWAY, message=b"Server shutting down") for socket in self._sockets)
        )

    async def _serve(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        key, version = await _hello(socket)
        privilege = self._keys.privilege(key)
        if privilege is None:
            raise ProtocolError("Incorrect uplink key")
        transport = request.transport
        if not isinstance(transport, asyncio.Transport):
            return
        transport.set_write_buffer_limits(high=BACKLOG_BYTES)
        link = Connection(socket, transport, "uplink" if privilege == "uplink" else "client-uplink")
        await link.send({"auth": "OK", "priv": privilege, "app-info": APP_INFO})
        if version < wire.DEPRECATED_BELOW:
            await link.send({"output": "This program uses a deprecated version of the Anvil Uplink library.\n"})
        log.info("Link opened: %s", link.kind)
        failure, reason = DISCONNECTED, "closed by a fault here"
        try:
            failure, reason = await self._receive(socket, link)
        except ProtocolError as error:
            reason = str(error)
            raise
        finally:
            log.info("Link ended: %s (%s)", link.kind, reason)
            link.closed = True
            await self._dispatcher.drop(link, failure)
            if socket.closed:
                link.cut()

    async def _receive(self, socket: web.WebSocketResponse, link: Connection) -> tuple[Failure, str]:
        """Take frames until the link ends; what its calls in flight then fail with, and why it ended."""
        header: wire.ChunkHeader | None = None
        while True:
            frame = await socket.receive()
            if frame.type is WSMsgType.TEXT:
                try:
                    message = wire.parse(frame.data)
                except MessageError as error:
                    log.warning("A message of a link is passed over: %s", error)
                    header = None
                    continue
                if isinstance(message, wire.ChunkHeader):
                    header = message
                else:
                    await self._take(link, message)
            elif frame.type is WSMsgType.BINARY:
                if header is not None:
                    await self._dispatcher.chunk(link, header, frame.data)
                header = None
            else:
                return _ending(frame, socket)

    async def _take(self, link: Connection, message: wire.Message | None) -> None:
        match message:
            case wire.Register() if link.kind == "client-uplink":
                raise ProtocolError(CLIENT_MAY_NOT_REGISTER)
            case wire.Register():
                self._dispatcher.register(link, message)
            case wire.Call():
                await self._dispatcher.call(link, message)
            case wire.Answer():
                await self._dispatcher.answer(link, message)


async def _hello(socket: web.WebSocketResponse) -> tuple[str, float]:
    try:
        frame = await socket.receive(timeout=HANDSHAKE_SECONDS)
    except TimeoutError:
        raise ProtocolError("No key came") from None
    if frame.type is not WSMsgType.TEXT:
        raise ProtocolError("The first message is the key")
    return wire.hello(frame.data)


async def _refuse(socket: web.WebSocketResponse, text: str) -> None:
    """The fatal error: said, then the link is closed."""
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(SEND_SECONDS):
            await socket.send_str(wire.encode({"error": text}))
        await socket.close(code=WSCloseCode.POLICY_VIOLATION)


def _ending(frame: WSMessage, socket: web.WebSocketResponse) -> tuple[Failure, str]:
    match frame.data:
        case WebSocketError(code=WSCloseCode.MESSAGE_TOO_BIG):
            return TOO_BIG, "a frame was too big"
        case TimeoutError():
            return DISCONNECTED, "no answer to pings"
    return DISCONNECTED, f"code {socket.close_code}"
