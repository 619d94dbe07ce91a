"""The uplink protocol's frames: text from a peer to a checked message, and messages to text.

Nothing here knows sockets. `hello` reads a link's first frame and `parse` every later text frame. What is wrong with
one message costs that message: a call or an answer with an id comes back with what to refuse it with, anything else is
a MessageError. ProtocolError is for what ends the link, as it does with the service.

Of the typed values of a message, the entries of its `objects`, this app sends media, and whole numbers past 32 bits.
The checks are as strict as the receiving client is fragile: one entry that points nowhere, or holds what cannot be
read, ends the receive thread of a worker, and all its calls with it.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

PROTOCOL_VERSION = 8
OLDEST_VERSION = 5
DEPRECATED_BELOW = 7

# The service's own limit on a websocket frame, text or binary, in bytes.
FRAME_BYTES = 16 * 1024 * 1024
# Deeper values end a client's handler thread by recursion, without an answer.
MAX_DEPTH = 100

# Python reads no whole number of more than 4300 digits.
_LONG = re.compile(r"-?\d{1,4000}", re.ASCII)


class ProtocolError(Exception):
    """What ends a link: the text goes back as a fatal `error`, then the link is closed."""


class MessageError(Exception):
    """A message that is not as the protocol has it, or holds a value of a kind that does not travel here."""


class PayloadTooLarge(Exception):  # noqa: N818 - what it says is Anvil's "Payload too large (n)"
    """A message that would not fit into one frame."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it travels: a type's name and a sentence. Traces stay behind: they hold the worker's paths."""

    type: str
    message: str

    def json(self) -> dict[str, str]:
        return {"type": self.type, "message": self.message}


@dataclass(frozen=True, slots=True)
class Register:
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


def hello(text: str) -> tuple[str, float]:
    """Key and protocol version, the first frame of a link. Raises ProtocolError with the service's words."""
    try:
        message = load(text)
    except MessageError as error:
        raise ProtocolError(str(error)) from None
    key, version = message.get("key"), message.get("v")
    if isinstance(version, bool) or not isinstance(version, int | float) or version < OLDEST_VERSION:
        raise ProtocolError("You are using an outdated version of the Anvil Uplink library. Please update it.")
    if not isinstance(key, str):
        raise ProtocolError("Incorrect uplink key")
    return key, version


def parse(text: str) -> Message | None:
    """A later text frame; None for a type of message that is not known here. Raises ProtocolError, MessageError."""
    message = load(text)
    match message.get("type"):
        case "REGISTER":
            return _register(message)
        case "REGISTER_LIVE_OBJECT_BACKEND":
            raise ProtocolError("Cannot register live object backends")
        case "CALL":
            try:
                return call(message)
            except MessageError as error:
                return Call(_get(message, "id", str), "", [], {}, refusal=_unreadable(error))
        case "CHUNK_HEADER":
            return _chunk_header(message)
        case None if "id" in message and ("response" in message or "error" in message):
            return _answer(message)
    return None


def encode(message: dict[str, Any]) -> str:
    """A message as a text frame. Raises PayloadTooLarge past FRAME_BYTES."""
    text = json.dumps(message)
    if len(text) > FRAME_BYTES:
        raise PayloadTooLarge(f"Payload too large ({len(text)})")
    return text


def call(message: dict[str, Any]) -> Call:
    """A CALL from its JSON. Raises MessageError."""
    _check_depth(message)
    args, kwargs = _get(message, "args", list), _get(message, "kwargs", dict)
    objects = _objects(message, ("args", "kwargs"))
    return Call(_get(message, "id", str), _get(message, "command", str), args, kwargs, objects)


def load(text: str) -> dict[str, Any]:
    """A JSON object. Raises MessageError."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise MessageError("Not a JSON message") from None
    if not isinstance(message, dict):
        raise MessageError("A message is a JSON object")
    return message


def media_ids(objects: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of the media whose bytes follow a message with these objects."""
    return [entry["id"] for entry in objects if entry["type"] == ["DataMedia"]]


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


def _register(message: dict[str, Any]) -> Register:
    try:
        return Register(re.compile(message["name"]))
    except (KeyError, TypeError, re.error):
        raise ProtocolError("Invalid function name specification") from None


def _chunk_header(message: dict[str, Any]) -> ChunkHeader:
    index = message.get("chunkIndex")
    return ChunkHeader(
        _get(message, "requestId", str),
        _get(message, "mediaId", str),
        index if type(index) is int else 0,
        _get(message, "lastChunk", bool),
    )


def _answer(message: dict[str, Any]) -> Answer:
    answered = _get(message, "id", str)
    if "error" in message:
        error = message["error"] if isinstance(message["error"], dict) else {}
        failure = Failure(str(error.get("type", "anvil.server.InternalError")), str(error.get("message", "")))
        return Answer(answered, None, [], failure)
    try:
        _check_depth(message)
        return Answer(answered, message["response"], _objects(message, ("response",)))
    except MessageError as error:
        return Answer(answered, None, [], _unreadable(error))


def _unreadable(error: MessageError) -> Failure:
    return Failure("anvil.server.SerializationError", str(error))


def _objects(message: dict[str, Any], roots: tuple[str, ...]) -> list[dict[str, Any]]:
    """The entries of a message's `objects` under these roots, each with just the keys that its type has."""
    entries = message.get("objects", [])
    if not isinstance(entries, list):
        raise MessageError("'objects' is not a list")
    found = []
    for entry in entries:
        path = entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(path, list) or not path:
            raise MessageError("An entry of 'objects' has no path")
        if path[0] in roots:
            _check_place(path, message)
            found.append({"path": path, **_typed(entry)})
    return found


def _check_place(path: list[Any], message: dict[str, Any]) -> None:
    place: Any = message
    for key in path:
        known = (isinstance(place, dict) and isinstance(key, str) and key in place) or (
            isinstance(place, list) and type(key) is int and 0 <= key < len(place)
        )
        if not known:
            raise MessageError("An entry of 'objects' points nowhere")
        place = place[key]
    if place is not None:
        raise MessageError("An entry of 'objects' points at a value")


def _typed(entry: dict[str, Any]) -> dict[str, Any]:
    match entry:
        case {"type": ["DataMedia", *_], "id": str(media)}:
            # `anvil.media.from_file` gives neither of these a value; the service passes that on.
            about = {key: value if isinstance(value := entry.get(key), str) else None for key in ("mime-type", "name")}
            return {"type": ["DataMedia"], "id": media, **about}
        case {"type": ["Long", *_], "value": str(value)} if _LONG.fullmatch(value):
            return {"type": ["Long"], "value": value}
        case {"type": ["DataMedia" | "Long" as kind, *_]}:
            raise MessageError(f"A value of the kind {kind} cannot be read")
        case {"type": [str(kind), *_]}:
            raise MessageError(f"Values of the kind {kind} do not travel through local_anvil")
    raise MessageError("An entry of 'objects' has no type")
