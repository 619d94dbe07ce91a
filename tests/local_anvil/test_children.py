"""The worker processes that `python -m local_anvil` starts."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local_anvil import children
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
        started_by_it = host.children()
        assert len(started_by_it) == 2
        keys = json.loads((tmp_path / "keys.json").read_text()).values()
        for started in (host, *started_by_it):
            assert not any(key in argument for key in keys for argument in started.cmdline())
        for child in started_by_it:
            assert child.cmdline() == [sys.executable, children.__file__, str(FUNCTIONS)]
            assert child.environ()["ANVIL_UPLINK_URL"].endswith("/_/uplink")
        host.send_signal(signal.SIGTERM)
        assert host.wait(30) == 0
        assert not any(child.is_running() for child in started_by_it)
        assert "Traceback" not in log.read_text()


def test_a_worker_that_dies_is_reported_and_the_page_stays(tmp_path: Path) -> None:
    with with_workers(tmp_path, 1) as (host, log):
        (child,) = host.children()
        child.kill()
        wait_until(lambda: "Worker 1 was ended by SIGKILL." in log.read_text(), 30, log)
        assert host.is_running()
        host.send_signal(signal.SIGINT)
        assert host.wait(30) == 0


def test_workers_end_with_a_host_that_is_killed(tmp_path: Path) -> None:
    with with_workers(tmp_path, 2) as (host, _):
        gone_with_it = host.children()
        host.kill()
        gone, alive = psutil.wait_procs(gone_with_it, 30)
        for child in alive:
            child.kill()
        assert (len(gone), alive) == (2, [])


def test_a_worker_finishes_what_it_has_begun_when_its_host_is_killed(tmp_path: Path) -> None:
    done, script = tmp_path / "done", tmp_path / "draining.py"
    script.write_text(
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(0.5)\n"
        f"    pathlib.Path({str(done)!r}).write_text(__name__ + str(sys.argv))\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, children.__file__, str(script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == b"up\n"
        child.stdin.close()
        assert child.wait(30) == 0
    assert done.read_text() == f"__main__{[str(script)]}"


def test_a_worker_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "END_SECONDS", 0.5)
    ready = tmp_path / "ready"
    script = tmp_path / "stubborn.py"
    script.write_text(
        "import pathlib, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "time.sleep(600)\n"
    )

    async def run() -> None:
        async with children.running(1, script, {}):
            await asyncio.to_thread(wait_until, ready.exists, 10)
            (child,) = [found for found in psutil.Process().children() if str(script) in found.cmdline()]
        assert not child.is_running()

    asyncio.run(run())
