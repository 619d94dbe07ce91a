"""The bodies of requests, read within a bound on what all of them hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from .dispatch import BUSY
from .limits import Limits
from .refusal import Refusal


class Bodies:
    """Reads bodies; what counts is the bytes that have come, not those announced: a slow sender takes no room."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = 0

    @asynccontextmanager
    async def read(self, request: web.Request) -> AsyncIterator[bytearray]:
        """The body, which counts until the block is left. Raises Refusal."""
        self._check_size(request.content_length or 0)
        body = bytearray()
        try:
            while chunk := await self._next(request):
                body += chunk
                self._held += len(chunk)
                if self._held > self._limits.body_bytes:
                    raise Refusal(503, BUSY, "Too many requests are on their way. Try again in a moment.")
                self._check_size(len(body))
            yield body
        finally:
            self._held -= len(body)

    def _check_size(self, size: int) -> None:
        if size > self._limits.media_bytes:
            raise Refusal(413, "TooLarge", "The request is larger than this host takes")

    async def _next(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._limits.media_idle_seconds):
                return await request.content.readany()
        except TimeoutError:
            raise Refusal(408, "anvil.server.TimeoutError", "Timeout during media transfer") from None
        except (web.RequestPayloadError, ConnectionError):  # as well for chunks or an encoding that make no sense
            raise Refusal(400, "BadRequest", "The request did not arrive whole. Send it again.") from None
