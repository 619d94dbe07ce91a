"""The uplink protocol's frames: text from a peer to a checked message, and messages to text.

Nothing here knows sockets. `hello` reads a link's first frame and `parse` every later text frame. What is wrong with
one message costs that message: a call or an answer with an id comes back with what to refuse it with, anything else is
a MessageError. ProtocolError is for what ends the link, as it does with the service.
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from .objects import MAX_ID, ObjectError, checked_objects

PROTOCOL_VERSION = 8
OLDEST_VERSION = 5
DEPRECATED_BELOW = 7

# The service's own limit on a websocket frame, text or binary, in bytes.
FRAME_BYTES = 16 * 1024 * 1024
# What clients cut their media into.
CHUNK_BYTES = 65_536

# Deeper values end a client's handler thread by recursion, without an answer.
MAX_DEPTH = 100
# Lists and objects in one message: each takes far more memory than its two signs, and time.
MAX_CONTAINERS = 200_000
MAX_COMMAND = 2000
MAX_PATTERN = 200

# A name is a regular expression to Anvil. These are the ones its client makes: plain characters, a dot for any
# character, a whole path piece, and at the end a slash that may be missing. They match in linear time, which
# expressions in general do not.
_PATTERN = re.compile(r"(?:[\w./: @~%-]|\(\[\^/\]\*\)(?=/|\Z))+(?:(?<=/)\?)?")
# How the client begins a call and an answer: enough to refuse one that is otherwise not read.
_HEAD = re.compile(r'\{("type": "CALL", )?"id": "([^"\\]{1,200})"')


class ProtocolError(Exception):
    """What ends a link: the text goes back as a fatal `error`, then the link is closed."""


class MessageError(Exception):
    """A message that is not as the protocol has it."""


class PayloadTooLarge(Exception):  # noqa: N818 - what it says is Anvil's "Payload too large (n)"
    """A message that would not fit into one frame; `size` in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(f"Payload too large ({size})")
        self.size = size


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it travels: a type's name and a sentence. Traces stay behind: they hold the worker's paths."""

    type: str
    message: str

    def json(self) -> dict[str, str]:
        return {"type": self.type, "message": self.message}


@dataclass(frozen=True, slots=True)
class Hello:
    key: str
    version: float


@dataclass(frozen=True, slots=True)
class Register:
    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Call:
    """`refusal` is set, and counts alone, where the call is not as the protocol has it."""

    id: str
    command: str
    args: list[Any]
    kwargs: dict[str, Any]
    objects: list[dict[str, Any]] = field(default_factory=list)
    refusal: Failure | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`response` counts only where `error` is None."""

    id: str
    response: Any
    objects: list[dict[str, Any]]
    error: Failure | None = None


@dataclass(frozen=True, slots=True)
class ChunkHeader:
    request: str
    media: str
    index: int
    last: bool


Message = Register | Call | Answer | ChunkHeader


def hello(text: str) -> Hello:
    """The first frame of a link, `{"key": ..., "v": ...}`. Raises ProtocolError with the service's words."""
    try:
        message = load(text)
    except MessageError as error:
        raise ProtocolError(str(error)) from None
    version = message.get("v")
    if isinstance(version, bool) or not isinstance(version, int | float) or version < OLDEST_VERSION:
        raise ProtocolError("You are using an outdated version of the Anvil Uplink library. Please update it.")
    key = message.get("key")
    if not isinstance(key, str):
        raise ProtocolError("Incorrect uplink key")
    return Hello(key, version)


def parse(text: str) -> Message | None:
    """A later text frame; None for a type of message that is not known here. Raises ProtocolError, MessageError."""
    try:
        message = load(text)
    except MessageError as error:
        if head := _HEAD.match(text):
            return _refused(head[2], bool(head[1]), error)
        raise
    return _read(message)


def encode(message: dict[str, Any]) -> str:
    """A message as a text frame. Raises PayloadTooLarge past FRAME_BYTES."""
    text = json.dumps(message)
    if len(text) > FRAME_BYTES:
        raise PayloadTooLarge(len(text))
    return text


def call(message: dict[str, Any]) -> Call:
    """A CALL from its JSON. Raises MessageError."""
    _check_depth(message)
    args, kwargs = _get(message, "args", list), _get(message, "kwargs", dict)
    command = _get(message, "command", str)
    if len(command) > MAX_COMMAND:
        raise MessageError("'command' is too long")
    return Call(_id(message, "id"), command, args, kwargs, _objects(message, ("args", "kwargs")))


def load(text: str) -> dict[str, Any]:
    """A JSON object of so many parts at most. Raises MessageError."""
    if text.count("[") + text.count("{") > MAX_CONTAINERS:
        raise MessageError("A message has too many parts")
    try:
        message = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise MessageError("Not a JSON message") from None
    if not isinstance(message, dict):
        raise MessageError("A message is a JSON object")
    return message


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("too large a number")
    return value


def _check_depth(message: object) -> None:
    level = [message]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    if level:
        raise MessageError("A message nests too deeply")


def _get(message: dict[str, Any], name: str, kind: type) -> Any:
    value = message.get(name)
    if type(value) is not kind:
        raise MessageError(f"{name!r} is missing or of the wrong type")
    return value


def _id(message: dict[str, Any], name: str) -> str:
    value: str = _get(message, name, str)
    if not 0 < len(value) <= MAX_ID:
        raise MessageError(f"{name!r} is empty or too long")
    return value


def _read(message: dict[str, Any]) -> Message | None:
    match message.get("type"):
        case "REGISTER":
            return _register(message)
        case "REGISTER_LIVE_OBJECT_BACKEND":
            raise ProtocolError("Cannot register live object backends")
        case "CALL":
            try:
                return call(message)
            except MessageError as error:
                return _refused(_id(message, "id"), True, error)
        case "CHUNK_HEADER":
            return _chunk_header(message)
        case None if "id" in message and ("response" in message or "error" in message):
            return _answer(message)
    return None


def _register(message: dict[str, Any]) -> Register:
    name = message.get("name")
    if not isinstance(name, str) or len(name) > MAX_PATTERN or not _PATTERN.fullmatch(name):
        raise ProtocolError("Invalid function name specification")
    return Register(name, re.compile(name))


def _chunk_header(message: dict[str, Any]) -> ChunkHeader:
    index = message.get("chunkIndex", 0)
    return ChunkHeader(
        _id(message, "requestId"),
        _id(message, "mediaId"),
        index if type(index) is int else 0,
        _get(message, "lastChunk", bool),
    )


def _answer(message: dict[str, Any]) -> Message:
    answered = _id(message, "id")
    try:
        if "error" in message:
            return Answer(answered, None, [], _failure(message["error"]))
        _check_depth(message)
        return Answer(answered, message["response"], _objects(message, ("response",)))
    except MessageError as error:
        return _refused(answered, False, error)


def _refused(message_id: str, is_call: bool, error: MessageError) -> Message:
    failure = Failure("anvil.server.SerializationError", str(error))
    return Call(message_id, "", [], {}, refusal=failure) if is_call else Answer(message_id, None, [], failure)


def _failure(error: object) -> Failure:
    if not isinstance(error, dict):
        raise MessageError("An error is not a JSON object")
    kind, message = error.get("type"), error.get("message")
    return Failure(
        kind if isinstance(kind, str) else "anvil.server.InternalError", message if isinstance(message, str) else ""
    )


def _objects(message: dict[str, Any], roots: tuple[str, ...]) -> list[dict[str, Any]]:
    try:
        return checked_objects(message, roots)
    except ObjectError as error:
        raise MessageError(str(error)) from None
