"""One run of a recipe: its data, its network trained or taken up again, the model folder, the evidence."""

import json
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

import keras

from train.datasets import Dataset, asirra, cache_dir
from train.fit import fit
from train.listing import RESULTS
from train.networks import NETWORKS
from train.publish import Trained, publish
from train.recipes import Recipe, Schedule

log = logging.getLogger(__name__)

# What of a card is evidence of a run.
EVIDENCE = ("name", "metrics", "weights", "temperature", "parameters", "answers", "data", "trained")


@dataclass(frozen=True)
class Run:
    """What `python -m train RECIPE` was asked for."""

    recipe: Recipe
    schedule: str  # "fast" or "faithful"
    seed: int

    @property
    def plan(self) -> Schedule:
        """The schedule itself."""
        plan: Schedule = getattr(self.recipe, self.schedule)
        return plan

    @property
    def command(self) -> str:
        """The command that makes this model again."""
        schedule = " --schedule faithful" if self.schedule == "faithful" and self.recipe.fast else ""
        return f"python -m train {self.recipe.name}{schedule}" + (f" --seed {self.seed}" if self.seed else "")

    @property
    def folder(self) -> Path:
        """Where checkpoints live, outside the source tree."""
        return cache_dir() / "runs" / f"{self.recipe.name}-{self.schedule}-seed{self.seed}"


def load(recipe: Recipe, data: Path) -> Dataset:
    """The data set of a recipe, at its size. Raises DataMissingError."""
    return asirra(data, recipe.height, recipe.width, recipe.variant)


def train(run: Run, data: Path, models: Path, again: bool = False) -> Path:
    """Train a recipe's network, or take up what an earlier run left, and write its model folder, which is returned.

    Raises:
        DataMissingError: the pictures are not there.
        ExportError: the exported file does not answer as the network does.
    """
    recipe = run.recipe
    dataset = load(recipe, data)
    parts = (len(part) for part in (dataset.train, dataset.validation, dataset.test))
    log.info("%s: %d train, %d validation, %d test pictures", dataset.name, *parts)
    card = publish(
        Trained(
            name=recipe.name,
            title=recipe.title,
            network=_network(run, dataset, again),
            dataset=dataset,
            variant=recipe.variant,
            curves=run.folder / "curves.csv",
            command=run.command,
            seed=run.seed,
            schedule=run.schedule,
            reported=recipe.reported.accuracy,
            mirror=recipe.mirror,
        ),
        models,
    )
    evidence = RESULTS / f"{recipe.name}-{run.schedule}.json"
    evidence.write_text(json.dumps({key: card[key] for key in EVIDENCE}, indent=2) + "\n")
    shutil.copyfile(run.folder / "curves.csv", evidence.with_suffix(".csv"))
    return models / recipe.name


def _network(run: Run, dataset: Dataset, again: bool) -> keras.Model:
    if again:
        shutil.rmtree(run.folder, ignore_errors=True)
    finished = run.folder / "network.keras"
    if finished.exists():
        log.info("taking the finished run in %s (--again trains anew)", run.folder)
        return keras.saving.load_model(finished, safe_mode=True)
    keras.utils.set_random_seed(run.seed)
    classes = len(dataset.labels)
    network = NETWORKS[run.recipe.network]((run.recipe.height, run.recipe.width, 3), classes)
    return fit(network, run.plan, dataset.train, dataset.validation, classes, run.folder, run.seed)
