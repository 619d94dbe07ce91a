"""The bodies of requests, read within a bound on what all of them hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


class NoRoomError(Exception):
    """Too much is on its way already; worth another try."""


class Bodies:
    """Reads bodies; what counts is the bytes that have come, not those announced: a slow sender takes no room."""

    def __init__(self, max_bytes: int, idle_seconds: float) -> None:
        self._max_bytes = max_bytes
        self._idle_seconds = idle_seconds
        self._held = 0

    @asynccontextmanager
    async def read(self, request: web.Request) -> AsyncIterator[bytearray]:
        """The body, which counts until the block is left.

        Raises NoRoomError past the bound, TimeoutError where nothing comes for too long, ConnectionError where it
        does not come whole, and aiohttp's own HTTPRequestEntityTooLarge for a body larger than the application takes.
        """
        body = bytearray()
        try:
            while chunk := await self._next(request):
                body += chunk
                self._held += len(chunk)
                if self._held > self._max_bytes:
                    raise NoRoomError
                if len(body) > request.client_max_size:
                    raise web.HTTPRequestEntityTooLarge(request.client_max_size, len(body))
            yield body
        finally:
            self._held -= len(body)

    async def _next(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._idle_seconds):
                return await request.content.readany()
        except web.RequestPayloadError as error:  # chunks or a Content-Encoding that make no sense
            raise ConnectionError(str(error)) from error
