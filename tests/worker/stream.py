"""A steady stream of calls, as a few people at the page make them."""

import contextlib
import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image

from tests.classifier.pictures import BLUE, GREEN, RED, encoded
from tests.stand_in import Page, StandIn, wait_until

PHOTOS = {
    name: encoded(Image.new("RGB", (64, 64), colour), "JPEG")
    for name, colour in {"red": RED, "green": GREEN, "blue": BLUE}.items()
}
# The moment in "try again in a moment", and how long a caller looks for a worker before it does.
MOMENT_SECONDS = 0.5
RETRY_SECONDS = 30.0


def classify(page: Page, name: str = "red", photo: bytes | None = None) -> str:
    """How a call ends: "ok", "wrong" for an answer to another photo, or the type of the error."""
    try:
        answer = page.call("classify_image", None, media=[(["args", 0], "image/jpeg", photo or PHOTOS[name])])
    except (OSError, ValueError, http.client.HTTPException):
        return "offline"  # what the page calls AppOfflineError
    answer = answer if "error" in answer else answer["response"]
    return str(answer["error"]["type"]) if "error" in answer else "ok" if answer["label"] == name else "wrong"


def answers(host: StandIn) -> Page | None:
    """The page, loaded again, where a worker answers it."""
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        page = host.page()
        if page.call("worker_status").get("response", {}).get("state") == "ready":
            return page
    return None


@dataclass
class Stream:
    """What became of the calls. Each that failed was made once more, when a worker answered again."""

    outcomes: Counter[str] = field(default_factory=Counter)  # of the first try
    lost: list[tuple[str, str]] = field(default_factory=list)  # of both tries, where the second failed as well
    slowest: float = 0.0
    retrying: int = 0

    @property
    def total(self) -> int:
        """Calls that have ended."""
        return self.outcomes.total()

    def goes_on(self, calls: int = 10, seconds: float = 40) -> None:
        """Wait for so many more calls, and until none waits for its second try."""
        end = self.total + calls
        wait_until(lambda: self.total >= end and not self.retrying, seconds)


@contextlib.contextmanager
def stream(host: StandIn, callers: int = 4) -> Iterator[Stream]:
    """Keep `callers` busy; on leaving, all their calls have ended."""
    found, lock, end = Stream(), threading.Lock(), threading.Event()

    def call(page: Page) -> Page:
        name = random.choice(list(PHOTOS))  # noqa: S311 - a photo, not a secret
        started = time.monotonic()
        outcome = classify(page, name)
        seconds = time.monotonic() - started
        with lock:
            found.slowest = max(found.slowest, seconds)
            found.retrying += outcome != "ok"
            found.outcomes[outcome] += 1
        if outcome == "ok":
            return page
        time.sleep(MOMENT_SECONDS)
        try:
            page = wait_until(lambda: answers(host), RETRY_SECONDS, host.log)
            again = classify(page, name)
            if again != "ok":
                found.lost.append((outcome, again))
        except AssertionError:
            found.lost.append((outcome, "no worker came back"))
        with lock:
            found.retrying -= 1
        return page

    def caller() -> None:
        page = host.page()
        while not end.is_set():
            page = call(page)

    threads = [threading.Thread(target=caller, daemon=True) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        end.set()
        for thread in threads:
            thread.join(2 * RETRY_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
