"""HTTP endpoints: a request becomes a call of what a worker registered under `http:`, and its answer the response.

As the service does it: the path comes undecoded, parameters of the query are parsed, any body comes whole as media, and
Access-Control headers come from nobody but the worker. An endpoint that nobody registered is a 404 and one that fails a
500, both in plain text.
"""

import asyncio
import json
import secrets
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from .bodies import Bodies
from .dispatch import BUSY, DISCONNECTED, Dispatcher
from .refusal import Refusal
from .visitor import Visitor
from .wire import Call, Failure

_BODY = "body"


class Gateway:
    """Answers requests from the registered endpoints."""

    def __init__(self, dispatcher: Dispatcher, bodies: Bodies) -> None:
        self._dispatcher = dispatcher
        self._bodies = bodies

    async def handle(self, request: web.Request, path: str) -> web.Response:
        """The response to a request for `path`, as it stands in the request. Raises Refusal."""
        seconds = self._dispatcher.limits.http_seconds
        try:
            async with asyncio.timeout(seconds), self._bodies.read(request) as body:
                return await self._answer(request, path, body)
        except TimeoutError:
            text = f"The request was not answered within {seconds:g} s. Try again in a moment."
            raise Refusal(503, "Timeout", text) from None

    async def _answer(self, request: web.Request, path: str, body: bytearray) -> web.Response:
        arguments = _arguments(request, path)
        objects: list[dict[str, Any]] = []
        if body:
            about = {"id": _BODY, "mime-type": request.headers.get("Content-Type"), "name": None}
            objects = [{"path": ["kwargs", _BODY], "type": ["DataMedia"], **about}]
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
    headers = {name.lower(): value for name, value in request.headers.items()}
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


def _parameters(text: str) -> dict[str, str | list[str]]:
    """Each name's value, or the list of its values where it comes more than once."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _response(visitor: Visitor) -> web.Response:
    """What the worker answered; the service says 500 where that cannot be sent over HTTP."""
    if visitor.returned_media():
        return web.Response(status=500, text="An endpoint of this app returns text, or what JSON can hold")
    try:
        answer = visitor.response
        status, body = answer["status"], answer["body"]
        if isinstance(body, str):
            response = web.Response(status=status, text=body)
        else:
            response = web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")
        response.headers.update(answer["headers"])
    except (KeyError, TypeError, ValueError):
        return web.Response(status=500, text="The worker's answer is no HTTP response")
    return response


def _failed(failure: Failure) -> web.Response:
    """A call that failed, in the service's words. Raises Refusal past the bounds of this host, which it lacks."""
    match failure.type:
        case "Busy":
            raise Refusal(429, BUSY, failure.message)
        case "anvil.server.NoServerFunctionError":
            return web.Response(status=404, text="No matching API endpoint")
    return web.Response(status=500, text="An exception was raised. Check the application logs for details.")
