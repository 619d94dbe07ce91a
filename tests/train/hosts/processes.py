"""Several processes of a small training on this machine, each with a cache of its own as on a host of its own."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.stand_in import ROOT

# Most of it is the start of TensorFlow and JAX: 13 seconds of processor each.
PATIENCE_S = 240
# For three epochs of small pictures, better code takes longer to compile than it saves.
QUICK = {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@dataclass(frozen=True)
class Process:
    """One that was started, its cache and what it says."""

    running: subprocess.Popen[bytes]
    cache: Path
    log: Path

    @property
    def curves(self) -> list[list[float]]:
        """A row an epoch that is over: epoch, accuracy, learning rate, loss, seconds, validation accuracy and loss."""
        files = [*self.cache.glob("runs/*/curves.csv")]
        lines = files[0].read_text().splitlines(keepends=True)[1:] if files else []
        return [[float(value) for value in line.split(",")] for line in lines if line.endswith("\n")]

    def status(self) -> int:
        """Its exit status, which it must have in time."""
        return self.running.wait(PATIENCE_S)


@contextlib.contextmanager
def processes(folder: Path, count: int, *command: str) -> Iterator[list[Process]]:
    """`python COMMAND HOST:PORT COUNT NUMBER`; what still runs at the end is ended. Caches of earlier ones are kept."""
    address = f"127.0.0.1:{free_port()}"
    started: list[Process] = []
    try:
        for number in range(count):
            cache, log = folder / f"cache{number}", folder / f"{number}.log"
            words = [word.format(address=address, count=count, number=number) for word in command]
            environment = {**os.environ, **QUICK, "CACHE_DIR": str(cache), "TF_CPP_MIN_LOG_LEVEL": "3"}
            with log.open("wb") as output:
                running = subprocess.Popen(
                    [sys.executable, *words], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
                )
            started.append(Process(running, cache, log))
        yield started
    finally:
        for process in started:
            process.running.kill()
            process.running.wait()
