"""What is trained: a recipe is a network, its data and its schedules; a run is a recipe, one schedule and a seed."""

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from classifier.photo import ResizeRule
from train.data.cache import run_dir
from train.schedule import Schedule

Looks = Literal[1, 2]


@dataclass(frozen=True)
class Reported:
    """The figures a course report gives; None where it gives none."""

    accuracy: float | None = None
    loss: float | None = None
    auc: float | None = None


@dataclass(frozen=True)
class Recipe:
    """A network, its data and how it is trained. train/recipes/ has a file for each."""

    name: str
    title: str
    data: Literal["asirra", "cifar10", "cifar100"]  # see train/load.py
    variant: str  # of the data's split
    height: int  # of the pictures that the network answers, in pixels
    width: int
    network: str  # a function of train/networks/
    schedules: dict[str, Schedule]  # by name: see train/recipes/__init__.py
    default: str  # the schedule that is trained unless another one is asked for
    reported: Reported = Reported()
    # Of photos of another shape. Chosen on such photos, balanced by class; see train/results/LOG.md.
    resize: ResizeRule = "crop"
    looks: Looks = 1  # at a picture, whose answers are averaged: see train/looks.py
    outliers: bool = False  # learn from pictures of none of the classes too: DATA/outliers/
    robustness: bool = False  # measure how the test photos stand changes
    kept: bool = False  # as model.keras too, to train on and to look into: each adds megabytes to the repository
    notes: tuple[str, ...] = ()  # for the card


@dataclass(frozen=True)
class Run:
    """What `python -m train RECIPE` was asked for; every step of train/way.py gets it."""

    recipe: Recipe
    schedule: str  # its name among the recipe's
    seed: int = 0

    @property
    def plan(self) -> Schedule:
        """The schedule itself."""
        return self.recipe.schedules[self.schedule]

    @property
    def before(self) -> "Run | None":
        """The run whose trained network this one goes on with."""
        return replace(self, schedule=self.plan.after) if self.plan.after else None

    @property
    def stages(self) -> list["Run"]:
        """The runs that this one goes on from, the earliest first, and itself."""
        return [*(self.before.stages if self.before else []), self]

    @property
    def command(self) -> str:
        """The command that makes this model again."""
        command = f"python -m train {self.recipe.name}"
        schedule = "" if self.schedule == self.recipe.default else f" --schedule {self.schedule}"
        return command + schedule + (f" --seed {self.seed}" if self.seed else "")

    @property
    def is_published(self) -> bool:
        """Whether its model is the one to be shipped under the recipe's name."""
        return self.schedule == self.recipe.default and self.seed == 0

    @property
    def title(self) -> str:
        """What its evidence is called in train/results/."""
        return f"{self.recipe.name}-{self.schedule}" + (f"-seed{self.seed}" if self.seed else "")

    @property
    def folder(self) -> Path:
        """Where its checkpoints, curves and trained network are, outside the source tree."""
        return run_dir(f"{self.recipe.name}-{self.schedule}-seed{self.seed}")

    def curves(self) -> str:
        """A CSV line an epoch, over all stages."""
        rows = []
        for stage in self.stages:
            with (stage.folder / "curves.csv").open(newline="") as file:
                rows += list(csv.DictReader(file))
        written = io.StringIO()
        writer = csv.DictWriter(written, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"epoch": str(number)} for number, row in enumerate(rows, start=1))
        return written.getvalue()
