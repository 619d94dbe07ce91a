"""The worker processes that `python -m local_anvil` starts."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local_anvil import workers
from tests.local_anvil.peers import FUNCTIONS
from tests.stand_in import process, wait_until


@contextlib.contextmanager
def with_workers(folder: Path, count: int) -> Iterator[tuple[psutil.Process, Path]]:
    """A stand-in that starts its workers itself, from functions.py."""
    log = folder / "log"
    program = f"""
import sys
from pathlib import Path
from local_anvil import __main__
__main__.WORKER = Path({str(FUNCTIONS)!r})
sys.argv[1:] = ["--port", "0", "--no-browser", "--workers", "{count}"]
sys.exit(__main__.main())
"""
    with process([sys.executable, "-c", program], log, {"LOCAL_ANVIL_KEYS": str(folder / "keys.json")}) as started:
        wait_until(lambda: log.read_text().count("Link opened: uplink") == count, 20, log)
        yield psutil.Process(started.pid), log


def test_it_starts_workers_with_the_key_out_of_sight_and_ends_them_with_itself(tmp_path: Path) -> None:
    with with_workers(tmp_path, 2) as (host, log):
        children = host.children()
        assert len(children) == 2
        for child in children:
            assert child.cmdline() == [sys.executable, str(FUNCTIONS)]
            assert child.environ()["ANVIL_UPLINK_URL"].endswith("/_/uplink")
        host.send_signal(signal.SIGTERM)
        assert host.wait(10) == 0
        assert not any(child.is_running() for child in children)
        assert "Traceback" not in log.read_text()


def test_a_worker_that_dies_is_reported_and_the_page_stays(tmp_path: Path) -> None:
    with with_workers(tmp_path, 1) as (host, log):
        (child,) = host.children()
        child.kill()
        wait_until(lambda: "Worker 1 was ended by SIGKILL." in log.read_text(), 5, log)
        assert host.is_running()
        host.send_signal(signal.SIGINT)
        assert host.wait(5) == 0


def test_a_worker_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "END_SECONDS", 0.5)
    ready = tmp_path / "ready"
    script = tmp_path / "stubborn.py"
    script.write_text(
        "import pathlib, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "time.sleep(60)\n"
    )

    async def run() -> None:
        async with workers.running(1, script, {}):
            await asyncio.to_thread(wait_until, ready.exists, 10)
            (child,) = psutil.Process().children()
            started = time.monotonic()
        assert time.monotonic() - started < 5
        assert not child.is_running()

    asyncio.run(run())
