"""Processes are killed, frozen and replaced while a steady stream of calls goes on.

Every call ends in the right answer or a typed error; what failed succeeds when it is made once more.
"""

import asyncio
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.classifier.tiny_models import only, tiny_model, write_model
from tests.local_anvil.peers import bare_link
from tests.stand_in import StandIn, stand_in, wait_until, worker
from tests.worker.stream import PHOTOS, Stream, stream

# How a call may fail whose worker, or whose service, is gone: all of them are worth another try.
GONE = {"anvil.server.UplinkDisconnectedError", "anvil.server.NoServerFunctionError", "Busy"}
AWAY = {*GONE, "offline", "anvil.server.SessionExpiredError"}
# Within this every call has ended.
LONGEST_SECONDS = 30.0


def unharmed(found: Stream, may: set[str]) -> None:
    """Nothing is lost, nothing answered wrongly, nothing hangs, and nothing fails in a way that it may not."""
    assert found.lost == []
    assert set(found.outcomes) <= {"ok", *may}, found.outcomes
    assert found.slowest < LONGEST_SECONDS


def status(host: StandIn) -> dict[str, object]:
    return dict(host.page().call("worker_status")["response"])


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGTERM])
def test_one_of_two_workers_ends_under_load(
    host: StandIn, tiny_settings: dict[str, str], fault: signal.Signals
) -> None:
    with worker(host, environment=tiny_settings) as first, worker(host, environment=tiny_settings):
        with stream(host) as found:
            found.goes_on()
            first.send_signal(fault)
            first.wait(20)
            found.goes_on()
        # One that is killed fails its calls at once; one that is ended in order hands over.
        unharmed(found, {"anvil.server.UplinkDisconnectedError"} if fault == signal.SIGKILL else GONE)
        assert found.outcomes.total() - found.outcomes["ok"] <= 4  # each caller has one call at a time
        assert first.returncode == (-signal.SIGKILL if fault == signal.SIGKILL else 0)


def test_a_new_worker_is_started_then_the_old_one_ended(host: StandIn, tiny_settings: dict[str, str]) -> None:
    with ExitStack() as stack, worker(host, environment=tiny_settings) as old, stream(host) as found:
        found.goes_on()
        stack.enter_context(worker(host, environment=tiny_settings))
        old.terminate()
        assert old.wait(20) == 0
        found.goes_on()
        unharmed(found, GONE)


def test_a_short_freeze_only_makes_calls_wait(host: StandIn, tiny_settings: dict[str, str]) -> None:
    with worker(host, environment=tiny_settings) as frozen, stream(host) as found:
        found.goes_on()
        frozen.send_signal(signal.SIGSTOP)
        time.sleep(0.2)  # answers that were on their way
        before = found.total
        time.sleep(0.5)
        assert found.total == before  # they wait, and nobody is refused
        frozen.send_signal(signal.SIGCONT)
        found.goes_on()
        unharmed(found, set())


