"""The link, over an uplink library whose service the tests write."""

import logging
import re
import signal
import sys
import threading

import anvil.server
import pytest
from anvil import _serialise, _threaded_server

from worker import link
from worker.link import Link, LinkRefusedError


class Service:
    """What the uplink library finds of a service: each attempt ends as the script says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *attempts: Exception | None) -> None:
        self.link = Link("key", "ws://127.0.0.1:1/", echo_every=7)
        self.attempts = list(attempts)
        self.waited: list[tuple[float, str]] = []
        self.news: list[str | None] = []
        self.ups = 0
        monkeypatch.setattr(anvil.server, "connect", lambda *_: None)
        monkeypatch.setattr(anvil.server, "call", self.call)
        monkeypatch.setattr(anvil.server, "reconnect", lambda connection: None)
        monkeypatch.setattr(anvil.server._Connection, "received_message", lambda connection, message: None)
        monkeypatch.setattr(self.link, "_wait", self.wait)
        monkeypatch.setattr(link.socket, "setdefaulttimeout", lambda seconds: None)

    def call(self, *_: object) -> None:
        error = self.attempts.pop(0)
        if not self.attempts:
            self.link.stop()
        if error:
            raise error

    def wait(self, seconds: float, ignore: str = "") -> str | None:
        self.waited.append((seconds, ignore))
        return self.news.pop(0) if self.news and not ignore else None

    def hold(self) -> None:
        def up() -> None:
            self.ups += 1

        self.link.hold(up)


AWAY = ConnectionRefusedError()


def test_pauses_between_attempts_grow_to_five_seconds_and_begin_again_after_a_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service(monkeypatch, *[AWAY] * 6, None, AWAY, AWAY, None)
    service.hold()
    assert service.waited == [
        *[(pause, "lost") for pause in (0.5, 1.0, 2.0, 4.0, 5.0, 5.0)],
        (7, ""),
        *[(pause, "lost") for pause in (0.5, 1.0)],
        (7, ""),
    ]


def test_it_says_once_that_it_is_up_and_again_when_it_has_been_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(monkeypatch, *[None] * 7)
    service.news = [None, None, "lost", None, None]
    service.hold()
    assert service.ups == 2
    # After a loss the library is given a moment to open the link by itself.
    assert service.waited == [(7, "")] * 3 + [(0.5, "lost")] + [(7, "")] * 4


def test_a_failed_echo_is_a_loss_too(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(monkeypatch, None, AWAY, None, None)
    service.hold()
    assert service.ups == 2


@pytest.mark.parametrize(
    "fatal",
    [
        "Incorrect uplink key",
        "You are using an outdated version of the Anvil Uplink library.",
        "Cannot register @anvil.server.callable functions from an unprivileged (client) uplink.",
        "Invalid function name specification",
    ],
)
def test_a_lasting_refusal_ends_it(monkeypatch: pytest.MonkeyPatch, fatal: str) -> None:
    service = Service(monkeypatch, RuntimeError("Anvil fatal error"), None)
    monkeypatch.setattr(anvil.server, "_fatal_error", fatal)
    with pytest.raises(LinkRefusedError, match=re.escape(fatal)):
        service.hold()
    assert (service.ups, service.waited) == (0, [])


@pytest.mark.parametrize("fatal", ["This app is currently down for maintenance", "database is down", 7, None])
def test_any_other_may_pass(monkeypatch: pytest.MonkeyPatch, fatal: object) -> None:
    service = Service(monkeypatch, RuntimeError("Anvil fatal error"), None, None)
    monkeypatch.setattr(anvil.server, "_fatal_error", fatal)
    service.hold()
    assert service.ups == 1


def test_a_link_that_only_carries_inward_is_given_up_after_twelve_times_the_echos_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, over, cut = [0.0], threading.Event(), []
    monkeypatch.setattr(link, "monotonic", lambda: now[0])
    monkeypatch.setattr(link, "_cut", lambda: cut.append(now[0]))
    monkeypatch.setattr(anvil.server, "connect", lambda *_: over.wait(30))
    ours = Link("key", "ws://127.0.0.1:1/", echo_every=1, echo_timeout=10)

    class Thread(threading.Thread):
        """Five seconds pass whenever it is waited for, in each of which a photo comes in."""

        def join(self, timeout: float | None = None) -> None:
            now[0] += 5
            ours._heard = now[0]

    monkeypatch.setattr(link.threading, "Thread", Thread)
    try:
        assert isinstance(ours._attempt(), TimeoutError)
    finally:
        over.set()
    assert cut == [125]


def test_a_link_on_which_nothing_comes_is_given_up_after_the_echos_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    over, cut = threading.Event(), []
    monkeypatch.setattr(link, "_cut", lambda: cut.append("cut"))
    monkeypatch.setattr(anvil.server, "connect", lambda *_: over.wait(30))
    ours = Link("key", "ws://127.0.0.1:1/", echo_every=1, echo_timeout=0.05)
    try:
        assert isinstance(ours._attempt(), TimeoutError)
    finally:
        over.set()
    assert cut == ["cut"]


def test_a_signal_that_reaches_another_thread_stops_it_long_before_its_time() -> None:
    ours = Link("key", "ws://127.0.0.1:1/", echo_every=60)
    before = signal.signal(signal.SIGUSR1, lambda *_: ours.stop())

    def take_the_signal() -> None:  # as a thread of the library's does that is at work on a call
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    try:
        threading.Timer(0.2, take_the_signal).start()
        ours._wait(100)  # past pytest's time limit
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ours._stopped


def test_the_goodbye_is_said_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    said, over = threading.Event(), threading.Event()

    def disconnect() -> None:
        said.set()
        over.wait(30)

    monkeypatch.setattr(anvil.server, "disconnect", disconnect)
    Link("key", "ws://127.0.0.1:1/", echo_every=1).close(timeout=0.05)
    assert said.is_set()
    over.set()


def test_an_answer_whose_link_is_gone_leaves_a_line_and_no_error_of_the_librarys(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The library writes bytes to standard output there, which raises TypeError."""

    def gone(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    caplog.set_level(logging.INFO)
    service = Service(monkeypatch, None)
    monkeypatch.setattr(_threaded_server, "console_output", sys.stdout)
    service.hold()
    monkeypatch.setattr(_threaded_server, "send_reqresp", gone)
    monkeypatch.setitem(_threaded_server.registrations, "answer", lambda: 7)
    raised: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    before = set(threading.enumerate())
    _threaded_server.IncomingRequest({"id": "1", "command": "answer", "args": [], "kwargs": {}, "objects": []})
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert raised == []
    assert [message for message in caplog.messages if "not sent" in message] == [
        "an answer was not sent: its link is gone"
    ]


def test_unfinished_uploads_go_with_their_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library keeps what has come of them, and nothing more will."""
    monkeypatch.setattr(anvil.server, "reconnect", lambda connection: None)
    monkeypatch.setattr(anvil.server._Connection, "received_message", lambda connection, message: None)
    Link("key", "ws://127.0.0.1:1/", echo_every=1)._observe()
    monkeypatch.setitem(_serialise._incoming_requests, "an upload", object())
    anvil.server.reconnect(None)
    assert not _serialise._incoming_requests
