"""What every published function goes through, so that a worker can be trusted with whatever callers send."""

import functools
import inspect
import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from classifier.errors import BadRequestError
from worker.record import Record
from worker.refusal import refusal
from worker.tally import Tally

log = logging.getLogger("worker")


class Guard:
    """Lets nothing but data out, counts each call and logs it in a line, and knows the calls that are at work."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is published: without its first argument, the Record of the call."""
        signature = inspect.signature(function)

        @functools.wraps(function)
        def published(*args: Any, **kwargs: Any) -> Any:
            record = Record(function.__name__)
            self._remember(threading.current_thread())
            try:
                try:
                    call = signature.bind(record, *args, **kwargs)
                except TypeError as error:
                    raise BadRequestError(f"{function.__name__}: {error}.") from None
                answer = function(*call.args, **call.kwargs)
            except Exception as error:
                answer = refusal(error)
                record.outcome = answer["error"]["type"]
            self._note(record)
            return answer

        return published

    def wait(self, end: float) -> int:
        """Wait until the calls of now are answered, or `end` on the monotonic clock; how many are not."""
        with self._lock:
            threads = list(self._threads)
        for thread in threads:  # the uplink library sends the answer on the thread of the call
            thread.join(max(0, end - monotonic()))
        return sum(thread.is_alive() for thread in threads)

    def _remember(self, thread: threading.Thread) -> None:
        with self._lock:
            self._threads = {known for known in self._threads if known.is_alive()} | {thread}

    def _note(self, record: Record) -> None:
        if record.photos or record.outcome != "ok":
            refused = record.refused or ({record.outcome: 1} if record.outcome != "ok" else {})
            self._tally.add(record.outcome, record.model, record.milliseconds, refused)
            log.info("%s", record)
        else:  # a page may ask for the status every few seconds
            log.debug("%s", record)
