"""A worker and the stand-in as real processes: the link between them is lost, and comes back."""

import contextlib
import signal
import socket
from pathlib import Path

from PIL import Image

from tests.classifier.pictures import encoded
from tests.stand_in import stand_in, wait_until, worker
from tests.worker.processes import IMPATIENT, label, logged_worker
from tests.worker.proxy import Proxy


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
