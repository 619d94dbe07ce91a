"""The HTTP endpoints that the worker publishes; docs/openapi.yaml describes them.

The very functions of `callables.py` behind other doors: here requests are read and responses written. Taking a body
apart and reading a file, which may be large, wait for the call's turn, as decoding does.
"""

import base64
import functools
import hmac
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import anvil
import anvil.server
from multipart import parse_options_header

from classifier.errors import (
    BadRequestError,
    BusyError,
    NotFoundError,
    TooLargeError,
    UnauthorizedError,
    UnsupportedFormatError,
    WrongMethodError,
)
from worker.callables import Callables
from worker.form import json_object, photo_of_form, photo_of_json
from worker.guard import Guard
from worker.photo_by_key import photo_by_key
from worker.record import Record
from worker.settings import Settings
from worker.status import Status

STATUSES = {
    "BadRequest": 400,
    "Truncated": 400,
    "Unauthorized": 401,
    "NotFound": 404,
    "UnknownModel": 404,
    "WrongMethod": 405,
    "TooLarge": 413,
    "NotAPhoto": 415,
    "UnsupportedFormat": 415,
    "Busy": 429,
    "InternalError": 500,
    "Timeout": 503,
}

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SWITCHES = {"true": True, "1": True, "false": False, "0": False}
_JSON_BYTES = 100_000
_PREFLIGHT_S = 600


class Endpoints:
    """The endpoints, over the published functions. `anvil.server.request` is the request of the call's own thread."""

    def __init__(self, callables: Callables, status: Status, guard: Guard, settings: Settings) -> None:
        self._callables = callables
        self._status = status
        self._guard = guard
        self._settings = settings

    def publish(self) -> None:
        """Register the endpoints with the uplink library. To the service a path is a regular expression."""
        for path, method, function in (
            ("/classify/:model", "POST", self.http_classify),
            ("/cifar10", "POST", self.http_cifar10),
            ("/cifar100", "POST", self.http_cifar100),
            ("/models", "GET", self.http_models),
            ("/health", "GET", self.http_health),
            ("/metrics", "GET", self.http_metrics),
        ):
            anvil.server.http_endpoint(f"{path}/?", methods=_AnyMethod())(self.endpoint(method, function))

    def endpoint(self, method: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is published. It takes whatever parameters come: the library makes them keywords."""
        methods = ("GET", "HEAD") if method == "GET" else (method,)

        @functools.wraps(function)
        def checked(record: Record, parameters: dict[str, Any]) -> Any:
            self._authorize()
            if anvil.server.request.method not in methods:
                raise WrongMethodError(f"This endpoint takes {method} only.")
            return function(record, parameters)

        guarded = self._guard(checked)

        def published(**parameters: Any) -> Any:
            allow = ", ".join(methods)
            if anvil.server.request.method == "OPTIONS" and self._settings.http_allow_origin:
                return self._preflight(allow)
            return self._response(allow, guarded(parameters))

        return published

    def http_classify(self, record: Record, parameters: dict[str, Any]) -> dict[str, Any]:
        """Classify the photo in the request's body, raw or as a form's file."""
        top, heatmap = _text(parameters, "top", "3"), _text(parameters, "heatmap", "false").lower()
        if not re.fullmatch("[0-9]{1,9}", top):
            raise BadRequestError("top must be a whole number, 1 or more.")
        if heatmap not in _SWITCHES:
            raise BadRequestError("heatmap must be true or false.")
        model = unquote(_text(parameters, "model", ""))
        return self._callables.answer(record, _photo(), model, int(top), _SWITCHES[heatmap], for_page=False)

    def http_cifar10(self, record: Record, parameters: dict[str, Any]) -> dict[str, Any]:
        """Classify a photo of the owner's folder with the model cifar10."""
        return self._photo_by_key(record, "cifar10")

    def http_cifar100(self, record: Record, parameters: dict[str, Any]) -> dict[str, Any]:
        """Classify a photo of the owner's folder with the model cifar100."""
        return self._photo_by_key(record, "cifar100")

    def http_models(self, record: Record, parameters: dict[str, Any]) -> dict[str, Any]:
        """The models that can be asked for."""
        return self._callables.list_models(record)

    def http_health(self, record: Record, parameters: dict[str, Any]) -> dict[str, Any]:
        """How the worker is doing that the request happened to reach. Raises BusyError for one that is stopping."""
        if self._status.draining:
            raise BusyError("The worker is stopping. Try again in a moment.")
        return self._callables.worker_status(record)

    def http_metrics(self, record: Record, parameters: dict[str, Any]) -> str:
        """The same for Prometheus, as text."""
        from worker.metrics import exposition  # here, since its import would slow the start

        return exposition(self._status)

    def _authorize(self) -> None:
        if not (token := self._settings.http_token):
            return
        scheme, _, given = str(anvil.server.request.headers.get("authorization", "")).partition(" ")
        # Compared in full whatever came, so that the time it takes tells nothing.
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
        if scheme.lower() != "bearer" or not same:
            raise UnauthorizedError('This worker asks for a token: send the header "Authorization: Bearer TOKEN".')

    def _photo_by_key(self, record: Record, model: str) -> dict[str, Any]:
        """The answer, and `lines`: the same as the course report printed it."""
        folder = self._settings.http_photos_dir
        if folder is None:
            raise NotFoundError("This endpoint is switched off: the owner of the worker has set no HTTP_PHOTOS_DIR.")
        key, limit = _key(), self._settings.classifier.photo_limits.max_bytes
        photo = _Later(functools.partial(photo_by_key, folder, key, limit), 0)
        answer = self._callables.answer(record, photo, model, top=3, heatmap=False, for_page=False)
        if "error" not in answer:
            answer["lines"] = [
                f"Predicción {place}: {entry['label']} ({entry['probability'] * 100:.4f} %)"
                for place, entry in enumerate(answer["predictions"], 1)
            ]
        return answer

    def _response(self, allow: str, answer: Any) -> anvil.server.HttpResponse:
        headers = {"Cache-Control": "no-store", **self._cross_origin()}
        status = 200
        if isinstance(answer, str):
            headers["Content-Type"] = METRICS_TYPE
        elif "error" in answer:
            kind = answer["error"]["type"]
            status = 503 if kind == "Busy" and self._status.draining else STATUSES.get(kind, 500)
            if status in (429, 503):
                headers["Retry-After"] = "1"
            if status == 401:
                headers["WWW-Authenticate"] = "Bearer"
            if status == 405:
                headers["Allow"] = allow
        elif isinstance(heatmap := answer.get("heatmap"), anvil.Media):
            answer["heatmap"] = "data:image/png;base64," + base64.b64encode(heatmap.get_bytes()).decode()
        if anvil.server.request.method == "HEAD":
            return anvil.server.HttpResponse(status, "", {"Content-Type": "application/json", **headers})
        return anvil.server.HttpResponse(status, answer, headers)

    def _preflight(self, allow: str) -> anvil.server.HttpResponse:
        """What a browser asks before it lets a page of another origin send a photo or a token."""
        headers = {
            "Access-Control-Allow-Methods": allow,
            "Access-Control-Allow-Headers": "authorization, content-type",
            "Access-Control-Max-Age": str(_PREFLIGHT_S),
            **self._cross_origin(),
        }
        return anvil.server.HttpResponse(204, "", headers)

    def _cross_origin(self) -> dict[str, str]:
        origin = self._settings.http_allow_origin
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}


