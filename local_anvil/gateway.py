"""HTTP endpoints: a request becomes a call of what a worker registered under `http:`, and its answer the response.

As the service does it: the path comes undecoded, parameters of the query are parsed, any body comes whole as media, and
Access-Control headers come from nobody but the worker. An endpoint that nobody registered is a 404 and one that fails a
500, both in plain text.
"""

import asyncio
import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from .bodies import Bodies, NoRoomError
from .dispatch import BUSY, DISCONNECTED, Dispatcher
from .visitor import Visitor
from .wire import Call, Failure

_BODY = "body"
_TEXT = "text/plain; charset=utf-8"
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"[^\0\r\n]*")
# How the body is framed is this host's business.
_FRAMING = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}


class Gateway:
    """Answers requests from the registered endpoints, a bounded number at a time."""

    def __init__(self, dispatcher: Dispatcher, bodies: Bodies) -> None:
        self._dispatcher = dispatcher
        self._bodies = bodies
        self._at_work = 0

    async def handle(self, request: web.Request, path: str) -> web.Response:
        """The response to a request for `path`, as it stands in the request. Raises HTTPRequestEntityTooLarge."""
        limits = self._dispatcher.limits
        if (request.content_length or 0) > limits.media_bytes:
            raise web.HTTPRequestEntityTooLarge(limits.media_bytes, request.content_length or 0)
        # Here too, and not only where calls are counted: a body is on its way before it is part of a call.
        if self._at_work >= limits.calls_per_caller:
            return _failed(Failure(BUSY, "Too many requests are waiting for an answer. Try again in a moment."))
        self._at_work += 1
        try:
            async with asyncio.timeout(limits.http_seconds), self._bodies.read(request) as body:
                return await self._answer(request, path, body)
        except NoRoomError:
            return _refused(503, Failure(BUSY, "Too many requests are on their way. Try again in a moment."))
        except ConnectionError:
            return _refused(400, Failure("BadRequest", "The request did not arrive whole. Send it again."))
        except TimeoutError:
            text = f"The request was not answered within {limits.http_seconds:g} s. Try again in a moment."
            return _refused(503, Failure("Timeout", text))
        finally:
            self._at_work -= 1

    async def _answer(self, request: web.Request, path: str, body: bytearray) -> web.Response:
        arguments = _arguments(request, path)
        objects = []
        if body:
            mime_type = request.headers.get("Content-Type")
            objects = [{"path": ["kwargs", _BODY], "type": ["DataMedia"], "id": _BODY, "name": None}]
            objects[0]["mime-type"] = mime_type
        # A worker that went has answered nothing, so another one may be asked, once.
        for _ in range(2):
            call = Call("http-" + secrets.token_urlsafe(8), f"http:{path}", [], arguments, objects)
            visitor = Visitor("http")
            failure = await visitor.ask(self._dispatcher, call, {_BODY: memoryview(body)} if body else {})
            if failure != DISCONNECTED:
                break
        return _failed(failure) if failure else _response(visitor)


def _arguments(request: web.Request, path: str) -> dict[str, Any]:
    """What the uplink library's wrapper around an endpoint takes."""
    headers = {
        name.lower(): ", ".join(_header(value) for value in request.headers.getall(name)) for name in request.headers
    }
    return {
        "method": request.method,
        "path": path,
        "origin": headers.get("origin"),
        "query_params": _parameters(request.rel_url.raw_query_string),
        # Of an urlencoded form and from a header "Basic": this app's endpoints want neither.
        "form_params": {},
        "username": None,
        "password": None,
        "headers": headers,
        "remote_address": request.remote,
        _BODY: None,
        "same_app_alternate_origin": None,
    }


def _header(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


def _parameters(text: str) -> dict[str, str | list[str]]:
    """Each name's value, or the list of its values where it comes more than once."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _response(visitor: Visitor) -> web.Response:
    """What the worker answered; the service says 500 where that cannot be sent over HTTP."""
    media, answer = visitor.returned_media(), visitor.response
    if not isinstance(answer, dict) or media:
        return web.Response(status=500, text="An endpoint of this app returns text, or what JSON can hold")
    status, body = answer.get("status"), answer.get("body")
    response = web.Response(status=status if type(status) is int and 200 <= status <= 599 else 500)
    if isinstance(body, str):
        response.body, response.headers["Content-Type"] = body.encode("utf-8", "replace"), _TEXT
    else:
        response.body, response.headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    headers = answer.get("headers")
    for name, value in headers.items() if isinstance(headers, dict) else _pairs(headers):
        if _HEADER_NAME.fullmatch(str(name)) and str(name).lower() not in _FRAMING:
            response.headers[str(name)] = _clean(str(value))
    return response


def _pairs(headers: object) -> list[tuple[object, object]]:
    pairs = headers if isinstance(headers, list) else []
    return [(pair[0], pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2]


def _clean(value: str) -> str:
    return value if _HEADER_VALUE.fullmatch(value) else ""


def _failed(failure: Failure) -> web.Response:
    """A call that failed, in the service's words; the bounds of this host, which the service lacks, in JSON."""
    match failure.type:
        case "Busy":
            return _refused(429, failure)
        case "anvil.server.NoServerFunctionError":
            return web.Response(status=404, text="No matching API endpoint")
    return web.Response(status=500, text="An exception was raised. Check the application logs for details.")


def _refused(status: int, failure: Failure) -> web.Response:
    headers = {"Retry-After": "1"} if status in (429, 503) else {}
    return web.json_response({"error": failure.json()}, status=status, headers=headers)
