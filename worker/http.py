"""The HTTP endpoints that the worker publishes; docs/openapi.yaml describes them.

The very functions of `callables.py` behind other doors: here requests are read and responses
written. Taking a form apart and reading a file, which may be large, wait for the call's turn, as decoding does.
"""

import base64
import functools
import hmac
import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import anvil
import anvil.server
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from classifier.errors import (
    BadRequestError,
    BusyError,
    NotFoundError,
    TooLargeError,
    UnauthorizedError,
    UnsupportedFormatError,
    WrongMethodError,
)
from worker.callables import Callables, Event
from worker.photo_folder import read_photo
from worker.settings import Settings

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

_SWITCHES = {"true": True, "1": True, "false": False, "0": False}
_JSON_BYTES = 100_000
_FORM_PARTS = 20


class Endpoints:
    """The endpoints, over the published functions. `anvil.server.request` is the request of the call's own thread."""

    def __init__(self, callables: Callables, settings: Settings) -> None:
        self._callables = callables
        self._settings = settings

    def publish(self) -> None:
        """Register the endpoints with the uplink library."""
        for path, method, function in (
            ("/classify/:model", "POST", self.http_classify),
            ("/cifar10", "POST", self.http_cifar10),
            ("/cifar100", "POST", self.http_cifar100),
            ("/models", "GET", self.http_models),
            ("/health", "GET", self.http_health),
        ):
            anvil.server.http_endpoint(path, methods=_AnyMethod())(self.endpoint(method, function))

    def endpoint(self, method: str, function: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
        """The function as it is published. It takes whatever parameters come: the library makes them keywords."""

        @functools.wraps(function)
        def checked(event: Event, parameters: dict[str, Any]) -> dict[str, Any]:
            self._authorize()
            if anvil.server.request.method != method:
                raise WrongMethodError(f"This endpoint takes {method} only.")
            return function(event, parameters)

        guarded = self._callables.guarded(checked)

        def published(**parameters: Any) -> Any:
            return self._response(method, guarded(parameters))

        return published

    def http_classify(self, event: Event, parameters: dict[str, Any]) -> dict[str, Any]:
        """Classify the photo in the request's body, raw or as a form's file."""
        top, heatmap = _text(parameters, "top", "3"), _text(parameters, "heatmap", "false").lower()
        if not re.fullmatch("[0-9]{1,9}", top):
            raise BadRequestError("top must be a whole number, 1 or more.")
        if heatmap not in _SWITCHES:
            raise BadRequestError("heatmap must be true or false.")
        model = unquote(_text(parameters, "model", ""))
        return self._callables.classify_image(event, _photo(), model, int(top), _SWITCHES[heatmap])

    def http_cifar10(self, event: Event, parameters: dict[str, Any]) -> dict[str, Any]:
        """Classify a photo of the owner's folder with the model cifar10."""
        return self._photo_by_key(event, "cifar10")

    def http_cifar100(self, event: Event, parameters: dict[str, Any]) -> dict[str, Any]:
        """Classify a photo of the owner's folder with the model cifar100."""
        return self._photo_by_key(event, "cifar100")

    def http_models(self, event: Event, parameters: dict[str, Any]) -> dict[str, Any]:
        """The models that can be asked for."""
        return self._callables.list_models(event)

    def http_health(self, event: Event, parameters: dict[str, Any]) -> dict[str, Any]:
        """How the worker is doing that the request happened to reach. Raises BusyError for one that is stopping."""
        if self._callables.draining:
            raise BusyError("The worker is stopping. Try again in a moment.")
        return self._callables.worker_status(event)

    def _authorize(self) -> None:
        if not (token := self._settings.http_token):
            return
        scheme, _, given = str(anvil.server.request.headers.get("authorization", "")).partition(" ")
        # Compared in full whatever came, so that the time it takes tells nothing.
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
        if scheme.lower() != "bearer" or not same:
            raise UnauthorizedError('This worker asks for a token: send the header "Authorization: Bearer TOKEN".')

    def _photo_by_key(self, event: Event, model: str) -> dict[str, Any]:
        """The answer, and `lines`: the same as the course report printed it."""
        folder = self._settings.http_photos_dir
        if folder is None:
            raise NotFoundError("This endpoint is switched off: the owner of the worker has set no HTTP_PHOTOS_DIR.")
        key, limit = _json_object().get("key"), self._settings.classifier.photo_limits.max_bytes
        answer = self._callables.classify_image(
            event, _Later(functools.partial(read_photo, folder, key, limit), 0), model
        )
        if "error" not in answer:
            answer["lines"] = [
                f"Predicción {place}: {entry['label']} ({entry['probability'] * 100:.4f} %)"
                for place, entry in enumerate(answer["predictions"], 1)
            ]
        return answer

    def _response(self, method: str, answer: dict[str, Any]) -> anvil.server.HttpResponse:
        headers = {"Cache-Control": "no-store"}
        if "error" not in answer:
            heatmap = answer.get("heatmap")
            if isinstance(heatmap, anvil.Media):
                answer["heatmap"] = "data:image/png;base64," + base64.b64encode(heatmap.get_bytes()).decode()
            return anvil.server.HttpResponse(200, answer, headers)
        kind = answer["error"]["type"]
        status = 503 if kind == "Busy" and self._callables.draining else STATUSES.get(kind, 500)
        if status in (429, 503):
            headers["Retry-After"] = "1"
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if status == 405:
            headers["Allow"] = method
        return anvil.server.HttpResponse(status, answer, headers)


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


def _json_object() -> dict[str, Any]:
    body, content_type, _ = _body()
    if content_type != "application/json":
        raise UnsupportedFormatError("The Content-Type must be application/json.")
    if body.length > _JSON_BYTES:
        raise TooLargeError(f"The JSON has more than {_JSON_BYTES} bytes.")
    try:
        value = json.loads(body.get_bytes())
    except (ValueError, RecursionError):
        raise BadRequestError("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise BadRequestError('The body must be a JSON object, such as {"key": "truck.jpg"}.')
    return value


def _photo() -> anvil.Media:
    body, content_type, options = _body()
    if content_type == "multipart/form-data":
        return _Later(functools.partial(_file_of, body, options.get("boundary", "")), body.length)
    if content_type.startswith("image/") or content_type == "application/octet-stream":
        return body
    raise UnsupportedFormatError(
        "The Content-Type must be that of a picture, such as image/jpeg, or application/octet-stream, or "
        "multipart/form-data with the photo as a file."
    )


def _file_of(body: anvil.Media, boundary: str) -> bytes:
    """The first file of a form, or its field `photo`; in memory only, since photos are not kept, not even for a moment.

    Raises BadRequestError for a form without one, or broken off.
    """
    found: list[bytes] | None = None
    reading = False
    try:
        with PushMultipartParser(boundary, max_segment_count=_FORM_PARTS) as parser:
            for event in parser.parse_blocking(BytesIO(body.get_bytes()).read):
                if isinstance(event, MultipartSegment):
                    is_photo = event.filename is not None or event.name == "photo"
                    reading = found is None and is_photo
                    found = [] if reading else found
                elif event and reading and found is not None:
                    found.append(bytes(event))
    except (MultipartError, ValueError):
        text = f"it is broken off, has another boundary, or more than {_FORM_PARTS} parts."
        raise BadRequestError(f"The form cannot be read: {text} Send the photo as its only file.") from None
    if found is None:
        raise BadRequestError("The form has no file: send the photo as one.")
    return b"".join(found)
