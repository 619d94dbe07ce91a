"""The stand-in as the tests use it: real processes on real sockets, each test with its own port and keys.

    with stand_in(tmp_path) as host, worker(host):
        answer = host.page().call("list_models")

`worker` starts uplink_server.py, or another script that reads ANVIL_UPLINK_KEY and ANVIL_UPLINK_URL.
"""

import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
WORKER = ROOT / "uplink_server.py"
START_SECONDS = 30.0
END_SECONDS = 25.0
# A worker says it when an echo has come back, which the host answers after it has taken the registrations.
READY = "ready"

T = TypeVar("T")


@dataclass(frozen=True)
class StandIn:
    """A running stand-in."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    key_file: Path
    log: Path
    uplink_key: str = field(repr=False)
    client_key: str = field(repr=False)

    @property
    def page_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def uplink_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/_/uplink"

    @property
    def environment(self) -> dict[str, str]:
        """What a worker's environment needs."""
        return {"ANVIL_UPLINK_KEY": self.uplink_key, "ANVIL_UPLINK_URL": self.uplink_url}

    def page(self) -> "Page":
        """The page, loaded now."""
        return Page(self)

    def links(self) -> int:
        """How many server uplinks are connected."""
        text = self.log.read_text()
        return text.count("Link opened: uplink") - text.count("Link ended: uplink")


class Page:
    """What the page in a browser does, without the browser: it is loaded once and makes calls."""

    def __init__(self, host: StandIn) -> None:
        self.url = host.page_url
        with urllib.request.urlopen(self.url, timeout=10) as response:  # noqa: S310 - http to ourselves
            found = re.search(r'name="page-token" content="([^"]+)"', response.read().decode())
        assert found
        self.token = found[1]

    def call(
        self, command: str, *args: Any, media: Sequence[tuple[list[Any], str | None, bytes]] = (), **kwargs: Any
    ) -> dict[str, Any]:
        """The host's answer. `media`: path of the `None` it belongs to, MIME type, bytes."""
        sizes, body = self.request(command, *args, media=media, **kwargs)
        return self.post(sizes, body)[1]

    def request(
        self, command: str, *args: Any, media: Sequence[tuple[list[Any], str | None, bytes]] = (), **kwargs: Any
    ) -> tuple[str, bytes]:
        """The sizes and the body with which `call` is made."""
        objects = [{"path": p, "type": ["DataMedia"], "mime-type": mime, "name": None} for p, mime, _ in media]
        call = json.dumps({"command": command, "args": args, "kwargs": kwargs, "objects": objects}).encode()
        parts = [call, *(data for _, _, data in media)]
        return ",".join(str(len(part)) for part in parts), b"".join(parts)

    def post(
        self, sizes: str, body: bytes | Iterable[bytes], headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON answer of a request to /_/call; a body in parts wants its Content-Length in `headers`."""
        sent = {"X-Page-Token": self.token, "X-Sizes": sizes, "Origin": self.url[:-1], **(headers or {})}
        request = urllib.request.Request(self.url + "_/call", body, sent)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def media(self, url: str) -> bytes:
        """The bytes of returned media."""
        head, _, data = url.partition(",")
        assert re.fullmatch(r"data:[\w.+-]+/[\w.+-]+;base64", head)
        return base64.b64decode(data, validate=True)


@contextlib.contextmanager
def stand_in(
    folder: Path,
    *,
    port: int = 0,
    options: Sequence[str] = (),
    program: Sequence[str] = ("-m", "local_anvil"),
    environment: Mapping[str, str] | None = None,
) -> Iterator[StandIn]:
    """Start `python -m local_anvil` without workers; its keys and its log lie in `folder`."""
    key_file, log = folder / "keys.json", folder / "host.log"
    command = [sys.executable, *program, "--port", str(port), "--workers", "0", "--no-browser", *options]
    with process(command, log, {"LOCAL_ANVIL_KEYS": str(key_file), **(environment or {})}) as started:
        found = wait_until(lambda: _page_line(log, started), START_SECONDS, log)
        keys = json.loads(key_file.read_text())
        yield StandIn(started, int(found), folder, key_file, log, keys["uplink_key"], keys["client_uplink_key"])


@contextlib.contextmanager
def worker(
    host: StandIn, script: Path = WORKER, environment: Mapping[str, str] | None = None, ready: str = READY
) -> Iterator[subprocess.Popen[bytes]]:
    """Start one worker, and go on when its log has `ready`: what it says when its functions can be called."""
    log = host.folder / f"worker-{time.monotonic_ns()}.log"
    with process([sys.executable, str(script)], log, {**host.environment, **(environment or {})}) as started:
        wait_until(lambda: ready in log.read_text() or started.poll() is not None, START_SECONDS, log)
        assert started.poll() is None, log.read_text()
        yield started


@contextlib.contextmanager
def process(
    command: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process in a folder, both outputs in `log`; end it by SIGTERM, at last by SIGKILL."""
    with log.open("wb") as output:
        started = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=output)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGCONT)
            started.terminate()
        try:
            started.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
            raise


def wait_until(condition: Callable[[], T], seconds: float, log: Path | None = None) -> T:
    """The condition's first true value; fails, with the log, where none comes within `seconds`."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"not within {seconds} s\n{log.read_text() if log else ''}"
        time.sleep(0.02)
    return value


def _page_line(log: Path, started: subprocess.Popen[bytes]) -> str | None:
    text = log.read_text()
    assert started.poll() is None, text
    found = re.findall(r"^Page: http://127\.0\.0\.1:(\d+)/$", text, re.MULTILINE)
    return found[-1] if found else None
