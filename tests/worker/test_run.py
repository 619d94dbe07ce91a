"""The life of a worker: what its start needs, what it publishes, and how it ends."""

import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import psutil
import pytest

from classifier.errors import ModelError
from tests.stand_in import WORKER, StandIn, process, wait_until
from worker import callables, run, teaching
from worker.link import LinkRefusedError
from worker.settings import Settings
from worker.status import Status

# What an owner who wants cats and dogs, ten things and a hundred would serve.
THREE = ("cats_vs_dogs", "cifar10", "cifar100")


def test_three_models_need_no_tensorflow_and_little_memory(host: StandIn, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    environment = {**host.environment, "CLASSIFIER_SHIPPED_MODELS": ",".join(THREE)}
    with process([sys.executable, str(WORKER)], log, environment) as started:
        wait_until(lambda: "ready after" in log.read_text(), 30, log)
        memory = psutil.Process(started.pid).memory_info().rss / 2**20
        loaded = Path(f"/proc/{started.pid}/maps").read_text()
    assert memory < 200  # MB
    assert "tensorflow" not in loaded


def test_all_functions_of_the_contract_are_published(host: StandIn, tmp_path: Path) -> None:
    functions = {**vars(callables.Callables), **vars(teaching.Teaching)}
    published = {*callables.PUBLISHED, *teaching.PUBLISHED}
    assert published == {name for name in functions if not name.startswith("_")} - {"answer"}, "that one is for HTTP"
    log = tmp_path / "worker.log"
    with process([sys.executable, str(WORKER)], log, host.environment):
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        page = host.page()
        for name in published:
            assert page.call(name).get("response"), name
        assert page.call("classify_image")["response"]["error"]["type"] == "BadRequest"
        assert page.call("drain")["error"]["type"] == "anvil.server.NoServerFunctionError"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, logging_restored: None) -> Iterator[None]:
    """For a start in this process: without models, and with its signals as they were."""
    before = signal.getsignal(signal.SIGHUP)
    monkeypatch.setattr(run, "Models", lambda load: None)
    monkeypatch.setattr(run, "share_arenas", lambda: None)
    yield
    signal.signal(signal.SIGHUP, before)


class TwiceUp:
    """A link that comes up, is lost, comes up again, and is then asked to stop."""

    def __init__(self, events: list[str]) -> None:
        self._events = events

    def hold(self, on_up: Callable[[], None]) -> None:
        on_up()
        on_up()
        self._events.append("asked to stop")

    def close(self) -> None:
        self._events.append("goodbye")


def test_a_worker_counts_its_reconnects_drains_and_says_goodbye(
    started: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    events: list[str] = []

    def drain(status: Status, guard: object, gate: object, timeout: float) -> int:
        events.append(f"{status.reconnects} reconnects, {timeout:g} s for the calls at work")
        return 2

    monkeypatch.setattr(run.signal, "signal", lambda *_: None)
    monkeypatch.setattr(run.anvil.server, "callable", lambda name: lambda function: function)
    monkeypatch.setattr(run.Endpoints, "publish", lambda self: None)
    monkeypatch.setattr(run, "Link", lambda *_: TwiceUp(events))
    monkeypatch.setattr(run, "drain", drain)
    models = SimpleNamespace(classifier=SimpleNamespace(cards=[SimpleNamespace(name="plain")]))
    with caplog.at_level(logging.INFO, "worker"):
        run.serve(Settings(), models, started=monotonic() - 1)  # type: ignore[arg-type]  # a stand-in
    assert events == ["asked to stop", "1 reconnects, 8 s for the calls at work", "goodbye"]
    said = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(r"ready after 1\.\d\d s: plain", said[0])
    assert said[1:] == [
        "the link is up again",
        "stopping: waiting for the calls at work",
        "stopped; 2 calls unfinished",
    ]


def test_neither_key_nor_token_can_reach_the_log(
    started: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def tell(settings: Settings, *_: object) -> None:
        logging.getLogger("anvil.server").error("%s and %s", settings.uplink_key, settings.http_token)

    monkeypatch.setattr(run, "serve", tell)
    assert run.run(Settings(uplink_key="the-key-of-the-app", http_token="a-token-of-the-tests")) == 0  # noqa: S106
    assert capsys.readouterr().err.endswith(" ERROR anvil.server: *** and ***\n")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LinkRefusedError("Incorrect uplink key"), "refuses this worker: Incorrect uplink key. Check ANVIL_UPLINK_KEY"),
        (ModelError("Model plain: damaged"), "cannot start: Model plain: damaged"),
    ],
)
def test_what_must_be_changed_before_a_next_start_is_status_78(
    started: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(run, "serve", fail)
    assert run.run(Settings(uplink_key="the-key-of-the-app")) == os.EX_CONFIG
    assert said in capsys.readouterr().err
