"""Some callers in one process: python -m benchmarks.callers anvil|http ADDRESS PHOTO CALLERS SECONDS

Says "ready" when it is connected and begins at a line on standard input. Each caller calls again as soon as it is
answered, for so many seconds; a call that is told "busy" is made once more. Prints, as JSON, when the answered calls
began and ended on the machine's monotonic clock, and how many were refused.
"""

import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import anvil
import anvil.server

# A refused caller looks again after a moment, as "try again in a moment" asks.
_MOMENT_S = 0.05

Call = Callable[[], bool]


def _anvil(address: str, photo: bytes) -> Callable[[], Call]:
    """Callers over one uplink of this process, by the library that notebooks use."""
    anvil.server.connect(os.environ["ANVIL_UPLINK_KEY"], url=address, quiet=True)

    def call() -> bool:
        answer = anvil.server.call("classify_image", anvil.BlobMedia("image/jpeg", photo, name="photo.jpg"))
        return "label" in answer

    return lambda: call


def _http(address: str, photo: bytes) -> Callable[[], Call]:
    """Callers that each keep a connection, and upload a form."""
    mark = "a-boundary-between-parts"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="photo"; filename="photo.jpg"\r\n'
    body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo + f"\r\n--{mark}--\r\n".encode()

    def caller() -> Call:
        connection = http.client.HTTPConnection(address, timeout=60)

        def call() -> bool:
            kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
            connection.request("POST", "/classify", body, kind)
            return "label" in json.load(connection.getresponse())

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
    threads = [threading.Thread(target=run) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"taken": taken, "refused": refused}


def main() -> None:
    """The command line."""
    kind, address, photo, callers, seconds = sys.argv[1:]
    make = {"anvil": _anvil, "http": _http}[kind](address, Path(photo).read_bytes())
    print(json.dumps(_run(make, int(callers), float(seconds))))


if __name__ == "__main__":
    main()
