"""What a run is called, where it keeps its work, and which one is published."""

from pathlib import Path

import pytest

from train.recipe import Run
from train.recipes import RECIPES


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_has_its_default_schedule_and_opens_with_its_evidence(name: str) -> None:
    recipe = RECIPES[name]
    assert recipe.name == name
    assert recipe.default in recipe.schedules
    module = __import__(f"train.recipes.{name}", fromlist=["RECIPE"])
    assert module.RECIPE is recipe
    assert f"python -m train {name} --data DATA" in module.__doc__
    assert " cores " in module.__doc__


def test_only_the_default_schedule_with_seed_0_is_published() -> None:
    recipe = RECIPES["cifar10_276k"]
    assert Run(recipe, "fast").is_published
    assert not Run(recipe, "fast", seed=1).is_published
    assert not Run(recipe, "plain").is_published


@pytest.mark.parametrize(
    ("schedule", "seed", "command", "title"),
    [
        ("fast", 0, "python -m train cifar10_276k", "cifar10_276k-fast"),
        ("plain", 0, "python -m train cifar10_276k --schedule plain", "cifar10_276k-plain"),
        ("plain", 3, "python -m train cifar10_276k --schedule plain --seed 3", "cifar10_276k-plain-seed3"),
    ],
)
def test_the_command_makes_the_model_again(schedule: str, seed: int, command: str, title: str) -> None:
    run = Run(RECIPES["cifar10_276k"], schedule, seed)
    assert run.command == command
    assert run.title == title
    assert run.plan is run.recipe.schedules[schedule]


def test_runs_of_other_schedules_and_seeds_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    recipe = RECIPES["cifar10_276k"]
    runs = [Run(recipe, "fast"), Run(recipe, "plain"), Run(recipe, "fast", seed=1), Run(RECIPES["cifar10"], "fast")]
    assert len({run.folder for run in runs}) == 4
    assert all(tmp_path in run.folder.parents for run in runs)


def test_a_run_has_the_curves_of_what_it_goes_on_from_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    run = Run(RECIPES["cifar100"], "fast")
    assert [stage.schedule for stage in run.stages] == ["first", "fast"]
    for stage, lines in zip(run.stages, ("1,.5\n2,.6\n", "1,.55\n"), strict=True):
        stage.folder.mkdir(parents=True)
        (stage.folder / "curves.csv").write_text(f"epoch,val_accuracy\n{lines}")
    assert run.curves() == "epoch,val_accuracy\n1,.5\n2,.6\n3,.55\n"
    assert run.stages[0].curves() == "epoch,val_accuracy\n1,.5\n2,.6\n"
