"""What a start of the worker with its own models costs."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.stand_in import WORKER, StandIn, process, wait_until
from worker import callables

# What an owner who wants cats and dogs, ten things and a hundred would serve.
THREE = ("cats_vs_dogs", "cifar10", "cifar100")


@pytest.mark.alone
def test_start_time_memory_and_no_tensorflow(host: StandIn, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    before = time.monotonic()
    environment = {**host.environment, "CLASSIFIER_SHIPPED_MODELS": ",".join(THREE)}
    with process([sys.executable, str(WORKER)], log, environment) as started:
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        seconds = time.monotonic() - before
        memory = psutil.Process(started.pid).memory_info().rss / 2**20
        loaded = Path(f"/proc/{started.pid}/maps").read_text()
    assert seconds < 1.5
    assert memory < 200  # MB
    assert "tensorflow" not in loaded


def test_all_functions_of_the_contract_are_published(host: StandIn, tmp_path: Path) -> None:
    published = {
        name for name in vars(callables.Callables) if name.startswith(("classify_", "list_", "model_", "worker_"))
    }
    assert published == {"classify_image", "classify_images", "list_models", "model_card", "worker_status"}
    log = tmp_path / "worker.log"
    with process([sys.executable, str(WORKER)], log, host.environment):
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        page = host.page()
        for name in published:
            assert page.call(name).get("response"), name
        assert page.call("classify_image")["response"]["error"]["type"] == "BadRequest"
        assert page.call("drain")["error"]["type"] == "anvil.server.NoServerFunctionError"
