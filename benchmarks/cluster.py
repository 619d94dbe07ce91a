"""python -m benchmarks.cluster [PHOTOS]: how fast `python -m cluster classify` is beside `classify`, on the same cores.

Both answer the same photos (10,000 unless said), links to twenty drawn ones of 12 megapixels, with the default model,
and a tenth of them before: what start and end take is the same for both numbers, so the difference is throughput.
Takes about seven minutes on two cores, which nobody else should want meanwhile. Wants the extra `cluster`.

exit status: 1 where the cluster's throughput is below nine tenths of that of `classify`.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.photos import SIZES, drawn
from classifier.cores import cores

PHOTOS, DRAWN = 10_000, 20
OF_CLASSIFY = 0.9


def main() -> int:
    """Print a line for each way, and what a million photos take; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cluster", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="?", type=int, default=PHOTOS, metavar="PHOTOS", help="default: %(default)s")
    photos = parser.parse_args().photos
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        numbers = (photos // 10, photos)
        for number in numbers:
            _fill(root / f"{number}", number)
        print("| command | photos | seconds | start and end | photos a second between | core hours a million |")
        print("|---" * 6 + "|")
        classify = _measured("classify", numbers, lambda number: ["classifier", "--csv", str(root / f"{number}")])
        cluster = _measured(
            "python -m cluster classify",
            numbers,
            lambda number: ["cluster", "classify", str(root / f"{number}"), str(root / f"answers{number}")],
        )
    share = cluster.rate / classify.rate
    print(
        f"\n{share:.2f} of the throughput of classify on {cores()} cores; at least {OF_CLASSIFY}. "
        f"With start and end, {classify.seconds / cluster.seconds:.2f}."
    )
    return 0 if share >= OF_CLASSIFY else 1


class Measured(NamedTuple):
    """One of the commands."""

    seconds: float  # for all photos, start and end included
    rate: float  # photos a second between


def _measured(name: str, numbers: tuple[int, int], line: Callable[[int], list[str]]) -> Measured:
    """Print what it takes for few photos and for all."""
    few, all_ = (_seconds(line(number)) for number in numbers)
    rate = (numbers[1] - numbers[0]) / (all_ - few)
    hours = cores() / rate * 1e6 / 3600
    print(
        f"| `{name}` | {numbers[1]:,} | {all_:.1f} | {few - numbers[0] / rate:.1f} | {rate:.1f} | {hours:.1f} |",
        flush=True,
    )
    return Measured(all_, rate)


def _fill(folder: Path, photos: int) -> None:
    folder.mkdir()
    pictures = drawn(DRAWN, {"12mp": SIZES["12mp"]})["12mp_baseline"]
    first = [folder / f"{number:07}.jpg" for number in range(min(photos, DRAWN))]
    for file, data in zip(first, pictures, strict=False):
        file.write_bytes(data)
    for number in range(len(first), photos):
        (folder / f"{number:07}.jpg").hardlink_to(first[number % DRAWN])


def _seconds(line: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", *line], stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
