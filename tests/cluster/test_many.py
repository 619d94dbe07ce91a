"""A hundred thousand photos: what the command and its actors take of the memory stays as it was."""

import subprocess
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil
import pytest

from tests.cluster.photos import fill
from tests.cluster.runs import command, environment, rows

PHOTOS, DRAWN = 100_000, 2_001


def megabytes(process: psutil.Process) -> dict[str, float]:
    """Memory of its own of the command and of each actor."""
    found = {"command": process.memory_full_info().uss / 2**20}
    for each in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "MapWorker" in each.cmdline()[0]:
                found[str(each.pid)] = each.memory_full_info().uss / 2**20
    return found


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_memory_is_flat(tmp_path: Path, shelf_dir: Path) -> None:
    fill(tmp_path / "photos", PHOTOS, DRAWN)
    out = tmp_path / "answers"
    seen: list[tuple[int, dict[str, float]]] = []
    line = command(tmp_path / "photos", out)
    with subprocess.Popen(line, env=environment(shelf_dir), stdout=subprocess.DEVNULL) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.Error, IndexError):  # it ends just now
                seen.append((len(list(out.glob("*.parquet"))), megabytes(watched)))
            time.sleep(0.5)
    assert process.returncode == 0
    assert len(rows(out)) == PHOTOS

    parts = max(done for done, _ in seen)
    early = [found for done, found in seen if parts * 0.2 < done <= parts * 0.4]
    late = [found for done, found in seen if parts * 0.8 < done < parts]
    print(f"{parts} parts; early {early[-1]}; late {late[-1]}")
    actors = early[0].keys() & late[-1].keys() - {"command"}
    assert actors
    for name in {"command", *actors}:
        before, after = (median(found[name] for found in part if name in found) for part in (early, late))
        assert after < before * 1.1 + 10, f"{name}: {before:.0f} MB, then {after:.0f} MB"
