"""The link to the Anvil service: connect, echo, watch, connect again.

One loop does all of it. Each round asks the uplink library to connect, which does nothing while the link is up, and
then for an echo, with a deadline that the library lacks. So a service that is away is tried again with back-off, a
wrong key is noticed at once, and a link on which nothing comes back is cut, after which the next round opens a new one.
"""

import logging
import socket
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Literal

import anvil.server
from anvil import _serialise, _threaded_server

log = logging.getLogger("worker")

_ECHO_TIMEOUT_S = 10.0
# A link on which photos still come in, but no echo for so many times that long, carries nothing the other way.
_MOST_TIMEOUTS = 12
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 5.0
# Python runs a signal's handler in this thread, but the system may hand the signal to another one, as to one of the
# library's that is at work on a call; then only this thread's next step runs the handler.
_STEP_S = 0.1
# What the service says when a next attempt would end the same way. Anything else may pass: maintenance, a fault.
_PERMANENT = ("Incorrect uplink key", "outdated version", "Cannot register", "Invalid function name")


class LinkRefusedError(Exception):
    """The service does not let this worker in, and would not at the next attempt either."""


class Link:
    """Keeps the published functions reachable until `stop`."""

    def __init__(self, key: str, url: str, echo_every: float, echo_timeout: float = _ECHO_TIMEOUT_S) -> None:
        self._key = key
        self._url = url
        self._echo_every = echo_every
        self._echo_timeout = echo_timeout
        self._stopped = False
        # A SimpleQueue, because `stop` is called by a signal handler: an Event could deadlock there.
        self._news: SimpleQueue[Literal["lost", "stop"]] = SimpleQueue()
        self._heard = monotonic()

    def stop(self) -> None:
        """Make `hold` return soon. May be called by a signal handler."""
        self._stopped = True
        self._news.put("stop")

    def hold(self, on_up: Callable[[], Any] = lambda: None) -> None:
        """Keep the link up until `stop`; `on_up` is called whenever it has come up and the functions are registered.

        Raises LinkRefusedError where the service refuses the key.
        """
        self._observe()
        # The library limits neither connecting nor the websocket's upgrade; afterwards it makes its socket block again.
        socket.setdefaulttimeout(self._echo_timeout)
        up, pause = False, _FIRST_PAUSE_S
        while not self._stopped:
            failure = self._attempt()
            if isinstance(failure, LinkRefusedError):
                raise failure
            if failure is None:
                if not up and not self._stopped:
                    on_up()
                up, pause = True, _FIRST_PAUSE_S
                if self._wait(self._echo_every) == "lost":
                    up = False
                    self._wait(_FIRST_PAUSE_S, ignore="lost")
                continue
            log.warning("no link to the service: %s; next attempt in %.1f s", _reason(failure), pause)
            up = False
            self._wait(pause, ignore="lost")
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def close(self, timeout: float = 2.0) -> None:
        """Say goodbye to the service, in at most `timeout` seconds."""
        thread = threading.Thread(target=anvil.server.disconnect, name="disconnect", daemon=True)
        thread.start()
        thread.join(timeout)

    def _attempt(self) -> Exception | None:
        """Connect if need be and ask for an echo; returns what went wrong.

        The deadline runs from the last sign of life: on a slow line the echo comes behind the photos on their way here.
        """
        outcome: list[Exception | None] = []

        def connect_and_echo() -> None:
            try:
                anvil.server.connect(self._key, self._url)
                anvil.server.call("anvil.private.echo", "watchdog")
                outcome.append(None)
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=connect_and_echo, name="echo", daemon=True)
        thread.start()
        asked = monotonic()
        latest = asked + _MOST_TIMEOUTS * self._echo_timeout
        while thread.is_alive() and not self._stopped:
            if monotonic() > min(latest, max(asked, self._heard) + self._echo_timeout):
                break
            thread.join(_STEP_S)
        if self._stopped:
            return None
        if not outcome:
            _cut()
            return TimeoutError(f"no echo within {self._echo_timeout:g} s")
        fatal = str(anvil.server._fatal_error or "")
        if outcome[0] is not None and any(text in fatal for text in _PERMANENT):
            return LinkRefusedError(fatal)
        return outcome[0]

    def _wait(self, seconds: float, ignore: str = "") -> str | None:
        """Wait for news; None when the time is up."""
        deadline = monotonic() + seconds
        while not self._stopped and (left := deadline - monotonic()) > 0:
            try:
                news = self._news.get(timeout=min(left, _STEP_S))
            except Empty:
                continue
            if news != ignore:
                return news
        return None

    def _observe(self) -> None:
        """Hear of every message and of a lost link at once; the library has no public hook for either.

        What had come of unfinished uploads goes with the link: the library would keep it forever. And what it has to
        say of an answer that found no link any more goes into the log: it would fail as it writes that.
        """
        _threaded_server.console_output = _Console()
        reconnect, received = anvil.server.reconnect, anvil.server._Connection.received_message

        def lost(connection: Any) -> None:
            self._news.put("lost")
            _serialise._incoming_requests.clear()
            reconnect(connection)

        def heard(connection: Any, message: Any) -> None:
            self._heard = monotonic()
            received(connection, message)

        anvil.server.reconnect, anvil.server._Connection.received_message = lost, heard


class _Console:
    """The library writes bytes, which standard output does not take, and paths, which are no news."""

    def write(self, text: bytes) -> None:
        """Called with the trace of an answer that could not be sent."""
        log.info("an answer was not sent: its link is gone")

    def flush(self) -> None:
        """Called after each write."""


def _cut() -> None:
    """End the current connection, however stuck, so that everything that waits on it gets its error."""
    connection = anvil.server._connection
    if connection is not None:
        connection.close_connection()


def _reason(failure: Exception) -> str:
    return f"{type(failure).__name__}: {failure}" if str(failure) else type(failure).__name__
