"""A flood of calls, and an end: each figure a ratio to a yardstick of the same run, so that it holds on any machine."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import photos
from benchmarks.callers import Call, page_callers
from benchmarks.network import Network
from benchmarks.wire import only, stand_in, worker

CALLS = 500
_ALONE = 30


class Load(NamedTuple):
    """Ratios; below each bar in BARS all is well."""

    slowest_of_a_flood: float  # to answering the same calls one after another
    refusal: float  # the middle one of the flood's, to its slowest call: who is refused hears it long before
    stop: float  # from SIGTERM to the end of an idle worker, to its start


# The slowest call has waited for all others, which two cores share. Saying goodbye takes no model.
BARS = Load(slowest_of_a_flood=2.0, refusal=0.7, stop=1.0)


def measure(network: Network, folder: Path, calls: int = CALLS) -> Load:
    """Over the page's way in: the stand-in with room for 64 calls, and a worker that lets as many wait."""
    photo = photos.of_bytes(30_000)
    with stand_in(folder) as (host, link, _), worker({**link, **only(network)}) as process:
        make = page_callers(f"127.0.0.1:{host.said}", photo)
        call = make()
        call()
        alone = median(_timed(call)[1] for _ in range(_ALONE))
        ended = _flood([make() for _ in range(calls)])
        began = time.perf_counter()
        process.end()
        stop = time.perf_counter() - began
        answered = [seconds for well, seconds in ended if well]
        refused = [seconds for well, seconds in ended if not well]
        return Load(
            round(max(answered) / (len(answered) * alone), 2),
            round(median(refused) / max(answered), 2) if refused else 0.0,
            round(stop / process.start_s, 2),
        )


def _flood(calls: list[Call]) -> list[tuple[bool, float]]:
    begin = threading.Barrier(len(calls))

    def run(call: Call) -> tuple[bool, float]:
        begin.wait()
        return _timed(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def _timed(call: Call) -> tuple[bool, float]:
    started = time.perf_counter()
    well = call()
    return well, time.perf_counter() - started


def missed(load: Mapping[str, float]) -> list[str]:
    """The bars that a run has missed, each in a line."""
    return [f"load: {name} {load[name]} of {bar}" for name, bar in BARS._asdict().items() if load[name] > bar]
