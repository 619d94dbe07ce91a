"""python -m benchmarks.workers: calls a second that one worker answers, and two with the same key.

Fifty callers call through the stand-in as the page does, with a photo of 300 kB and 2 megapixels and the default model.
Each worker has one thread, as on a machine of one core; callers and stand-in have the rest of this machine, so two
workers want four cores to show what they can. Takes a minute and a half, in which nobody else should want the cores.
Wants the extra `benchmarks`.
"""

import argparse
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

# Its greeting lines are no news to anyone; set before it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks import photos
from benchmarks.processes import Serving
from benchmarks.stand_in import ROOM
from benchmarks.wire import BODY_BYTES, Side, stand_in, worker
from classifier.cores import cores

SECONDS, ROUNDS = 10.0, 3


def main() -> None:
    """Print a line for each number of workers."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.workers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    print("| workers | calls a second | p50 ms | p99 ms | CPU ms of the workers a call | of the stand-in |")
    print("|---" * 6 + "|")
    for count in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            print(_line(count, Path(folder)), flush=True)
    print(f"\nOn {cores()} cores, which workers, stand-in and callers share.")


def _line(count: int, folder: Path) -> str:
    photo = folder / "photo.jpg"
    photo.write_bytes(photos.of_bytes(BODY_BYTES))
    with stand_in(folder) as (host, link, _), ExitStack() as started:
        settings = {**link, "CLASSIFIER_THREADS": "1", "WORKER_MAX_WAITING": str(ROOM)}
        workers = [started.enter_context(worker(settings)) for _ in range(count)]
        side = Side("page", f"127.0.0.1:{host.said}", workers[0], host)
        before = _cpu_s(workers)
        for _ in range(ROUNDS):
            side.round(photo, SECONDS)
        found = side.figures()
        of_workers = 1000 * (_cpu_s(workers) - before) / side.calls
        of_host = 1000 * side.relay_cpu_s / side.calls
    figures = f"{found['rps']} | {found['p50_ms']:.0f} | {found['p99_ms']:.0f} | {of_workers:.1f} | {of_host:.1f}"
    return f"| {count} | {figures} |"


def _cpu_s(workers: list[Serving]) -> float:
    return sum(one.cpu_s() for one in workers)


if __name__ == "__main__":
    main()
