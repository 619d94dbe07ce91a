"""Processes that serve, and what they take of the machine."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
_START_S = 60.0
_END_S = 25.0


class StartError(Exception):
    """A process of the benchmark did not come up; the message has its log."""


class Serving:
    """A running process with its log."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], ready: str) -> None:
        """Start `python command`, and wait until its log has the pattern `ready`. Raises StartError."""
        self._log = tempfile.NamedTemporaryFile(suffix=".log")  # noqa: SIM115 - it lives as long as the process
        started = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=self._log,
            stderr=self._log,
        )
        try:
            self.said = self._wait(re.compile(ready, re.MULTILINE), started + _START_S)
        except StartError:
            self.end()
            raise
        self.start_s = time.perf_counter() - started
        self._ps = psutil.Process(self._process.pid)

    def cpu_s(self) -> float:
        """Processor time so far, user and system, in seconds."""
        times = self._ps.cpu_times()
        return float(times.user + times.system)

    def memory_mb(self) -> float:
        """Resident memory now."""
        return float(self._ps.memory_info().rss) / 2**20

    def peak_mb(self) -> float:
        """The highest resident memory so far."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def end(self) -> None:
        """SIGTERM, at last SIGKILL."""
        self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _wait(self, ready: re.Pattern[str], end: float) -> str:
        while True:
            text = Path(self._log.name).read_text()
            if found := ready.search(text):
                return found[found.re.groups]
            if self._process.poll() is not None or time.perf_counter() > end:
                raise StartError(f"{self._process.args!r} did not come up:\n{text}")
            time.sleep(0.005)


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str], ready: str) -> Iterator[Serving]:
    """A process that is there when its log has `ready`, and ended on leaving. `said` is its group, if it has one."""
    process = Serving(command, environment, ready)
    try:
        yield process
    finally:
        process.end()