def test_a_worker_that_stays_frozen_fails_its_own_calls_and_comes_back(
    tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    with (
        stand_in(tmp_path, options=["--ping-seconds", "1"]) as host,
        worker(host, environment=tiny_settings) as frozen,
        worker(host, environment=tiny_settings),
        stream(host) as found,
    ):
        found.goes_on()
        frozen.send_signal(signal.SIGSTOP)
        wait_until(lambda: host.links() == 1, 20, host.log)
        found.goes_on()
        frozen.send_signal(signal.SIGCONT)
        wait_until(lambda: host.links() == 2, 20, host.log)
        found.goes_on()
        unharmed(found, GONE)


def test_models_change_under_load_and_bad_ones_do_not(host: StandIn, shelf_dir: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "models"
    shutil.copytree(shelf_dir, shelf)
    environment = only(shelf)
    with worker(host, environment=environment) as served, stream(host) as found:

        def reloads(outcome: str, models: list[str]) -> None:
            served.send_signal(signal.SIGHUP)
            wait_until(lambda: (status(host)["reload"] or {}).get("outcome") == outcome, 20)  # type: ignore[attr-defined]
            assert status(host)["models"] == models
            found.goes_on()

        write_model(shelf / "second", tiny_model(False))
        reloads("ok", ["plain", "second", "with_map"])
        (shelf / "plain" / "model.tflite").write_bytes(b"damaged")
        reloads("failed", ["plain", "second", "with_map"])
        unharmed(found, set())
        log = max(host.folder.glob("worker-*.log")).read_text()
    assert "models loaded again in" in log
    assert "those of before go on serving: CLASSIFIER_DEFAULT_MODEL: Model plain: model.tflite is not the file" in log


class Service:
    """A stand-in on one port with two workers, any of which can end and be replaced."""

    def __init__(self, folder: Path, stack: ExitStack, environment: dict[str, str]) -> None:
        self._folder, self._stack, self._environment = folder, stack, environment
        self.host = stack.enter_context(stand_in(folder, options=["--ping-seconds", "1"]))
        self.workers = [self._worker() for _ in range(2)]

    def _worker(self) -> subprocess.Popen[bytes]:
        return self._stack.enter_context(worker(self.host, environment=self._environment))

    def restart(self) -> None:
        """Kill the stand-in and start it on the same port; the workers find it by themselves."""
        self.host.process.kill()
        self.host.process.wait(10)
        options = ["--ping-seconds", "1"]
        self.host = self._stack.enter_context(stand_in(self._folder, port=self.host.port, options=options))

    def kill(self) -> None:
        """End a worker without warning, and start another."""
        self._end(signal.SIGKILL)
        self.workers.append(self._worker())

    def replace(self) -> None:
        """Start a worker, and then end an old one in order."""
        self.workers.append(self._worker())
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Freeze a worker, for longer than its link lives or not so long."""
        self.workers[0].send_signal(signal.SIGSTOP)
        time.sleep(random.choice([0.5, 3]))  # noqa: S311 - no secret
        self.workers[0].send_signal(signal.SIGCONT)

    def reload(self) -> None:
        """Let a worker load its models again."""
        self.workers[0].send_signal(signal.SIGHUP)

    def _end(self, number: signal.Signals) -> None:
        old = self.workers.pop(0)
        old.send_signal(number)
        assert old.wait(20) == (0 if number == signal.SIGTERM else -number)


@contextmanager
def service(folder: Path, environment: dict[str, str]) -> Iterator[Service]:
    with ExitStack() as stack:
        yield Service(folder, stack, environment)


def faults(started: Service, times: int, choose: Callable[[Service], Callable[[], None]]) -> Stream:
    """A stream through so many faults, at random moments."""
    with stream(started.host) as found:
        for _ in range(times):
            found.goes_on(random.randint(1, 30))  # noqa: S311 - no secret
            choose(started)()
        found.goes_on()
    unharmed(found, AWAY)
    return found


def test_the_stand_in_is_killed_and_started_again(tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with service(tmp_path, tiny_settings) as started:
        found = faults(started, 2, lambda service: service.restart)
        assert found.outcomes.keys() & {"offline"}
        wait_until(lambda: started.host.links() == 2, 20, started.host.log)
        wait_until(lambda: int(str(status(started.host)["reconnects"])) >= 2, 20, started.host.log)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_stand_in_is_killed_again_and_again(tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    with service(tmp_path, tiny_settings) as started:
        faults(started, 20, lambda service: service.restart)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_all_kinds_of_faults_at_random_moments(tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    seed = time.time_ns()
    print(f"seed {seed}")
    random.seed(seed)
    with service(tmp_path, tiny_settings) as started:
        faults(
            started,
            40,
            lambda service: random.choice(  # noqa: S311 - no secret
                [service.restart, service.kill, service.replace, service.freeze, service.reload]
            ),
        )


def test_a_slow_uploader_keeps_nobody_waiting_and_is_answered(host: StandIn, tiny_settings: dict[str, str]) -> None:
    """One over the uplink and one at the page, each for longer than the others take for many calls."""
    photo = PHOTOS["red"]

    async def over_the_uplink() -> str:
        entry = {"path": ["args", 0], "type": ["DataMedia"], "id": "m", "mime-type": "image/jpeg", "name": None}
        async with bare_link(host) as link:
            await link.call("slow", "classify_image", None, objects=[entry])
            for index, at in enumerate(range(0, len(photo), len(photo) // 8)):
                await asyncio.sleep(0.25)
                piece = photo[at : at + len(photo) // 8]
                header = {"requestId": "slow", "mediaId": "m", "chunkIndex": index, "lastChunk": False}
                await link.send({"type": "CHUNK_HEADER", **header}, piece)
            await link.send({"type": "CHUNK_HEADER", **header, "lastChunk": True}, b"")
            return str((await link.get())["response"]["label"])

    def at_the_page() -> str:
        page = host.page()
        sizes, body = page.request("classify_image", None, media=[(["args", 0], "image/jpeg", photo)])

        def slowly() -> Iterator[bytes]:
            for at in range(0, len(body), len(body) // 8):
                time.sleep(0.25)
                yield body[at : at + len(body) // 8]

        answer = page.post(sizes, slowly(), {"Content-Length": str(len(body))})[1]
        return str(answer["response"]["label"])

    with worker(host, environment=tiny_settings), stream(host) as found, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(at_the_page)
        assert asyncio.run(over_the_uplink()) == "red"
        assert slow.result(30) == "red"
        unharmed(found, set())
        assert found.total > 20
