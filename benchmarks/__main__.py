"""How fast photos are answered, each figure beside what one would pick instead.

    python -m benchmarks serving                  a table; benchmarks/results/serving.json keeps the figures
    python -m benchmarks serving --json           the figures as one JSON object
    python -m benchmarks serving --photos DIR     also with the JPEGs of a folder of your own
    python -m benchmarks serving --quick          few repetitions, to see that it runs; nothing is kept, no bar holds

Takes three to seven minutes on two cores, which nobody else should want meanwhile. Wants the extra `benchmarks`.

exit status: 1 where a figure misses its bar (benchmarks/bars.py); it is named.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.photos import jpegs

# TensorFlow's greeting lines are no news to anyone; set before it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

RESULT = Path(__file__).parent / "results" / "serving.json"


def main() -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="serving")
    serving = commands.add_parser("serving", help="photo bytes to answer, in process and through the wire")
    serving.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    serving.add_argument("--photos", type=Path, metavar="DIR", help="a folder of photos of your own, JPEG")
    serving.add_argument("--quick", action="store_true", help="few repetitions; nothing is kept")
    asked = parser.parse_args()
    if asked.photos and not jpegs(asked.photos):
        parser.error("--photos: there is no .jpg or .jpeg in that folder")
    from benchmarks import bars, report  # here, so that --help does not wait for TensorFlow
    from benchmarks import serving as measurement

    with tempfile.TemporaryDirectory() as folder:
        found = measurement.measure(Path(folder), asked.photos, asked.quick)
    missed = [] if asked.quick else bars.missed(found)
    if not asked.quick:
        RESULT.write_text(json.dumps(found.as_dict() | found.evidence(), indent=2) + "\n")
    if asked.json:
        print(json.dumps(found.as_dict()))
    else:
        report.show(found, missed)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
