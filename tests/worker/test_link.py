"""A worker and the stand-in as real processes: what happens to the link between them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anvil.server
import psutil
import pytest
from anvil import _serialise
from PIL import Image

from tests.classifier.pictures import RED, encoded
from tests.stand_in import WORKER, StandIn, process, stand_in, wait_until, worker
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
def logged_worker(folder: Path, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = folder / "worker.log"
    with process([sys.executable, str(WORKER)], log, environment) as started:
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
    started = time.monotonic()
    log = refused(tmp_path, {**tiny_settings, **host.environment, "ANVIL_UPLINK_KEY": key})
    assert time.monotonic() - started < 30
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


class Proxy:
    """Relays TCP to a port, what comes from there no faster than `bytes_per_second`.

    When it is told to go silent, connections stay open and nothing passes.
    """

    def __init__(self, port: int, bytes_per_second: float = float("inf"), address: str = "127.0.0.1") -> None:
        self._target = port
        self._seconds_per_byte = 1 / bytes_per_second
        self._address = address
        self._listener = socket.create_server((address, 0))
        self.port = self._listener.getsockname()[1]
        self.silent: set[socket.socket] = set()
        self._open: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def go_silent(self) -> None:
        """Silence the connections of now; new ones pass."""
        self.silent.update(self._open)

    def close(self) -> None:
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open += [near, far]
                for source, sink, pace in ((near, far, 0.0), (far, near, self._seconds_per_byte)):
                    threading.Thread(target=self._relay, args=(source, sink, pace), daemon=True).start()

    def _relay(self, source: socket.socket, sink: socket.socket, seconds_per_byte: float) -> None:
        # The host checks that it is called by its own name and port.
        here, there = f"{self._address}:{self.port}".encode(), f"127.0.0.1:{self._target}".encode()
        with contextlib.suppress(OSError):
            sink.sendall(source.recv(65536).replace(here, there))
            while data := source.recv(65536):
                time.sleep(len(data) * seconds_per_byte)
                if source not in self.silent:
                    sink.sendall(data)


def test_a_half_open_link_is_found_by_its_echo_and_opened_again(
    host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    proxy = Proxy(host.port)
    with contextlib.closing(proxy):
        environment = {**tiny_settings, **host.environment, "WORKER_ECHO_EVERY_S": "0.5"}
        environment["ANVIL_UPLINK_URL"] = f"ws://127.0.0.1:{proxy.port}/_/uplink"
        with logged_worker(tmp_path, environment) as (_, log):
            wait_until(lambda: log.read_text().count("ready after") == 1, 20, log)
            proxy.go_silent()
            wait_until(lambda: "no echo within 10 s" in log.read_text(), 20, log)
            wait_until(lambda: "the link is up again" in log.read_text(), 15, log)
            # Until its pings tell it otherwise, the host may still choose the link on which nothing comes back.
            wait_until(lambda: label(host) == "red", 40, log)


def test_a_photo_on_a_slow_line_arrives_though_the_echo_waits_behind_it(
    tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    photo = encoded(Image.effect_noise((700, 700), 90).convert("RGB"), "PNG")
    assert len(photo) > 1_000_000
    with contextlib.ExitStack() as stack:
        # Anvil's service sends no pings; those of the stand-in would wait behind the photo as well.
        host = stack.enter_context(stand_in(tmp_path, options=["--ping-seconds", "60"]))
        # Longer than the echo's deadline.
        proxy = stack.enter_context(contextlib.closing(Proxy(host.port, bytes_per_second=len(photo) / 12.5)))
        environment = {**tiny_settings, **host.environment, "WORKER_ECHO_EVERY_S": "0.5"}
        environment["ANVIL_UPLINK_URL"] = f"ws://127.0.0.1:{proxy.port}/_/uplink"
        with logged_worker(tmp_path, environment) as (_, log):
            wait_until(lambda: "ready after" in log.read_text(), 20, log)
            answer = host.page().call("classify_image", None, media=[(["args", 0], "image/png", photo)])
            assert "label" in answer["response"], log.read_text()


@pytest.mark.parametrize(
    ("fatal", "refused"), [("Incorrect uplink key", True), ("database is down", False), (7, False)]
)
def test_only_a_lasting_refusal_ends_the_worker(monkeypatch: pytest.MonkeyPatch, fatal: object, refused: bool) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("Anvil fatal error")

    monkeypatch.setattr(anvil.server, "connect", fails)
    monkeypatch.setattr(anvil.server, "_fatal_error", fatal)
    failure = Link("key", "ws://127.0.0.1:1/", echo_every=1)._attempt()
    assert isinstance(failure, LinkRefusedError) == refused
    assert failure is not None


def test_a_link_that_only_carries_inward_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    link = Link("key", "ws://127.0.0.1:1/", echo_every=1, echo_timeout=0.1)

    def no_echo(*_: object) -> None:
        while not over.wait(0.01):
            link._heard = time.monotonic()  # photos keep coming in

    monkeypatch.setattr(anvil.server, "connect", no_echo)
    monkeypatch.setattr(anvil.server, "call", lambda *_: None)
    started = time.monotonic()
    try:
        assert isinstance(link._attempt(), TimeoutError)
    finally:
        over.set()
    assert 1.2 <= time.monotonic() - started < 10, "twelve times the echo's timeout, not one and not for ever"


def test_a_signal_that_reaches_another_thread_stops_it_at_once() -> None:
    link = Link("key", "ws://127.0.0.1:1/", echo_every=60)
    before = signal.signal(signal.SIGUSR1, lambda *_: link.stop())
    started = time.monotonic()

    def take_the_signal() -> None:  # as a thread of the library's does that is at work on a call
        time.sleep(0.2)
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    try:
        threading.Thread(target=take_the_signal).start()
        link._wait(30)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert time.monotonic() - started < 5


def test_a_service_that_accepts_and_stays_silent_keeps_nobody_from_stopping(
    tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"ws://127.0.0.1:{silent.getsockname()[1]}/_/uplink"
        environment = {**tiny_settings, "ANVIL_UPLINK_KEY": "server_key", "ANVIL_UPLINK_URL": url}
        with logged_worker(tmp_path, environment) as (started, log):
            wait_until(lambda: "Connecting to" in log.read_text(), 20, log)
            started.send_signal(signal.SIGTERM)
            assert started.wait(5) == 0, log.read_text()


def test_sigterm_answers_what_is_at_work_and_ends(host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]) -> None:
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
        started.send_signal(signal.SIGTERM)
        assert started.wait(12) == 0, log.read_text()
        call.join(10)
    [answer] = answers
    assert [entry["label"] for entry in answer["response"]] == ["red"] * 6
    assert "stopped; 0 calls unfinished" in log.read_text()


def test_sigint_ends_it_as_well(host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with logged_worker(tmp_path, {**tiny_settings, **host.environment}) as (started, log):
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        started.send_signal(signal.SIGINT)
        assert started.wait(5) == 0
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
