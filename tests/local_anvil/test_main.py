"""`python -m local_anvil` as a process."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.local_anvil.peers import FUNCTIONS
from tests.stand_in import ROOT, process, stand_in, wait_until

COMMAND = [sys.executable, "-m", "local_anvil", "--no-browser"]


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_help_says_what_it_is_and_what_it_is_not() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "It is not the Anvil service" in done.stdout


@pytest.mark.parametrize(
    "options", [["--port", "x"], ["--port", "65536"], ["--workers", "-1"], ["--ping-seconds", "nan"]]
)
def test_a_bad_option_is_explained(options: list[str]) -> None:
    done = run(*options)
    assert done.returncode == 2
    assert f"{options[1]!r} is not a number from" in done.stderr


def test_a_port_in_use_is_named_with_the_fix(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("--port", str(port), LOCAL_ANVIL_KEYS=str(tmp_path / "keys.json"))
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} is in use. End the program that has it, or take another: "
        f"python -m local_anvil --port {port + 1}\n"
    )


def test_a_broken_key_file_and_a_missing_app_are_named(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}")
    done = run("--port", "0", LOCAL_ANVIL_KEYS=str(keys))
    assert (done.returncode, "Delete it" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    keys.unlink()
    done = run("--port", "0", "--app", str(tmp_path), LOCAL_ANVIL_KEYS=str(keys))
    assert (done.returncode, "anvil.yaml" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_it_is_up_in_under_five_seconds_listens_to_this_machine_only_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    started = time.monotonic()
    with stand_in(tmp_path) as host:
        host.page()
        assert time.monotonic() - started < 5
        addresses = [
            entry.laddr for entry in psutil.Process(host.process.pid).net_connections() if entry.status == "LISTEN"
        ]
        assert addresses == [("127.0.0.1", host.port)]
        host.process.send_signal(signal.SIGINT)
        assert host.process.wait(5) == 0
        assert "Traceback" not in host.log.read_text()


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
