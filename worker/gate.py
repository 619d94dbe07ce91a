"""A bound on the calls at work and waiting: the uplink library itself starts a thread for each, without bound."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from classifier.errors import BusyError


class Gate:
    """Lets `running` calls in at a time and `waiting` more wait; safe to use from several threads."""

    def __init__(self, running: int, waiting: int) -> None:
        self._places = threading.Semaphore(running + waiting)
        self._turns = threading.Semaphore(running)
        self._count = threading.Lock()
        self._inside = 0
        self._running = 0
        self.closed = False

    @property
    def running(self) -> int:
        """Calls that are being worked on."""
        return self._running

    @property
    def waiting(self) -> int:
        """Calls that wait for their turn."""
        return max(0, self._inside - self._running)

    @contextmanager
    def turn(self, timeout: float) -> Iterator[None]:
        """Wait for a turn, at most `timeout` seconds, and hold it.

        Raises BusyError: at once where too many wait or the gate is closed, else past the timeout.
        """
        if self.closed:
            raise BusyError("The worker is stopping. Try again in a moment.")
        if not self._places.acquire(blocking=False):
            raise BusyError("The worker is busy. Try again in a moment.")
        self._add(inside=1)
        try:
            if not self._turns.acquire(timeout=timeout):
                raise BusyError(f"The worker did not get to this call within {timeout:g} s. Try again in a moment.")
            self._add(running=1)
            try:
                yield
            finally:
                self._add(running=-1)
                self._turns.release()
        finally:
            self._add(inside=-1)
            self._places.release()

    def _add(self, inside: int = 0, running: int = 0) -> None:
        with self._count:
            self._inside += inside
            self._running += running
