"""The benchmark runs from end to end and prints its figures as they are promised."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import photos
from tests.stand_in import ROOT

WAYS = {"ours_ms", "reports_ms", "keras_function_ms", "onnxruntime_ms", "floor_ms"}
SIDE = {"rps", "p50_ms", "p99_ms", "memory_mb", "cpu_ms"}
SETS = {f"{size}_{kind}" for size in ("180px", "2mp", "12mp") for kind in ("baseline", "progressive")}
RESULT = ROOT / "benchmarks" / "results" / "serving.json"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.slow
@pytest.mark.timeout(620)
def test_the_figures_are_printed_as_json(tmp_path: Path) -> None:
    (tmp_path / "own.jpg").write_bytes(photos.drawn(1, {"own": (640, 480)})["own_baseline"][0])
    before = RESULT.read_bytes()
    done = run("serving", "--quick", "--json", "--photos", str(tmp_path))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {"in_process", "wire", "start_s", "memory_mb", "load"}
    assert set(found["in_process"]) == SETS | {"photos"}
    assert all(set(figures) == WAYS for figures in found["in_process"].values())
    assert set(found["wire"]) == {"ours", "fastapi"}
    assert all(set(figures) == SIDE for figures in found["wire"].values())
    assert set(found["load"]) == {"slowest_of_a_flood", "refusal", "stop"}
    figures = [
        *found["in_process"].values(),
        *found["wire"].values(),
        {"s": found["start_s"], "mb": found["memory_mb"]},
    ]
    assert all(value > 0 for part in figures for value in part.values())
    assert RESULT.read_bytes() == before  # a quick run is no evidence


def test_a_folder_without_photos_is_refused_at_once(tmp_path: Path) -> None:
    done = run("serving", "--photos", str(tmp_path))
    assert done.returncode == 2
    assert "no .jpg or .jpeg" in done.stderr


def test_each_size_is_drawn_as_baseline_and_as_progressive_jpeg() -> None:
    sets = photos.drawn(2, {"small": (120, 80)})
    assert set(sets) == {"small_baseline", "small_progressive"}
    for name, files in sets.items():
        assert len(set(files)) == 2
        for data in files:
            with Image.open(io.BytesIO(data)) as image:
                assert (image.format, image.size) == ("JPEG", (120, 80))
                assert ("progressive" in image.info) == name.endswith("progressive")


def test_the_body_of_the_callers_has_the_size_that_is_promised() -> None:
    assert 0.85 < len(photos.of_bytes(300_000)) / 300_000 < 1.15
