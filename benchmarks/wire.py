"""Fifty callers at once: ours through the stand-in, beside the same decoder and network behind FastAPI.

Ours are called as the app's page does it, over HTTP, so that callers cost the same on both sides. Callers with the
uplink library are measured apart, as "notebooks": its websocket masks what it sends byte by byte in Python, measured as
25 ms of the caller's processor for 320 kB, more than the worker takes for the call, and here they share the cores.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

import numpy as np

from benchmarks import photos
from benchmarks.network import Network, three_models
from benchmarks.processes import ROOT, Serving, serving
from benchmarks.stand_in import ROOM
from classifier.classifier import Classifier
from classifier.settings import Settings
from local_anvil.keys import load_keys

Figures = dict[str, dict[str, float]]

CALLERS = 50
BODY_BYTES = 300_000
_PROCESSES = 5
# The last calls are answered by then, or the benchmark fails.
_MOST_S = 120.0


class Answered(NamedTuple):
    """What one process of callers tells."""

    taken: list[tuple[float, float]]  # begun and ended, on the machine's monotonic clock
    refused: int


@dataclass
class Side:
    """One way to be called, and what became of the calls."""

    kind: str
    address: str
    process: Serving
    relay: Serving | None = None  # the stand-in's process, which is Anvil's part and not the worker's
    environment: dict[str, str] = field(default_factory=dict)
    rates: list[float] = field(default_factory=list)  # answers a second, a round each
    milliseconds: list[float] = field(default_factory=list)
    refused: int = 0
    cpu_s: float = 0.0
    relay_cpu_s: float = 0.0

    @property
    def calls(self) -> int:
        """Answered calls."""
        return len(self.milliseconds)

    def round(self, photo: Path, seconds: float) -> None:
        """Let the callers call for so many seconds."""
        before = self.process.cpu_s(), self.relay.cpu_s() if self.relay else 0.0
        found = self._callers(photo, seconds)
        taken = [(start, end) for part in found for start, end in part.taken]
        self.rates.append(len(taken) / (max(end for _, end in taken) - min(start for start, _ in taken)))
        self.milliseconds += [1000 * (end - start) for start, end in taken]
        self.refused += sum(part.refused for part in found)
        self.cpu_s += self.process.cpu_s() - before[0]
        self.relay_cpu_s += self.relay.cpu_s() - before[1] if self.relay else 0.0

    def figures(self) -> dict[str, float]:
        """Requests/s, latency, peak memory of the process that serves, and its processor time for a call."""
        return {
            "rps": round(median(self.rates), 1),
            "p50_ms": round(float(np.percentile(self.milliseconds, 50)), 1),
            "p99_ms": round(float(np.percentile(self.milliseconds, 99)), 1),
            "memory_mb": round(self.process.peak_mb(), 1),
            "cpu_ms": round(1000 * self.cpu_s / self.calls, 2),
        }

    def evidence(self) -> dict[str, float]:
        """What else is worth keeping."""
        found: dict[str, float] = {"calls": self.calls, "refused": self.refused}
        if self.relay is None:
            return found
        relay = {"memory_mb": round(self.relay.peak_mb(), 1), "cpu_ms": round(1000 * self.relay_cpu_s / self.calls, 2)}
        return found | {f"stand_in_{name}": value for name, value in relay.items()}

    def _callers(self, photo: Path, seconds: float) -> list[Answered]:
        words = [self.kind, self.address, str(photo), str(CALLERS // _PROCESSES), str(seconds)]
        processes = [
            subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "benchmarks.callers", *words],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(_PROCESSES)
        ]
        try:
            for output in [process.stdout for process in processes if process.stdout]:
                output.readline()  # it is connected
            for given in [process.stdin for process in processes if process.stdin]:
                given.write("begin\n")
                given.flush()
            ends = [process.communicate(timeout=seconds + _MOST_S)[0] for process in processes]
            if any(process.returncode for process in processes):
                raise RuntimeError(f"callers of {self.kind} failed; what they said stands above")
        finally:
            for process in processes:
                process.kill()
        return [Answered(**json.loads(text.splitlines()[-1])) for text in ends]


@dataclass(frozen=True)
class Start:
    """A worker with three models: from the start of its process until its functions can be called."""

    seconds: float
    memory_mb: float


def measure(network: Network, folder: Path, rounds: int, seconds: float) -> tuple[Figures, Figures]:
    """Both ways, in turns: what is compared, and what else is kept."""
    photo = folder / "photo.jpg"
    photo.write_bytes(photos.of_bytes(BODY_BYTES))
    models = only(network)
    with _ours(folder, models) as (page, notebooks), _fastapi(models) as peer:
        sides = {"ours": page, "fastapi": peer, "notebooks": notebooks}
        for _ in range(rounds):
            for side in sides.values():
                side.round(photo, seconds)
        alone = {"in_process": {"cpu_ms": _cpu_ms_alone(network, photo.read_bytes())}}
        return (
            {name: side.figures() for name, side in sides.items()},
            {name: side.evidence() for name, side in sides.items()} | alone,
        )


def only(network: Network) -> dict[str, str]:
    """The environment of a process that serves this network alone."""
    return {
        "CLASSIFIER_SHIPPED_MODELS": "none",
        "CLASSIFIER_MODELS_DIR": str(network.shelf),
        "CLASSIFIER_DEFAULT_MODEL": network.recipe.name,
    }


def _cpu_ms_alone(network: Network, data: bytes, calls: int = 100) -> float:
    """Processor time of an answer to the callers' photo without any wire: what a call over it comes on top of."""
    classifier = Classifier(network.recipe.name, settings=Settings(network.shelf, ()))
    classifier.classify(data)
    before = process_time()
    for _ in range(calls):
        classifier.classify(data)
    return round(1000 * (process_time() - before) / calls, 2)


