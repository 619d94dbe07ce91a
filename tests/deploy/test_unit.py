"""The systemd unit: what systemd says of it, and its command as a process."""

import configparser
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stand_in import ROOT, StandIn, process, stand_in, wait_until

UNIT = ROOT / "deploy" / "uplink-worker@.service"
INSTALLED = "/opt/uplink-image-classifier"
# Known to systemd 254 and newer; an older one says so and goes on.
NEWER = ("RestartSteps", "RestartMaxDelaySec")


def here(text: str) -> str:
    """The text with this checkout and this Python in place of the installed ones."""
    return text.replace(f"{INSTALLED}/.venv/bin/python", sys.executable).replace(INSTALLED, str(ROOT))


@pytest.fixture
def service() -> configparser.SectionProxy:
    unit = configparser.RawConfigParser(strict=False)
    unit.read(UNIT)
    return unit["Service"]


def systemd_analyze(text: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze on this machine")
    (folder / UNIT.name).write_text(text)
    command = ["systemd-analyze", *arguments, str(folder / UNIT.name.replace("@", "@1"))]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    text = here(UNIT.read_text())
    done = systemd_analyze(text, tmp_path, "verify")
    said = [line for line in done.stderr.splitlines() if not any(f"'{name}'" in line for name in NEWER)]
    assert (done.returncode, said) == (0, [])
    assert systemd_analyze(text.replace("ExecStart=", "ExecStart=/nowhere"), tmp_path, "verify").returncode != 0


def test_a_worker_that_is_taken_over_can_do_little(tmp_path: Path) -> None:
    done = systemd_analyze(here(UNIT.read_text()), tmp_path, "security", "--offline=true", "--threshold=20")
    assert done.returncode == 0, done.stdout[-200:]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("stand-in")) as started:
        yield started


def test_its_command_serves_and_drains_in_the_time_it_is_given(
    service: configparser.SectionProxy, host: StandIn, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    assert here(service["WorkingDirectory"]) == str(ROOT)
    with process(shlex.split(here(service["ExecStart"])), log, host.environment) as started:
        wait_until(lambda: "ready after" in log.read_text(), 20, log)
        started.send_signal(signal.SIGTERM)
        assert started.wait(int(service["TimeoutStopSec"])) == 0


def test_what_no_restart_mends_is_not_started_again(
    service: configparser.SectionProxy, host: StandIn, tmp_path: Path
) -> None:
    refused = {**host.environment, "ANVIL_UPLINK_KEY": "server_not-the-key-of-this-app"}
    with process(shlex.split(here(service["ExecStart"])), tmp_path / "log", refused) as started:
        assert started.wait(30) == int(service["RestartPreventExitStatus"])


def test_the_example_of_the_settings_is_what_an_environment_file_may_hold() -> None:
    for line in (ROOT / ".env.example").read_text().splitlines():
        assert re.fullmatch(r"(#.*|[A-Z_]+=[^\s'\"\\$]*)?", line), line
