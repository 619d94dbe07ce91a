"""A worker for the tests: small functions over the real uplink library.

`python functions.py`, with ANVIL_UPLINK_KEY and ANVIL_UPLINK_URL in the environment.
"""

import os
import sys
import time
from pathlib import Path
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


HELD: list[str] = []


@anvil.server.callable
def hold(release: str) -> int:
    """Be at work until there is a file of that name."""
    HELD.append(release)
    end = time.monotonic() + 60
    while not Path(release).exists() and time.monotonic() < end:
        time.sleep(0.01)
    HELD.remove(release)
    return os.getpid()


@anvil.server.callable
def held() -> list[int]:
    """This process, and how many calls of `hold` are at work in it."""
    return [os.getpid(), len(HELD)]


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
def context() -> list[Any]:
    here = anvil.server.context
    return [here.type, here.client.type, here.remote_caller.type, here.remote_caller.is_trusted]


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


@anvil.server.http_endpoint("/request/:name/?", methods=["GET", "POST", "HEAD"])
def request(name: str, **parameters: Any) -> dict[str, Any]:
    """All that an endpoint can know of its request."""
    asked = anvil.server.request
    here = anvil.server.context
    return {
        "name": name,
        "parameters": parameters,
        **{key: getattr(asked, key) for key in ("method", "path", "query_params", "headers", "origin")},
        "remote_address": asked.remote_address,
        "body": asked.body and [asked.body.content_type, asked.body.get_bytes().decode("latin-1")],
        "callers": [here.client.type, here.remote_caller.type, here.remote_caller.is_trusted],
        "pid": os.getpid(),
    }


@anvil.server.http_endpoint("/respond", methods=["POST"])
def respond() -> Any:
    """The response that the body's JSON describes."""
    wanted = anvil.server.request.body_json
    body = wanted["body"]
    if body == "media":
        body = anvil.BlobMedia("image/png", b"x")
    if body == "big":
        body = 2**70
    return anvil.server.HttpResponse(wanted.get("status", 200), body, wanted.get("headers"))


@anvil.server.http_endpoint("/fail")
def fail_over_http() -> None:
    raise ValueError("boom")


@anvil.server.http_endpoint("/hold")
def hold_over_http(release: str) -> int:
    return hold(release)


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
