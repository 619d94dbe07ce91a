"""Several processes train the network that one would; where one is lost all end, and the next ones go on."""

import itertools
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from tests.stand_in import wait_until
from tests.train.hosts.processes import PATIENCE_S, Process, processes

pytest.importorskip("jax")

SMALL = ("-m", "tests.train.hosts.small")
NUMBERS = ("{address}", "{count}", "{number}")
# Of accuracy and loss after each epoch. Only the order in which sums are taken differs.
TOLERANCE = 1e-3


def trained(folder: Path, count: int, epochs: int = 3) -> list[Process]:
    """All processes of a training that came to its end."""
    folder.mkdir(exist_ok=True)
    with processes(folder, count, *SMALL, str(epochs), *NUMBERS) as started:
        for number, process in enumerate(started):
            assert process.status() == 0, process.log.read_text()
            assert f"process {number} is done" in process.log.read_text()
    return started


def figures(process: Process) -> np.ndarray:
    """Accuracy, loss, and both of validation, (epochs, 4)."""
    return np.array(process.curves)[:, [1, 3, 5, 6]]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    [process] = trained(tmp_path_factory.mktemp("alone"), 1)
    return figures(process)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_the_losses_are_those_of_one_process_with_the_same_batches(
    count: int, alone: np.ndarray, tmp_path: Path
) -> None:
    first, *others = trained(tmp_path, count)
    assert figures(first).shape == (3, 4)
    assert np.abs(figures(first) - alone).max() < TOLERANCE
    assert not any(other.curves for other in others), "process 0 alone keeps the run"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("victim", [1, 0])
def test_where_one_is_killed_all_end_and_the_same_command_goes_on(victim: int, tmp_path: Path) -> None:
    epochs = 60
    with processes(tmp_path, 2, *SMALL, str(epochs), *NUMBERS) as started:
        wait_until(lambda: len(started[0].curves) > 1, PATIENCE_S, started[0].log)
        started[victim].running.kill()
        other = started[1 - victim]
        assert other.status() == 1
    assert "error: Another process was lost. Start the command again on every host" in other.log.read_text()
    done = len(started[0].curves)
    assert done < epochs
    before = started[0].curves[: done - 1]
    started = trained(tmp_path, 2, epochs)
    assert [row[0] for row in started[0].curves] == [*range(1, epochs + 1)]
    assert started[0].curves[: done - 1] == before, "the epochs behind it were not trained again"


@pytest.mark.timeout(900)
def test_one_that_waits_in_vain_says_so(tmp_path: Path) -> None:
    with processes(tmp_path, 1, *SMALL, "3", "{address}", "2", "0", "3") as [process]:
        assert process.status() == 1
    assert "error: Not all processes came within 3 s" in process.log.read_text()
    assert "Check failure stack trace" not in process.log.read_text(), "what C++ says goes to a file"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_command_leaves_a_model_on_process_0_alone(tmp_path: Path) -> None:
    archive(tmp_path / "data")
    command = (
        *("-m", "train", "cifar10_276k", "--schedule", "plain", "--data", str(tmp_path / "data")),
        *("--hosts", "{address}", "--processes", "{count}", "--process", "{number}"),
    )
    with processes(tmp_path, 2, *command) as [first, second]:
        assert first.running.wait(800) == 0, first.log.read_text()
        assert second.status() == 0, second.log.read_text()
    [card] = first.cache.glob("runs/*/models/cifar10_276k/card.json")
    of_training = json.loads(card.read_text())["trained"]
    assert of_training["epochs"] == 24
    assert of_training["hosts"]["processes"] == 2
    assert "Process 0 goes on with the trained network." in second.log.read_text()
    assert not [*second.cache.glob("runs/*/models/*/card.json")]


def archive(root: Path) -> None:
    """A CIFAR-10 archive of 240 training and 60 test pictures, each class a colour under noise."""
    folder = root / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    colours = rng.integers(0, 256, (10, 3))
    for name, count in [*zip((f"data_batch_{n}" for n in range(1, 6)), itertools.repeat(48)), ("test_batch", 60)]:
        labels = np.arange(count) % 10
        planes = np.clip(colours[labels][:, :, None] + rng.normal(0, 40, (count, 3, 1024)), 0, 255).astype(np.uint8)
        names = [f"{name}_{number}.png".encode() for number in range(count)]
        content = {b"labels": labels.tolist(), b"data": planes.reshape(count, 3072), b"filenames": names}
        (folder / name).write_bytes(pickle.dumps(content, protocol=2))
    (folder / "batches.meta").write_bytes(pickle.dumps({b"label_names": [b"l%d" % n for n in range(10)]}, protocol=2))
