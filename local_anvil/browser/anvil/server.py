"""`anvil.server` in the page: calls that block until the worker has answered.

A call is one synchronous POST to the host: the arguments as JSON, then the media in it as they are. Anything but JSON
values and files is refused with SerializationError.
"""

from browser import document, window
from javascript import JSON

from ._media import HeldMedia, Media, ReturnedMedia


class AnvilWrappedError(Exception):
    """An error that is not Anvil's, a worker's own ValueError too; `error_obj` holds its type and message."""

    def __init__(self, error_obj):
        super().__init__(error_obj["message"])
        self.error_obj = error_obj


def call_s(command, *args, **kwargs):
    """Call a worker's function by name and return its answer; no sign of it is shown on the page."""
    media = []
    parts = [
        '{"command":' + _json(command, [], media),
        '"args":' + _json(list(args), ["args"], media),
        '"kwargs":' + _json(kwargs, ["kwargs"], media),
        '"objects":' + _json([_described(path, item) for path, item in media], [], []) + "}",
    ]
    return _answer(_post(",".join(parts), [item._blob for _, item in media]))


def _described(path, media):
    return {"path": path, "type": ["DataMedia"], "mime-type": media.content_type, "name": media.name}


def _json(value, path, media):
    """A value as JSON text. Media leave `null` behind and are added to `media` with their path."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return window.JSON.stringify(value)
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, HeldMedia):
        media.append((path, value))
        return "null"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([_json(item, [*path, index], media) for index, item in enumerate(value)]) + "]"
    if isinstance(value, dict):
        pairs = [
            window.JSON.stringify(str(key)) + ":" + _json(item, [*path, key], media) for key, item in value.items()
        ]
        return "{" + ",".join(pairs) + "}"
    kind = "Media of this kind" if isinstance(value, Media) else type(value).__name__
    raise _error("SerializationError", "Cannot send " + kind + " to a worker from this page")


def _post(text, blobs):
    """The text of the host's answer."""
    head = window.Blob.new([text])
    request = window.XMLHttpRequest.new()
    request.open("POST", "/_/call", False)
    request.setRequestHeader("X-Page-Token", document.querySelector("meta[name=page-token]").content)
    request.setRequestHeader("X-Sizes", ",".join([str(blob.size) for blob in [head, *blobs]]))
    try:
        request.send(window.Blob.new([head, *blobs]))
    except Exception as error:
        raise _error("AppOfflineError", "Connection to server failed") from error
    return request.responseText


def _answer(text):
    try:
        answer = JSON.parse(text)
    except Exception as error:
        raise _error("InternalError", "The host's answer cannot be read") from error
    if "error" in answer:
        _raise(answer["error"])
    for item in answer.get("objects") or []:
        media = ReturnedMedia(item["url"], item.get("name"), item.get("mime-type"), item.get("length"))
        holder = answer
        for key in item["path"][:-1]:
            holder = holder[key]
        holder[item["path"][-1]] = media
    return answer["response"]


def _raise(error):
    module, _, name = error["type"].rpartition(".")
    if module == "anvil.server":
        raise _error(name, error["message"])
    raise AnvilWrappedError({"type": error["type"], "message": error["message"]})


def _error(name, message):
    """An exception of Anvil's own; the app asks for no more than the name of its type."""
    return type(name, (Exception,), {})(message)