@contextmanager
def stand_in(folder: Path) -> Iterator[tuple[Serving, dict[str, str], str]]:
    """A stand-in, the environment of its workers, and the key of its callers."""
    key_file = folder / "keys.json"
    with serving(["-m", "benchmarks.stand_in"], {"LOCAL_ANVIL_KEYS": str(key_file)}, r"^port (\d+)$") as host:
        keys = load_keys(key_file)
        url = f"ws://127.0.0.1:{host.said}/_/uplink"
        yield host, {"ANVIL_UPLINK_KEY": keys.uplink, "ANVIL_UPLINK_URL": url}, keys.client


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[Serving]:
    """A worker that is registered: an echo has come back, which the host answers after the registrations."""
    with serving(["uplink_server.py"], environment, r"ready after") as process:
        yield process


def start(network: Network, folder: Path, times: int) -> Start:
    """Start a worker several times: the medians."""
    environment = {
        "CLASSIFIER_SHIPPED_MODELS": "none",
        "CLASSIFIER_MODELS_DIR": str(three_models(network, folder)),
        "CLASSIFIER_DEFAULT_MODEL": network.recipe.name,
    }
    seconds, memory = [], []
    with stand_in(folder) as (_, link, _):
        for _ in range(times):
            with worker({**link, **environment}) as process:
                seconds.append(process.start_s)
                memory.append(process.memory_mb())
    return Start(round(median(seconds), 2), round(median(memory), 1))


@contextmanager
def _ours(folder: Path, models: dict[str, str]) -> Iterator[tuple[Side, Side]]:
    with stand_in(folder) as (host, link, key), worker({**link, **models, "WORKER_MAX_WAITING": str(ROOM)}) as process:
        address = f"127.0.0.1:{host.said}"
        yield (
            Side("page", address, process, host),
            Side("notebook", address, process, host, {"ANVIL_UPLINK_KEY": key}),
        )


@contextmanager
def _fastapi(models: dict[str, str]) -> Iterator[Side]:
    with serving(["-m", "benchmarks.fastapi_peer"], models, r"^port (\d+)$") as process:
        yield Side("form", f"127.0.0.1:{process.said}", process)
