"""Evidence is what a card says, and a run's curves; it is written where it is asked for."""

import json
from pathlib import Path

import pytest

from tests.train.runs import small
from train import record as module
from train.recipe import Run
from train.recipes import RECIPES
from train.record import record


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    return tmp_path / "results"


def finished(run: Run, tmp_path: Path) -> Path:
    """The model folder of a finished run."""
    run.folder.mkdir(parents=True)
    lines = ["epoch,accuracy,loss,val_accuracy,val_loss,seconds", "1,.5,.6,.5,.6,1.5", "2,.6,.5,.6,.5,2.0"]
    (run.folder / "curves.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "model").mkdir(exist_ok=True)
    card = {"name": run.recipe.name, "metrics": {"loss": 1}, "labels": ["red", "blue"], "files": {}}
    (tmp_path / "model" / "card.json").write_text(json.dumps(card))
    return tmp_path / "model"


def test_figures_and_curves_are_kept_and_what_is_no_evidence_is_not(results: Path, tmp_path: Path) -> None:
    run = small()
    record(run, finished(run, tmp_path))
    kept = json.loads((results / "cats_vs_dogs_64_strided-faithful-seed5.json").read_text())
    assert kept == {"name": "cats_vs_dogs_64_strided", "metrics": {"loss": 1}}
    curves = (results / "cats_vs_dogs_64_strided-faithful-seed5.csv").read_text()
    assert curves == (run.folder / "curves.csv").read_text()


def test_the_gaps_are_drawn_when_both_runs_are_there(results: Path, tmp_path: Path) -> None:
    plain, fast = (Run(RECIPES["cifar10_276k"], schedule) for schedule in ("plain", "fast"))
    record(plain, finished(plain, tmp_path))
    assert not (results / "cifar10_276k-gaps.png").exists()
    record(fast, finished(fast, tmp_path))
    assert (results / "cifar10_276k-gaps.png").exists()
