"""A worker as a process beside the stand-in: it starts or says why not, answers, and ends."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.stand_in import StandIn, wait_until, worker
from tests.worker.processes import PHOTO, UPLOAD, label, logged_worker, refused


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


# As uplink_server.py, but with a classifier that answers once there is a file of the name in GO.
HELD = """
import os, sys, time
from classifier.classifier import Classifier
classify = Classifier.classify
def held(*arguments):
    while not os.path.exists(os.environ["GO"]):
        time.sleep(0.01)
    return classify(*arguments)
Classifier.classify = held
import uplink_server
sys.exit(uplink_server.main())
"""


def test_sigterm_answers_what_is_at_work_says_goodbye_and_ends(
    host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    go = tmp_path / "go"
    environment = {**tiny_settings, **host.environment, "GO": str(go)}
    with logged_worker(tmp_path, environment, ["-c", HELD]) as (started, log), ThreadPoolExecutor(1) as pool:
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        page = host.page()
        call = pool.submit(page.call, "classify_image", None, media=UPLOAD)
        wait_until(lambda: page.call("worker_status")["response"]["running"] == 1, 20, log)
        before = host.log.read_text()
        started.send_signal(signal.SIGTERM)
        wait_until(lambda: "stopping: waiting for the calls at work" in log.read_text(), 20, log)
        go.touch()
        assert call.result(20)["response"]["label"] == "red"
        assert started.wait(30) == 0, log.read_text()
    assert "stopped; 0 calls unfinished" in log.read_text()
    wait_until(lambda: "Link ended" in host.log.read_text().removeprefix(before), 10, host.log)
    assert "Link ended: uplink (code 1000)" in host.log.read_text().removeprefix(before)


def test_sigint_ends_it_as_well(host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with logged_worker(tmp_path, {**tiny_settings, **host.environment}) as (started, log):
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        started.send_signal(signal.SIGINT)
        assert started.wait(30) == 0
        assert "Traceback" not in log.read_text()
