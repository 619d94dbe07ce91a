"""How a worker says it is doing."""

import json
import threading
from pathlib import Path

import psutil
import pytest

from tests.classifier.pictures import RED
from tests.stand_in import wait_until
from tests.worker.published import HeldUpload, media, photo, published
from worker import __version__


def test_it_counts_calls_by_outcome_and_model_and_refusals_by_reason(shelf_dir: Path) -> None:
    ours = published(shelf_dir)
    ours.ask("classify_image", photo(RED))
    ours.ask("classify_image", media(b"text"), model="with_map")
    ours.ask("classify_image", photo(RED), model="nobody")
    ours.ask("classify_images", [photo(RED), media(b"text"), media(b"text"), None])
    status = ours.ask("worker_status")
    assert status["calls"] == {"ok": 2, "NotAPhoto": 1, "UnknownModel": 1}
    assert status["calls_by_model"] == {"plain": {"ok": 2}, "with_map": {"NotAPhoto": 1}}
    assert status["refusals"] == {"NotAPhoto": 3, "UnknownModel": 1, "BadRequest": 1}
    assert status["latency_ms"]["calls"] == 2
    assert 0 < status["latency_ms"]["p50"] <= status["latency_ms"]["p90"] <= status["latency_ms"]["p99"]


def test_it_tells_state_models_and_memory_and_no_path(shelf_dir: Path) -> None:
    ours = published(shelf_dir)
    status = ours.status.report()
    assert (status["state"], status["running"], status["waiting"]) == ("ready", 0, 0)
    assert (status["default_model"], status["models"], status["reload"]) == ("plain", ["plain", "with_map"], None)
    assert status["version"] == __version__
    assert status["memory_mb"] == pytest.approx(psutil.Process().memory_info().rss / 2**20, abs=20)
    ours.status.started -= 60
    assert 60 <= ours.status.report()["uptime_s"] < 70
    assert str(shelf_dir) not in json.dumps(status)


def test_the_first_time_that_the_link_is_up_is_no_reconnect(shelf_dir: Path) -> None:
    status = published(shelf_dir).status
    told = [status.report()["reconnects"]]
    for _ in range(3):
        status.ups += 1
        told.append(status.report()["reconnects"])
    assert told == [0, 0, 1, 2]


def test_it_tells_what_is_at_work_and_what_waits(shelf_dir: Path) -> None:
    ours, let_go = published(shelf_dir, threads=1), threading.Event()
    held = HeldUpload(photo(RED).get_bytes(), let_go)
    threads = [threading.Thread(target=ours.ask, args=("classify_image", held)) for _ in range(2)]
    for thread in threads:
        thread.start()
    wait_until(lambda: (ours.status.report()["running"], ours.status.report()["waiting"]) == (1, 1), 10)
    let_go.set()
    for thread in threads:
        thread.join(10)