class _AnyMethod(list[str]):
    """The library would answer a method outside its list in plain text; so none is, and `checked` refuses."""

    def __contains__(self, method: object) -> bool:
        return True


class _Later(anvil.Media):  # type: ignore[misc]  # the library is untyped
    """A photo whose bytes are fetched when it is its turn."""

    def __init__(self, read: Callable[[], bytes], length: int) -> None:
        self._read = read
        self._length = length

    def get_length(self) -> int:
        return self._length

    def get_bytes(self) -> bytes:
        return self._read()


def _text(parameters: dict[str, Any], name: str, default: str) -> str:
    value = parameters.get(name, default)
    if not isinstance(value, str):
        raise BadRequestError(f"{name} must be given once.")
    return value


def _body() -> tuple[anvil.Media, str, dict[str, str]]:
    """The body, its content type and that one's options."""
    body = anvil.server.request.body
    if body is None:
        raise BadRequestError('The request has no body: send the photo, or {"key": "truck.jpg"} for a photo by name.')
    return body, *parse_options_header(body.content_type or "application/octet-stream")


def _key() -> object:
    body, content_type, _ = _body()
    if content_type != "application/json":
        raise UnsupportedFormatError("The Content-Type must be application/json.")
    if body.length > _JSON_BYTES:
        raise TooLargeError(f"The JSON has more than {_JSON_BYTES} bytes.")
    return json_object(body.get_bytes()).get("key")


def _photo() -> anvil.Media:
    body, content_type, options = _body()
    if content_type == "multipart/form-data":
        boundary = options.get("boundary", "")
        return _Later(lambda: photo_of_form(body.get_bytes(), boundary), body.length)
    if content_type == "application/json":
        return _Later(lambda: photo_of_json(body.get_bytes()), body.length * 3 // 4)
    if content_type.startswith("image/") or content_type == "application/octet-stream":
        return body
    raise UnsupportedFormatError(
        "The Content-Type must be that of a picture, such as image/jpeg, or application/octet-stream, or "
        "multipart/form-data with the photo as a file, or application/json with the photo in base64."
    )
