"""`python -m local_anvil` as a process."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from local_anvil import __main__
from tests.stand_in import ROOT, stand_in

COMMAND = [sys.executable, "-m", "local_anvil", "--no-browser"]


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_says_what_it_is_and_what_it_is_not() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "It is not the Anvil service" in done.stdout


def test_on_windows_it_says_where_it_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "argv", ["local-anvil"])
    assert __main__.main() == 1
    assert capsys.readouterr().err == "The stand-in runs on Linux and macOS. On Windows, start it in WSL.\n"


@pytest.mark.parametrize(
    "options",
    [
        ["--http-port", "x"],
        ["--port", "x"],
        ["--port", "65536"],
        ["--port", "1.5"],
        ["--workers", "-1"],
        ["--ping-seconds", "nan"],
    ],
)
def test_a_bad_option_is_explained(options: list[str]) -> None:
    done = run(*options)
    assert done.returncode == 2
    assert f"{options[1]!r} is not a number from" in done.stderr


@pytest.mark.parametrize("option", ["--port", "--http-port"])
def test_a_port_in_use_is_named_with_the_fix(tmp_path: Path, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("--port", "0", option, str(port), LOCAL_ANVIL_KEYS=str(tmp_path / "keys.json"))
    assert done.returncode == 1
    assert done.stderr.endswith(
        f"Port {port} is in use. End the program that has it, or take another: "
        f".venv/bin/python -m local_anvil {option} {port + 1}\n"
    )


def test_a_broken_key_file_is_named_with_the_fix(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}")
    done = run("--port", "0", LOCAL_ANVIL_KEYS=str(keys))
    assert (done.returncode, "Delete it" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_it_listens_to_this_machine_only_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    with stand_in(tmp_path) as host:
        host.page()
        addresses = [
            entry.laddr for entry in psutil.Process(host.process.pid).net_connections() if entry.status == "LISTEN"
        ]
        assert addresses == [("127.0.0.1", host.port)]
        host.process.send_signal(signal.SIGINT)
        assert host.process.wait(30) == 0
        assert "Traceback" not in host.log.read_text()
