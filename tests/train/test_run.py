"""A recipe from data to model folder and evidence, with drawn data in place of the archive."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from classifier.classifier import Classifier
from classifier.settings import Settings
from tests.train.tiny_networks import knows_none
from train import robustness, run, teacher
from train.datasets import Dataset, Part
from train.recipes import RECIPES, Recipe
from train.run import Run


def _colours(count: int, seed: int) -> Part:
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.int64) % 2
    images = np.clip(
        np.array([(210, 70, 60), (60, 70, 210)])[labels][:, None, None] + rng.normal(0, 30, (count, 64, 64, 3)), 0, 255
    )
    return Part(images.astype(np.uint8), labels, tuple(str(number) for number in range(count)))


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    dataset = Dataset("colours", "by seed", ("red", "blue"), _colours(96, 0), _colours(40, 1), _colours(60, 2))
    monkeypatch.setattr(run, "load", lambda recipe, data: dataset)
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results")
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "results").mkdir()
    recipe = RECIPES["cats_vs_dogs_64_strided"]
    return Run(_changed(recipe, "faithful", epochs=3), "faithful", seed=5)


def _changed(recipe: Recipe, schedule: str, **changes: Any) -> Recipe:
    return replace(recipe, schedules={schedule: replace(recipe.schedules[schedule], **changes)})


def test_a_run_leaves_a_model_folder_that_is_served_and_its_evidence(job: Run, tmp_path: Path) -> None:
    folder = run.train(job, tmp_path, tmp_path / "models")
    card = json.loads((folder / "card.json").read_text())
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
    evidence = json.loads((tmp_path / "results" / "cats_vs_dogs_64_strided-faithful-seed5.json").read_text())
    assert evidence["metrics"] == card["metrics"]
    assert len((tmp_path / "results" / "cats_vs_dogs_64_strided-faithful-seed5.csv").read_text().splitlines()) == 4
    settings = Settings(models_dir=tmp_path / "models", default_model="cats_vs_dogs_64_strided")
    assert [found.name for found in Classifier.load(settings).cards] == ["cats_vs_dogs_64_strided"]


def test_a_finished_run_is_not_trained_again_unless_asked(
    job: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = replace(job, recipe=_changed(job.recipe, "faithful", epochs=1))

    def trained_anew() -> bool:
        caplog.clear()
        with caplog.at_level(logging.INFO):
            run.train(job, tmp_path, tmp_path / "models", again=again)
        return "taking the finished run" not in caplog.text

    again = False
    assert trained_anew()
    assert not trained_anew()
    again = True
    assert trained_anew()


def test_a_taught_run_says_on_its_card_what_it_is_unsure_of(
    job: Run, teacher_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = RECIPES["cats_vs_dogs"]
    monkeypatch.setitem(run.NETWORKS, recipe.network, knows_none)
    small = replace(_changed(recipe, "fast", epochs=2, size=48, batch=16), height=64, width=64)
    rng = np.random.default_rng(0)
    (tmp_path / "outliers").mkdir()
    for number in range(40):
        patches = rng.integers(0, 256, (6, 8, 3), np.uint8)
        Image.fromarray(patches).resize((120, 90), Image.Resampling.BICUBIC).save(tmp_path / f"outliers/{number}.jpg")
    (tmp_path / teacher.FILE).symlink_to(teacher_folder / teacher.FILE)
    dataset = run.load(recipe, tmp_path)
    for key, image in zip(dataset.test.keys, dataset.test.images, strict=True):
        path = tmp_path / "PetImages" / f"{key}.jpg"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(image).save(path)
    folder = run.train(Run(small, "fast", seed=1), tmp_path, tmp_path / "models")
    card = json.loads((folder / "card.json").read_text())
    assert set(card["unsure"]) == {"of_test", "of_none", "n_none", "auroc"}
    assert set(card["robustness"]) == set(robustness.CHANGES)
    assert card["outputs"]["activation_map"] == [4, 4, 2]
    assert card["trained"]["command"] == "python -m train cats_vs_dogs --seed 1"


@pytest.mark.parametrize(
    ("flags", "policy"),
    [("amx_tile amx_bf16", "mixed_bfloat16"), ("avx512f avx512_bf16", "mixed_bfloat16"), ("avx2 avx512f", "float32")],
)
def test_half_precision_is_for_processors_that_are_fast_at_it(flags: str, policy: str, tmp_path: Path) -> None:
    cpu = tmp_path / "cpuinfo"
    cpu.write_text(f"processor : 0\nflags : {flags}\n")
    plan = RECIPES["cifar10"].schedules["fast"]
    assert run._policy(plan, cpu) == policy
    assert run._policy(replace(plan, half_precision=False), cpu) == "float32"
    assert run._policy(plan, tmp_path / "none") == "float32"
