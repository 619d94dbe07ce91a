"""Many photos on several cores, through the command."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests.classifier.pictures import BLUE, GREEN, RED, encoded, noise
from tests.classifier.tiny_models import only
from tests.stand_in import wait_until

ROOT = Path(__file__).parents[2]
COLOURS = {"red": RED, "green": GREEN, "blue": BLUE}

pytestmark = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="one core: no process is started besides the first"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred pictures, some costly and some not, whose names tell the answer."""
    made = tmp_path_factory.mktemp("photos")
    for number in range(300):
        colour = list(COLOURS)[number % 3]
        side = [16, 64, 900][number // 3 % 3]
        data = encoded(Image.new("RGB", (side, side), COLOURS[colour]), ["PNG", "JPEG"][number // 9 % 2])
        (made / f"{number:03}-{colour}.jpg").write_bytes(data)
    return made


@contextmanager
def classify(*arguments: str | Path, shelf: Path) -> Iterator[subprocess.Popen[str]]:
    """The command at work, in a process group of its own; nothing of it is left afterwards."""
    started = subprocess.Popen(
        [sys.executable, "-m", "classifier", "--json", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **only(shelf)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        for process in family(started.pid):
            process.kill()
        started.communicate(timeout=30)


def family(session: int) -> list[psutil.Process]:
    """The processes of a session that are alive."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


def workers(session: int) -> list[psutil.Process]:
    return [process for process in family(session) if "spawn_main" in " ".join(process.cmdline())]


def read(started: subprocess.Popen[str], lines: int) -> Sequence[str]:
    assert started.stdout
    return [started.stdout.readline() for _ in range(lines)]


def test_answers_come_in_the_order_of_the_photos_whatever_each_costs(folder: Path, shelf_dir: Path) -> None:
    bad = folder / "150-none.png"
    bad.write_bytes(b"no photo")
    try:
        with classify(folder, shelf=shelf_dir) as started:
            answers = [json.loads(line) for line in started.communicate(timeout=100)[0].splitlines()]
    finally:
        bad.unlink()
    assert started.returncode == 1
    assert len(answers) == 301
    assert [Path(answer["file"]).name for answer in answers] == sorted(Path(answer["file"]).name for answer in answers)
    for answer in answers:
        assert Path(answer["file"]).stem.split("-")[1] == answer.get("label", "none")


def test_ctrl_c_ends_all_at_once(folder: Path, shelf_dir: Path) -> None:
    with classify(*[folder] * 20, shelf=shelf_dir) as started:
        assert len(read(started, 3)) == 3
        assert len(workers(started.pid)) >= 2
        pressed = time.monotonic()
        os.killpg(started.pid, signal.SIGINT)
        _, said = started.communicate(timeout=30)
        assert time.monotonic() - pressed < 20  # a blink on quiet cores; processes that are just starting end after it
        assert (started.returncode, said) == (130, "")
        wait_until(lambda: not family(started.pid), 5)


def test_processes_do_not_outlive_a_command_that_is_killed(folder: Path, shelf_dir: Path) -> None:
    with classify(*[folder] * 20, shelf=shelf_dir) as started:
        read(started, 3)
        started.kill()
        wait_until(lambda: not family(started.pid), 15)


def test_a_process_that_is_lost_ends_the_command_with_a_sentence(folder: Path, shelf_dir: Path) -> None:
    with classify(*[folder] * 20, shelf=shelf_dir) as started:
        read(started, 3)
        workers(started.pid)[0].kill()
        _, said = started.communicate(timeout=30)
    assert started.returncode == 2
    assert said == "classify: A process ended before its photos were answered. Is there enough memory?\n"


def test_a_reader_that_stops_stops_the_work(folder: Path, shelf_dir: Path) -> None:
    with classify(*[folder] * 100, shelf=shelf_dir) as started:
        read(started, 1)
        wait_until(lambda: all(process.cpu_percent(0.5) < 5 for process in family(started.pid)), 60)
        assert started.poll() is None


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_thousand_photos_in_flat_memory(shelf_dir: Path, tmp_path: Path) -> None:
    drawn = [encoded(noise(400 + 10 * number, 300, seed=number), "JPEG", quality=80) for number in range(20)]
    for number, data in enumerate(drawn):
        (tmp_path / f"drawn{number}.bin").write_bytes(data)
    (tmp_path / "links").mkdir()
    for number in range(10_000):
        (tmp_path / "links" / f"{number:05}.jpg").hardlink_to(tmp_path / f"drawn{number % len(drawn)}.bin")
    memory: list[float] = []
    with classify(tmp_path / "links", shelf=shelf_dir) as started:
        for number in range(10_000):
            [line] = read(started, 1)
            assert "label" in json.loads(line), line
            if number % 500 == 499:
                memory.append(sum(process.memory_info().rss for process in family(started.pid)) / 2**20)
        assert started.wait(30) == 0
    # After the first thousand everything is loaded; what ten times as many add is noise of the allocators.
    assert max(memory[2:]) < memory[1] * 1.05 + 5, memory
