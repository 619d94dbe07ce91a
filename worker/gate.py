"""A bound on the calls at work and waiting: the uplink library itself starts a thread for each, without bound."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from classifier.errors import BusyError


class Gate:
    """Lets `running` calls in at a time, and `waiting` more wait, first come first served. Safe to use from threads.

    A turn goes from one call straight to the next: one that waits for a semaphore may be passed by newcomers, again and
    again, until its time is up. The queue of a ThreadPoolExecutor is as fair, but it keeps a call that was given up on,
    and its photos, until a thread comes to it; while all threads are at work for seconds that may be hundreds.
    """

    def __init__(self, running: int, waiting: int) -> None:
        self._most_running = running
        self._most_waiting = waiting
        self._lock = threading.Lock()
        self._running = 0
        self._queue: deque[threading.Event] = deque()
        self.closed = False

    @property
    def running(self) -> int:
        """Calls that are being worked on."""
        return self._running

    @property
    def waiting(self) -> int:
        """Calls that wait for their turn."""
        return len(self._queue)

    @contextmanager
    def turn(self, timeout: float) -> Iterator[None]:
        """Wait for a turn, at most `timeout` seconds, and hold it.

        Raises BusyError: at once where too many wait or the gate is closed, else past the timeout.
        """
        called = self._enter()
        if called and not called.wait(timeout) and self._leave(called):
            raise BusyError(f"The worker did not get to this call within {timeout:g} s. Try again in a moment.")
        try:
            yield
        finally:
            self._pass_on()

    def _enter(self) -> threading.Event | None:
        """None for a turn that is to be had, else what is set when it comes."""
        with self._lock:
            if self.closed:
                raise BusyError("The worker is stopping. Try again in a moment.")
            if self._running < self._most_running:
                self._running += 1
                return None
            if len(self._queue) >= self._most_waiting:
                raise BusyError("The worker is busy. Try again in a moment.")
            self._queue.append(called := threading.Event())
            return called

    def _leave(self, called: threading.Event) -> bool:
        """Wait no longer; False where the turn has come in this moment."""
        with self._lock:
            if called.is_set():
                return False
            self._queue.remove(called)
            return True

    def _pass_on(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._running -= 1
