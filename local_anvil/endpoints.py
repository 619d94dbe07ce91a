"""HTTP endpoints: a request becomes a call of what a worker registered under `http:`, and its answer the response.

As the service does it: the path comes undecoded, parameters of the query and of an urlencoded form are parsed, any body
comes whole as media, and Access-Control headers come from nobody but the worker. An endpoint that nobody registered is
a 404 and one that fails a 500, both in plain text.
"""

import asyncio
import base64
import binascii
import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from .bodies import Bodies, NoRoomError
from .caller import Caller, NotPlain
from .dispatch import Dispatcher
from .wire import Call, Failure

# Ours: more than forms have, and little enough to be parsed while others are served.
MAX_FIELDS = 1000
FORM_BYTES = 1024 * 1024

_BODY = "body"
_FORM = "application/x-www-form-urlencoded"
_TEXT = "text/plain; charset=utf-8"
_BASIC = re.compile(r"\s*Basic\s+(\S+)\s*")
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"[^\0\r\n]*")
# How the body is framed is this host's business.
_FRAMING = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}


class Endpoints:
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
            return _failed(Failure("Busy", "Too many requests are waiting for an answer. Try again in a moment."))
        self._at_work += 1
        try:
            async with asyncio.timeout(limits.http_seconds), self._bodies.read(request) as body:
                return await self._answer(request, path, body)
        except NoRoomError:
            return _refused(503, Failure("Busy", "Too many requests are on their way. Try again in a moment."))
        except ConnectionError:
            return _refused(400, Failure("BadRequest", "The request did not arrive whole. Send it again."))
        except TimeoutError:
            text = f"The request was not answered within {limits.http_seconds:g} s. Try again in a moment."
            return _refused(503, Failure("Timeout", text))
        finally:
            self._at_work -= 1

    async def _answer(self, request: web.Request, path: str, body: bytearray) -> web.Response:
        try:
            arguments = await asyncio.to_thread(_arguments, request, path, body)
        except ValueError:
            text = f"A form has at most {FORM_BYTES} bytes and {MAX_FIELDS} fields. Is the Content-Type right?"
            return _refused(400, Failure("BadRequest", text))
        objects = []
        if body:
            mime_type = request.headers.get("Content-Type")
            objects = [{"path": ["kwargs", _BODY], "type": ["DataMedia"], "id": _BODY, "name": None}]
            objects[0]["mime-type"] = mime_type
        call = Call("http-" + secrets.token_urlsafe(8), f"http:{path}", [], arguments, objects)
        caller = Caller("http", secrets.token_urlsafe(12))
        failure = await caller.ask(self._dispatcher, call, {_BODY: memoryview(body)} if body else {})
        return _failed(failure) if failure else _response(caller)


def _arguments(request: web.Request, path: str, body: bytearray) -> dict[str, Any]:
    """What the uplink library's wrapper around an endpoint takes. Raises ValueError for too large a form."""
    headers = {
        name.lower(): ", ".join(_header(value) for value in request.headers.getall(name)) for name in request.headers
    }
    is_form = request.content_type == _FORM
    if is_form and len(body) > FORM_BYTES:
        raise ValueError
    username, password = _credentials(headers.get("authorization", ""))
    return {
        "method": request.method,
        "path": path,
        "origin": headers.get("origin"),
        "query_params": _parameters(request.rel_url.raw_query_string),
        "form_params": _parameters(body.decode("utf-8", "replace") if is_form else ""),
        "headers": headers,
        "remote_address": request.remote,
        _BODY: None,
        "username": username,
        "password": password,
        "same_app_alternate_origin": None,
    }


def _header(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


def _parameters(text: str) -> dict[str, str | list[str]]:
    """Each name's value, or the list of its values where it comes more than once."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS):
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _credentials(authorization: str) -> tuple[str | None, str | None]:
    """Name and password of HTTP Basic."""
    if not (found := _BASIC.fullmatch(authorization)):
        return None, None
    try:
        name, colon, password = base64.b64decode(found[1]).decode("utf-8", "replace").partition(":")
    except binascii.Error:
        return None, None
    return (name, password) if colon else (None, None)


def _response(caller: Caller) -> web.Response:
    """What the worker answered; the service says 500 where that cannot be sent over HTTP."""
    answer = caller.response
    try:
        media = caller.returned_media()
        if not isinstance(answer, dict) or any(entry["path"] != ["response", "body"] for entry, _ in media):
            raise NotPlain("An endpoint returns media, text, or what JSON can hold")
    except NotPlain as error:
        return web.Response(status=500, text=str(error))
    status, body = answer.get("status"), answer.get("body")
    response = web.Response(status=status if type(status) is int and 200 <= status <= 599 else 500)
    if media:
        [(entry, data)] = media
        response.body, response.headers["Content-Type"] = data, _clean(entry["mime-type"])
    elif isinstance(body, str):
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
