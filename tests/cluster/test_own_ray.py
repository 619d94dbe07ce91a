"""The Ray that the command starts on this machine: who reaches it, and that it ends with the command."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.cluster.photos import fill
from tests.cluster.runs import command, environment
from tests.stand_in import ROOT, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
Started = tuple[subprocess.Popen[str], list[psutil.Process]]


@pytest.fixture
def started(tmp_path: Path, shelf_dir: Path) -> Iterator[Started]:
    """The command in the middle of its work, as from a shell, and all processes below it."""
    fill(tmp_path / "photos", 3000, size=(1600, 1200))
    out = tmp_path / "answers"
    line, pipe = command(tmp_path / "photos", out), subprocess.PIPE
    settings = environment(shelf_dir)
    del settings["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"]  # which the command sees to
    with subprocess.Popen(line, env=settings, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        wait_until(lambda: any(out.glob("*.parquet")) or process.poll() is not None, 240)
        assert process.poll() is None
        below = psutil.Process(process.pid).children(recursive=True)
        assert any("raylet" in each.name() for each in below)
        try:
            yield process, below
        finally:
            process.kill()
            for each in below:
                with suppress(psutil.NoSuchProcess):
                    each.kill()


def test_ctrl_c_ends_it_with_a_sentence_and_leaves_nothing_running(started: Started) -> None:
    process, below = started
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.splitlines()[-1] == "cluster: Stopped. --resume asks for the photos that are missing."
    assert "Traceback" not in said
    assert psutil.wait_procs(below, 30)[1] == []


def test_it_listens_to_this_machine_alone_and_ends_with_a_killed_command(started: Started) -> None:
    process, below = started
    listening = set()
    for each in below:
        with suppress(psutil.NoSuchProcess):
            listening |= {found.laddr.ip for found in each.net_connections("inet") if found.status == "LISTEN"}
    assert listening
    assert listening <= LOOPBACK
    process.kill()
    assert psutil.wait_procs(below, 120)[1] == []


def test_a_photo_that_ends_every_process_that_reads_it_ends_the_run(tmp_path: Path, shelf_dir: Path) -> None:
    line = [sys.executable, "-m", "tests.cluster.fatal", str(tmp_path / "answers")]
    pipe = subprocess.PIPE
    done = subprocess.run(
        line, cwd=ROOT, env=environment(shelf_dir), stdout=pipe, stderr=pipe, text=True, timeout=280, check=False
    )
    assert done.stdout.splitlines() == [
        "Not every photo was answered: the processes that read fatal.jpg ended 4 times. "
        "--resume asks for those that are missing."
    ], done.stderr
