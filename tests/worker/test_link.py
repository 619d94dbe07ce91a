"""A worker and the stand-in as real processes: what happens to the link between them."""

import contextlib
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import anvil.server
import psutil
import pytest
from anvil import _serialise, _threaded_server
from PIL import Image

from tests.classifier.pictures import RED, encoded
from tests.stand_in import WORKER, StandIn, process, stand_in, wait_until, worker
from tests.worker.proxy import Proxy
from worker import link
from worker.link import Link, LinkRefusedError

PHOTO = encoded(Image.new("RGB", (64, 64), RED), "JPEG")
UPLOAD = [(["args", 0], "image/jpeg", PHOTO)]


def label(host: StandIn) -> str | None:
    """The label of a red photo, through the page; None where nobody answers."""
    try:
        answer = host.page().call("classify_image", None, media=UPLOAD)
    except OSError:
        return None
    return answer["response"]["label"] if "response" in answer else None


@contextlib.contextmanager
def logged_worker(
    folder: Path, environment: dict[str, str], program: Sequence[str] = (str(WORKER),)
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = folder / "worker.log"
    with process([sys.executable, *program], log, environment) as started:
        yield started, log


def refused(folder: Path, environment: dict[str, str]) -> str:
    """The log of a worker that ends by itself with the status for a configuration that must change."""
    with logged_worker(folder, environment) as (started, log):
        assert started.wait(30) == os.EX_CONFIG
        return log.read_text()


def test_a_wrong_key_ends_the_process_with_a_clear_message(
    host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    key = "server_this-is-not-the-key-of-the-app"
    log = refused(tmp_path, {**tiny_settings, **host.environment, "ANVIL_UPLINK_KEY": key})
    assert "refuses this worker: Incorrect uplink key. Check ANVIL_UPLINK_KEY" in log
    assert key not in log


def test_a_client_key_cannot_serve_and_is_told_so(host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    log = refused(tmp_path, {**tiny_settings, **host.environment, "ANVIL_UPLINK_KEY": host.client_key})
    assert "it must be the app's server uplink key" in log
    assert host.client_key not in log


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ANVIL_UPLINK_KEY": ""}, "ANVIL_UPLINK_KEY is not set"),
        ({"CLASSIFIER_THREADS": "none"}, "CLASSIFIER_THREADS is 'none'; it must be a whole number"),
        (
            {"CLASSIFIER_DEFAULT_MODEL": "gone"},
            "CLASSIFIER_DEFAULT_MODEL: There is no model 'gone'. The models are: plain, with_map",
        ),
    ],
)
def test_a_bad_setting_stops_the_start(
    host: StandIn, tmp_path: Path, tiny_settings: dict[str, str], changes: dict[str, str], message: str
) -> None:
    assert message in refused(tmp_path, {**tiny_settings, **host.environment, **changes})


def test_a_photo_is_answered_and_the_log_shows_no_secret(
    host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    with logged_worker(tmp_path, {**tiny_settings, **host.environment}) as (started, log):
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        assert label(host) == "red"
        assert host.uplink_key not in " ".join(psutil.Process(started.pid).cmdline())
    text = log.read_text()
    assert f"call classify_image outcome=ok ms={text.split('ms=')[1].split()[0]} bytes={len(PHOTO)}" in text
    assert host.uplink_key not in text


def test_a_heat_map_arrives_as_png(host: StandIn, tiny_settings: dict[str, str]) -> None:
    with worker(host, environment=tiny_settings):
        page = host.page()
        answer = page.call("classify_image", None, "with_map", heatmap=True, media=UPLOAD)
        [media] = answer["objects"]
        assert (media["path"], media["mime-type"]) == (["response", "heatmap"], "image/png")
        assert page.media(media["url"]).startswith(b"\x89PNG")


def test_a_host_that_is_away_is_tried_again_until_it_is_there(tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with stand_in(tmp_path) as first:
        environment = {**tiny_settings, **first.environment}
    with logged_worker(tmp_path, environment) as (_, log):
        wait_until(lambda: log.read_text().count("no link to the service") >= 2, 20, log)
        with stand_in(tmp_path, port=first.port) as host:
            wait_until(lambda: label(host) == "red", 15, log)


def test_a_restarted_host_has_its_worker_back_within_15_seconds(tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with stand_in(tmp_path) as first, worker(first, environment=tiny_settings):
        assert label(first) == "red"
        first.process.kill()
        first.process.wait(10)
        with stand_in(tmp_path, port=first.port) as second:
            wait_until(lambda: label(second) == "red", 15, second.log)


# As uplink_server.py, but with an echo that is waited for a second only, where ten are usual.
IMPATIENT = """
import sys
from worker.link import Link
Link.__init__.__defaults__ = (1.0,)
import uplink_server
sys.exit(uplink_server.main())
"""


def test_a_half_open_link_is_found_by_its_echo_and_opened_again(tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with contextlib.ExitStack() as stack:
        host = stack.enter_context(stand_in(tmp_path, options=["--ping-seconds", "1"]))
        proxy = stack.enter_context(contextlib.closing(Proxy(host.port)))
        environment = {**tiny_settings, **host.environment, "WORKER_ECHO_EVERY_S": "0.5"}
        environment["ANVIL_UPLINK_URL"] = f"ws://127.0.0.1:{proxy.port}/_/uplink"
        with logged_worker(tmp_path, environment, ["-c", IMPATIENT]) as (_, log):
            wait_until(lambda: log.read_text().count("ready after") == 1, 20, log)
            proxy.go_silent()
            wait_until(lambda: "no echo within 1 s" in log.read_text(), 20, log)
            wait_until(lambda: "the link is up again" in log.read_text(), 15, log)
            # Until its pings tell it otherwise, the host may still choose the link on which nothing comes back.
            wait_until(lambda: label(host) == "red", 40, log)
            assert host.page().call("worker_status")["response"]["reconnects"] >= 1


def test_a_photo_on_a_slow_line_arrives_though_the_echo_waits_behind_it(
    tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    photo = encoded(Image.effect_noise((400, 400), 90).convert("RGB"), "PNG")
    with contextlib.ExitStack() as stack:
        # Anvil's service sends no pings; those of the stand-in would wait behind the photo as well.
        host = stack.enter_context(stand_in(tmp_path, options=["--ping-seconds", "60"]))
        # Twice as long as the echo's deadline.
        proxy = stack.enter_context(contextlib.closing(Proxy(host.port, bytes_per_second=len(photo) / 2)))
        environment = {**tiny_settings, **host.environment, "WORKER_ECHO_EVERY_S": "0.5"}
        environment["ANVIL_UPLINK_URL"] = f"ws://127.0.0.1:{proxy.port}/_/uplink"
        with logged_worker(tmp_path, environment, ["-c", IMPATIENT]) as (_, log):
            wait_until(lambda: "ready after" in log.read_text(), 20, log)
            answer = host.page().call("classify_image", None, media=[(["args", 0], "image/png", photo)])
            assert "label" in answer["response"], log.read_text()
            assert "no echo" not in log.read_text()


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


def test_a_service_that_accepts_and_stays_silent_keeps_nobody_from_stopping(
    tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"ws://127.0.0.1:{silent.getsockname()[1]}/_/uplink"
        environment = {**tiny_settings, "ANVIL_UPLINK_KEY": "server_key", "ANVIL_UPLINK_URL": url}
        with logged_worker(tmp_path, environment) as (started, log):
            wait_until(lambda: "Connecting to" in log.read_text(), 20, log)
            started.send_signal(signal.SIGTERM)
            assert started.wait(30) == 0, log.read_text()


def test_sigterm_answers_what_is_at_work_says_goodbye_and_ends(
    host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    slow = encoded(Image.new("RGB", (4900, 4900), RED), "PNG", compress_level=1)  # few bytes, many pixels
    uploads = [(["args", 0, number], "image/png", slow) for number in range(6)]
    answers: list[dict[str, Any]] = []
    with logged_worker(tmp_path, {**tiny_settings, **host.environment}) as (started, log):
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        page = host.page()
        call = threading.Thread(
            target=lambda: answers.append(page.call("classify_images", [None] * 6, media=uploads)), daemon=True
        )
        call.start()
        wait_until(lambda: page.call("worker_status")["response"]["running"] == 1, 20, log)
        before = host.log.read_text()
        started.send_signal(signal.SIGTERM)
        assert started.wait(30) == 0, log.read_text()
        call.join(10)
    [answer] = answers
    assert [entry["label"] for entry in answer["response"]] == ["red"] * 6
    assert "stopped; 0 calls unfinished" in log.read_text()
    wait_until(lambda: "Link ended" in host.log.read_text().removeprefix(before), 10, host.log)
    assert "Link ended: uplink (code 1000)" in host.log.read_text().removeprefix(before)


def test_sigint_ends_it_as_well(host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with logged_worker(tmp_path, {**tiny_settings, **host.environment}) as (started, log):
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        started.send_signal(signal.SIGINT)
        assert started.wait(30) == 0
        assert "Traceback" not in log.read_text()


def test_a_frozen_worker_comes_back_by_itself(tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with (
        stand_in(tmp_path, options=["--ping-seconds", "1"]) as host,
        worker(host, environment=tiny_settings) as started,
    ):
        assert label(host) == "red"
        started.send_signal(signal.SIGSTOP)
        wait_until(lambda: host.links() == 0, 20, host.log)
        started.send_signal(signal.SIGCONT)
        wait_until(lambda: label(host) == "red", 15, host.log)


def test_unfinished_uploads_go_with_their_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library keeps what has come of them, and nothing more will."""
    monkeypatch.setattr(anvil.server, "reconnect", lambda connection: None)
    monkeypatch.setattr(anvil.server._Connection, "received_message", lambda connection, message: None)
    Link("key", "ws://127.0.0.1:1/", echo_every=1)._observe()
    monkeypatch.setitem(_serialise._incoming_requests, "an upload", object())
    anvil.server.reconnect(None)
    assert not _serialise._incoming_requests
