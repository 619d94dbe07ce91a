"""A model folder is whole or not there, and says how it was made."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from classifier.errors import ModelError
from tests.train.runs import small
from train import write as module
from train.export import Exported, serving_model
from train.hosts.hosts import HOSTS_FILE
from train.measure import Measured
from train.networks import NETWORKS
from train.recipe import Reported, Run
from train.write import write

ACCURACY = {"value": 0.9, "low": 0.8, "high": 0.95, "n": 60}
FIGURES = {"data": {"set": "colours"}, "unsure_below": 0.6, "metrics": {"accuracy": ACCURACY}}
Writing = Callable[..., Path]


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), 2)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run that was trained for two epochs."""
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    run = small()
    run.folder.mkdir(parents=True)
    lines = "epoch,accuracy,loss,val_accuracy,val_loss,seconds\n1,.5,.6,.5,.6,1.5\n2,.6,.5,.6,.5,2.0\n"
    (run.folder / "curves.csv").write_text(lines)
    return run


@pytest.fixture
def writing(network: keras.Model, run: Run, tmp_path: Path) -> Writing:
    """Writes the run, with fields of its recipe changed."""

    def write_with(data: bytes = b"model", figures: dict[str, object] = FIGURES, **changes: object) -> Path:
        exported = Exported(data, "float32", serving_model(network, 1.0), 1.0, np.eye(2))
        measured = Measured(figures, np.eye(2, dtype=np.int64), ("red", "blue"))
        return write(replace(run, recipe=replace(run.recipe, **changes)), network, exported, measured, tmp_path / "m")

    return write_with


def card(folder: Path) -> dict:
    found: dict = json.loads((folder / "card.json").read_text())
    return found


def test_the_card_says_what_it_is_what_it_reached_and_how_it_was_made(writing: Writing) -> None:
    found = card(writing(resize="pad", notes=("A note.",), title="Two colours"))
    assert found["name"] == "cats_vs_dogs_64_strided"
    assert found["title"] == "Two colours"
    assert found["labels"] == ["red", "blue"]
    assert found["input"] == {"height": 64, "width": 64, "resize": "pad"}
    assert found["outputs"] == {"probabilities": [2], "activation_map": None}
    assert found["parameters"] == 14_497
    assert {key: found["trained"][key] for key in ("command", "schedule", "epochs", "seconds", "seed")} == {
        "command": "python -m train cats_vs_dogs_64_strided --seed 5",
        "schedule": "faithful",
        "epochs": 2,
        "seconds": 3.5,
        "seed": 5,
    }
    assert found["notes"] == ["A note."]
    assert FIGURES.items() <= found.items()


@pytest.mark.parametrize(
    ("looks", "words"),
    [(1, "as it is"), (2, "mean over the picture and its mirror")],
)
def test_the_card_says_how_it_answers(looks: int, words: str, writing: Writing) -> None:
    assert words in card(writing(looks=looks))["answers"]


def test_the_card_says_how_many_hosts_trained_together(writing: Writing, run: Run) -> None:
    assert "hosts" not in card(writing())["trained"]
    (run.folder / HOSTS_FILE).write_text('{"processes": 2, "JAX": "0.10.2"}')
    assert card(writing())["trained"]["hosts"] == {"processes": 2, "JAX": "0.10.2"}


def test_the_card_counts_the_pictures_that_are_copies(writing: Writing) -> None:
    figures = FIGURES | {"data": {"copies": ["train a", "test b"]}}
    assert card(writing(figures=figures))["notes"][-1].startswith("2 of the pictures are JPEG copies")


def test_the_card_carries_the_digests_of_the_files(writing: Writing) -> None:
    folder = writing(kept=True)
    files = card(folder)["files"]
    assert files["model.tflite"] == {"sha256": hashlib.sha256(b"model").hexdigest(), "bytes": 5}
    saved = (folder / "model.keras").read_bytes()
    assert files["model.keras"] == {"sha256": hashlib.sha256(saved).hexdigest(), "bytes": len(saved)}


def test_the_network_itself_is_kept_where_the_recipe_says_so(writing: Writing, network: keras.Model) -> None:
    folder = writing(kept=True)
    kept = keras.saving.load_model(folder / "model.keras", safe_mode=True)
    assert kept.count_params() == network.count_params()
    assert set(card(writing(kept=False))["files"]) == {"model.tflite"}
    assert not (folder / "model.keras").exists(), "one of an earlier network would not fit"


def test_of_a_network_too_large_for_the_repository_the_trunk_is_kept(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 1_000)
    folder = writing(kept=True)
    assert set(card(folder)["files"]) == {"model.tflite", "trunk.keras"}
    kept = keras.saving.load_model(folder / "trunk.keras", safe_mode=True)
    assert kept.output.shape[1:] == (1, 1, 32)


def test_a_reported_accuracy_changes_the_curves(writing: Writing) -> None:
    without = (writing() / "curves.png").read_bytes()
    assert (writing(reported=Reported(accuracy=0.7)) / "curves.png").read_bytes() != without


def test_a_disk_that_is_full_leaves_the_old_model_as_it_was(writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = writing(b"old")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_card", full)
    with pytest.raises(ModelError, match="No space left on device"):
        writing(b"new")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_a_new_model_takes_the_place_of_the_old_one(writing: Writing) -> None:
    (writing(b"old") / "of_the_old.txt").touch()
    folder = writing(b"new")
    assert (folder / "model.tflite").read_bytes() == b"new"
    assert not (folder / "of_the_old.txt").exists()
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]
