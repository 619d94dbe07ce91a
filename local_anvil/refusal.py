"""What an HTTP request is refused with."""

from aiohttp import web

from .wire import Failure


class Refusal(Exception):  # noqa: N818 - becomes a response
    """Raised wherever a request is handled; `Host` makes the response of it."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self._status = status
        self._failure = Failure(kind, message)

    def response(self) -> web.Response:
        """The error as JSON, with a `Retry-After` where another try makes sense."""
        headers = {"Retry-After": "1"} if self._status in (429, 503) else {}
        return web.json_response({"error": self._failure.json()}, status=self._status, headers=headers)
