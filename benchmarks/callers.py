"""Some callers in one process: python -m benchmarks.callers page|form|notebook ADDRESS PHOTO CALLERS SECONDS

Says "ready" when it is connected and begins at a line on standard input. Each caller calls again as soon as it is
answered, for so many seconds; a call that is refused as busy is made again. Prints, as JSON, when the answered calls
began and ended on the machine's monotonic clock, and how many were refused.
"""

import http.client
import json
import os
import re
import sys
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anvil
import anvil.server

# A refused caller looks again after a moment, as "try again in a moment" asks.
_MOMENT_S = 0.05

Call = Callable[[], bool]


def page_callers(address: str, photo: bytes) -> Callable[[], Call]:
    """Callers as the app's page is one: a call over HTTP, its media behind it."""
    with urllib.request.urlopen(f"http://{address}/", timeout=60) as response:
        found = re.search(r'name="page-token" content="([^"]+)"', response.read().decode())
    token = found[1] if found else ""
    media = {"path": ["args", 0], "type": ["DataMedia"], "mime-type": "image/jpeg", "name": "photo.jpg"}
    call = json.dumps({"command": "classify_image", "args": [None], "kwargs": {}, "objects": [media]}).encode()
    headers = {"X-Page-Token": token, "X-Sizes": f"{len(call)},{len(photo)}"}
    return _posting(address, "/_/call", call + photo, headers, lambda answer: "label" in answer.get("response", {}))


def _form(address: str, photo: bytes) -> Callable[[], Call]:
    """Callers that upload a form."""
    mark = "a-boundary-between-parts"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="photo"; filename="photo.jpg"\r\n'
    body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo + f"\r\n--{mark}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    return _posting(address, "/classify", body, headers, lambda answer: "label" in answer)


def _notebook(address: str, photo: bytes) -> Callable[[], Call]:
    """Callers over one uplink of this process, by the library that notebooks use."""
    url = f"ws://{address}/_/uplink"
    anvil.server.connect(os.environ["ANVIL_UPLINK_KEY"], url=url, quiet=True)
    media = anvil.BlobMedia("image/jpeg", photo, name="photo.jpg")
    return lambda: lambda: "label" in anvil.server.call("classify_image", media)


def _posting(
    address: str, path: str, body: bytes, headers: dict[str, str], well: Callable[[dict[str, Any]], bool]
) -> Callable[[], Call]:
    """Callers that each keep a connection."""

    def caller() -> Call:
        connection = http.client.HTTPConnection(address, timeout=60)

        def call() -> bool:
            connection.request("POST", path, body, headers)
            return well(json.load(connection.getresponse()))

        return call

    return caller


def _run(make: Callable[[], Call], callers: int, seconds: float) -> dict[str, object]:
    taken: list[tuple[float, float]] = []
    refused = 0

    def run() -> None:
        nonlocal refused
        call = make()
        while (started := time.monotonic()) < end:
            while not call():
                refused += 1
                time.sleep(_MOMENT_S)
            taken.append((started, time.monotonic()))

    print("ready", flush=True)
    sys.stdin.readline()
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(callers) as pool:
        for caller in [pool.submit(run) for _ in range(callers)]:
            caller.result()  # a call that fails ends the benchmark
    return {"taken": taken, "refused": refused}


def main() -> None:
    """The command line."""
    kind, address, photo, callers, seconds = sys.argv[1:]
    make = {"page": page_callers, "form": _form, "notebook": _notebook}[kind](address, Path(photo).read_bytes())
    print(json.dumps(_run(make, int(callers), float(seconds))))


if __name__ == "__main__":
    main()
