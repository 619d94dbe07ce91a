"""A worker for the tests: small functions over the real uplink library.

`python functions.py`, with ANVIL_UPLINK_KEY and ANVIL_UPLINK_URL in the environment.
"""

import os
import sys
import time
from datetime import UTC, date, datetime
from typing import Any

import anvil
import anvil.server
from media_pattern import pattern


@anvil.server.callable
def back(*args: Any, **kwargs: Any) -> Any:
    """What came, as it is."""
    return {"args": [_again(value) for value in args], "kwargs": {k: _again(value) for k, value in kwargs.items()}}


@anvil.server.callable
def sizes(*media: Any) -> list[int]:
    return [len(item.get_bytes()) for item in media]


@anvil.server.callable
def make_media(size: int, seed: int = 0) -> Any:
    return anvil.BlobMedia("application/octet-stream", pattern(size, seed), name="made")


@anvil.server.callable
def make_page() -> Any:
    return anvil.BlobMedia("text/html", b"<script>alert(1)</script>", name='a b"\r\n.html')


WAITING: list[float] = []


@anvil.server.callable
def wait(seconds: float) -> int:
    WAITING.append(seconds)
    time.sleep(seconds)
    WAITING.remove(seconds)
    return os.getpid()


@anvil.server.callable
def waiting() -> int:
    """How many calls of `wait` are at work."""
    return len(WAITING)


@anvil.server.callable
def pid() -> int:
    return os.getpid()


@anvil.server.callable
def text(size: int) -> str:
    return "x" * size


@anvil.server.callable
def fail() -> None:
    raise ValueError("boom")


@anvil.server.callable
def context() -> dict[str, Any]:
    here = anvil.server.context
    return {
        "type": here.type,
        "client": here.client.type,
        "caller": here.remote_caller.type,
        "trusted": here.remote_caller.is_trusted,
        "stack": [frame.type for frame in here.call_stack],
    }


@anvil.server.callable
def through(name: str, *args: Any) -> Any:
    """The answer of another function, called through the host."""
    return anvil.server.call(name, *args)


@anvil.server.callable
def deeper(depth: int) -> int:
    return anvil.server.call("deeper", depth + 1)


@anvil.server.callable
def values() -> dict[str, Any]:
    return {
        "nan": float("nan"),
        "infinity": float("-inf"),
        "big": 2**70,
        "time": datetime(2024, 2, 29, 12, 30, 1, 5, tzinfo=UTC),
        "day": date(2024, 2, 29),
        "nested": [{"media": anvil.BlobMedia("text/plain", b"deep", name="deep.txt")}, None],
    }


SEEN: list[str] = []


@anvil.server.callable
def media_or_error(media: Any) -> None:
    try:
        SEEN.append(f"{len(media.get_bytes())} bytes")
    except Exception as error:
        SEEN.append(f"{type(error).__name__}: {error}")


@anvil.server.callable
def last_media() -> str | None:
    """What `media_or_error` saw last."""
    return SEEN[-1] if SEEN else None


@anvil.server.http_endpoint("/request/:name", methods=["GET", "POST"])
def request(name: str, **parameters: Any) -> dict[str, Any]:
    """All that an endpoint can know of its request."""
    asked = anvil.server.request
    here = anvil.server.context
    return {
        "name": name,
        "parameters": parameters,
        **{key: getattr(asked, key) for key in ("method", "path", "query_params", "form_params", "headers", "origin")},
        **{key: getattr(asked, key) for key in ("remote_address", "username", "password")},
        "body": asked.body and [asked.body.content_type, asked.body.get_bytes().decode("latin-1")],
        "callers": [here.client.type, here.remote_caller.type, here.remote_caller.is_trusted],
    }


@anvil.server.http_endpoint("/respond", methods=["POST"])
def respond() -> Any:
    """The response that the body's JSON describes."""
    wanted = anvil.server.request.body_json
    body = wanted["body"]
    if isinstance(body, dict) and "media" in body:
        body = anvil.BlobMedia(body["media"], pattern(body["size"], 0), name="made")
    if body == "infinity":
        body = [float("inf")]
    if body == "big":
        body = 2**70
    return anvil.server.HttpResponse(wanted.get("status", 200), body, wanted.get("headers"))


@anvil.server.http_endpoint("/private", require_credentials=True)
def private() -> str:
    return f"{anvil.server.request.username}'s own"


@anvil.server.http_endpoint("/fail")
def fail_over_http() -> None:
    raise ValueError("boom")


@anvil.server.http_endpoint("/wait/:seconds")
def wait_over_http(seconds: str) -> str:
    wait(float(seconds))
    return "waited"


def _again(value: Any) -> Any:
    if isinstance(value, anvil.Media):
        return anvil.BlobMedia(value.content_type, value.get_bytes(), name=value.name)
    if isinstance(value, list):
        return [_again(item) for item in value]
    if isinstance(value, dict):
        return {key: _again(item) for key, item in value.items()}
    return value


if __name__ == "__main__":
    anvil.server.connect(os.environ["ANVIL_UPLINK_KEY"], url=os.environ["ANVIL_UPLINK_URL"])
    anvil.server.call("anvil.private.echo", "registered?")
    print("ready", file=sys.stderr, flush=True)
    anvil.server.wait_forever()
