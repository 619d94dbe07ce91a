"""The typed values of a message: the entries of its `objects`, and the places they belong to.

This app sends media, and whole numbers past 32 bits. The checks are as strict as the receiving client is fragile: one
entry that points nowhere, or holds what cannot be read, ends the receive thread of a worker, and all its calls with it.
"""

import re
from collections.abc import Iterable
from typing import Any

# More than a call has with the most photos that a worker may be set to take.
MAX_OBJECTS = 2000
MAX_ID = 200
MAX_DIGITS = 4000

_LONG = re.compile(rf"-?\d{{1,{MAX_DIGITS}}}", re.ASCII)


class ObjectError(Exception):
    """A value that does not travel here: not as the protocol has it, or of a kind that this host does not know."""


def media_ids(objects: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of the media whose bytes follow a message with these objects."""
    return [entry["id"] for entry in objects if entry["type"] == ["DataMedia"]]


def checked_objects(message: dict[str, Any], roots: tuple[str, ...]) -> list[dict[str, Any]]:
    """The entries of a message's `objects` under these roots, each with just the keys that its type has.

    Raises ObjectError.
    """
    entries = message.get("objects", [])
    if not isinstance(entries, list):
        raise ObjectError("'objects' is not a list")
    if len(entries) > MAX_OBJECTS:
        raise ObjectError(f"'objects' has more than {MAX_OBJECTS} entries")
    return [_object(entry, message) for entry in entries if _root(entry) in roots]


def _root(entry: object) -> object:
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), list) or not entry["path"]:
        raise ObjectError("An entry of 'objects' has no path")
    return entry["path"][0] if isinstance(entry["path"][0], str) else None


def _object(entry: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    place: Any = message
    for key in entry["path"]:
        known = (isinstance(place, dict) and isinstance(key, str) and key in place) or (
            isinstance(place, list) and type(key) is int and 0 <= key < len(place)
        )
        if not known:
            raise ObjectError("An entry of 'objects' points nowhere")
        place = place[key]
    if place is not None:
        raise ObjectError("An entry of 'objects' points at a value")
    types = entry.get("type")
    if not isinstance(types, list) or not types or not isinstance(types[0], str):
        raise ObjectError("An entry of 'objects' has no type")
    return {"path": entry["path"], "type": types[:1], **_typed(types[0], entry)}


def _typed(kind: str, entry: dict[str, Any]) -> dict[str, Any]:
    match kind:
        case "DataMedia":
            media = entry.get("id")
            if not isinstance(media, str) or not 0 < len(media) <= MAX_ID:
                raise ObjectError("Media have no id")
            # `anvil.media.from_file` gives neither of these a value; the service passes that on.
            return {"id": media, **{key: _text(entry.get(key)) for key in ("mime-type", "name")}}
        case "Long":
            value = entry.get("value")
            if not isinstance(value, str) or not _LONG.fullmatch(value):
                raise ObjectError("A Long cannot be read")
            return {"value": value}
    raise ObjectError(f"Values of the kind {kind} do not travel through local_anvil")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
