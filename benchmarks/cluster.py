"""python -m benchmarks.cluster [PHOTOS]: how fast `python -m cluster classify` is beside `classify`, on the same cores.

Both answer the same photos (10,000 unless said), links to twenty drawn ones of 12 megapixels, with the default model.
Whole commands are measured, start and end included. Takes about five minutes on two cores, which nobody else should
want meanwhile. Wants the extra `cluster`.

exit status: 1 where the cluster's throughput is below nine tenths of that of `classify`.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
        _fill(root / "photos", photos)
        ways = {
            "classify": ["classifier", "--csv", str(root / "photos")],
            "python -m cluster classify": ["cluster", "classify", str(root / "photos"), str(root / "answers")],
        }
        print("| command | photos | seconds | photos a second | core hours a million |\n|" + "---|" * 5)
        rates = []
        for name, line in ways.items():
            seconds = _seconds(line)
            rates.append(photos / seconds)
            hours = cores() * seconds / photos * 1e6 / 3600
            print(f"| `{name}` | {photos:,} | {seconds:.1f} | {rates[-1]:.1f} | {hours:.1f} |", flush=True)
    share = rates[1] / rates[0]
    print(f"\n{share:.2f} of the throughput of classify on {cores()} cores; at least {OF_CLASSIFY}.")
    return 0 if share >= OF_CLASSIFY else 1


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
