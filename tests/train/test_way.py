"""A recipe from its pictures to a model folder that is served, with drawn pictures in place of the archive."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifier.errors import ModelError
from tests.train.drawn import colour_set
from tests.train.runs import small, with_schedule
from tests.train.tiny_networks import knows_none
from train import fit, load, robustness, way
from train.export import answers
from train.learning import mobilenet
from train.recipe import Run
from train.recipes import RECIPES


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every recipe's pictures are drawn colours, and its runs are kept apart."""
    monkeypatch.setattr(load, "_pictures", lambda recipe, data: colour_set(data))
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))


def test_six_steps_leave_a_model_folder_whose_card_tells_of_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way, "calibrate", lambda *given: 100.0)
    with caplog.at_level(logging.INFO):
        folder = way.train(small(epochs=3), tmp_path, tmp_path / "models")
    said = [record.getMessage() for record in caplog.records if record.getMessage().startswith("[")]
    assert said == ["[1/6] load", "[2/6] fit", "[3/6] calibrate", "[4/6] export", "[5/6] measure", "[6/6] write"]
    card = json.loads((folder / "card.json").read_text())
    assert folder == tmp_path / "models" / "cats_vs_dogs_64_strided"
    assert card["metrics"]["accuracy"]["n"] == 60
    assert card["metrics"]["accuracy"]["value"] > 0.9
    assert card["data"] == {
        "set": "colours",
        "variant": "reports",
        "split": "by seed",
        "train": 96,
        "validation": 40,
        "test": 60,
    }
    assert card["trained"]["command"] == "python -m train cats_vs_dogs_64_strided --seed 5"
    assert card["trained"]["epochs"] == 3
    assert {file.name for file in folder.iterdir()} == {"card.json", "model.tflite", "curves.png", "confusion.png"}
    # The temperature that was found is in the file.
    assert card["temperature"] == 100
    chances = answers((folder / "model.tflite").read_bytes(), colour_set(tmp_path).test.images[:9])
    assert chances.max() < 0.6


def test_a_taught_run_says_on_its_card_what_it_is_unsure_of(
    teacher_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = RECIPES["cats_vs_dogs_scratch"]
    monkeypatch.setitem(fit.NETWORKS, recipe.network, knows_none)
    recipe = replace(with_schedule(recipe, epochs=2, size=48, batch=16), height=64, width=64)
    (tmp_path / "outliers").mkdir()
    rng = np.random.default_rng(0)
    for number in range(40):
        patches = rng.integers(0, 256, (6, 8, 3), np.uint8)
        Image.fromarray(patches).resize((120, 90), Image.Resampling.BICUBIC).save(tmp_path / f"outliers/{number}.jpg")
    (tmp_path / mobilenet.FILE).symlink_to(teacher_folder / mobilenet.FILE)
    test = colour_set(tmp_path).test
    files = tuple(tmp_path / f"{key}.png" for key in test.keys)
    for file, image in zip(files, test.images, strict=True):
        Image.fromarray(image).save(file)
    monkeypatch.setattr(load, "_pictures", lambda recipe, data: replace(colour_set(data), files=files))
    folder = way.train(Run(recipe, "fast", seed=1), tmp_path, tmp_path / "models")
    card = json.loads((folder / "card.json").read_text())
    assert set(card["unsure"]) == {"of_test", "of_none", "n_none", "auroc"}
    assert set(card["robustness"]) == set(robustness.CHANGES)
    assert card["outputs"]["activation_map"] == [4, 4, 2]
    assert card["data"]["train"] == 96, "pictures of none of the classes are not counted among those of them"
    assert card["trained"]["command"] == "python -m train cats_vs_dogs_scratch --seed 1"


def test_a_place_that_cannot_be_written_is_named_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match=r"file/models \(Not a directory\).*--models"):
        way.train(small(), tmp_path, tmp_path / "file" / "models")
    assert not (tmp_path / "cache").exists()
