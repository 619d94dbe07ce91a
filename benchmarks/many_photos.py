"""python -m benchmarks.many_photos: seconds and memory of teaching 50 labels from 20 and from 200 photos of each.

The photos are drawn, 500 px wide, and the whole command is measured, in a process of its own: `python -m teach`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

LABELS, COUNTS, WIDTH, HEIGHT = 50, (20, 200), 500, 375


def main() -> None:
    """Print a line for each number of photos."""
    print("| labels | photos of each | seconds | peak memory, MB | accuracy |\n|" + "---|" * 5)
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            with ProcessPoolExecutor() as pool:
                list(pool.map(_draw, [root / "photos" / f"thing {label}" for label in range(LABELS)], [count] * LABELS))
            (root / "models").mkdir()
            seconds, megabytes, accuracy = _taught(root)
        print(f"| {LABELS} | {count} | {seconds:.1f} | {megabytes:.0f} | {accuracy:.3f} |", flush=True)


def _draw(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    label = int(folder.name.split()[1])
    for number in range(count):
        _picture(label, number).save(folder / f"{number}.jpg", quality=90)


def _picture(label: int, number: int) -> Image.Image:
    """Soft colours, part of them the label's."""
    own, other = (np.random.default_rng(seed).integers(0, 256, (9, 12, 3)) for seed in (label, (label, number)))
    return Image.fromarray(((own + other) // 2).astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _taught(root: Path) -> tuple[float, float, float]:
    line = [sys.executable, "-m", "teach", str(root / "photos"), "--name", "many", "--json"]
    started = time.perf_counter()
    settings = {**os.environ, "CLASSIFIER_MODELS_DIR": str(root / "models")}
    with (root / "report.json").open("wb") as report:
        process = subprocess.Popen(line, stdout=report, env=settings)  # noqa: S603  # our own command
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"teach ended with {os.waitstatus_to_exitcode(status)}")
    accuracy: float = json.loads((root / "report.json").read_bytes())["accuracy"]["value"]
    return seconds, used.ru_maxrss / 1024, accuracy


if __name__ == "__main__":
    main()
